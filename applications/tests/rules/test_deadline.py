"""« au plus tard … à 15h00 » (X9): to the second, inclusive, in UTC."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from applications.rules.deadline import is_within, seconds_left

DEADLINE = datetime(2026, 7, 28, 14, tzinfo=UTC)


@pytest.mark.parametrize(
    ("received", "accepted"),
    [
        (datetime(2026, 7, 28, 13, 59, 59, tzinfo=UTC), True),
        (datetime(2026, 7, 28, 14, 0, 0, tzinfo=UTC), True),
        (datetime(2026, 7, 28, 14, 0, 0, 900_000, tzinfo=UTC), True),
        (datetime(2026, 7, 28, 14, 0, 0, 999_999, tzinfo=UTC), True),
        (datetime(2026, 7, 28, 14, 0, 1, tzinfo=UTC), False),
        (datetime(2026, 7, 29, 14, tzinfo=UTC), False),
    ],
)
def test_x9_inclusive_to_the_second(received, accepted):
    assert is_within(received, DEADLINE) is accepted


def test_zones_are_compared_in_utc():
    casablanca_in_july = timezone(timedelta(hours=1))
    assert is_within(datetime(2026, 7, 28, 15, tzinfo=casablanca_in_july), DEADLINE)
    assert not is_within(datetime(2026, 7, 28, 15, 0, 1, tzinfo=casablanca_in_july), DEADLINE)


def test_naive_moment_is_refused():
    with pytest.raises(ValueError, match="zone"):
        is_within(datetime(2026, 7, 28, 13), DEADLINE)


def test_seconds_left_counts_down_to_the_last_second():
    assert seconds_left(DEADLINE - timedelta(seconds=90), DEADLINE) == 90
    assert seconds_left(DEADLINE + timedelta(microseconds=900_000), DEADLINE) == 0
    assert seconds_left(DEADLINE + timedelta(seconds=1), DEADLINE) == -1
