"""Fixtures of these tests."""

import pytest

from ..builders import fill, sample
from ..factories import make_application, make_user


@pytest.fixture(autouse=True)
def _english(english):
    """Every test of this folder."""


@pytest.fixture
def user(db):
    return make_user()


@pytest.fixture
def application(user):
    application = make_application(user=user, name=sample()["association"]["name_fr"])
    fill(application, actor=user, pieces=False)
    return application
