"""Back to the last deposit: its answers and its files become the draft again, and what was there is kept aside."""

from django.db import transaction
from django.utils.translation import gettext as _

from clusters_portal.audit import journal
from clusters_portal.lib import clock
from clusters_portal.lib.canonical import canonical_json, sha256_hex

from ..models import Application, KeptDraft
from ..queries import Dossier
from ..snapshots import answers_in, snapshot_of
from ..steps import STEPS
from .drafts import DraftRefused, lock_draft, restore_step

Reason = KeptDraft.Reason


@transaction.atomic
def give_up(*, application, actor) -> KeptDraft | None:
    """« Give up my changes »: the draft says again what was deposited. None when it already did.

    Raises DraftRefused: not this person, not in this state, or nothing was ever deposited.
    """
    locked = lock_draft(application, actor)
    if locked.current_deposit is None:
        raise DraftRefused(_("Nothing has been submitted yet: there is nothing to go back to."))
    return restore(application=locked, actor=actor, reason=Reason.DISCARDED)


@transaction.atomic
def restore(*, application, actor, reason) -> KeptDraft | None:
    """Put the answers and the files of the last deposit back into the draft; exact: `snapshot_of` says the same again.

    What the draft said, when it differed, is kept as a KeptDraft and returned: {shape of a snapshot, "not_read": {key:
    what was typed and could not be read}}. The caller answers for the right; the dossier must have a deposit. Journalled.
    """
    locked = Application.objects.select_for_update(of=("self",)).select_related("call", "association").get(pk=application.pk)
    dossier, deposit = Dossier(locked), locked.current_deposit
    present = snapshot_of(dossier)
    if not dossier.rejected and answers_in(present) == answers_in(deposit.content):
        return None
    text = canonical_json({**present, "not_read": dossier.rejected})
    kept = KeptDraft.objects.create(application=locked, reason=reason, content=text, kept_at=clock.now(), kept_by=actor)
    for step in STEPS:
        restore_step(application=locked, step=step, deposit=deposit, dossier=dossier)
    _restore_documents(locked, deposit)
    journal.record(
        "application.restored", locked, actor=actor, note=str(reason),
        data={"sequence": deposit.sequence, "kept": kept.pk, "kept_sha256": sha256_hex(text)},
    )  # fmt: skip
    return kept


def _restore_documents(application, deposit):
    """The files of the deposit count again, and no other: none is ever deleted."""
    ids = [document["id"] for document in deposit.content["documents"]]
    application.documents.filter(replaced_at=None).exclude(pk__in=ids).update(replaced_at=clock.now())
    application.documents.filter(pk__in=ids).update(replaced_at=None)
