"""Rate limits: who is counted as one client, and when the next request is too many."""

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from clusters_portal.accounts.models import User
from clusters_portal.lib import throttle


@pytest.fixture
def still_clock():
    with time_machine.travel("2026-07-28T13:00:00Z", tick=False) as clock:
        yield clock


def request_from(address, user=None):
    request = RequestFactory().get("/", REMOTE_ADDR=address)
    request.user = user or AnonymousUser()
    return request


def test_limit_is_the_last_that_passes(still_clock):
    assert [throttle.allow("a", 2, 60) for _ in range(3)] == [True, True, False]


def test_keys_are_counted_apart(still_clock):
    assert throttle.allow("a", 1, 60)
    assert throttle.allow("b", 1, 60)
    assert not throttle.allow("a", 1, 60)


def test_next_window_starts_again(still_clock):
    assert throttle.allow("a", 1, 60)
    assert not throttle.allow("a", 1, 60)
    still_clock.shift(60)
    assert throttle.allow("a", 1, 60)


def test_people_signed_in_behind_one_address_are_counted_apart():
    keys = {throttle.client_key(request_from("192.0.2.1", User(pk=pk))) for pk in (1, 2)} | {throttle.client_key(request_from("192.0.2.1"))}
    assert keys == {"user:1", "user:2", "ip:192.0.2.1"}


def test_visitor_without_an_address_is_still_counted():
    assert throttle.client_key(request_from("")) == "ip:unknown"
