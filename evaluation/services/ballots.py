"""Votes in a session: opened and closed on the item in progress, cast once, by oneself, named or secret.

A secret vote leaves that the member voted, and one more in the counter of an option: never which by whom.
"""

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from clusters_portal.audit import journal
from clusters_portal.lib import clock
from clusters_portal.lib.text import clean_text
from evaluation.models import Ballot, BallotOption, Vote
from evaluation.models.outcomes import Outcome
from evaluation.queries import latest_ranking
from evaluation.queries.sessions import dossiers_of, equals_of, level_of, result_of, room_of
from evaluation.rules import deliberation
from evaluation.services import lifecycle, rooms
from evaluation.services.refusals import Refused

_CODE = BallotOption.Code


@transaction.atomic
def open_proposal(*, item, question, actor, method=Ballot.Method.NAMED, proposed_outcome="") -> Ballot:
    """Put a proposal to the vote; `proposed_outcome` binds the decision on the dossier. Journals. Raises Refused."""
    item, _room = _item_to_vote_on(item, actor)
    question = clean_text(question, multiline=False)
    if not question and proposed_outcome in Outcome.values:
        question = str(Outcome(proposed_outcome).label)
    if not question:
        raise Refused(_("Write the question put to the vote."), "question")
    if proposed_outcome and (proposed_outcome not in Outcome.values or item.application_id is None):
        raise Refused(_("Choose an outcome."), "proposed_outcome")
    return _opened(
        item, actor, [(_CODE.FOR, None), (_CODE.AGAINST, None), (_CODE.ABSTAIN, None)],
        question=question, method=method, subject=Ballot.Subject.PROPOSAL, proposed_outcome=proposed_outcome,
    )  # fmt: skip


@transaction.atomic
def open_tie(*, item, actor, method=Ballot.Method.NAMED, question="") -> Ballot:
    """Put to the vote which of the dossiers level with that of the item take the places left. Journals. Raises Refused."""
    item, _room = _item_to_vote_on(item, actor)
    equals, seats = equals_of(item, latest_ranking(item.session.call))
    if item.application_id not in [application.pk for application in equals]:
        raise Refused(_("No application is level with this one for a place."), "no_tie")
    options = [(_CODE.APPLICATION, application) for application in equals]
    rooms.demand_part(item, actor, [BallotOption(application=application) for application in equals])
    return _opened(
        item, actor, [*options, (_CODE.ABSTAIN, None)],
        question=clean_text(question, multiline=False) or _("Which projects take the places left?"),
        method=method, subject=Ballot.Subject.TIE, seats=seats,
    )  # fmt: skip


def _item_to_vote_on(item, actor):
    """The item locked and in progress, quorum and chair there, no other vote open. Raises Refused."""
    session = rooms.lock_open(item.session_id)
    item = rooms.current(session, item.pk)
    rooms.demand_part(item, actor)
    room = rooms.demand_quorum(session)
    rooms.demand_chaired(room, item)
    if item.ballots.filter(status=Ballot.Status.OPEN).exists():
        raise Refused(_("A vote is open on this item."), "ballot_open")
    return item, room


def _opened(item, actor, options, **fields) -> Ballot:
    if fields["method"] not in Ballot.Method.values:
        raise Refused(_("Choose how to vote."), "method")
    ballot = Ballot.objects.create(item=item, number=item.ballots.count() + 1, opened_at=clock.now(), opened_by=actor, **fields)
    rows = [
        BallotOption(ballot=ballot, position=position, code=code, application=application)
        for position, (code, application) in enumerate(options, 1)
    ]
    BallotOption.objects.bulk_create(rows)
    if not room_of(item.session).electorate(dossiers_of(item, rows)):
        raise Refused(_("Nobody present may vote on this item."), "no_voter")
    journal.record("ballot.open", ballot, actor=actor, after=ballot.question, data={"method": str(ballot.method)})
    return ballot


def _locked(ballot) -> Ballot:
    """The ballot under the lock of its session, its item in progress. Raises Refused."""
    session = rooms.lock_open(ballot.item.session_id)
    item = rooms.current(session, ballot.item_id)
    ballot = Ballot.objects.select_for_update(of=("self",)).prefetch_related("options").get(pk=ballot.pk)
    ballot.item = item
    return ballot


def _demand_open(ballot):
    if ballot.status != Ballot.Status.OPEN:
        raise Refused(_("This vote is closed."), "closed")


@transaction.atomic
def vote(*, ballot, option, actor) -> Vote:
    """Cast one's own vote, once; `option` is the identifier of an option of this ballot. Journals, a secret choice left out.

    Raises Refused: closed, not allowed to vote, already cast, no such option.
    """
    ballot = _locked(ballot)
    _demand_open(ballot)
    chosen = next((row for row in ballot.options.all() if row.pk == option), None)
    if chosen is None:
        raise Refused(_("Choose one of the options."), "option")
    room = room_of(ballot.item.session)
    member = room.member(actor)
    reason = "capacity" if member is None else room.why_no_vote(member, dossiers_of(ballot.item, ballot.options.all()))
    if reason:
        raise Refused(deliberation.no_vote_sentence(reason), reason)
    if ballot.votes.filter(member=member).exists():
        raise Refused(_("You have already voted."), "voted")
    named = ballot.method == Ballot.Method.NAMED
    BallotOption.objects.filter(pk=chosen.pk).update(count=F("count") + 1)
    cast = Vote.objects.create(ballot=ballot, member=member, option=chosen if named else None)
    journal.record("ballot.vote", ballot, actor=actor, after=str(chosen) if named else "")
    return cast


@transaction.atomic
def close(*, ballot, actor) -> Ballot:
    """Count the votes and say what they decide. Journals. Raises Refused: closed already, no quorum any more."""
    ballot = _locked(ballot)
    _demand_open(ballot)
    options = list(ballot.options.all())
    rooms.demand_part(ballot.item, actor, options)
    room = rooms.demand_quorum(ballot.item.session)
    voters = {member.pk for member in room.electorate(dossiers_of(ballot.item, options))}
    voters |= set(ballot.votes.values_list("member_id", flat=True))
    data = {str(option): option.count for option in options}
    ballot = lifecycle.move_ballot(ballot, "close", actor=actor, closed_at=clock.now(), present=len(voters), data=data)
    return _settled(ballot, room.terms)


def _settled(ballot, terms) -> Ballot:
    """Mark what was elected and what is left level."""
    result = result_of(ballot, terms)
    options = list(ballot.options.all())
    elected = [option for option in options if (option.code if ballot.subject == Ballot.Subject.PROPOSAL else option.pk) in result.elected]
    BallotOption.objects.filter(pk__in=[option.pk for option in elected]).update(elected=True)
    ballot.places_left = result.open_places
    ballot.winner = elected[0] if elected else None
    ballot.save(update_fields=["places_left", "winner"])
    return ballot


@transaction.atomic
def cast_deciding_vote(*, ballot, option, reason, actor) -> Ballot:
    """The casting vote, of whoever chairs the item, between options left equal. Journals.

    Raises Refused: not theirs to cast, nothing left equal, no such option, no reason.
    """
    ballot = _locked(ballot)
    room = rooms.demand_quorum(ballot.item.session)
    member = rooms.demand_chaired(room, ballot.item)
    if member.person_id != actor.pk or room.why_no_vote(member, dossiers_of(ballot.item, ballot.options.all())):
        raise Refused(_("Only the person who chairs this item has the casting vote."), "not_chair")
    level = level_of(ballot, room.terms)
    if not level:
        raise Refused(_("There is nothing for a casting vote to settle."), "settled")
    chosen = next((row for row in level if row.pk == option), None)
    reason = clean_text(reason)
    if chosen is None:
        raise Refused(_("Choose one of the options left equal."), "option")
    if not reason:
        raise Refused(_("State the reason of the casting vote."), "reason")
    ballot.casting_option, ballot.casting_reason = chosen, reason
    ballot.save(update_fields=["casting_option", "casting_reason"])
    journal.record("ballot.casting_vote", ballot, actor=actor, after=str(chosen), note=reason)
    return _settled(ballot, room.terms)


@transaction.atomic
def cancel(*, ballot, reason, actor) -> Ballot:
    """Cancel an open vote, with the reason: its votes count for nothing. Journals. Raises Refused."""
    ballot = _locked(ballot)
    _demand_open(ballot)
    rooms.demand_part(ballot.item, actor, ballot.options.all())
    reason = clean_text(reason)
    if not reason:
        raise Refused(_("State the reason."), "reason")
    return lifecycle.move_ballot(ballot, "cancel", actor=actor, note=reason, closed_at=clock.now(), cancellation_reason=reason)
