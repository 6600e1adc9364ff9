"""When people are reminded of a deadline, and told that it has passed without a deposit.

Days are counted on the calendar of Morocco (seven days before the 28th at 15:00 is the 21st at 15:00, whatever the
clocks did in between), hours as they elapse. Everything holds to the second.
"""

from datetime import UTC, datetime, timedelta

from django.utils.translation import ngettext

from .deadline import MOROCCO, is_within, seconds_left, whole_second

DAYS = (("d14", 14), ("d7", 7), ("d2", 2))
HOURS = (("h24", 24), ("h3", 3))
NOT_DEPOSITED = "not_deposited"
# A portal that was down for longer tells nobody what is no longer news.
TOLD_WITHIN = timedelta(days=14)
LONGEST_NOTICE = timedelta(days=DAYS[0][1], hours=2)  # no reminder comes earlier, whatever the clocks do


def moments(deadline: datetime) -> list[tuple[str, datetime]]:
    """[(kind, moment in UTC)] of the reminders before a deadline, the earliest first."""
    wall = deadline.astimezone(MOROCCO)
    by_days = [(kind, (wall - timedelta(days=days)).astimezone(UTC)) for kind, days in DAYS]
    return by_days + [(kind, (deadline - timedelta(hours=hours)).astimezone(UTC)) for kind, hours in HOURS]


def due(now: datetime, deadline: datetime, since: datetime, sent) -> str | None:
    """The one reminder to send at `now`, None when there is none. All moments aware; `sent` holds the kinds already sent.

    Only the most urgent one that was reached: whoever was told nothing for a week is told once. `since` is when the
    person joined the dossier, or when the deadline was set if that is later: what came before is not caught up.
    """
    now = whole_second(now)
    if not is_within(now, deadline):
        told_in_time = now <= whole_second(deadline) + TOLD_WITHIN
        return NOT_DEPOSITED if told_in_time and NOT_DEPOSITED not in sent else None
    reached = [(kind, moment) for kind, moment in moments(deadline) if whole_second(moment) <= now]
    if not reached:
        return None
    kind, moment = reached[-1]
    return None if kind in sent or whole_second(since) > whole_second(moment) else kind


def time_left(now: datetime, deadline: datetime) -> str:
    """What is left, rounded up, to be read after “less than”: “3 days”, “24 hours”; hours from two days on."""
    hours = -(-max(seconds_left(now, deadline), 0) // 3600) or 1
    if hours > 48:
        days = -(-hours // 24)
        return ngettext("%(count)s day", "%(count)s days", days) % {"count": days}
    return ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours}
