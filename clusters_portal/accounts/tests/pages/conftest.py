"""Fixtures of these tests."""

import pytest


@pytest.fixture
def english(client):
    client.cookies["portal_language"] = "en"
    return client
