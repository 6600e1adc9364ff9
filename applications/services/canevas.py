"""The whole dossier from a workbook: kept aside, looked at, then each chosen step saved as its page would save it."""

from django.db import transaction
from django.utils.translation import gettext as _

from clusters_portal.audit import journal

from ..canevas.comparison import Comparison, compare
from ..canevas.reading import Workbook
from ..models import ImportDraft
from ..queries import Dossier
from .drafts import lock_draft, save_step
from .imports import ImportRefused, keep


@transaction.atomic
def keep_workbook(*, application, book: Workbook, actor) -> ImportDraft:
    """Keep a workbook until the person accepts its differences. Raises DraftRefused, ImportRefused (another call's)."""
    if book.call != application.call.slug:
        raise ImportRefused(_("This workbook belongs to another call: download the one of this application."))
    return keep(application=application, kind=ImportDraft.Kind.WORKBOOK, content=book.to_json(), mapping={}, actor=actor)


def comparison_of(draft, application) -> Comparison:
    """What the workbook would change in the dossier as it stands."""
    return compare(Workbook.from_json(draft.content), Dossier(application))


@transaction.atomic
def apply_workbook(*, draft, slugs, digest: str, actor) -> int:
    """Save the chosen steps through `save_step`, journal them, forget the draft; returns the number of differences written.

    `digest` is that of the comparison the person looked at: if the dossier changed since, nothing is written.
    Raises DraftRefused, ImportRefused.
    """
    application = lock_draft(draft.application, actor)
    # Two tabs accepting the same differences: the second finds nothing left to write.
    draft = ImportDraft.objects.select_for_update().filter(pk=draft.pk, user=actor, application=application).first()
    if draft is None:
        raise ImportRefused(_("This import was already done, or another file has been read since. Start again."))
    found = comparison_of(draft, application)
    if found.digest != digest:
        raise ImportRefused(_("The application has changed since you opened this page: look at the differences again."))
    chosen = [changed for changed in found.steps if changed.step.slug in slugs]
    if not chosen:
        raise ImportRefused(_("Choose at least one step to update."))
    for changed in chosen:
        save_step(application=application, step=changed.step, data=changed.data, actor=actor)
    done = {changed.step.slug: len(changed.changes) for changed in chosen}
    journal.record("application.workbook_applied", application, actor=actor, data={"file": draft.content["name"], "steps": done})
    draft.delete()
    return sum(done.values())
