"""Fixtures of these tests."""

import pytest

from evaluation.tests import factories as make


@pytest.fixture
def deliberation():
    """Four dossiers ranked 1 to 4, two places: (call, dossiers)."""
    call, dossiers, _ranking = make.call_before_committee(5, 4, 3, 2, places=2, people=1)
    return call, dossiers


@pytest.fixture
def call(deliberation):
    return deliberation[0]
