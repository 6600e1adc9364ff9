"""Votes: own and once, named or secret, counted, settled; and what a decision owes to them."""

import pytest
from django.db import IntegrityError, transaction

from clusters_portal.audit.models import AppendOnlyError, AuditEntry
from evaluation.models import Ballot, BallotOption, ConflictDeclaration, Decision, JudgingTerms, Vote
from evaluation.queries.sessions import equals_of, standing_vote
from evaluation.services import attendance, ballots, meetings
from evaluation.services.committee import DecisionRefused
from evaluation.services.refusals import Refused
from evaluation.tests import factories as make
from evaluation.tests import session_builders as meet

pytestmark = pytest.mark.django_db


@pytest.fixture
def deliberation():
    """Five dossiers ranked 1, 2, 2, 4, 5 for two places: (call, dossiers in the order of the ranking)."""
    call, _dossiers, ranking = make.call_before_committee(5, 4, 4, 3, 2, places=2, people=1)
    return call, [line.application for line in ranking.lines.select_related("application").order_by("position")]


@pytest.fixture
def item(deliberation):
    """The first dossier in progress, four voting members there."""
    meet.open_it(deliberation[0], members=3, observers=1)
    return meet.in_progress(deliberation[1][0])


def refused(act, **arguments):
    before = AuditEntry.objects.count()
    with pytest.raises(Refused) as refusal:
        act(**arguments)
    assert AuditEntry.objects.count() == before
    return refusal.value.code


def conflict(person, dossier):
    return ConflictDeclaration.objects.create(
        evaluator=person, application=dossier, interest="disqualifying", kind="family", text="x", status="confirmed", declared_at=make.NOON
    )


def proposal(item, **more):
    return ballots.open_proposal(item=item, question="Ask for a revised budget?", actor=item.session.created_by, **more)


def option(ballot, code):
    return ballot.options.get(code=code)


def counts(ballot):
    return {row.code: row.count for row in ballot.options.all()}


def cast(ballot, *codes):
    """The members vote in their order, the chair first; the ballot is closed."""
    for member, code in zip(meet.members_of(ballot.item.session), codes, strict=False):
        ballots.vote(ballot=ballot, option=option(ballot, code).pk, actor=member.person)
    return ballots.close(ballot=ballot, actor=ballot.item.session.created_by)


# Casting a vote


def test_a_named_vote_is_kept_with_its_name(item):
    ballot = cast(proposal(item), "for", "for", "against", "abstain")
    assert counts(ballot) == {"for": 2, "against": 1, "abstain": 1}
    assert [str(vote.option) for vote in ballot.votes.order_by("pk")] == [
        str(option(ballot, code)) for code in ("for", "for", "against", "abstain")
    ]
    assert (ballot.present, ballot.winner.code, ballot.places_left, ballot.is_settled) == (4, "for", 0, True)


def test_a_secret_vote_leaves_no_link(item):
    ballot = cast(proposal(item, method="secret"), "for", "against", "against")
    assert counts(ballot) == {"for": 1, "against": 2, "abstain": 0}
    assert list(ballot.votes.values_list("option", flat=True)) == [None] * 3
    assert {entry.after for entry in AuditEntry.objects.filter(action="ballot.vote")} == {""}
    assert (ballot.winner, ballot.present) == (None, 4)


def test_a_vote_is_ones_own_and_cast_once(item):
    ballot = proposal(item)
    chair, member, *_others = meet.members_of(item.session)
    observer = item.session.members.get(capacity="observer")
    yes = option(ballot, "for").pk
    assert refused(ballots.vote, ballot=ballot, option=yes, actor=observer.person) == "capacity"
    assert refused(ballots.vote, ballot=ballot, option=yes, actor=item.session.created_by) == "capacity"
    assert refused(ballots.vote, ballot=ballot, option=0, actor=chair.person) == "option"
    vote = ballots.vote(ballot=ballot, option=yes, actor=chair.person)
    assert refused(ballots.vote, ballot=ballot, option=option(ballot, "against").pk, actor=chair.person) == "voted"
    attendance.record(member=member, move="left", actor=item.session.created_by)
    assert refused(ballots.vote, ballot=ballot, option=yes, actor=member.person) == "absent"
    assert counts(ballot) == {"for": 1, "against": 0, "abstain": 0}
    for act in (vote.save, vote.delete):
        with pytest.raises(AppendOnlyError):
            act()


def test_an_option_of_another_vote_is_no_option(item):
    old = cast(proposal(item), "for")
    new = proposal(item)
    assert refused(ballots.vote, ballot=new, option=option(old, "for").pk, actor=meet.chair_of(item.session).person) == "option"


def test_a_closed_or_cancelled_vote_takes_no_vote(item):
    closed = cast(proposal(item), "for")
    cancelled = proposal(item)
    assert refused(ballots.cancel, ballot=cancelled, reason=" ", actor=item.session.created_by) == "reason"
    ballots.cancel(ballot=cancelled, reason="Wrong question.", actor=item.session.created_by)
    member = meet.members_of(item.session)[1]
    for ballot in (closed, cancelled):
        assert refused(ballots.vote, ballot=ballot, option=option(ballot, "for").pk, actor=member.person) == "closed"
        assert refused(ballots.close, ballot=ballot, actor=item.session.created_by) == "closed"
    assert Vote.objects.count() == 1


def test_whoever_voted_and_left_still_counts(item):
    ballot = proposal(item)
    _chair, member, *_others = meet.members_of(item.session)
    ballots.vote(ballot=ballot, option=option(ballot, "for").pk, actor=member.person)
    attendance.record(member=member, move="left", actor=item.session.created_by)
    assert ballots.close(ballot=ballot, actor=item.session.created_by).present == 4


# Opening


def test_one_vote_at_a_time_on_the_item_in_progress_with_a_quorum(deliberation, item):
    head = item.session.created_by
    ballot = proposal(item)
    assert refused(proposal, item=item) == "ballot_open"
    assert refused(meetings.set_aside, item=item, actor=head) == "ballot_open"
    assert refused(meetings.close_session, session=item.session, actor=head) == "ballot_open"
    with pytest.raises(Refused):
        meet.decide(application=item.application, outcome="selected", adopted_rank=1, actor=head)
    ballots.cancel(ballot=ballot, reason="x", actor=head)
    assert refused(proposal, item=item.session.items.last()) == "item_state"
    for member in meet.members_of(item.session)[1:]:
        attendance.record(member=member, move="left", actor=head)
    assert refused(proposal, item=item) == "quorum"
    assert not Decision.objects.exists()


@pytest.mark.parametrize("more, code", [({"method": "loud"}, "method"), ({"proposed_outcome": "king"}, "proposed_outcome")])
def test_a_vote_that_cannot_be_is_refused(item, more, code):
    assert refused(proposal, item=item, **more) == code
    assert not Ballot.objects.exists()


def test_a_recused_member_neither_votes_nor_counts(deliberation, item):
    _chair, member, other, _last = meet.members_of(item.session)
    conflict(member.person, item.application)
    conflict(other.person, deliberation[1][4])
    ballot = proposal(item)
    yes = option(ballot, "for").pk
    assert refused(ballots.vote, ballot=ballot, option=yes, actor=member.person) == "recused"
    assert refused(ballots.vote, ballot=ballot, option=yes, actor=other.person) == "conflict_in_call"
    assert ballots.close(ballot=ballot, actor=item.session.created_by).present == 2


def test_the_reach_may_be_the_dossier_alone(deliberation):
    call, dossiers = deliberation
    JudgingTerms.objects.create(call=call, conflict_scope="application")
    meet.open_it(call, members=3)
    item = meet.in_progress(dossiers[0])
    conflict(meet.members_of(item.session)[1].person, dossiers[4])
    assert cast(proposal(item), "for", "for").present == 4


def test_stepping_down_cancels_the_vote_one_took_part_in(item):
    ballot = proposal(item, method="secret")
    _chair, member, other, _last = meet.members_of(item.session)
    values = {"item": item, "interest": "disqualifying", "kind": "family", "text": "x"}
    attendance.step_down(actor=other.person, **values)
    ballots.vote(ballot=ballot, option=option(ballot, "for").pk, actor=member.person)
    ballot.refresh_from_db()
    assert ballot.status == "open"
    attendance.step_down(actor=member.person, **values)
    ballot.refresh_from_db()
    assert (ballot.status, ballot.cancellation_reason != "") == ("cancelled", True)


# Casting vote


def test_the_chair_settles_an_equality_with_a_reason(item):
    ballot = cast(proposal(item, proposed_outcome="deferred"), "for", "against", "abstain", "abstain")
    assert (ballot.winner, ballot.places_left, ballot.is_settled) == (None, 1, False)
    chair, member, *_others = meet.members_of(item.session)
    values = {"ballot": ballot, "option": option(ballot, "for").pk, "reason": "The budget does not hold.", "actor": chair.person}
    with pytest.raises(Refused) as refusal:
        meet.decide(application=item.application, outcome="deferred", deviation_reason="x", actor=chair.person, **make.REASONS)
    assert refusal.value.code == "level"
    assert refused(ballots.cast_deciding_vote, **values | {"actor": member.person}) == "not_chair"
    assert refused(ballots.cast_deciding_vote, **values | {"reason": " "}) == "reason"
    assert refused(ballots.cast_deciding_vote, **values | {"option": option(ballot, "abstain").pk}) == "option"
    ballot = ballots.cast_deciding_vote(**values)
    assert (ballot.winner.code, ballot.places_left, ballot.casting_option.code) == ("for", 0, "for")
    assert refused(ballots.cast_deciding_vote, **values) == "settled"
    meet.decide(application=item.application, outcome="deferred", deviation_reason="x", actor=chair.person, **make.REASONS)


def test_without_a_casting_vote_equality_adopts_nothing(deliberation):
    call, dossiers = deliberation
    JudgingTerms.objects.create(call=call, casting_vote=False)
    meet.open_it(call, members=3)
    item = meet.in_progress(dossiers[0])
    ballot = cast(proposal(item, proposed_outcome="selected"), "for", "against")
    assert (ballot.winner, ballot.is_settled) == (None, True)
    chair = meet.chair_of(item.session).person
    assert refused(ballots.cast_deciding_vote, ballot=ballot, option=option(ballot, "for").pk, reason="x", actor=chair) == "settled"
    with pytest.raises(DecisionRefused) as refusal:
        meet.decide(application=dossiers[0], outcome="selected", adopted_rank=1, actor=chair)
    assert refusal.value.codes == ("vote_rejected",)


def test_the_decision_follows_the_last_vote(item):
    cast(proposal(item, proposed_outcome="selected"), "against", "against")
    last = cast(proposal(item, proposed_outcome="selected_with_reservations"), "for", "for", "for")
    head = item.session.created_by
    with pytest.raises(DecisionRefused) as refusal:
        meet.decide(application=item.application, outcome="selected", adopted_rank=1, actor=head)
    assert refusal.value.codes == ("vote_adopted_another",)
    values = {"outcome": "selected_with_reservations", "adopted_rank": 1, "reservations": "Recruit."}
    decision = meet.decide(application=item.application, actor=head, **values)
    assert (decision.ballot, decision.item, decision.ladder_step) == (last, item, "")


# Equals


def test_the_vote_between_equals_gives_the_place(deliberation, item):
    _call, (first, second, third, *_rest) = deliberation
    head = item.session.created_by
    assert refused(ballots.open_tie, item=item, actor=head) == "no_tie"
    meet.decide(application=first, outcome="selected", adopted_rank=1, actor=head)
    tied = meet.in_progress(third)
    assert ([a.pk for a in equals_of(tied, tied.application.ranking_lines.get().ranking)[0]]) == [second.pk, third.pk]
    ballot = ballots.open_tie(item=tied, actor=head)
    assert [(row.application, row.code) for row in ballot.options.all()] == [
        (second, "application"),
        (third, "application"),
        (None, "abstain"),
    ]
    chosen = {row.application_id: row for row in ballot.options.all()}
    meet.vote_all(ballot, lambda member, _options: chosen[second.pk if member.capacity == "chair" else third.pk])
    ballot.refresh_from_db()
    assert (ballot.seats, ballot.winner.application, ballot.places_left) == (1, third, 0)
    assert standing_vote(third.pk, tied.session)[1].won and not standing_vote(second.pk, tied.session)[1].won
    assert refused(ballots.open_tie, item=tied, actor=head) == "no_tie"
    decision = meet.decide(application=third, outcome="selected", adopted_rank=2, tie_break_reason="Wider network.", actor=head)
    other = meet.decide(application=second, outcome="waiting_list", adopted_rank=3, actor=head, **make.REASONS)
    assert [(d.ballot, d.ladder_step) for d in (decision, other)] == [(ballot, "f")] * 2


def test_equals_still_level_go_to_the_casting_vote_or_another_ballot(deliberation, item):
    _call, (first, second, third, *_rest) = deliberation
    head = item.session.created_by
    meet.decide(application=first, outcome="selected", adopted_rank=1, actor=head)
    tied = meet.in_progress(second)
    chair, *others = meet.members_of(item.session)

    def hold():
        ballot = ballots.open_tie(item=tied, actor=head)
        chosen = {row.application_id: row for row in ballot.options.all()}
        return meet.vote_all(ballot, lambda member, _o: chosen[second.pk if member.pk in (chair.pk, others[0].pk) else third.pk])

    assert hold().places_left == 1
    again = hold()
    assert (again.number, again.places_left) == (2, 1)
    place = again.options.get(application=third)
    ballots.cast_deciding_vote(ballot=again, option=place.pk, reason="Region without a cluster.", actor=chair.person)
    again.refresh_from_db()
    assert (again.winner, again.is_settled, again.casting_reason) == (place, True, "Region without a cluster.")
    assert standing_vote(second.pk, tied.session)[1].won is False


def test_whoever_is_recused_from_an_equal_takes_no_part_in_the_choice(deliberation, item):
    _call, (first, second, third, *_rest) = deliberation
    chair, member, *_others = meet.members_of(item.session)
    meet.decide(application=first, outcome="selected", adopted_rank=1, actor=chair.person)
    conflict(member.person, third)
    tied = meet.in_progress(second)
    ballot = ballots.open_tie(item=tied, actor=chair.person)
    assert refused(ballots.vote, ballot=ballot, option=ballot.options.first().pk, actor=member.person) == "recused"
    assert ballots.close(ballot=ballot, actor=chair.person).present == 3


# Constraints


@pytest.mark.parametrize(
    "fields, name",
    [
        ({"status": "closed"}, "ballot_closed_has_date_and_count"),
        ({"status": "cancelled"}, "ballot_cancelled_has_reason"),
        ({"seats": 2}, "ballot_seats_only_between_equals"),
        ({"subject": "tie", "proposed_outcome": "selected"}, "ballot_outcome_only_for_a_proposal"),
    ],
)
def test_ballot_constraints(item, fields, name):
    ballot = proposal(item)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Ballot.objects.filter(pk=ballot.pk).update(**fields)


def test_winners_and_casting_votes_belong_to_closed_votes(item):
    ballot = proposal(item)
    yes = option(ballot, "for")
    for fields, name in (({"winner": yes}, "ballot_winner_only_when_closed"), ({"casting_option": yes}, "ballot_casting_vote_has_reason")):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            Ballot.objects.filter(pk=ballot.pk).update(**fields)
    with pytest.raises(IntegrityError, match="ballot_option_application_only_for_that_code"), transaction.atomic():
        BallotOption.objects.filter(pk=yes.pk).update(application=item.application)
