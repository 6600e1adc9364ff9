"""Internal notes and labels of one dossier (S2): DPTC's own, never told outside the service."""

from django.db import transaction
from django.utils.translation import gettext as _

from clusters_portal.audit import journal
from clusters_portal.lib import clock
from clusters_portal.lib.canonical import sha256_hex
from clusters_portal.lib.text import clean_text

from ..forms.messages import LONGEST
from ..models import Application, Label, Labelling, Note
from ..permissions import can_annotate

AGAIN = 60  # seconds in which the same note of the same person is one note


class NoteRefused(Exception):
    """Nothing changed; `str()` says why, in words."""


@transaction.atomic
def write_note(*, application, body: str, actor) -> Note:
    """Add a note; the same text sent twice within a minute is one. Raises NoteRefused. Journalled by its hash alone."""
    locked = _locked(application, actor)
    now, text = clock.now(), clean_text(body, multiline=True)
    if not text or len(text) > LONGEST:
        raise NoteRefused(_("A note has between 1 and %(limit)d characters.") % {"limit": LONGEST})
    last = locked.notes.filter(author=actor).first()
    if last is not None and last.body == text and (now - last.written_at).total_seconds() < AGAIN:
        return last
    made = Note.objects.create(application=locked, author=actor, body=text, written_at=now)
    journal.record("note.written", locked, actor=actor, data={"note": made.pk, "sha256": sha256_hex(text)})
    return made


@transaction.atomic
def set_labels(*, application, labels, actor) -> None:
    """The dossier has these labels from now on. One no longer in use stays where it is, but is not put again.

    Raises NoteRefused. Each change is journalled.
    """
    locked = _locked(application, actor)
    present = {put.label_id: put for put in locked.labellings.select_related("label")}
    wanted = {label.pk: label for label in labels if label.is_active or label.pk in present}
    for pk, label in wanted.items():
        if pk not in present:
            Labelling.objects.create(application=locked, label=label, added_by=actor, added_at=clock.now())
            journal.record("label.added", locked, actor=actor, after=label)
    for pk, put in present.items():
        if pk not in wanted:
            label: Label = put.label
            put.delete()
            journal.record("label.removed", locked, actor=actor, before=label)


def _locked(application, actor) -> Application:
    permission = can_annotate(actor)
    if not permission:
        raise NoteRefused(permission.reason)
    return Application.objects.select_for_update(of=("self",)).select_related("association").get(pk=application.pk)
