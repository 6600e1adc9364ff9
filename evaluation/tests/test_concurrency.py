"""Two people, or two tabs, at the same instant on two real connections: one act, one refusal, nothing half-written."""

from functools import partial

import pytest

from clusters_portal.accounts.roles import Role
from clusters_portal.lib.workflow import InvalidTransition
from evaluation.models import Decision, Evaluation, Ranking
from evaluation.services import committee, evaluations, rankings
from evaluation.services.committee import DecisionRefused
from evaluation.services.evaluations import StaleSheet
from evaluation.services.refusals import Refused
from evaluation.tests import factories as make
from tests import racing

pytestmark = pytest.mark.django_db(transaction=True)
together = partial(racing.together, refusals=(Refused, DecisionRefused, StaleSheet, InvalidTransition))


def test_the_last_place_is_given_once():
    _call, (first, second), _ranking = make.call_before_committee(4, 3, places=1, people=1)
    chair = make.user(Role.COMMITTEE_CHAIR)
    acts = [
        partial(committee.decide, application=dossier, outcome="selected", adopted_rank=1, deviation_reason="Reason.", actor=chair)
        for dossier in (first, second)
    ]
    outcomes = together(*acts)
    assert [type(outcome) for outcome in outcomes].count(DecisionRefused) == 1
    assert Decision.objects.count() == 1


def test_one_dossier_is_decided_once():
    _call, (dossier,), _ranking = make.call_before_committee(4, people=1)
    chair, head = make.user(Role.COMMITTEE_CHAIR), make.user(Role.DIVISION_HEAD)
    outcomes = together(
        lambda: committee.decide(application=dossier, outcome="selected", adopted_rank=1, actor=chair),
        lambda: committee.decide(application=dossier, outcome="deferred", deviation_reason="Reason.", actor=head, **make.REASONS),
    )
    assert [type(outcome) for outcome in outcomes].count(Decision) == 1
    dossier.refresh_from_db()
    assert Decision.objects.get().outcome == dossier.status


def test_two_first_saves_make_one_sheet():
    call = make.call()
    make.adopted_grid(call)
    assignment = make.accepted(make.application(call), make.user(Role.EVALUATOR))
    acts = [
        partial(evaluations.save_draft, assignment=assignment, sheet=make.sheet(mark), revision=0, actor=assignment.evaluator)
        for mark in (2, 4)
    ]
    outcomes = together(*acts)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Evaluation", "StaleSheet"]
    assert len({score.value for score in Evaluation.objects.get().scores.all()}) == 1


def test_a_sheet_is_submitted_once():
    call = make.call()
    make.adopted_grid(call)
    assignment = make.accepted(make.application(call), make.user(Role.EVALUATOR))
    evaluations.save_draft(assignment=assignment, sheet=make.sheet(3), revision=0, actor=assignment.evaluator)
    submit = partial(evaluations.submit, assignment=assignment, revision=1, actor=assignment.evaluator)
    outcomes = together(submit, submit)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Evaluation", "Refused"]


def test_two_runs_have_two_numbers():
    call, _dossiers = make.agreed_call(3, people=1)
    head = make.user(Role.DIVISION_HEAD)
    together(lambda: rankings.run(call=call, actor=head), lambda: rankings.run(call=call, actor=head))
    assert sorted(Ranking.objects.values_list("number", flat=True)) == [1, 2]
