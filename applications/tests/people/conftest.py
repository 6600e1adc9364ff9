"""Fixtures of these tests."""

import pytest
from django.utils import translation

from ..factories import make_application, make_user


@pytest.fixture(autouse=True)
def _english(client, settings):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def boss():
    return make_user("mandataire@cluster.example")


@pytest.fixture
def application(boss):
    return make_application(user=boss, name="Cluster Fil-Atlas")
