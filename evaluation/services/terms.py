"""The committee's rules for one call: written before any session is opened, then locked."""

from django.db import transaction
from django.utils.translation import gettext as _

from applications.models import Call
from clusters_portal.audit import journal
from evaluation.models import JudgingTerms
from evaluation.services.refusals import Refused


def are_locked(call) -> bool:
    """Whether a session of the call was ever opened: what was deliberated keeps its rules."""
    return call.committee_sessions.filter(opened_at__isnull=False).exists()


@transaction.atomic
def save(*, terms, actor) -> JudgingTerms:
    """Keep the rules of a call. Journals. Raises Refused once a session of the call was opened."""
    call = Call.objects.select_for_update().get(pk=terms.call_id)
    if are_locked(call):
        raise Refused(_("A session of this call was opened: its rules no longer change."), "locked")
    terms.save()
    fields = ("conflict_scope", "quorum_percent", "casting_vote", "secret_ballots", "score_publication")
    journal.record("judging_terms.save", terms, actor=actor, data={name: str(getattr(terms, name)) for name in fields})
    return terms
