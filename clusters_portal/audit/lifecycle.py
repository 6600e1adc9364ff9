"""The one door through which any status changes."""

from django.db import transaction

from . import journal


def move_status(
    instance, workflow, name: str, *, actor, verb: str, note: str = "", extra_fields: dict | None = None, data: dict | None = None
):
    """Apply transition `name` of `workflow` to `instance.status`; returns the locked, saved row.

    Locks the row, checks the transition, saves, journals `<verb>.<name>`, all in one transaction.
    `extra_fields` are the dates and authors that belong to the new status, `data` what else the journal keeps. Raises InvalidTransition.
    """
    with transaction.atomic():
        locked = type(instance)._default_manager.select_for_update(of=("self",)).get(pk=instance.pk)
        before, locked.status = locked.status, workflow.target(name, locked.status)
        for field, value in (extra_fields or {}).items():
            setattr(locked, field, value)
        locked.save()
        journal.record(f"{verb}.{name}", locked, actor=actor, before=before, after=locked.status, note=note, data=data)
    return locked
