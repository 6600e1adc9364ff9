"""``stack``: the portal of production, started once for all the tests marked ``stack``."""

import importlib

import pytest


@pytest.fixture(scope="session")
def stack():
    # Imported when it is asked for: the clients of S3 and of the servers cost every other run half a second.
    portal = importlib.import_module("tests.stack.portal")
    with portal.running() as made:
        made.do("people()")
        yield made
