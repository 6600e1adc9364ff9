"""Fixtures of these tests."""

from functools import cache

import pytest
from django.db import transaction

from applications.pdf import papers

from ..builders import dossier_of, fill, sample
from ..factories import make_application, make_call, make_user
from .helpers import NAMES, paper


@pytest.fixture
def mandatary():
    return make_user()


@pytest.fixture(scope="package")
def drafts(django_db_setup, django_db_blocker):
    """{sample: (application, content of its draft)}, filled once and gone at the end with their transaction."""
    with django_db_blocker.unblock(), transaction.atomic():
        made, call = {}, make_call("appel-imprime")
        for name in NAMES:
            user = make_user()
            application = make_application(call=call, user=user, name=sample(name)["association"]["name_fr"])
            fill(application, actor=user, name=name, pieces=False)
            made[name] = application, papers.draft_content(dossier_of(application))
        yield made
        transaction.set_rollback(True)


@pytest.fixture(scope="package")
def printed(drafts):
    """A paper of a sample in a language, laid out once whoever reads it."""

    @cache
    def made(slug, name, lang="fr"):
        application, content = drafts[name]
        return paper(slug, content, application, lang)

    return made
