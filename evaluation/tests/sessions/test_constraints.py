"""Rules of the call, statuses and constraints."""

import pytest
from django.db import IntegrityError, transaction

from clusters_portal.accounts.roles import Role
from evaluation import workflow
from evaluation.models import AgendaItem, Ballot, CommitteeSession, JudgingTerms, SessionMember
from evaluation.services import terms
from evaluation.tests import factories as make
from evaluation.tests import session_builders as meet
from evaluation.tests.sessions.helpers import refused

pytestmark = pytest.mark.django_db


# Rules of the call, statuses, constraints


def test_rules_are_locked_by_the_first_session_opened(call):
    head = make.user(Role.DIVISION_HEAD)
    terms.save(terms=JudgingTerms(call=call, quorum_percent=66), actor=head)
    session = meet.open_it(call)
    assert session.quorum_needed == 2
    known = JudgingTerms.objects.get()
    known.quorum_percent = 10
    assert refused(terms.save, terms=known, actor=head) == "locked"
    assert JudgingTerms.objects.get().quorum_percent == 66


@pytest.mark.parametrize(
    "machine, model",
    [(workflow.SESSION_WORKFLOW, CommitteeSession), (workflow.ITEM_WORKFLOW, AgendaItem), (workflow.BALLOT_WORKFLOW, Ballot)],
)
def test_the_machines_know_every_status(machine, model):
    known = {status for move in machine.transitions for status in (*move.sources, move.target)}
    assert known == set(model.Status.values)


@pytest.mark.parametrize(
    "model, fields, name",
    [
        (SessionMember, {"exclusion_lift_reason": "x"}, "session_member_exclusion_lifted_with_author_and_reason"),
        (AgendaItem, {"status": "postponed"}, "agenda_postponed_item_has_reason"),
        (AgendaItem, {"status": "current"}, "agenda_opened_item_has_time"),
        (CommitteeSession, {"status": "open"}, "session_opened_has_date_and_quorum"),
        (CommitteeSession, {"status": "cancelled"}, "session_cancelled_has_reason"),
    ],
)
def test_constraints(call, model, fields, name):
    meet.convened(call)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        model.objects.filter(pk=model.objects.first().pk).update(**fields)
