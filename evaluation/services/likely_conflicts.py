"""Looking for likely conflicts between evaluators and dossiers, and dismissing one after a look.

Found again at each act of DPTC that depends on them, so that a corrected employer or a further deposit counts at once: what no
longer holds and nobody looked at is forgotten, what somebody dismissed stays dismissed.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from applications.models import Application
from clusters_portal.audit import journal
from clusters_portal.lib import clock
from clusters_portal.lib.text import clean_text
from evaluation.models import LikelyConflict
from evaluation.queries import EVALUABLE
from evaluation.queries.parties import as_person, parties_of
from evaluation.rules.likely_conflicts import detect
from evaluation.services.evaluators import evaluators
from evaluation.services.refusals import Refused


@transaction.atomic
def look(*, call) -> int:
    """Compare every evaluator with every dossier of the call open to evaluation; returns how many coincidences are new."""
    applications = list(Application.objects.filter(call=call, status__in=EVALUABLE))
    found = {
        (int(row.evaluator), row.dossier, row.ground, row.evidence[:255])
        for row in detect(map(as_person, evaluators()), parties_of(applications))
    }
    known = {(row.evaluator_id, str(row.application_id), row.ground, row.evidence): row for row in _of(applications)}
    gone = [row.pk for key, row in known.items() if key not in found and row.dismissed_at is None]
    LikelyConflict.objects.filter(pk__in=gone).delete()
    new = sorted(found - set(known))
    LikelyConflict.objects.bulk_create(
        LikelyConflict(evaluator_id=evaluator, application_id=dossier, ground=ground, evidence=evidence, found_at=clock.now())
        for evaluator, dossier, ground, evidence in new
    )
    return len(new)


def _of(applications):
    return LikelyConflict.objects.select_for_update().filter(application__in=[row.pk for row in applications])


@transaction.atomic
def dismiss(*, likely, reason, actor) -> LikelyConflict:
    """Say why a coincidence is no conflict; the machine may then assign the pair. Journals.

    Raises Refused without a reason, on one's own case, or when it is dismissed already.
    """
    locked = LikelyConflict.objects.select_for_update().get(pk=likely.pk)
    reason = clean_text(reason or "").strip()
    if not reason:
        raise Refused(_("State why this is no conflict of interest."), "reason")
    if locked.evaluator_id == actor.pk:
        raise Refused(_("Nobody rules on their own case."), "own")
    if locked.dismissed_at is not None:
        raise Refused(_("This likely conflict is already dismissed."), "dismissed")
    locked.dismissed_at, locked.dismissed_by, locked.dismissal_reason = clock.now(), actor, reason
    locked.save(update_fields=["dismissed_at", "dismissed_by", "dismissal_reason"])
    journal.record("likely_conflict.dismiss", locked, actor=actor, note=reason, data={"ground": locked.ground, "evidence": locked.evidence})
    return locked
