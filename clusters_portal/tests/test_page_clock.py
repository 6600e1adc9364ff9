"""One reading of the database's clock for a page that shows; a reading each time where something is decided."""

import pytest
from django.db import connection

from clusters_portal.lib import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def readings():
    """How often the database's clock was read."""
    asked = []

    def note(execute, sql, params, many, context):
        if "clock_timestamp" in sql:
            asked.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield asked


def test_page_reads_the_clock_once_and_an_act_each_time(readings):
    each = 1 if connection.vendor == "postgresql" else 0
    with clock.one_reading():
        first, second = clock.now(), clock.now()
    assert len(readings) == each
    assert first == second or not each
    assert clock.now() <= clock.now()
    assert len(readings) == 3 * each


def test_page_over_the_next_reads_again(readings):
    for _page in range(2):
        with clock.one_reading():
            clock.now()
    assert len(readings) == (2 if connection.vendor == "postgresql" else 0)
