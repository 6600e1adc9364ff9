"""Chromium for tests marked ``browser``: one process for the session, a fresh profile for each page asked for.

``browser_page(...)`` returns a Playwright page on which ``page.goto("/appels/")`` works. At the end of the test it fails
when a page asked for anything outside this machine, broke the content security policy, raised a script error or
missed one of its files: none of that may go unseen.
"""

import os
import shutil
import urllib.parse
from dataclasses import dataclass, field

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import expect, sync_playwright

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM_ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Nothing but this machine has an address. Watching requests one by one instead would switch the browser's cache off.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
# A page that answers 403 or 404 on purpose is a result to assert, and Chromium writes one of these lines for it.
EXPECTED_CONSOLE = ("Failed to load resource",)
NAVIGATIONS = {"document", "xhr", "fetch"}
DEFAULT_TIMEOUT_MS = 30_000
expect.set_options(timeout=DEFAULT_TIMEOUT_MS)


def find_chromium() -> str | None:
    """Path of the browser: CHROMIUM when set, else the first of the usual names."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


@dataclass
class Watch:
    """What went wrong in the pages of one test, one sentence each."""

    problems: list[str] = field(default_factory=list)

    def guard(self, context) -> None:
        context.on("request", self._request)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.problems.append(f"script error: {error.error}"))
        context.on("response", self._response)

    def _request(self, request) -> None:
        address = urllib.parse.urlsplit(request.url)
        if address.hostname not in LOOPBACK and address.scheme not in ("data", "blob"):
            self.problems.append(f"asked for something outside this machine: {request.url}")

    def _console(self, message) -> None:
        if message.type == "error" and not message.text.startswith(EXPECTED_CONSOLE):
            self.problems.append(f"console: {message.text}")

    def _response(self, response) -> None:
        if response.status >= 500 or (response.status >= 400 and response.request.resource_type not in NAVIGATIONS):
            self.problems.append(f"{response.status} for {response.url}")


@pytest.fixture(scope="session")
def chromium():
    """The browser process."""
    path = find_chromium()
    if path is None:
        pytest.fail("Chromium was not found: apt-get install chromium, or set CHROMIUM to its path.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGUMENTS, headless=True)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def _database_beside_playwright():
    # Playwright's synchronous interface runs an event loop in this thread, which Django would otherwise refuse.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    yield
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def browser_watch():
    """The problems seen so far; a test that provokes one on purpose empties ``browser_watch.problems``."""
    return Watch()


@pytest.fixture
def browser_page(_database_beside_playwright, chromium, live_server, browser_watch):
    """Factory of pages, each in a profile of its own.

    ``browser_page(user=None, language="fr", width=1280, height=900, javascript=True)`` returns a Playwright page whose
    relative addresses point at the portal. With ``user`` the page is already logged in.
    """
    contexts = []

    def open_page(*, user=None, language="fr", width=1280, height=900, javascript=True):
        context = chromium.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": height},
            locale={"fr": "fr-MA", "ar": "ar-MA", "en": "en-GB"}[language],
            timezone_id="Africa/Casablanca",
            java_script_enabled=javascript,
            accept_downloads=True,
            reduced_motion="reduce",
        )
        contexts.append(context)
        browser_watch.guard(context)
        cookies = {settings.LANGUAGE_COOKIE_NAME: language}
        if user is not None:
            client = Client()
            client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
            cookies[settings.SESSION_COOKIE_NAME] = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()])
        page = context.new_page()
        page.set_default_timeout(DEFAULT_TIMEOUT_MS)
        return page

    yield open_page
    for context in contexts:
        # Chromium may never finish closing a context whose page is still loading after the line was cut and restored.
        for page in context.pages:
            page.goto("about:blank")
        context.close()
    assert browser_watch.problems == []


@pytest.fixture
def axe(project_root):
    """``axe(page)`` returns the accessibility violations of the page as sentences; empty is the wish."""
    script = (project_root / "tests" / "vendor" / "axe.min.js").read_text(encoding="utf-8")

    def violations(page) -> list[str]:
        # Evaluated through the debugging protocol, so that the content security policy stays as it is in use.
        page.evaluate(script)
        found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")["violations"]
        return [f"{rule['id']}: {rule['help']} at {node['target']}" for rule in found for node in rule["nodes"]]

    return violations
