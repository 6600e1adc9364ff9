"""The one clock of the portal and the way a moment is written for people in Morocco.

Everything is stored in UTC. Only words are in Casablanca time, with the offset that holds on that very date: Morocco
was at +01 until 20 September 2026 and is at +00 since.
"""

from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, time, timedelta
from time import monotonic
from zoneinfo import ZoneInfo

from django.db import DEFAULT_DB_ALIAS, connections
from django.utils import timezone

from clusters_portal.lib.bilingual import active_language

CASABLANCA = ZoneInfo("Africa/Casablanca")

MONTHS = {
    "fr": ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"],
    "en": ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"],
    # Gregorian months as written in Morocco; Django's Arabic has the names of the Middle East.
    "ar": ["يناير", "فبراير", "مارس", "أبريل", "ماي", "يونيو", "يوليوز", "غشت", "شتنبر", "أكتوبر", "نونبر", "دجنبر"],
}


_set_moment = ContextVar("moment", default=None)


@contextmanager
def set_to(moment):
    """Let the portal believe it is `moment` (aware), in this thread only: demonstration data and tests, never a view."""
    token = _set_moment.set(moment)
    try:
        yield
    finally:
        _set_moment.reset(token)


_page = ContextVar("page", default=None)


@contextmanager
def one_reading():
    """Within the block the database's clock is read once: for a page that only shows, never around an act."""
    token = _page.set({})
    try:
        yield
    finally:
        _page.reset(token)


def now(using=DEFAULT_DB_ALIAS):
    """The present moment, aware, in UTC.

    On PostgreSQL it is the clock of the database, sampled now and not at the start of the transaction, so that
    several web servers judge a deadline by one clock. Elsewhere it is the clock of this machine.
    """
    moment = _set_moment.get()
    if moment is not None:
        return moment
    connection = connections[using]
    if connection.vendor != "postgresql":
        return timezone.now()
    page = _page.get()
    if page and using in page:
        return page[using]
    with connection.cursor() as cursor:
        cursor.execute("select clock_timestamp()")
        moment = cursor.fetchone()[0].astimezone(UTC)
    if page is not None:
        page[using] = moment
    return moment


def arrival(request):
    """A clock for the act this request asks for: the moment it reached the portal, on the same clock as `now`.

    Whoever sent a dossier in time is not late because many others wait before the same door.
    """

    def moment():
        if _set_moment.get() is not None:
            return now()
        waited = timedelta(seconds=monotonic() - request.arrived)  # read first: what is late by a hair must not become early
        return now() - waited

    return moment


def local(moment):
    """`moment` (aware) in Casablanca. Raises ValueError on a naive datetime."""
    if timezone.is_naive(moment):
        raise ValueError("a moment without its zone cannot be placed in Morocco")
    return moment.astimezone(CASABLANCA)


def format_day(day, language=None):
    """A date (or the Casablanca day of a moment) in words: « 28 juillet 2026 ». "" for None."""
    if day is None:
        return ""
    if isinstance(day, datetime):
        day = local(day).date()
    code = language_code(language)
    number = "1er" if code == "fr" and day.day == 1 else str(day.day)
    return f"{number} {MONTHS[code][day.month - 1]} {day.year}"


def format_time(moment, language=None):
    """The time of day in Casablanca: « 15h00 » in French, « 15:00 » otherwise."""
    return local(moment).strftime("%Hh%M" if language_code(language) == "fr" else "%H:%M")


def format_moment(moment, language=None):
    """A moment in words with its zone: « 28 juillet 2026 à 15h00, heure du Maroc (GMT+1) ». "" for None."""
    if moment is None:
        return ""
    code = language_code(language)
    values = {"day": format_day(moment, code), "time": format_time(moment, code), "offset": gmt_offset(moment)}
    return _MOMENT[code].format(**values)


def gmt_offset(moment):
    """The offset that holds in Casablanca at that moment: "GMT+1", or "GMT" when there is none."""
    minutes = local(moment).utcoffset() // timedelta(minutes=1)
    if not minutes:
        return "GMT"
    hours, rest = divmod(abs(minutes), 60)
    return f"GMT{'+' if minutes > 0 else '-'}{hours}" + (f":{rest:02d}" if rest else "")


def tzdata_is_current():
    """Whether the time zone data knows that Morocco is at +00 since 20 September 2026 (an old one is an hour wrong)."""
    return datetime(2026, 10, 15, 10, tzinfo=UTC).astimezone(CASABLANCA).hour == 10


def today(moment=None):
    """The date in Casablanca at `moment`, else now."""
    return local(moment or now()).date()


def start_of(day):
    """The first moment of a day in Casablanca."""
    return datetime.combine(day, time(), CASABLANCA)


def end_of(day):
    """The first moment after a day in Casablanca."""
    return start_of(day + timedelta(days=1))


def language_code(language=None):
    """The language to write in: the one asked for, else the active one; French for any other than fr, ar, en."""
    code = (language or active_language())[:2]
    return code if code in MONTHS else "fr"


# Kept beside the months and not in the catalogues: receipts are written in a language chosen by the reader of the
# paper, and a legal sentence must not depend on whether the catalogues were compiled. The offset is isolated in
# Arabic, otherwise its sign moves to the other side.
_MOMENT = {
    "fr": "{day} à {time}, heure du Maroc ({offset})",
    "en": "{day} at {time}, Morocco time ({offset})",
    "ar": "{day} على الساعة {time} بتوقيت المغرب (\u2066{offset}\u2069)",
}
