"""How often one client may ask for something, counted in the shared cache of all web processes."""

import time

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.core.exceptions import PermissionDenied


def allow(key, limit, seconds):
    """Count one request under `key` and say whether it is among the first `limit` of this window of `seconds`.

    Windows follow the clock (at most twice `limit` pass across a border). Two requests at the very same moment may
    count as one: this slows down a machine that asks all day, it is not a lock.
    """
    slot = f"throttle:{key}:{int(time.time()) // seconds}"
    cache.add(slot, 0, timeout=seconds)
    try:
        return cache.incr(slot) <= limit
    except ValueError:  # dropped by the cache between the two calls: this one is the first again
        cache.set(slot, 1, timeout=seconds)
        return limit >= 1


def client_key(request):
    """Who is asking: the person when signed in, so that an office behind one address is not one person; else the address."""
    if request.user.is_authenticated:
        return f"user:{request.user.pk}"
    try:
        return f"ip:{get_adapter(request).get_client_ip(request)}"
    except PermissionDenied:  # a server that listens on a socket and hides the address
        return "ip:unknown"
