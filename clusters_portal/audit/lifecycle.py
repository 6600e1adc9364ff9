"""The one door through which any status changes."""

from django.db import transaction

from ..lib import clock
from . import journal


def move_status(
    instance,
    workflow,
    name: str,
    *,
    actor,
    verb: str,
    note: str = "",
    extra_fields: dict | None = None,
    data: dict | None = None,
    locked: bool = False,
):
    """Apply transition `name` of `workflow` to `instance.status`; returns the locked, saved row.

    Locks the row, checks the transition, saves, journals `<verb>.<name>`, all in one transaction.
    `extra_fields` are the dates and authors that belong to the new status, `data` what else the journal keeps. Raises InvalidTransition.
    `locked` says that the caller's transaction locked the row and read `instance` after that: it is not read again.
    """
    if locked and not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("A lock is held by a transaction: there is none.")
    with transaction.atomic(savepoint=not locked):
        row = instance if locked else type(instance)._default_manager.select_for_update(of=("self",)).get(pk=instance.pk)
        before, row.status = row.status, workflow.target(name, row.status)
        for field, value in (extra_fields or {}).items():
            setattr(row, field, value)
        row.save()
        journal.record(f"{verb}.{name}", row, actor=actor, before=before, after=row.status, note=note, data=data)
    return row


def move_all(rows, workflow, name: str, *, actor, verb: str) -> None:
    """The same transition of many rows, which the caller's transaction locked and read after that; a constant number of queries.

    Each is journaled as `move_status` does. Raises InvalidTransition when one of them may not: nothing is written then.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("A lock is held by a transaction: there is none.")
    changes, by_target = [], {}
    for row in rows:
        before, row.status = row.status, workflow.target(name, row.status)
        changes.append((row, {"before": before, "after": row.status}))
        by_target.setdefault(row.status, []).append(row.pk)
    touched = {field.name: clock.now() for row in rows[:1] for field in row._meta.concrete_fields if getattr(field, "auto_now", False)}
    for target, keys in by_target.items():
        type(rows[0])._default_manager.filter(pk__in=keys).update(status=target, **touched)
    journal.record_all(f"{verb}.{name}", changes, actor=actor)
