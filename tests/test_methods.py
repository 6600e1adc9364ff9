"""A page that only reads refuses everything else: a form sent to it by mistake is not answered « 200 » and believed."""

from types import SimpleNamespace

import pytest
from django.test import RequestFactory
from django.urls import URLPattern, get_resolver

from tests.rights.table import ROWS


def callbacks(resolver=None, prefix="") -> dict:
    """{full name of an address: its view}."""
    found = {}
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            found[prefix + (pattern.name or "")] = pattern.callback
        else:
            found |= callbacks(pattern, prefix + (f"{pattern.namespace}:" if pattern.namespace else ""))
    return found


VIEWS = callbacks()
METHODS = {}
for _row in ROWS:
    METHODS.setdefault(_row.name, set()).add(_row.method)
READ_ONLY = sorted(name for name, methods in METHODS.items() if methods == {"get"})


@pytest.mark.parametrize("name", READ_ONLY)
def test_page_that_only_reads_refuses_a_post(name):
    request = RequestFactory().post("/")
    request.user = SimpleNamespace(is_authenticated=True, is_active=True)
    assert VIEWS[name](request).status_code == 405


def test_pages_are_found():
    assert {"applications:home", "applications:reading", "applications:worklist", "applications:timeline"} <= set(READ_ONLY)
