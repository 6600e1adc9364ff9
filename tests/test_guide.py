"""The guide says what the portal says: its labels are those of the interface, its pictures exist, its pages open in the portal."""

import re
from pathlib import Path

import allauth
import django
import polib
import pytest
from django.urls import reverse
from django.utils.html import escape

from clusters_portal import guide

ROOT = Path(__file__).resolve().parent.parent
GUIDE = ROOT / "docs" / "guide"
NBSP = "\u00a0"
LABEL = re.compile(rf"\*\*«{NBSP}(.+?){NBSP}»\*\*")
IMAGE = re.compile(r"!\[([^\]]*)\]\(img/([a-z0-9-]+\.webp)\)")
LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)]+)\)")
WEIGHT = 3_000_000  # bytes, all pictures together
NAMES = sorted(path.name for path in GUIDE.glob("*.md"))


def text(name) -> str:
    return (GUIDE / name).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def labels() -> set:
    """Every French text of the portal, of the administration site and of the account pages, without its HTML."""
    catalogues = [ROOT / "locale" / "fr" / "LC_MESSAGES" / "django.po"]
    catalogues += [Path(django.__file__).parent / "contrib" / "admin" / "locale" / "fr" / "LC_MESSAGES" / "django.po"]
    catalogues += [Path(allauth.__file__).parent / "locale" / "fr" / "LC_MESSAGES" / "django.po"]
    found = set()
    for catalogue in catalogues:
        for entry in polib.pofile(str(catalogue)):
            found |= {plain(sentence) for sentence in (entry.msgstr, *entry.msgstr_plural.values())}
    return found


def plain(sentence: str) -> str:
    """As it is shown: without HTML, its first letter large (the administration site does so), apostrophes and spaces alike."""
    sentence = re.sub(r"<[^>]+>", "", sentence).replace("’", "'").replace(NBSP, " ").strip()
    return sentence[:1].upper() + sentence[1:]


def test_one_page_per_role():
    assert sorted(f"{slug}.md" for slug in guide.PAGES) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_every_label_quoted_is_one_of_the_interface(name, labels):
    quoted = LABEL.findall(text(name))
    assert len(quoted) > 4
    unknown = [label for label in quoted if plain(label) not in labels]
    assert unknown == []


@pytest.mark.parametrize("name", NAMES)
def test_typography_is_french(name):
    """Guillemets and high punctuation are held by a no-break space; code is left alone."""
    prose = re.sub(r"`[^`]*`|\]\([^)]*\)|^\|[-|]+\|$", "", text(name), flags=re.MULTILINE)
    assert re.findall(rf".{{12}}(?:«[^{NBSP}]|[^{NBSP}]»|[^\s{NBSP}»][;!?](?:\s|$)| [:;!?](?:\s|$)|’).{{0,12}}", prose) == []


def test_pictures_exist_are_all_used_and_stay_light():
    named = {image for name in NAMES for _alt, image in IMAGE.findall(text(name))}
    files = {path.name: path.stat().st_size for path in (GUIDE / "img").iterdir()}
    assert named == set(files)
    assert sum(files.values()) < WEIGHT
    assert all(alt for name in NAMES for alt, _image in IMAGE.findall(text(name)))


def test_links_lead_somewhere():
    targets = {target for name in NAMES for target in LINK.findall(text(name))}
    assert targets
    assert {target for target in targets if not (GUIDE / target).is_file()} == set()


@pytest.mark.django_db
def test_page_is_read_inside_the_portal(client):
    answer = client.get(reverse("guide_page", args=["association"]))
    html = answer.content.decode()
    assert answer.status_code == 200
    assert html.count("<img ") == len(IMAGE.findall(text("association.md")))
    assert html.count('src="/static/guide/') == html.count("<img ")
    for anchor, title in answer.context["page"].sections:
        assert f'<h2 id="{anchor}">' in html
        assert f'<a href="#{anchor}">{escape(title)}</a>' in html


def test_link_between_pages_is_an_address_of_the_portal():
    assert f'href="{reverse("guide_page", args=["instructeur"])}"' in guide.page("responsable").body
