"""Fixtures of these tests."""

import pytest

from ..factories import make_application


@pytest.fixture
def application(owner):
    return make_application(user=owner)
