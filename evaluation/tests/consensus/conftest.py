"""Fixtures of these tests."""

import pytest

from clusters_portal.accounts.roles import Role
from evaluation.tests import factories as make


@pytest.fixture
def head():
    return make.user(Role.DIVISION_HEAD)


@pytest.fixture
def dossier():
    return make.scored_call(3)[1][0]
