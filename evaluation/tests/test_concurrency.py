"""Two people, or two tabs, at the same instant on two real connections: one act, one refusal, nothing half-written."""

from functools import partial

import pytest

from clusters_portal.accounts.roles import Role
from clusters_portal.lib.workflow import InvalidTransition
from evaluation.models import Decision, Evaluation, Ranking
from evaluation.services import ballots, committee, evaluations, meetings, rankings
from evaluation.services.committee import DecisionRefused
from evaluation.services.evaluations import StaleSheet
from evaluation.services.refusals import Refused
from evaluation.tests import factories as make
from evaluation.tests import session_builders as meet
from tests import racing

pytestmark = pytest.mark.django_db(transaction=True)
together = partial(racing.together, refusals=(Refused, DecisionRefused, StaleSheet, InvalidTransition))


def test_the_last_place_is_given_once():
    _call, (first, second), _ranking = make.call_before_committee(4, 3, places=1, people=1)
    meet.in_progress(second)
    meet.in_progress(first)
    chair = make.user(Role.COMMITTEE_CHAIR)
    acts = [
        partial(committee.decide, application=dossier, outcome="selected", adopted_rank=1, deviation_reason="Reason.", actor=chair)
        for dossier in (first, second)
    ]
    outcomes = together(*acts)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Decision", "Refused"]
    assert Decision.objects.get().application == first


def test_one_dossier_is_decided_once():
    _call, (dossier,), _ranking = make.call_before_committee(4, people=1)
    meet.in_progress(dossier)
    chair, head = make.user(Role.COMMITTEE_CHAIR), make.user(Role.DIVISION_HEAD)
    outcomes = together(
        lambda: committee.decide(application=dossier, outcome="selected", adopted_rank=1, actor=chair),
        lambda: committee.decide(application=dossier, outcome="deferred", deviation_reason="Reason.", actor=head, **make.REASONS),
    )
    assert [type(outcome) for outcome in outcomes].count(Decision) == 1
    dossier.refresh_from_db()
    assert Decision.objects.get().outcome == dossier.status


def open_ballot(method="named"):
    """A vote open on the first dossier, four members there."""
    _call, (dossier, _other), _ranking = make.call_before_committee(4, 3, places=1, people=1)
    meet.open_it(dossier.call, members=3)
    item = meet.in_progress(dossier)
    return ballots.open_proposal(item=item, question="Adopt?", actor=item.session.created_by, method=method)


@pytest.mark.parametrize("method", ["named", "secret"])
def test_a_member_with_two_tabs_votes_once(method):
    ballot = open_ballot(method)
    member = meet.chair_of(ballot.item.session).person
    acts = [partial(ballots.vote, ballot=ballot, option=option.pk, actor=member) for option in ballot.options.all()[:2]]
    outcomes = together(*acts)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Refused", "Vote"]
    assert (ballot.votes.count(), sum(option.count for option in ballot.options.all())) == (1, 1)


def test_members_voting_at_once_are_all_counted():
    ballot = open_ballot("secret")
    chosen = ballot.options.first()
    together(*(partial(ballots.vote, ballot=ballot, option=chosen.pk, actor=m.person) for m in meet.members_of(ballot.item.session)))
    chosen.refresh_from_db()
    assert (chosen.count, ballot.votes.count()) == (4, 4)


def test_a_late_vote_is_counted_or_refused_never_lost():
    ballot = open_ballot()
    member, head = meet.chair_of(ballot.item.session).person, ballot.item.session.created_by
    vote, closed = together(
        partial(ballots.vote, ballot=ballot, option=ballot.options.first().pk, actor=member),
        partial(ballots.close, ballot=ballot, actor=head),
    )
    ballot.refresh_from_db()
    counted = ballot.options.first().count
    assert (type(closed).__name__, ballot.status) == ("Ballot", "closed")
    assert (counted, ballot.winner_id is not None) == ((0, False) if isinstance(vote, Refused) else (1, True))


def test_an_item_is_opened_once_and_alone():
    call, _dossiers, _ranking = make.call_before_committee(4, 3, places=1, people=1)
    session = meet.open_it(call)
    outcomes = together(*(partial(meetings.open_item, item=item, actor=session.created_by) for item in session.items.all()))
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["AgendaItem", "Refused"]
    assert session.items.filter(status="current").count() == 1


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
