"""What the journal said at the end of a day, on half a page: kept elsewhere, it shows later whether the past was rewritten.

Whoever owns the database can recompute every seal. He cannot change a digest that was printed, signed or mailed before.
"""

from datetime import date

from django.db.models import Count, Max, Min

from ..lib import clock
from .models import AuditEntry, AuditSeal

FORMAT = "clusters-portal/journal-digest/1"


class NotSealedYet(Exception):
    """Entries of the day still wait for their seal."""


def digest_of(day: date) -> dict:
    """The journal of one day of Casablanca, as plain JSON values: entries, their actions, and the head of the chain after them.

    Raises NotSealedYet. Four queries.
    """
    entries = AuditEntry.objects.filter(at__gte=clock.start_of(day), at__lt=clock.end_of(day))
    if entries.filter(seal=None).exists():
        raise NotSealedYet(f"Entries of {day} are not sealed yet: “manage.py verify_journal” seals them.")
    span = entries.order_by().aggregate(count=Count("pk"), first=Min("pk"), last=Max("pk"), link=Max("seal__pk"))
    head = AuditSeal.objects.filter(pk=span["link"]).first()
    actions = entries.order_by("action").values_list("action").annotate(count=Count("pk"))
    return {
        "format": FORMAT,
        "day": day.isoformat(),
        "entries": span["count"],
        "first_entry": span["first"],
        "last_entry": span["last"],
        "actions": dict(actions),
        "seal": head.pk if head else None,
        "hash": head.hash if head else "",
    }


def difference(kept: dict) -> str:
    """A sentence on how the journal differs today from a digest kept elsewhere; "" when it does not. Raises ValueError, NotSealedYet."""
    if kept.get("format") != FORMAT:
        raise ValueError("This is no digest of the journal.")
    found = digest_of(date.fromisoformat(str(kept.get("day"))))
    for name in ("entries", "first_entry", "last_entry", "actions", "seal", "hash"):
        if found[name] != kept.get(name):
            return f"The journal of {kept['day']} is no longer what it was: “{name}” is {found[name]}, the digest says {kept.get(name)}."
    return ""
