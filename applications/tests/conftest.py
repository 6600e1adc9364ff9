"""Fixtures of the tests of the pages of a dossier."""

import pytest

from .factories import make_user


@pytest.fixture
def owner(client):
    """An applicant, signed in."""
    user = make_user()
    client.force_login(user)
    return user
