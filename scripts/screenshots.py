"""Takes the pictures of the guide: docs/guide/img/*.webp. `make screenshots`.

Starts the demonstration on a database and a port of its own, walks through it as each role (scripts/guide_tour.py) and writes
the pictures, small. Nothing of var/ is touched but var/screenshots.

    scripts/screenshots.py             the demonstration anew, then every picture
    scripts/screenshots.py --again     the demonstration of the last time: faster while one writes the tour
    PORT=8190 scripts/screenshots.py   another port
"""

import argparse
import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "var" / "screenshots"
PREPARED, PLAYED = FOLDER / "prepared", FOLDER / "played"
PORT = os.environ.get("PORT", "8190")
IMAGES = ROOT / "docs" / "guide" / "img"
WIDTH, HEIGHT = 1280, 820  # pixels of the screen
QUALITY = 78  # of WebP, on 100


def environment(folder: Path) -> dict:
    """The demonstration, its data in that folder; nothing of the surrounding environment but what finds programs."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "CHROMIUM")}
    mode = {"DEMO_MODE": "1", "DEBUG": "0", "DATA_DIR": str(folder), "PORT": PORT, "DJANGO_SETTINGS_MODULE": "clusters_portal.settings"}
    return kept | mode


# The settings read the environment when they are imported.
_environment = environment(PLAYED) | {"DJANGO_ALLOW_ASYNC_UNSAFE": "1"}
os.environ.clear()
os.environ.update(_environment)
sys.path.insert(0, str(ROOT))

import django
from django.conf import settings
from django.test import Client
from PIL import Image
from playwright.sync_api import TimeoutError as PlaywrightTimeout
from playwright.sync_api import sync_playwright

django.setup()

from clusters_portal.accounts.models import User
from scripts import guide_tour
from tests.browser import CHROMIUM_ARGUMENTS, find_chromium


def prepare(again: bool) -> None:
    """PLAYED holds a fresh copy of the demonstration, made anew unless `again`."""
    if not (again and PREPARED.is_dir()):
        shutil.rmtree(PREPARED, ignore_errors=True)
        subprocess.run([sys.executable, "scripts/prepare.py"], cwd=ROOT, env=environment(PREPARED), check=True)
    shutil.rmtree(PLAYED, ignore_errors=True)
    shutil.copytree(PREPARED, PLAYED)
    # The status page shows a portal whose mails leave.
    subprocess.run([sys.executable, "manage.py", "tick", "--verbosity", "0"], cwd=ROOT, env=environment(PLAYED), check=True)


def serve() -> subprocess.Popen:
    """The portal on PORT, answering. The caller ends it."""
    command = [sys.executable, "-m", "gunicorn", "clusters_portal.wsgi", "--bind", f"127.0.0.1:{PORT}", "--worker-class", "gthread"]
    server = subprocess.Popen([*command, "--workers", "1", "--threads", "4", "--log-level", "warning"], cwd=ROOT, env=environment(PLAYED))
    for _attempt in range(120):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{PORT}/healthz", timeout=2)
            return server
        except (urllib.error.URLError, OSError):
            if server.poll() is not None:
                raise SystemExit(f"The portal did not start: is port {PORT} taken?") from None
            time.sleep(0.5)
    server.terminate()
    raise SystemExit("The portal did not answer within a minute.")


class Camera:
    """Pages for people of the demonstration, and pictures of what they show."""

    def __init__(self, browser):
        self.browser = browser
        self.pages: dict = {}
        self.taken: set = set()

    def page(self, login: str = ""):
        """The page of that person of the demonstration, signed in; of a visitor without a login."""
        if login not in self.pages:
            cookies = {"portal_language": "fr"} | ({"sessionid": session_of(login)} if login else {})
            context = self.browser.new_context(
                base_url=f"http://127.0.0.1:{PORT}", viewport={"width": WIDTH, "height": HEIGHT}, locale="fr-MA",
                timezone_id="Africa/Casablanca", reduced_motion="reduce",
            )  # fmt: skip
            context.add_cookies([{"name": name, "value": value, "url": f"http://127.0.0.1:{PORT}"} for name, value in cookies.items()])
            self.pages[login] = context.new_page()
        return self.pages[login]

    def take(self, name: str, login: str, path: str = "", *, at: str = "", above: int = 24) -> None:
        """A picture of the page at `path` (the page as it stands without one), scrolled to the selector `at`."""
        page = self.page(login)
        if path:
            answer = page.goto(path)
            if not answer.ok:
                raise SystemExit(f"{name}: {login or 'a visitor'} gets {answer.status} from {path}")
        with suppress(PlaywrightTimeout):  # a page that follows a session asks again and again
            page.wait_for_load_state("networkidle", timeout=8000)
        page.evaluate(TIDY)
        if at:
            page.locator(at).first.evaluate(SCROLL, above)
        self.write(name, page.screenshot())

    def write(self, name: str, png: bytes) -> None:
        image = Image.open(BytesIO(png)).convert("RGB")
        image.save(IMAGES / f"{name}.webp", "WEBP", quality=QUALITY, method=6)
        self.taken.add(f"{name}.webp")
        print(f"  {name}.webp  {(IMAGES / f'{name}.webp').stat().st_size // 1024} KB", flush=True)


# The ribbon of the demonstration says nothing a reader of the guide needs, and the list of test logins must not be learnt. The
# words of the button of a file are the browser's own: Debian's speaks English, a reader's French.
TIDY = """() => {
    document.querySelectorAll('.demo-banner, .demo-logins').forEach(one => one.remove())
    document.querySelectorAll('input[type=file]').forEach(one => {
        const words = document.createElement('div')
        words.className = one.className
        words.textContent = 'Choisir un fichier · Aucun fichier choisi'
        one.replaceWith(words)
    })
}"""
SCROLL = "(one, above) => window.scrollTo(0, one.getBoundingClientRect().top + window.scrollY - above)"


def session_of(login: str) -> str:
    """The cookie of a session of that person."""
    client = Client()
    client.force_login(User.objects.get(email=f"{login}@demo.example"), backend=settings.AUTHENTICATION_BACKENDS[0])
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def main() -> None:
    parser = argparse.ArgumentParser(description="Take the pictures of the guide.")
    parser.add_argument("--again", action="store_true", help="start from the demonstration prepared the last time")
    prepare(parser.parse_args().again)
    IMAGES.mkdir(parents=True, exist_ok=True)
    server = serve()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=find_chromium(), args=[*CHROMIUM_ARGUMENTS, "--lang=fr"], env={**os.environ, "LANGUAGE": "fr"}
            )
            camera = Camera(browser)
            guide_tour.walk(camera)
            browser.close()
    finally:
        server.terminate()
        server.wait(timeout=30)
    for old in {path.name for path in IMAGES.iterdir()} - camera.taken:
        (IMAGES / old).unlink()
    total = sum(path.stat().st_size for path in IMAGES.iterdir())
    print(f"{len(camera.taken)} pictures, {total // 1024} KB together, in {IMAGES.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
