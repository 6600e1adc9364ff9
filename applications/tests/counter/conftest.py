"""Fixtures of these tests."""

import pytest

from applications.tests.builders import deposited_application
from applications.tests.factories import make_call, make_user
from clusters_portal.accounts.roles import Role


@pytest.fixture
def call():
    return make_call(prefix="CL-2026")


@pytest.fixture
def application(call):
    return deposited_application(call=call, user=make_user())[0]


@pytest.fixture
def head():
    return make_user(roles=[Role.DIVISION_HEAD])


@pytest.fixture
def agent():
    return make_user(roles=[Role.COUNTER_AGENT])
