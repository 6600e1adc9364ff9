"""Fixtures of these tests."""

import pytest

from ..builders import deposited_application


@pytest.fixture
def deposited(owner):
    return deposited_application(user=owner)[0]
