"""The moment after which nothing is accepted (clause 2.2: « au plus tard … à 15h00 »).

The deadline itself still counts, to the second: a file received at 15:00:00.900 was received while the clock of the
portal showed 15:00:00, and is accepted; at 15:00:01 it is refused. Everything is compared in UTC.
"""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

MOROCCO = ZoneInfo("Africa/Casablanca")


def is_within(received_at, deadline):
    """Whether a file received at `received_at` is in time. Both aware; raises ValueError on a naive datetime."""
    return whole_second(received_at) <= whole_second(deadline)


def seconds_left(now, deadline):
    """Whole seconds until the last second that counts; 0 during it, negative once it is over."""
    return int((whole_second(deadline) - whole_second(now)).total_seconds())


def whole_second(moment):
    """The second a clock shows at `moment`, in UTC."""
    if moment.utcoffset() is None:
        raise ValueError("a moment without its zone cannot be compared with a deadline")
    return moment.astimezone(UTC).replace(microsecond=0)


def local_day(moment):
    """The date in Morocco at `moment`."""
    return moment.astimezone(MOROCCO).date() if isinstance(moment, datetime) else moment


def is_weekend(day):
    """Whether the administration is closed that day of the week: Saturday and Sunday."""
    return day.weekday() >= 5
