"""Reminders before a deadline: each moment to the second, one at a time, on the calendar of Morocco."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from applications.rules.reminders import NOT_DEPOSITED, TOLD_WITHIN, due, moments, time_left

SUMMER = datetime(2026, 7, 28, 14, tzinfo=UTC)  # 15:00 in Casablanca, at +01
AUTUMN = datetime(2026, 9, 25, 15, tzinfo=UTC)  # 15:00 in Casablanca, at +00 since 20 September
LONG_AGO = datetime(2026, 6, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)
EXPECTED = {
    SUMMER: [
        ("d14", datetime(2026, 7, 14, 14, tzinfo=UTC)),
        ("d7", datetime(2026, 7, 21, 14, tzinfo=UTC)),
        ("d2", datetime(2026, 7, 26, 14, tzinfo=UTC)),
        ("h24", datetime(2026, 7, 27, 14, tzinfo=UTC)),
        ("h3", datetime(2026, 7, 28, 11, tzinfo=UTC)),
    ],
    # The clocks went back between: 15:00 was 14:00 UTC before 20 September.
    AUTUMN: [
        ("d14", datetime(2026, 9, 11, 14, tzinfo=UTC)),
        ("d7", datetime(2026, 9, 18, 14, tzinfo=UTC)),
        ("d2", datetime(2026, 9, 23, 15, tzinfo=UTC)),
        ("h24", datetime(2026, 9, 24, 15, tzinfo=UTC)),
        ("h3", datetime(2026, 9, 25, 12, tzinfo=UTC)),
    ],
    # Two days before the morning after the change is the same hour on the clock, 49 hours earlier.
    datetime(2026, 9, 20, 12, tzinfo=UTC): [
        ("d14", datetime(2026, 9, 6, 11, tzinfo=UTC)),
        ("d7", datetime(2026, 9, 13, 11, tzinfo=UTC)),
        ("d2", datetime(2026, 9, 18, 11, tzinfo=UTC)),
        ("h24", datetime(2026, 9, 19, 12, tzinfo=UTC)),
        ("h3", datetime(2026, 9, 20, 9, tzinfo=UTC)),
    ],
}


@pytest.mark.parametrize("deadline", EXPECTED, ids=str)
def test_moments_are_those_of_the_calendar_in_morocco(deadline):
    assert moments(deadline) == EXPECTED[deadline]


@pytest.mark.parametrize("deadline", EXPECTED, ids=str)
def test_each_is_due_from_its_second_on_and_not_one_before(deadline):
    earlier = None
    for kind, moment in EXPECTED[deadline]:
        sent = {earlier} - {None}
        assert due(moment - SECOND, deadline, LONG_AGO, sent) is None
        assert due(moment, deadline, LONG_AGO, sent) == kind
        assert due(moment + SECOND, deadline, LONG_AGO, sent) == kind
        assert due(moment, deadline, LONG_AGO, sent | {kind}) is None
        earlier = kind


def test_a_fraction_before_the_second_is_too_early():
    assert due(SUMMER - timedelta(hours=3, microseconds=1), SUMMER, LONG_AGO, {"h24"}) is None
    assert due(SUMMER - timedelta(hours=3), SUMMER + timedelta(microseconds=500_000), LONG_AGO, {"h24"}) == "h3"


def test_after_an_interruption_only_the_most_urgent_is_sent():
    now = SUMMER - timedelta(hours=2)
    assert due(now, SUMMER, LONG_AGO, set()) == "h3"
    assert due(now, SUMMER, LONG_AGO, {"h3"}) is None  # the four missed are not caught up
    assert due(SUMMER - timedelta(days=6), SUMMER, LONG_AGO, {"d14"}) == "d7"


def test_whoever_came_after_a_moment_is_not_reminded_of_it():
    moment = SUMMER - timedelta(days=7)
    assert due(moment + timedelta(days=1), SUMMER, moment + SECOND, set()) is None
    assert due(moment + timedelta(days=1), SUMMER, moment, set()) == "d7"
    assert due(SUMMER - timedelta(days=2), SUMMER, moment + SECOND, set()) == "d2"
    assert due(SUMMER - timedelta(hours=1), SUMMER, SUMMER - timedelta(hours=2), set()) is None


def test_the_last_second_is_not_closed_and_the_next_is():
    assert due(SUMMER, SUMMER, LONG_AGO, {"h3"}) is None
    assert due(SUMMER + timedelta(microseconds=999_999), SUMMER, LONG_AGO, {"h3"}) is None
    assert due(SUMMER + SECOND, SUMMER, LONG_AGO, {"h3"}) == NOT_DEPOSITED
    assert due(SUMMER + SECOND, SUMMER, LONG_AGO, set()) == NOT_DEPOSITED
    assert due(SUMMER + SECOND, SUMMER, LONG_AGO, {NOT_DEPOSITED}) is None


def test_old_news_is_not_told():
    assert due(SUMMER + TOLD_WITHIN, SUMMER, LONG_AGO, set()) == NOT_DEPOSITED
    assert due(SUMMER + TOLD_WITHIN + SECOND, SUMMER, LONG_AGO, set()) is None


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(days=14), "14 days"),
        (timedelta(days=13, hours=23, minutes=55), "14 days"),
        (timedelta(days=2, seconds=1), "3 days"),
        (timedelta(days=2), "48 hours"),
        (timedelta(hours=23, minutes=55), "24 hours"),
        (timedelta(hours=2, minutes=55), "3 hours"),
        (timedelta(minutes=1), "1 hour"),
        (timedelta(0), "1 hour"),
    ],
)
def test_what_is_left_never_says_more_than_less_than(left, words):
    with translation.override("en"):
        assert time_left(SUMMER - left, SUMMER) == words
