"""Years of State support (domain E2, X11)."""

from datetime import UTC, date, datetime

import pytest

from applications.rules.support import exceeds, merge, support_received


def test_overlapping_periods_count_once():
    periods = ((date(2015, 1, 1), date(2018, 12, 31)), (date(2017, 1, 1), date(2019, 12, 31)))
    support = support_received(periods)
    assert (support.years, support.extra_days, support.days) == (5, 0, 1826)


def test_gap_between_contracts_is_in_since_first_label_only():
    periods = ((date(2011, 9, 1), date(2014, 8, 31)), (date(2018, 9, 1), date(2023, 8, 31)))
    support = support_received(periods, until=date(2023, 8, 31))
    assert (support.years, support.extra_days) == (8, 0)
    assert (support.since_years, support.since_extra_days) == (12, 0)
    assert not exceeds(periods, 8)


def test_since_first_label_runs_to_the_deadline():
    support = support_received(((date(2011, 1, 1), date(2012, 12, 31)),), until=date(2020, 12, 31))
    assert (support.years, support.since_years) == (2, 10)


def test_support_after_the_deadline_is_not_received_yet():
    periods = ((date(2015, 1, 1), date(2027, 12, 31)),)
    assert not exceeds(periods, 8, until=date(2022, 12, 31))
    assert exceeds(periods, 8, until=date(2023, 1, 1))


def test_deadline_as_a_moment_is_the_day_in_morocco():
    periods = ((date(2015, 1, 1), date(2027, 12, 31)),)
    assert exceeds(periods, 8, until=datetime(2022, 12, 31, 23, 30, tzinfo=UTC))


def test_leap_start_counts_calendar_years():
    assert not exceeds(((date(2012, 2, 29), date(2020, 2, 28)),), 8)
    assert exceeds(((date(2012, 2, 29), date(2020, 2, 29)),), 8)


@pytest.mark.parametrize("periods", [(), ((date(2020, 1, 2), date(2020, 1, 1)),)])
def test_no_usable_period_is_none(periods):
    assert support_received(periods) is None


def test_merge_joins_touching_periods():
    touching = ((date(2020, 1, 1), date(2020, 6, 30)), (date(2020, 7, 1), date(2020, 12, 31)))
    assert merge(touching) == ((date(2020, 1, 1), date(2020, 12, 31)),)
