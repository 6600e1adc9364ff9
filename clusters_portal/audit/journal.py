"""Writing, sealing and checking the journal."""

from django.db import IntegrityError, transaction

from ..lib import clock
from ..lib.canonical import canonical_json, sha256_hex
from .models import AuditEntry, AuditSeal

SEAL_BATCH = 500


def record(action: str, obj, *, actor, before=None, after=None, note: str = "", data: dict | None = None) -> AuditEntry:
    """Insert one entry about `obj` (a saved model instance) inside the caller's transaction.

    `actor` is a user, or None for the portal itself. `before`/`after` are short texts (a status, a value);
    `data` holds what else must be kept (no Decimal or date: text). The chain is sealed after the commit.
    """
    values = {"before": before, "after": after, "note": note, "data": data}
    entry = _entry(action, obj, actor, values, clock.now())
    entry.save()
    _seal_after_the_commit()
    return entry


def record_all(action: str, rows, *, actor) -> None:
    """The same act on many objects: `rows` are (obj, values), values as `record` takes them. One query, one sealing."""
    now = clock.now()
    AuditEntry.objects.bulk_create(_entry(action, obj, actor, values, now) for obj, values in rows)
    _seal_after_the_commit()


def _seal_after_the_commit():
    """Once per transaction, however many entries it makes. Undone to a savepoint, the sealing goes with the entries made since."""
    waiting = transaction.get_connection().run_on_commit
    if not any(callback is seal_all for _savepoints, callback, _robust in waiting):
        transaction.on_commit(seal_all)


def _entry(action, obj, actor, values, at) -> AuditEntry:
    before, after = values.get("before"), values.get("after")
    return AuditEntry(
        at=at,
        actor=actor,
        actor_label=str(actor)[:200] if actor else "",
        action=action,
        object_type=obj._meta.label_lower,
        object_id=str(obj.pk),
        object_label=str(obj)[:250],
        before="" if before is None else str(before),
        after="" if after is None else str(after),
        note=values.get("note") or "",
        data=values.get("data") or {},
    )


def content_of(entry: AuditEntry) -> str:
    """Canonical JSON of everything an entry says."""
    return canonical_json(
        {
            "id": entry.pk,
            "at": entry.at.isoformat(),
            "actor": entry.actor_id,
            "actor_label": entry.actor_label,
            "action": entry.action,
            "object": [entry.object_type, entry.object_id, entry.object_label],
            "before": entry.before,
            "after": entry.after,
            "note": entry.note,
            "data": entry.data,
        }
    )


def seal() -> int:
    """Chain the entries not sealed yet, oldest first; returns how many. Safe to call at any time by anyone.

    Two sealers at once: the unique `previous_hash` lets one win, the other leaves its entries to the next call.
    """
    try:
        with transaction.atomic():
            last = AuditSeal.objects.order_by("-id").first()
            previous = last.hash if last else ""
            seals = []
            for entry in AuditEntry.objects.filter(seal=None).order_by("id")[:SEAL_BATCH]:
                digest = sha256_hex(previous + content_of(entry))
                seals.append(AuditSeal(entry=entry, previous_hash=previous, hash=digest))
                previous = digest
            AuditSeal.objects.bulk_create(seals)
            return len(seals)
    except IntegrityError:
        return 0


def seal_all() -> None:
    """Seal until nothing waits, or somebody else is at it."""
    while seal() == SEAL_BATCH:
        pass


def first_fault() -> str:
    """Check the whole chain; returns a sentence about the first fault, or "" when all is well."""
    previous = ""
    for link in AuditSeal.objects.select_related("entry").order_by("id").iterator(chunk_size=1000):
        if link.previous_hash != previous:
            return f"Seal {link.pk}: the chain is broken before journal entry {link.entry_id}."
        if link.hash != sha256_hex(previous + content_of(link.entry)):
            return f"Journal entry {link.entry_id} has been changed since it was sealed."
        previous = link.hash
    # The last one leaves no link behind it that would not fit.
    lost = AuditSeal.objects.exclude(entry__in=AuditEntry.objects.all()).order_by("id").first()
    return f"Seal {lost.pk}: journal entry {lost.entry_id} is no longer there." if lost else ""
