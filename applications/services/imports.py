"""Imports: rows read from a file are kept aside, looked at, then written as if they had been typed."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from clusters_portal.audit import journal

from ..forms.rows import MAX_ROWS
from ..imports.preview import Mapping, Preview, preview
from ..imports.source import Source
from ..models import ImportDraft, Member
from ..queries import Dossier
from ..steps import STEPS_BY_SLUG
from .drafts import lock_draft, save_step

APPEND, UPDATE, REPLACE = "append", "update", "replace"
MODES = (APPEND, UPDATE, REPLACE)
PART = "members"


class ImportRefused(Exception):
    """Nothing was written; `str()` is the reason, in words."""


@dataclass(frozen=True)
class Imported:
    """What an import did, in members."""

    added: int
    updated: int
    deleted: int
    skipped: int
    refused: int

    @property
    def changed(self) -> int:
        return self.added + self.updated + self.deleted


@transaction.atomic
def keep(*, application, kind, content: dict, mapping: dict, actor) -> ImportDraft:
    """Keep what was read until the person accepts it; it takes the place of his previous one. Raises DraftRefused."""
    locked = lock_draft(application, actor)
    ImportDraft.objects.filter(application=locked, user=actor, kind=kind).delete()
    return ImportDraft.objects.create(application=locked, user=actor, kind=kind, content=content, mapping=mapping)


@transaction.atomic
def keep_members(*, application, source: Source, actor) -> ImportDraft:
    """Keep a list of members with the columns guessed. Raises DraftRefused, ImportRefused (no row, too many)."""
    if not source.rows:
        raise ImportRefused(_("There is no row of members in this file."))
    if len(source.rows) > MAX_ROWS:
        raise ImportRefused(_("This list has %(count)d rows: %(limit)d members at most.") % {"count": len(source.rows), "limit": MAX_ROWS})
    mapping = Mapping(tuple(guess.field for guess in source.guesses()))
    return keep(application=application, kind=ImportDraft.Kind.MEMBERS, content=source.to_json(), mapping=mapping.to_json(), actor=actor)


@transaction.atomic
def map_columns(*, draft, mapping: Mapping, actor) -> ImportDraft:
    """Remember which column is what. Raises DraftRefused."""
    lock_draft(draft.application, actor)
    draft.mapping = mapping.to_json()
    draft.save(update_fields=["mapping"])
    return draft


def preview_of(draft, application) -> Preview:
    """What the draft would do to the dossier as it stands."""
    members = Dossier(application).rows(Member)
    return preview(Source.from_json(draft.content), Mapping.from_json(draft.mapping), members)


@transaction.atomic
def apply_members(*, draft, mode: str, actor) -> Imported:
    """Write the accepted rows through the members step's own form, journal it; keep the refused ones as a further draft.

    `append` leaves known members alone, `update` writes the file's filled cells over theirs, `replace` makes the list
    exactly the file's. The rows are judged again under the lock. Raises DraftRefused, ImportRefused.
    """
    application = lock_draft(draft.application, actor)
    # Two tabs accepting the same preview: the second finds nothing left to write.
    draft = ImportDraft.objects.select_for_update().filter(pk=draft.pk, user=actor, application=application).first()
    if draft is None or mode not in MODES:
        raise ImportRefused(_("This import was already done, or another file has been read since. Start again."))
    found = preview_of(draft, application)
    if not found.accepted:
        raise ImportRefused(_("No row of this file can be imported: correct it and send it again."))
    stored = _stored(application)
    kept = [] if mode == REPLACE else stored
    total = len(kept) + (len(found.accepted) if mode == REPLACE else len(found.fresh))
    if total > MAX_ROWS:
        raise ImportRefused(_("The list would have %(count)d members: %(limit)d at most.") % {"count": total, "limit": MAX_ROWS})
    if mode == REPLACE and stored:
        _save(application, [row | {"DELETE": "on"} for row in stored], actor)
    _save(application, _rows(kept, found, mode), actor)
    outcome = _outcome(found, mode, len(stored))
    journal.record(
        "application.members_imported", application, actor=actor, data={"file": draft.content["name"], "mode": mode, **vars(outcome)}
    )
    draft.delete()
    if found.refused:
        _keep_refused(draft, found, actor)
    return outcome


def _keep_refused(draft, found, actor):
    """What was not imported stays at hand, to be looked at and downloaded with its errors."""
    source = Source.from_json(draft.content).only_refused({row.number: row.errors for row in found.refused})
    keep(application=draft.application, kind=draft.kind, content=source.to_json(), mapping=draft.mapping, actor=actor)


def _stored(application) -> list:
    """Every member as his row would be sent by a browser, unreadable inputs included."""
    bound = STEPS_BY_SLUG["membres"].part(PART).bind(Dossier(application))
    return [
        {"id": str(form.row_id), **{name: form.data.get(form.add_prefix(name)) for name in form.fields}}
        for form in bound.row_forms
        if form.row_id
    ]


def _rows(kept, found, mode):
    rows = [dict(row) for row in kept]
    if mode == UPDATE:
        by_id = {row["id"]: row for row in rows}
        for row in found.known:
            by_id[str(row.match.pk)].update(row.inputs)
    fresh = found.accepted if mode == REPLACE else found.fresh
    return rows + [row.inputs for row in fresh]


def _save(application, rows, actor):
    data = {f"{PART}-TOTAL": str(len(rows))}
    for index, row in enumerate(rows):
        # An unticked box is not sent at all, as in a browser.
        data |= {f"{PART}-{index}-{name}": value for name, value in row.items() if value not in (None, False)}
    return save_step(application=application, step=STEPS_BY_SLUG["membres"], data=data, actor=actor)


def _outcome(found, mode, stored) -> Imported:
    known = len(found.known)
    return Imported(
        added=len(found.accepted) if mode == REPLACE else len(found.fresh),
        updated=known if mode == UPDATE else 0,
        deleted=stored if mode == REPLACE else 0,
        skipped=known if mode == APPEND else 0,
        refused=len(found.refused),
    )
