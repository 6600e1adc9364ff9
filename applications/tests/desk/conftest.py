"""Fixtures of these tests."""

import pytest

from applications.models import Label
from applications.tests.builders import deposited_application
from applications.tests.factories import make_call, make_user


@pytest.fixture
def first():
    return deposited_application(call=make_call(prefix="CL-2026"), user=make_user())[0]


@pytest.fixture
def label():
    return Label.objects.create(text_fr="À relancer", tone="warn")
