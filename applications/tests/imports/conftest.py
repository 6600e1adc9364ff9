"""Fixtures of these tests."""

import pytest
from django.conf import settings

from ..factories import make_application, make_user


@pytest.fixture(autouse=True)
def _english(english):
    """Every test of this folder."""


@pytest.fixture
def client(client):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


@pytest.fixture
def user(db):
    return make_user()


@pytest.fixture
def application(user):
    return make_application(user=user)
