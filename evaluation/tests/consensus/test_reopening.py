"""Reopening, readers, transitions and constraints."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from clusters_portal.accounts.roles import Role
from clusters_portal.audit.models import AppendOnlyError
from clusters_portal.lib.workflow import InvalidTransition
from evaluation import queries
from evaluation.models import ConflictDeclaration, Consensus, ConsensusApproval, ConsensusScore
from evaluation.services import conflicts, consensus, evaluations, lifecycle
from evaluation.services import consensus_closing as closing
from evaluation.tests import factories as make
from evaluation.tests.consensus.helpers import refused, state
from evaluation.workflow import CONSENSUS_WORKFLOW

pytestmark = pytest.mark.django_db


# Reopening


def test_an_evaluation_reopened_takes_the_consensus_back(dossier, head):
    report = make.agreed(dossier)
    evaluation = queries.panel_of(dossier).evaluations[1]
    evaluations.reopen(evaluation=evaluation, reason="A figure was misread.", actor=head)
    assert state(report) == ("draft", 2)
    assert (report.closed_at, report.closed_by) == (None, None)
    refused("blocked", consensus.ask_approval, consensus=report, revision=1, actor=report.rapporteur)
    # Whoever is to submit again does not see what the others gave meanwhile.
    assert not queries.readable_consensuses(evaluation.assignment.evaluator).exists()


def test_a_further_evaluator_takes_the_consensus_back_once_submitted(dossier, head):
    report = make.agreed(dossier, dissenting=1)
    make.submitted(make.accepted(dossier, make.user(Role.EVALUATOR)), 4)
    assert state(report) == ("draft", 2)
    assert (report.majority_view, report.minority_view) == ("", "")


def test_the_head_reopens_with_a_reason_and_never_a_draft(dossier, head):
    report = make.agreed(dossier)
    refused("reason", closing.reopen, consensus=report, reason=" ", actor=head)
    assert state(report) == ("validated", 1)
    assert closing.reopen(consensus=report, reason="A table was left out.", actor=head).status == "draft"
    with pytest.raises(InvalidTransition):
        closing.reopen(consensus=report, reason="Again.", actor=head)


def test_a_recusal_after_the_answers_asks_for_a_new_round(head):
    call, (dossier,) = make.scored_call(3, people=4)
    type(call).objects.filter(pk=call.pk).update(min_evaluators=3)
    dossier.refresh_from_db()
    report = make.answered(make.asked(dossier))
    person = queries.panel_of(dossier).people[3]
    conflicts.declare(application=dossier, interest="disqualifying", kind="other", text="Found later.", actor=person)
    refused("stale", closing.conclude, consensus=report, actor=head)
    assert not queries.readable_consensuses(person).exists()
    assert state(report) == ("approving", 1)


def test_nothing_moves_once_the_committee_has_it():
    _call, (dossier,), _ranking = make.call_before_committee(3, people=1)
    report = dossier.consensus
    for act, arguments in ((closing.reopen, {"reason": "Late."}), (consensus.revise, {}), (closing.conclude, {})):
        refused("state", act, consensus=report, actor=report.rapporteur, **arguments)
    assert state(report) == ("frozen", 1)


# Who reads


def test_recusal_beats_every_role(dossier, head):
    make.opened(dossier)
    ConflictDeclaration.objects.create(
        evaluator=head, application=dossier, interest="disqualifying", kind="family", text="x", status="confirmed", declared_at=make.NOON
    )
    assert not queries.readable_consensuses(head).exists()


def test_the_applicants_text_comes_after_the_decision():
    _call, (dossier,), _ranking = make.call_before_committee(3, people=1)
    assert queries.consensus_for_applicant(dossier) is None
    type(dossier).objects.filter(pk=dossier.pk).update(status="not_selected")
    dossier.refresh_from_db()
    assert [score.value for score in queries.consensus_for_applicant(dossier).scores.all()] == [Decimal("3.0")] * 10


# Transitions and constraints


@pytest.mark.parametrize("name", [t.name for t in CONSENSUS_WORKFLOW.transitions])
def test_each_transition_leaves_only_from_its_sources(dossier, head, name):
    report = make.opened(dossier)
    if "open" in CONSENSUS_WORKFLOW.get(name).sources:
        return
    with pytest.raises(InvalidTransition):
        lifecycle.move_consensus(report, name, actor=head)
    assert state(report) == ("open", 1)


@pytest.mark.parametrize(
    "changes, name",
    [
        ({"status": "validated"}, "consensus_closed_has_author_and_date"),
        ({"closed_at": make.NOON}, "consensus_closed_has_author_and_date"),
        ({"majority_view": "x"}, "consensus_disagreement_has_both_views"),
        ({"round": 0}, "consensus_round_from_1"),
    ],
)
def test_consensus_constraints(dossier, changes, name):
    report = make.opened(dossier)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Consensus.objects.filter(pk=report.pk).update(**changes)


@pytest.mark.parametrize(
    "value, name",
    [("5.5", "consensus_score_between_0_and_5"), ("-0.5", "consensus_score_between_0_and_5"), ("2.3", "consensus_score_half_point")],
)
def test_agreed_mark_constraints(dossier, value, name):
    report = make.opened(dossier)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        report.scores.filter(criterion__position=0).update(value=Decimal(value))
    with pytest.raises(IntegrityError), transaction.atomic():
        ConsensusScore.objects.create(consensus=report, criterion=report.grid.criteria.first())


def test_answers_are_kept_as_given_once_a_round(dossier):
    report = make.answered(make.asked(dossier))
    given = report.approvals.first()
    with pytest.raises(AppendOnlyError):
        given.delete()
    fields = {"consensus": report, "round": 1, "evaluation": given.evaluation, "answered_at": make.NOON}
    with pytest.raises(IntegrityError), transaction.atomic():
        ConsensusApproval.objects.create(evaluator=given.evaluator, answer="approve", **fields)
    with pytest.raises(IntegrityError, match="consensus_dissent_is_explained"), transaction.atomic():
        ConsensusApproval.objects.create(evaluator=make.user(), answer="dissent", **fields)
