"""Queries that take longer than SLOW_QUERY_MS are logged, without their values: those may be people's."""

import logging
import time

from django.conf import settings

logger = logging.getLogger(__name__)
LONGEST = 1000  # characters of the statement


def watch(sender, connection, **kwargs) -> None:
    """Receiver of `connection_created`: from now on every statement of this connection is timed."""
    if settings.SLOW_QUERY_MS and timed not in connection.execute_wrappers:
        connection.execute_wrappers.append(timed)


def timed(execute, sql, params, many, context):
    started = time.monotonic()
    try:
        return execute(sql, params, many, context)
    finally:
        milliseconds = int((time.monotonic() - started) * 1000)
        if milliseconds >= settings.SLOW_QUERY_MS:
            logger.warning("slow query", extra={"sql": str(sql)[:LONGEST], "milliseconds": milliseconds})
