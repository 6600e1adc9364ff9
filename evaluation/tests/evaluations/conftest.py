"""Fixtures of these tests."""

import pytest

from clusters_portal.accounts.roles import Role
from evaluation.tests import factories as make


@pytest.fixture
def call():
    created = make.call()
    make.adopted_grid(created)
    return created


@pytest.fixture
def evaluator():
    return make.user(Role.EVALUATOR)


@pytest.fixture
def assignment(call, evaluator):
    return make.accepted(make.application(call), evaluator)
