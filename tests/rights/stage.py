"""The world of the rights as a fixture, for the modules that ask its addresses for something (`pytest_plugins` there)."""

import logging
from types import SimpleNamespace

import pytest
import weasyprint
from django.conf import settings as portal
from django.db import transaction

from tests.rights.visits import Visitor
from tests.rights.world import build

FILES = portal.STORAGES
NOWHERE = "/cette-adresse-n-existe-pas/"


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """Built once, and gone at the end with its transaction."""
    logging.disable(logging.CRITICAL)  # refusals are what is asked for here
    with django_db_blocker.unblock(), transaction.atomic():
        made = build()
        made.visitors = {name: Visitor(user) for name, user in made.people.items()}
        made.nowhere = {name: visitor.ask(NOWHERE).page(NOWHERE) for name, visitor in made.visitors.items()}
        yield made
        transaction.set_rollback(True)
    logging.disable(logging.NOTSET)


@pytest.fixture
def files_of_the_world(settings, _own_files, monkeypatch):
    """The files deposited once are those every test reads. Laying out a PDF says nothing about rights, and takes a second."""
    settings.STORAGES = FILES
    printed = SimpleNamespace(pages=[1], write_pdf=lambda **_options: b"%PDF-1.7")
    monkeypatch.setattr(weasyprint.HTML, "render", lambda *_args, **_options: printed)
