"""What a first visit transfers, page by page, in French and in Arabic: the page, its style sheets, its scripts, its font.

Run: ``.venv/bin/python benchmarks/weight.py``. Targets: 70 KB in French, 160 KB in Arabic, 15 KB for a page that follows.
Real answers of the portal over a database of its own, thrown away; each file as brotli leaves it (pages at the quality of a
server that compresses as it answers, files as they are compressed once).
"""

import os
import re
import sys
from pathlib import Path, PurePosixPath

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.pop("DATABASE_URL", None)
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"

import brotli
import django

django.setup()

from django.contrib.auth import get_user_model
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.test import Client
from django.test.utils import setup_test_environment
from django.urls import reverse

from applications.models import Call
from applications.services.drafts import create_application
from clusters_portal.lib import clock

KB = 1024
FIRST, NEXT = {"fr": 70 * KB, "ar": 160 * KB}, 15 * KB
OF_PAGE, OF_FILE = 5, 11  # brotli's qualities
NAMED = re.compile(r'<(?:link rel="stylesheet" href|script src)="/static/([^"]+)"')
IMPORTED = re.compile(r'^import (?:[^"\n]+ from )?"(\./[^"]+)"', re.MULTILINE)
CHOSEN = re.compile(r'^  "(?P<selector>[^"]+)": "(?P<path>\./[^"]+)",$', re.MULTILINE)
INSIDE = re.compile(r'url\("?([^")]+\.woff2)"?\)')
SIMPLE = re.compile(r"(?P<tag>\w*)(?:\[(?P<attribute>[\w-]+)\]|\.(?P<name>[\w-]+))")


def main():
    """Print one line per page and language."""
    setup_test_environment()
    call_command("migrate", verbosity=0, interactive=False)
    call_command("load_editions", verbosity=0)
    person, pages = a_person_and_pages()
    print(f"{'page':34}{'html':>8}{'css':>8}{'js':>8}{'font':>8}{'first':>9}{'target':>9}{'ratio':>7}{'next':>9}{'target':>9}{'ratio':>7}")
    for language in FIRST:
        seen = set()
        for label, address, known in pages:
            client = Client()
            client.cookies["portal_language"] = language
            if known:
                client.force_login(person)
            html = client.get(address, follow=True).content
            files = files_of(html.decode())
            line(f"{label}, {language}", len(brotli.compress(html, quality=OF_PAGE)), files, seen, FIRST[language])
            seen |= files


def a_person_and_pages():
    """(somebody with a draft, [(label, address, is the person logged in)])"""
    call = Call.objects.open_at(clock.now()).first()
    person = get_user_model().objects.create_user(email="poids@clusters.example", first_name="Salma", last_name="Bennis")
    draft = create_application(call=call, association_name="Cluster Fil-Atlas", actor=person)
    return person, [
        ("home", reverse("applications:home"), False),
        ("login", reverse("account_login"), False),
        ("step 1.1", reverse("applications:step", args=[draft.pk, "identite"]), True),
        ("step 6.2, budget", reverse("applications:step", args=[draft.pk, "budget"]), True),
    ]


def line(label, page, files, seen, target):
    """`seen`: the files a browser already has from the pages above."""
    sizes = {ending: sum(size(path) for path in files if path.endswith(ending)) for ending in (".css", ".js", ".woff2")}
    first, following = page + sum(sizes.values()), page + sum(size(path) for path in files - seen)
    kinds = "".join(f"{number / KB:8.1f}" for number in (page, *sizes.values()))
    after = f"{following / KB:9.1f}{NEXT / KB:9.0f}{following / NEXT:7.2f}" if seen else ""
    print(f"{label:34}{kinds}{first / KB:9.1f}{target / KB:9.0f}{first / target:7.2f}{after}")


def files_of(html: str) -> set[str]:
    """Paths of the style sheets and scripts a page names, of the modules these import or choose for it, of the fonts."""
    waiting, found = NAMED.findall(html), set()
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        found.add(path)
        if path.startswith("vendor/"):
            continue
        text = Path(finders.find(path)).read_text(encoding="utf-8")
        wanted = IMPORTED.findall(text) if path.endswith(".js") else []
        if path == "js/portal.js":
            wanted += [choice["path"] for choice in CHOSEN.finditer(text) if matches(html, choice["selector"])]
        waiting += [joined(path, other) for other in wanted]
        found |= {joined(path, font) for font in INSIDE.findall(text)} if path.endswith(".css") else set()
    return found


def matches(html: str, selector: str) -> bool:
    """Does the page hold an element of the selector, as `portal.js` writes them: a tag with an attribute, a class?"""
    for each in selector.split(", "):
        part = SIMPLE.fullmatch(each)
        wanted = rf"\s{part['attribute']}\b" if part["attribute"] else rf"\sclass=\"[^\"]*\b{part['name']}\b"
        if re.search(rf"<{part['tag'] or '[a-z]+'}\b[^>]*{wanted}", html):
            return True
    return False


def joined(path, other) -> str:
    return os.path.normpath(PurePosixPath(path).parent / other)


def size(path: str) -> int:
    """Bytes transferred. A font is compressed already."""
    content = Path(finders.find(path)).read_bytes()
    return len(content) if path.endswith(".woff2") else len(brotli.compress(content, quality=OF_FILE))


if __name__ == "__main__":
    main()
