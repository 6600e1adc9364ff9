"""Acts on one row of a table: copied, moved, removed, put back. Each counts as a save of its step and is journalled."""

from django.core import serializers
from django.db import transaction
from django.utils.translation import gettext as _

from clusters_portal.audit import journal
from clusters_portal.lib import clock

from ..forms.rows import MAX_ROWS
from ..models import RejectedInput, RemovedRow
from ..queries.removed import KEPT_FOR
from .drafts import lock_draft, touch_step


class RowActRefused(Exception):
    """Nothing was changed; `str()` is the reason, in words."""


@transaction.atomic
def copy_row(*, application, step, part, row_id, actor):
    """Put a copy under the row, without what identifies it. Returns the copy.

    Raises DraftRefused, RowActRefused (full table) or the model's DoesNotExist.
    """
    locked = lock_draft(application, actor)
    rows, index = _rows(part, locked, row_id)
    _refuse_a_full_table(rows)
    copied = part.form_class.copy_of(rows[index])
    copied.save()
    kept = {name: raw for name, raw in _kept(locked, part, row_id).items() if name not in part.form_class.copied_without}
    _keep(locked, step, part, copied.pk, kept)
    rows.insert(index + 1, copied)
    _number(rows)
    _note("row_copied", locked, step, part, copied, actor, copied_from=row_id)
    return copied


@transaction.atomic
def move_row(*, application, step, part, row_id, by: int, actor) -> tuple[int, int]:
    """Move a row `by` places (−1 is up). Returns (its place from 1, how many rows there are).

    At the end of the table nothing changes. Raises DraftRefused or DoesNotExist.
    """
    locked = lock_draft(application, actor)
    rows, index = _rows(part, locked, row_id)
    target = min(max(index + by, 0), len(rows) - 1)
    if target != index:
        row = rows.pop(index)
        rows.insert(target, row)
        _number(rows)
        _note("row_moved", locked, step, part, row, actor, place=target + 1)
    return target + 1, len(rows)


@transaction.atomic
def remove_row(*, application, step, part, row_id, actor) -> RemovedRow:
    """Take a row out of its table and keep it for an hour, inputs to correct included. Raises DraftRefused or DoesNotExist."""
    locked = lock_draft(application, actor)
    rows, index = _rows(part, locked, row_id)
    row = rows.pop(index)
    now = clock.now()
    RemovedRow.objects.filter(removed_at__lt=now - KEPT_FOR).delete()
    removed = RemovedRow.objects.create(
        application=locked, slug=step.slug, part=part.key, name=part.name_of(row, index)[:300], index=index,
        content=serializers.serialize("python", [row])[0], kept=_kept(locked, part, row_id), removed_by=actor, removed_at=now,
    )  # fmt: skip
    _note("row_removed", locked, step, part, row, actor)
    _kept_inputs(locked, part, row_id).delete()
    row.delete()
    _number(rows)
    return removed


@transaction.atomic
def put_back(*, application, step, part, removed_id, actor):
    """Put a removed row back where it was, with its values, its key and its inputs to correct. Returns the row.

    Raises DraftRefused, RowActRefused (put back already, too late, somebody else's, full table).
    """
    locked = lock_draft(application, actor)
    found = RemovedRow.objects.filter(application=locked, removed_by=actor, slug=step.slug, part=part.key)
    removed = found.filter(pk=removed_id, removed_at__gte=clock.now() - KEPT_FOR).first()
    if removed is None:
        raise RowActRefused(_("This row can no longer be put back: it already was, or it was removed more than an hour ago."))
    rows = list(part.model.objects.filter(application=locked))
    _refuse_a_full_table(rows)
    [stored] = serializers.deserialize("python", [removed.content])
    stored.save()
    rows.insert(removed.index, stored.object)
    _number(rows)
    _keep(locked, step, part, stored.object.pk, removed.kept)
    _note("row_put_back", locked, step, part, stored.object, actor)
    removed.delete()
    return stored.object


def _rows(part, application, row_id):
    """(rows of the table in their order, index of the one asked for)."""
    rows = list(part.model.objects.filter(application=application))
    index = next((index for index, row in enumerate(rows) if row.pk == row_id), None)
    if index is None:
        raise part.model.DoesNotExist(row_id)
    return rows, index


def _number(rows):
    """Positions from 0 without holes, so that a place is a place."""
    moved = [row for index, row in enumerate(rows) if row.position != index]
    for index, row in enumerate(rows):
        row.position = index
    if moved:
        type(moved[0]).objects.bulk_update(moved, ["position"])


def _refuse_a_full_table(rows):
    if len(rows) >= MAX_ROWS:
        raise RowActRefused(_("This table is full: %(limit)d rows at most.") % {"limit": MAX_ROWS})


def _kept_inputs(application, part, row_id):
    return RejectedInput.objects.filter(application=application, key__startswith=f"{part.key}.{row_id}.")


def _kept(application, part, row_id) -> dict:
    """{field name: raw text} of what could not be read in the row."""
    return {kept.key.split(".", 2)[2]: kept.raw for kept in _kept_inputs(application, part, row_id)}


def _keep(application, step, part, row_id, kept):
    RejectedInput.objects.bulk_create(
        RejectedInput(application=application, slug=step.slug, key=f"{part.key}.{row_id}.{name}", raw=raw) for name, raw in kept.items()
    )


def _note(act, application, step, part, row, actor, **data):
    touch_step(application=application, slug=step.slug, actor=actor)
    journal.record(
        f"application.{act}", application, actor=actor,
        data={"step": step.slug, "table": part.key, "row": row.pk, "name": part.form_class.name_of(row)[:200], **data},
    )  # fmt: skip
