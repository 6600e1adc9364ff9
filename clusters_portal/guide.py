"""The guide, readable inside the portal: the Markdown files of docs/guide, one page per role, its pictures served as static.

The association's page is for everybody, the others for whoever holds the role; those who answer for the whole read them all.
It is written in French, the language of the procedure, and shown as such in every language.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import markdown
import nh3
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from .accounts.roles import Role, has_role
from .lib.markup import TAGS

FOLDER = settings.BASE_DIR / "docs" / "guide"
PUBLIC = "association"
READ_ALL = (Role.DIVISION_HEAD, Role.ADMINISTRATOR, Role.AUDITOR)
# Page, in the order of a dossier's life, and the roles it is written for.
PAGES = {
    PUBLIC: (),
    "guichet": (Role.COUNTER_AGENT,),
    "instructeur": (Role.CASE_OFFICER,),
    "responsable": (Role.DIVISION_HEAD,),
    "evaluateur": (Role.EVALUATOR,),
    "membre-du-comite": (Role.COMMITTEE_MEMBER, Role.COMMITTEE_CHAIR),
    "president": (Role.COMMITTEE_CHAIR,),
    "administrateur": (Role.ADMINISTRATOR,),
    "auditeur": (Role.AUDITOR,),
}
ATTRIBUTES = {"a": {"href"}, "h2": {"id"}, "img": {"src", "alt"}, "th": {"scope"}}


@dataclass(frozen=True)
class GuidePage:
    """One page: `body` is safe HTML without its title, `sections` its (anchor, title) pairs in order."""

    slug: str
    title: str
    body: SafeString
    sections: tuple


def may_read(user, slug: str) -> bool:
    """Is there such a page, and is it for this person?"""
    return slug in PAGES and (slug == PUBLIC or has_role(user, *PAGES[slug], *READ_ALL))


def page(slug: str) -> GuidePage:
    """The page of that name, which must be one of PAGES."""
    path = FOLDER / f"{slug}.md"
    return _rendered(slug, path, path.stat().st_mtime_ns)


@lru_cache(maxsize=2 * len(PAGES))
def _rendered(slug: str, path: Path, _changed: int) -> GuidePage:
    title, _newline, text = path.read_text(encoding="utf-8").removeprefix("# ").partition("\n")
    writer = markdown.Markdown(extensions=["sane_lists", "tables", "toc"], output_format="html")
    html = nh3.clean(
        writer.convert(text), tags=TAGS | {"h2", "img", "code"}, attributes=ATTRIBUTES, attribute_filter=_address,
        set_tag_attribute_values={"img": {"loading": "lazy"}}, link_rel=None,
    )  # fmt: skip
    html = html.replace("<table>", '<div class="table-scroll" tabindex="0"><table class="data-table">').replace(
        "</table>", "</table></div>"
    )
    sections = tuple((token["id"], token["name"]) for token in writer.toc_tokens if token["level"] == 2)
    return GuidePage(slug, title.strip(), mark_safe(html), sections)


def _address(tag: str, attribute: str, value: str) -> str:
    """A picture or another page of the guide, named as in the file, at its address in the portal."""
    if tag == "img" and attribute == "src":
        return static(value.replace("img/", "guide/", 1))
    other = re.fullmatch(r"([a-z-]+)\.md", value)
    return reverse("guide_page", args=[other[1]]) if attribute == "href" and other else value


def _pages_for(user) -> list[GuidePage]:
    return [page(slug) for slug in PAGES if may_read(user, slug)]


@require_safe
def index(request):
    """The pages this person may read; a visitor has the association's."""
    return render(request, "guide/index.html", {"pages": _pages_for(request.user)})


@require_safe
def guide_page(request, slug):
    """One page. Visitors are asked to sign in for those of the staff; to a person without the role there is no such page."""
    return _shown(request, slug) if slug == PUBLIC else _shown_to_members(request, slug)


def _shown(request, slug):
    if not may_read(request.user, slug):
        raise Http404
    return render(request, "guide/page.html", {"page": page(slug), "pages": _pages_for(request.user)})


_shown_to_members = login_required(_shown)
