"""The one door through which any status changes."""

from django.db import transaction

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
