"""Fixtures of the tests of the pages of a dossier."""

import pytest
from django.utils import translation

from .factories import make_user


@pytest.fixture
def english(client):
    """Pages and sentences in English, whatever is compiled."""
    client.cookies["portal_language"] = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def owner(client):
    """An applicant, signed in."""
    user = make_user()
    client.force_login(user)
    return user
