"""Fixtures of these tests."""

import pytest

from ..factories import make_application, make_user


@pytest.fixture(autouse=True)
def _english(english):
    """Every test of this folder."""


@pytest.fixture
def boss():
    return make_user("mandataire@cluster.example")


@pytest.fixture
def application(boss):
    return make_application(user=boss, name="Cluster Fil-Atlas")
