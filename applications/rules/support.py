"""How long a cluster has been supported by the State (call of 2023: « ayant dépassé 8 ans de soutien de l'Etat »).

A period runs from its first to its last day, both included. A day covered by two contracts counts once, and a day
after the deadline is not support received yet.
"""

from datetime import date, timedelta
from typing import NamedTuple

from applications.rules.deadline import local_day

DAY = timedelta(days=1)


class Support(NamedTuple):
    """`days` of support laid end to end are `years` and `extra_days`; `since_*` counts every day since the first one."""

    days: int
    years: int
    extra_days: int
    since_days: int
    since_years: int
    since_extra_days: int


def support_received(periods, *, until=None):
    """Support over `periods` ((first day, last day), …) up to `until` (a date or an aware datetime). None without any."""
    until = local_day(until) if until else None
    merged = merge(periods, until)
    if not merged:
        return None
    start, end = merged[0][0], until or merged[-1][1]
    days = sum((last - first).days + 1 for first, last in merged)
    since = (end - start).days + 1
    return Support(days, *_in_years(start, days), since, *_in_years(start, since))


def exceeds(periods, years, *, until=None):
    """Whether the support received is strictly longer than `years`: exactly eight years is not yet more than eight."""
    support = support_received(periods, until=until)
    return support is not None and (support.years, support.extra_days) > (years, 0)


def merge(periods, until=None):
    """Disjoint periods in order, cut at `until`; a period whose end precedes its start is left out."""
    cut = sorted((first, min(last, until) if until else last) for first, last in periods)
    merged = []
    for first, last in cut:
        if last < first:
            continue
        if merged and first <= merged[-1][1] + DAY:
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    return tuple(merged)


def _in_years(start, days):
    """`days` counted from `start` as calendar years and the days left over."""
    end = start + days * DAY
    years = end.year - start.year
    if _anniversary(start, years) > end:
        years -= 1
    return years, (end - _anniversary(start, years)).days


def _anniversary(start, years):
    try:
        return start.replace(year=start.year + years)
    except ValueError:  # 29 February
        return date(start.year + years, 3, 1)
