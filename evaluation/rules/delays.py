"""Delays counted in days, and the words of a reply. Pure: holidays and moments come in, moments go out.

Days are Morocco's: Saturdays, Sundays and public holidays are not worked. A delay starts the day after the act that opens
it, and its last day counts to its last second.
"""

import unicodedata
from datetime import date, timedelta

SATURDAY = 5


def is_worked(day: date, holidays) -> bool:
    """Neither a Saturday, nor a Sunday, nor one of the holidays (a collection of dates)."""
    return day.weekday() < SATURDAY and day not in holidays


def next_worked(day: date, holidays) -> date:
    """The day itself when it is worked, else the first worked one after it."""
    while not is_worked(day, holidays):
        day += timedelta(days=1)
    return day


def after_worked_days(start: date, days: int, holidays) -> date:
    """The last of ``days`` worked days that follow ``start``."""
    day = start
    for _number in range(days):
        day = next_worked(day + timedelta(days=1), holidays)
    return day


def after_calendar_days(start: date, days: int, holidays) -> date:
    """The last of ``days`` days that follow ``start``, moved to the next worked day when it is none."""
    return next_worked(start + timedelta(days=days), holidays)


def words(text: str) -> int:
    """Words of a text in any script: runs without spaces that hold a letter or a figure. The one rule for every limit."""
    return sum(any(unicodedata.category(char)[0] in "LN" for char in run) for run in text.split())
