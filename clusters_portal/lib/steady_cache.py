"""The shared cache on Redis, and the database's while Redis is away.

What is kept here counts: rate limits of sign-ins, numbers of attempts. A Redis that is gone must neither lift them nor
show people an error, so each act goes to the cache named "fallback" instead, which all processes share as well.
"""

import logging
import time

from django.core.cache import caches
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)
PAUSE = 5  # seconds without asking Redis after it has failed: nobody waits for it at every act
OPTIONS = {"socket_connect_timeout": 1, "socket_timeout": 2}


class SteadyCache(RedisCache):
    """Django's Redis cache; an act that Redis fails is done in the fallback. Counts begin again when it goes or comes back."""

    def __init__(self, server, params):
        super().__init__(server, {**params, "OPTIONS": {**OPTIONS, **params.get("OPTIONS", {})}})
        self._asked_again_at = 0.0

    def _steadily(self, act, *args, **kwargs):
        if time.monotonic() >= self._asked_again_at:
            try:
                return getattr(super(), act)(*args, **kwargs)
            except (RedisError, OSError) as error:
                self._asked_again_at = time.monotonic() + PAUSE
                logger.error("the cache does not answer, the database takes its place: %r", error)
        return getattr(caches["fallback"], act)(*args, **kwargs)


def _steady(act):
    def method(self, *args, **kwargs):
        return self._steadily(act, *args, **kwargs)

    method.__name__ = act
    return method


for _act in ("add", "get", "set", "touch", "delete", "get_many", "has_key", "incr", "set_many", "delete_many", "clear"):
    setattr(SteadyCache, _act, _steady(_act))
