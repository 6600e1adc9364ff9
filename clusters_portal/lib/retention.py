"""What a class of data must offer so that it can be forgotten in time; the when is in `privacy/register.py`, alone."""

import calendar
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Purge:
    """`due(moment)` gives the rows last used before it; `forget(row)` removes one and says whether it is gone.

    Where people are told beforehand: `since(row)` is its last use, `tell(row, day)` says that it goes on that day.
    """

    due: Callable[[datetime], Iterable]
    forget: Callable[[object], bool]
    since: Callable[[object], datetime] | None = None
    tell: Callable[[object, datetime], None] | None = None


def months_later(moment: datetime, months: int) -> datetime:
    """The same day and hour so many months later (earlier when negative), or the last day of a shorter month."""
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    day = min(moment.day, calendar.monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)
