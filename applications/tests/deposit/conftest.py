"""Fixtures of these tests."""

import pytest

from ..builders import filled_application


@pytest.fixture
def application(owner):
    return filled_application(user=owner)
