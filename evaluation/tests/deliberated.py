"""A session of the committee as it stands once closed, for the tests of what comes after it."""

from datetime import UTC, datetime, timedelta

from applications.services import lifecycle as applications_lifecycle
from clusters_portal.accounts.roles import Role
from evaluation.models import (
    AgendaItem,
    Attendance,
    Ballot,
    BallotOption,
    CommitteeSession,
    Decision,
    JudgingTerms,
    RankingLine,
    SessionMember,
    Vote,
)
from evaluation.services import committee, lifecycle
from evaluation.services import letters as letter_services
from evaluation.services import minutes as minutes_services
from evaluation.tests import factories as make

OPENED = datetime(2026, 9, 1, 9, tzinfo=UTC)
REASONS = make.REASONS


class Held:
    """A closed session: call, dossiers (best first), ranking, session, head, chair, members (five with a vote)."""


def held(*marks, places=1, outcomes=None, terms=None, **more) -> Held:
    """Two dossiers by default, the first selected and the second not; ``outcomes`` names others in order."""
    marks = marks or (5, 3)
    it = Held()
    it.call, it.dossiers, it.ranking = make.call_before_committee(*marks, places=places, people=1, **more)
    if terms:
        JudgingTerms.objects.create(call=it.call, **terms)
    it.head = make.user(Role.DIVISION_HEAD)
    it.chair = make.user(Role.COMMITTEE_CHAIR)
    it.people = [make.user(Role.COMMITTEE_MEMBER) for _number in range(4)]
    it.session = CommitteeSession.objects.create(
        call=it.call, number=1, status="open", scheduled_at=OPENED, place="Rabat", created_at=OPENED, created_by=it.head,
        convened_at=OPENED - timedelta(days=10), opened_at=OPENED, quorum_needed=3,
    )  # fmt: skip
    it.members = [SessionMember.objects.create(session=it.session, person=it.chair, capacity="chair")]
    it.members += [SessionMember.objects.create(session=it.session, person=person) for person in it.people]
    for member in it.members:
        Attendance.objects.create(member=member, move="arrived", at=OPENED - timedelta(minutes=5), recorded_by=it.head)
    it.items = [_item(it, dossier, number) for number, dossier in enumerate(it.dossiers, 1)]
    outcomes = outcomes or ["selected"] + ["not_selected"] * (len(marks) - 1)
    for item, outcome in zip(it.items, outcomes, strict=True):
        if outcome:
            decide(it, item, outcome)
    it.session = lifecycle.move_session(it.session, "close", actor=it.head, closed_at=OPENED + timedelta(hours=2))
    it.session = CommitteeSession.objects.select_related("call").get(pk=it.session.pk)
    return it


def _item(it, dossier, number):
    return AgendaItem.objects.create(
        session=it.session, position=number, application=dossier, status="done", opened_at=OPENED + timedelta(minutes=10 * number),
        closed_at=OPENED + timedelta(minutes=10 * number + 9), summary=f"Discussion of item {number}.",
    )  # fmt: skip


def decide(it, item, outcome):
    """The decision as the chair records it, bound to its item; the rank proposed is the one adopted."""
    listed = outcome in ("selected", "selected_with_reservations", "waiting_list")
    rank = RankingLine.objects.get(ranking=it.ranking, application=item.application).rank
    taken = Decision.objects.filter(ranking=it.ranking, adopted_rank__isnull=False).count()
    ballot = named_ballot(it, item)
    values = {} if outcome == "selected" else dict(REASONS)
    if outcome == "selected_with_reservations":
        values = {"reservations": "The lease is to be signed within three months."}
    item.application.refresh_from_db()
    Decision.objects.create(
        application=item.application, ranking=it.ranking, outcome=outcome, adopted_rank=max(rank, taken + 1) if listed else None,
        item=item, ballot=ballot, decided_by=it.chair, decided_at=item.closed_at, **values,
    )  # fmt: skip
    applications_lifecycle.move(item.application, committee.TRANSITIONS[outcome], actor=it.chair)


def named_ballot(it, item):
    """A closed named vote: everybody for, but the last who abstains."""
    ballot = Ballot.objects.create(
        item=item, number=1, question="Adopt the proposal?", opened_at=item.opened_at, opened_by=it.chair, status="closed",
        closed_at=item.closed_at, present=5,
    )  # fmt: skip
    agreed = BallotOption.objects.create(ballot=ballot, position=1, code="for", count=4, elected=True)
    BallotOption.objects.create(ballot=ballot, position=2, code="against", count=0)
    abstained = BallotOption.objects.create(ballot=ballot, position=3, code="abstain", count=1)
    for member in it.members:
        Vote.objects.create(ballot=ballot, member=member, option=abstained if member == it.members[-1] else agreed)
    return ballot


def signed(*marks, **more) -> Held:
    """The same, with its minutes drawn up and signed by the chair."""
    it = held(*marks, **more)
    it.minutes = minutes_services.draw_up(session=it.session, actor=it.head)
    sign(it, it.minutes)
    return it


def sign(it, minutes, actor=None, **more):
    """Sign as the chair does, or someone else."""
    actor = actor or it.chair
    made = minutes_services.sign_typed(minutes=minutes, typed_name=actor.get_full_name(), seen_sha256=minutes.sha256, actor=actor, **more)
    it.session = CommitteeSession.objects.select_related("call").get(pk=it.session.pk)
    return made


def notified(*marks, **more) -> Held:
    """The same, every letter issued."""
    it = signed(*marks, **more)
    it.issued = letter_services.issue_all(session=it.session, actor=it.head)
    for dossier in it.dossiers:
        dossier.refresh_from_db()
    return it


def mandatary(dossier):
    """The person who represents the association."""
    return dossier.collaborators.get(role="mandatary").user
