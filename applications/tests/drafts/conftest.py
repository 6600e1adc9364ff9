"""Fixtures of these tests."""

import pytest

from ..factories import make_application, make_user


@pytest.fixture(autouse=True)
def _english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def owner():
    return make_user()


@pytest.fixture
def application(owner):
    return make_application(user=owner)
