"""The register of labelled clusters: how long a cluster was supported on a given day, and what makes its periods sound.

The lengths are those of `rules.support`: first and last day included, counted in calendar years and the days over them.
The call of 2023 asks for strictly more than eight years: eight years to the day are not more than eight.
"""

from datetime import date, timedelta

from applications.rules.support import Support, merge, support_received

DAY = timedelta(days=1)


def support_at(periods, day: date) -> Support | None:
    """The support received up to a day, this day included; None when none had begun."""
    return support_received(periods, until=day)


def has_exceeded(periods, years: int, day: date) -> bool:
    """Is the support received up to a day, this day included, strictly longer than `years`?"""
    support = support_at(periods, day)
    return support is not None and (support.years, support.extra_days) > (years, 0)


def exceeds_on(periods, years: int) -> date | None:
    """The first day on which the support is strictly longer than `years`; None when the periods never reach it."""
    spans = merge(periods)
    if not spans or not has_exceeded(periods, years, spans[-1][1]):
        return None
    low, high = spans[0][0], spans[-1][1]
    while low < high:  # the length never shrinks: halve until one day is left
        middle = low + (high - low) // 2
        low, high = (low, middle) if has_exceeded(periods, years, middle) else (middle + DAY, high)
    return low


def first_overlap(periods) -> tuple | None:
    """The first two periods ((first day, last day), …) that share a day; None when all are apart."""
    ordered = sorted(periods)
    for before, after in zip(ordered, ordered[1:], strict=False):
        if after[0] <= before[1]:
            return before, after
    return None


def is_supported(periods, day: date) -> bool:
    """Does a period cover this day?"""
    return any(first <= day <= last for first, last in periods)
