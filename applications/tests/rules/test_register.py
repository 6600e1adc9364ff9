"""The register's pure rule: exact lengths, and « strictly more than eight years » to the day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications.rules.register import exceeds_on, first_overlap, has_exceeded, is_supported, support_at

START = date(2014, 3, 1)
EIGHT = date(2022, 2, 28)  # both days included: eight years to the day
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    "last, exceeded", [(EIGHT - DAY, False), (EIGHT, False), (EIGHT + DAY, True)], ids=["a day less", "exactly eight years", "a day more"]
)
def test_exactly_eight_years_are_not_more_than_eight(last, exceeded):
    assert has_exceeded([(START, last)], 8, date(2030, 1, 1)) is exceeded


@pytest.mark.parametrize(
    "first, eighth",
    [
        (date(2012, 2, 29), date(2020, 2, 28)),  # from a leap day to the eve of a leap day
        (date(2016, 3, 1), date(2024, 2, 29)),  # the last day is a leap day
        (date(2015, 1, 1), date(2022, 12, 31)),
    ],
)
def test_leap_years(first, eighth):
    support = support_at([(first, eighth)], eighth)
    assert (support.years, support.extra_days) == (8, 0)
    assert not has_exceeded([(first, eighth)], 8, eighth)
    assert has_exceeded([(first, eighth + DAY)], 8, eighth + DAY)


def test_days_after_the_date_asked_are_not_support_yet():
    spans = [(START, date(2030, 1, 1))]
    assert [has_exceeded(spans, 8, day) for day in (EIGHT, EIGHT + DAY)] == [False, True]
    assert exceeds_on(spans, 8) == EIGHT + DAY


def test_years_without_support_do_not_count():
    spans = [(date(2010, 1, 1), date(2013, 12, 31)), (date(2016, 1, 1), date(2019, 12, 31))]
    support = support_at(spans, date(2024, 1, 1))
    assert (support.years, support.extra_days) == (8, 0)
    assert exceeds_on(spans, 8) is None
    assert exceeds_on([*spans, (date(2022, 5, 1), date(2022, 5, 1))], 8) == date(2022, 5, 1)


def test_nothing_before_the_first_day():
    assert support_at([(START, EIGHT)], START - DAY) is None
    assert support_at([], START) is exceeds_on([], 8) is None
    assert [is_supported([(START, EIGHT)], day) for day in (START - DAY, START, EIGHT, EIGHT + DAY)] == [False, True, True, False]


@pytest.mark.parametrize(
    "second, shares", [((EIGHT, EIGHT), True), ((EIGHT + DAY, EIGHT + DAY), False), ((START - DAY, START), True), ((START, EIGHT), True)]
)
def test_periods_that_share_a_day(second, shares):
    assert (first_overlap([(START, EIGHT), second]) is not None) is shares


days = st.dates(date(2000, 1, 1), date(2040, 1, 1))


@given(st.lists(st.tuples(days, st.integers(0, 2000)), max_size=5), st.integers(0, 12), days)
def test_the_day_it_is_exceeded_is_the_first(lengths, years, day):
    spans = [(first, first + timedelta(days=more)) for first, more in lengths]
    found = exceeds_on(spans, years)
    if found is None:
        assert not has_exceeded(spans, years, day)
    else:
        assert has_exceeded(spans, years, found) and not has_exceeded(spans, years, found - DAY)
        assert has_exceeded(spans, years, day) == (day >= found)
