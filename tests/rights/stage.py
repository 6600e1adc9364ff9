"""The world of the rights as a fixture, for the modules that ask its addresses for something (`pytest_plugins` there)."""

from types import SimpleNamespace

import pytest
import weasyprint
from django.conf import settings as portal
from django.http import HttpResponse

from clusters_portal import errors
from tests.rights.visits import Visitor, scene
from tests.rights.world import build

FILES = portal.STORAGES
NOWHERE = "/cette-adresse-n-existe-pas/"


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with scene(django_db_blocker):
        made = build()
        made.visitors = {name: Visitor(user) for name, user in made.people.items()}
        made.nowhere = {name: visitor.ask(NOWHERE).page(NOWHERE) for name, visitor in made.visitors.items()}
        yield made


@pytest.fixture
def nowhere_in_a_word(monkeypatch) -> bytes:
    """What does not exist is answered in one word, which is given: laying out its page is more than half of a refused visit.

    That the page is the same whoever is refused what has a test of its own (tests/test_rights.py), with the page as it is.
    """
    page = errors._page
    word = b"nowhere"
    monkeypatch.setattr(
        errors, "_page", lambda request, status, *more: HttpResponse(word, status=404) if status == 404 else page(request, status, *more)
    )
    return word


@pytest.fixture
def files_of_the_world(settings, _own_files, monkeypatch):
    """The files deposited once are those every test reads. Laying out a PDF says nothing about rights, and takes a second."""
    settings.STORAGES = FILES
    printed = SimpleNamespace(pages=[1], write_pdf=lambda **_options: b"%PDF-1.7")
    monkeypatch.setattr(weasyprint.HTML, "render", lambda *_args, **_options: printed)
