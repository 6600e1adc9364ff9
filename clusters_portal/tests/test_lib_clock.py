"""The clock and moments in words (domain 3.3)."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection

from clusters_portal.lib import clock

DEADLINE = datetime(2026, 7, 28, 14, tzinfo=UTC)
AFTER_CHANGE = datetime(2026, 11, 1, 14, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "language", "text"),
    [
        (DEADLINE, "fr", "28 juillet 2026 à 15h00, heure du Maroc (GMT+1)"),
        (DEADLINE, "en", "28 July 2026 at 15:00, Morocco time (GMT+1)"),
        (DEADLINE, "ar", "28 يوليوز 2026 على الساعة 15:00 بتوقيت المغرب (\u2066GMT+1\u2069)"),
        (AFTER_CHANGE, "fr", "1er novembre 2026 à 14h05, heure du Maroc (GMT)"),
        (AFTER_CHANGE, "ar", "1 نونبر 2026 على الساعة 14:05 بتوقيت المغرب (\u2066GMT\u2069)"),
        (DEADLINE, "de", "28 juillet 2026 à 15h00, heure du Maroc (GMT+1)"),
        (None, "fr", ""),
    ],
)
def test_format_moment(moment, language, text):
    assert clock.format_moment(moment, language) == text


@pytest.mark.parametrize(("month", "name"), [(5, "ماي"), (7, "يوليوز"), (8, "غشت"), (9, "شتنبر"), (11, "نونبر"), (12, "دجنبر")])
def test_months_are_the_moroccan_ones(month, name):
    assert clock.format_day(date(2026, month, 3), "ar") == f"3 {name} 2026"


def test_format_day_of_a_moment_is_the_day_in_morocco():
    assert clock.format_day(datetime(2026, 7, 27, 23, 30, tzinfo=UTC), "fr") == "28 juillet 2026"
    assert clock.today(datetime(2026, 7, 27, 23, 30, tzinfo=UTC)) == date(2026, 7, 28)


def test_naive_moment_is_refused():
    with pytest.raises(ValueError, match="zone"):
        clock.format_moment(datetime(2026, 7, 28, 14), "fr")


def test_tzdata_knows_the_change_of_september_2026():
    assert clock.tzdata_is_current()


@pytest.mark.django_db
def test_now_is_aware_utc_and_moves_inside_a_transaction():
    first, second = clock.now(), clock.now()
    assert first.utcoffset().total_seconds() == 0
    assert second >= first
    if connection.vendor == "postgresql":
        assert second > first
