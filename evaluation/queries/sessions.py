"""The committee's sessions: who sees which, who sits in the room, what each person may know of the agenda."""

from dataclasses import dataclass

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from applications.models import Call
from clusters_portal.accounts.models import User
from clusters_portal.accounts.roles import COMMITTEE_ROLES, Role, has_role
from evaluation.models import (
    AgendaItem,
    Attendance,
    Ballot,
    BallotOption,
    CommitteeSession,
    ConflictDeclaration,
    Decision,
    JudgingTerms,
    Ranking,
    RankingLine,
    SessionMember,
)
from evaluation.queries.access import barred_applications
from evaluation.queries.rows import with_deposit
from evaluation.queries.states import BARRING
from evaluation.rules import decisions, deliberation

SEE_ALL = (Role.DIVISION_HEAD, Role.COMMITTEE_CHAIR, Role.AUDITOR)
_CAPACITY, _STATUS = SessionMember.Capacity, CommitteeSession.Status
# Only people who may read the ranking attend (evaluation.md 1.3); only the committee votes.
MAY_BE = {
    _CAPACITY.CHAIR: COMMITTEE_ROLES,
    _CAPACITY.MEMBER: COMMITTEE_ROLES,
    _CAPACITY.SECRETARY: (Role.DIVISION_HEAD, Role.CASE_OFFICER),
    _CAPACITY.OBSERVER: (*COMMITTEE_ROLES, Role.DIVISION_HEAD, Role.CASE_OFFICER, Role.AUDITOR),
}
ATTENDING = MAY_BE[_CAPACITY.OBSERVER]


def judging_terms(call: Call) -> JudgingTerms:
    """The call's rules of deliberation; without a row, the defaults, not saved."""
    return getattr(call, "judging_terms", None) or JudgingTerms(call=call)


def sessions_visible_to(user) -> QuerySet:
    """Sessions this person may know of: DPTC's head, the committee's chair and auditors all; whoever is called, from the
    convocation on."""
    rows = CommitteeSession.objects.filter(call__in=Call.objects.published())
    if has_role(user, *SEE_ALL):
        return rows
    if not has_role(user, *ATTENDING):
        return rows.none()
    called = SessionMember.objects.filter(person=user).values("session_id")
    return rows.filter(pk__in=called, convened_at__isnull=False).exclude(status=_STATUS.PREPARED)


def people_who_may_attend() -> list[User]:
    """Everyone who can be called to a session, by name, with ``capacities``: those each may be called in."""
    people = User.objects.filter(is_active=True, groups__name__in=[str(role) for role in ATTENDING]).distinct()
    people = list(people.order_by("last_name", "first_name", "pk").prefetch_related("groups"))
    for person in people:
        person.roles = frozenset(group.name for group in person.groups.all())  # fetched above, for all at once
        person.capacities = [capacity for capacity, roles in MAY_BE.items() if has_role(person, *roles)]
    return people


def items_of(user, session: CommitteeSession) -> list[AgendaItem]:
    """The agenda as this person knows it: without the dossiers barred to them, numbered again from 1 (``number``).

    Each item has the deposit's names, ``rank``, ``total`` and ``ex_aequo`` of the last run; ``shown_rank`` and ``shown_adopted`` are
    the proposed and the adopted rank without the barred ones.
    """
    barred = barred_applications(user)
    last = Ranking.objects.filter(call=session.call_id).order_by("-number").values("pk")[:1]
    line = RankingLine.objects.filter(ranking__in=Subquery(last), application=OuterRef("application"))
    hidden = RankingLine.objects.filter(ranking=OuterRef("ranking"), application__in=barred, rank__lt=OuterRef("rank"))
    better = line.annotate(hidden=_counted(hidden, "ranking")).values("hidden")
    own = {"ranking": OuterRef("application__decision__ranking"), "adopted_rank__lt": OuterRef("application__decision__adopted_rank")}
    adopted_before = Decision.objects.filter(application__in=barred, **own)
    rows = AgendaItem.objects.filter(session=session).exclude(application__in=barred)
    rows = rows.select_related("application__decision__ballot", "application__association", "stand_in__person")
    rows = with_deposit(rows, "application_id").annotate(
        rank=Subquery(line.values("rank")[:1]),
        total=Subquery(line.values("total")[:1]),
        ex_aequo=Subquery(line.values("ex_aequo")[:1]),
        better_hidden=Subquery(better[:1]),
        adopted_hidden=_counted(adopted_before, "ranking"),
    )
    items = list(rows.order_by("position", "pk"))
    for number, item in enumerate(items, 1):
        item.number = number
        item.shown_rank = None if item.rank is None else item.rank - (item.better_hidden or 0)
        adopted = getattr(getattr(item.application, "decision", None), "adopted_rank", None)
        item.shown_adopted = None if adopted is None else adopted - (item.adopted_hidden or 0)
        item.session = session
    return items


def _counted(rows, column) -> Subquery:
    """How many rows, all of one `column`; NULL for none."""
    return Subquery(rows.order_by().values(column).annotate(n=Count("pk")).values("n"))


def hides_items(user, session: CommitteeSession) -> bool:
    """Whether something of this session is barred to this person."""
    return session.items.filter(application__in=barred_applications(user)).exists()


def dossiers_of(item: AgendaItem | None, options=()) -> frozenset:
    """The dossiers an item is about, with those a vote on it chooses between."""
    own = {item.application_id} if item is not None and item.application_id else set()
    return frozenset(own | {option.application_id for option in options if option.application_id})


@dataclass
class Room:
    """Who is called to a session and who is there. Each member has ``is_present``, ``last_move_at`` and ``conflicts``."""

    session: CommitteeSession
    terms: JudgingTerms
    members: list

    @property
    def voting(self) -> list:
        """Members with a vote."""
        return [member for member in self.members if member.votes]

    @property
    def present(self) -> int:
        """How many of them are there."""
        return sum(member.is_present for member in self.voting)

    @property
    def appointed(self) -> int:
        """How many there are in all: the base of the quorum."""
        return len(self.voting)

    @property
    def needed(self) -> int:
        """The quorum: as frozen at the opening, before it as the rules would have it."""
        return self.session.quorum_needed or deliberation.quorum_needed(self.appointed, self.terms.quorum_percent)

    @property
    def has_quorum(self) -> bool:
        """Whether the session may deliberate now."""
        return deliberation.has_quorum(self.present, self.appointed, self.terms.quorum_percent)

    @property
    def chair(self) -> SessionMember | None:
        """The chair of the session."""
        return next((member for member in self.members if member.capacity == _CAPACITY.CHAIR), None)

    def member(self, user) -> SessionMember | None:
        """This person's seat, or None."""
        return next((member for member in self.members if member.person_id == user.pk), None)

    def seat(self, member) -> deliberation.Seat:
        """The rule's view of a member."""
        lifted = member.exclusion_lifted_at is not None
        return deliberation.Seat(member.pk, member.votes, member.is_present, member.conflicts, lifted)

    def why_no_vote(self, member, dossiers) -> str:
        """Code of what keeps a member from voting on these dossiers, or ""."""
        return deliberation.why_no_vote(self.seat(member), dossiers, self.terms.conflict_scope)

    def electorate(self, dossiers) -> list:
        """The members who may vote now on these dossiers."""
        return [member for member in self.members if not self.why_no_vote(member, dossiers)]

    def out_of(self, dossiers) -> list:
        """The members who do not take part, an interest being declared."""
        return [member for member in self.members if member.conflicts & dossiers]

    @property
    def excluded(self) -> list:
        """Voting members whom a conflict on one dossier keeps from voting on the others."""
        call = self.terms.conflict_scope == JudgingTerms.ConflictScope.CALL
        return [m for m in self.voting if call and m.conflicts and m.exclusion_lifted_at is None]

    def presiding(self, item) -> SessionMember | None:
        """Who chairs an item: its stand-in, else the chair; None when neither is there and takes part."""
        for pk in (item.stand_in_id, self.chair and self.chair.pk):
            member = next((member for member in self.members if member.pk == pk), None)
            if member is not None and member.is_present and not member.conflicts & dossiers_of(item):
                return member
        return None


def room_of(session: CommitteeSession) -> Room:
    """The room now, in two queries. ``session.call`` is at hand."""
    last = Attendance.objects.filter(member=OuterRef("pk")).order_by("-at", "-pk")
    members = list(
        session.members.select_related("person").annotate(
            last_move=Subquery(last.values("move")[:1]), last_move_at=Subquery(last.values("at")[:1])
        )
    )
    barred: dict = {}
    declared = ConflictDeclaration.objects.filter(application__call=session.call_id, status__in=BARRING)
    for person, application in declared.filter(evaluator__in=[m.person_id for m in members]).values_list("evaluator", "application"):
        barred.setdefault(person, set()).add(application)
    for member in members:
        member.is_present = member.last_move == Attendance.Move.ARRIVED
        member.conflicts = frozenset(barred.get(member.person_id, ()))
    return Room(session, judging_terms(session.call), by_capacity(members))


def by_capacity(members) -> list[SessionMember]:
    """The chair first, then members, secretary and observers."""
    return sorted(members, key=lambda member: list(_CAPACITY).index(member.capacity))


def current_item(session: CommitteeSession) -> AgendaItem | None:
    """The item in progress, with its application."""
    return session.items.filter(status=AgendaItem.Status.CURRENT).select_related("application").first()


def item_in_progress(application_id) -> AgendaItem | None:
    """The item of a dossier that is in progress in an open session, with the session."""
    rows = AgendaItem.objects.filter(application=application_id, status=AgendaItem.Status.CURRENT, session__status=_STATUS.OPEN)
    return rows.select_related("session__call__judging_terms", "application").first()


def application_in_progress(call: Call):
    """Identifier of the dossier in progress in an open session of the call, or None."""
    rows = AgendaItem.objects.filter(session__call=call, session__status=_STATUS.OPEN, status=AgendaItem.Status.CURRENT)
    return rows.values_list("application_id", flat=True).first()


def agenda_recusals(session: CommitteeSession, room: Room) -> list[tuple]:
    """[(item, members recused from it)] in the order of the ranking, questions first: what the order of an agenda is made from."""
    last = Ranking.objects.filter(call=session.call_id).order_by("-number").values("pk")[:1]
    lines = dict(RankingLine.objects.filter(ranking__in=Subquery(last)).values_list("application_id", "position"))
    items = sorted(session.items.all(), key=lambda item: (lines.get(item.application_id, 0), item.position, item.pk))
    return [(item, frozenset(member.pk for member in room.out_of(dossiers_of(item)))) for item in items]


# Votes on a dossier


def closed_votes_on(application_id, session: CommitteeSession) -> list[Ballot]:
    """Closed ballots that bear on a dossier in this session, last first: an outcome put to the vote, or a choice between equals."""
    chosen = BallotOption.objects.filter(application=application_id).values("ballot_id")
    about = Q(subject=Ballot.Subject.TIE, pk__in=chosen) | (Q(item__application=application_id) & ~Q(proposed_outcome=""))
    rows = Ballot.objects.filter(about, item__session=session, status=Ballot.Status.CLOSED)
    return list(rows.prefetch_related("options").order_by("-closed_at", "-pk"))


def result_of(ballot: Ballot, terms: JudgingTerms) -> deliberation.Result:
    """What the counts of a ballot say under these rules, with its casting vote if there was one."""
    options = list(ballot.options.all())
    casting = next((option for option in options if option.pk == ballot.casting_option_id), None)
    if ballot.subject == Ballot.Subject.PROPOSAL:
        votes = {option.code: option.count for option in options}
        return deliberation.proposal_result(votes, casting_allowed=terms.casting_vote, casting=casting and casting.code)
    votes = {option.pk: option.count for option in options if option.application_id}
    return deliberation.tie_result(votes, ballot.seats, casting_allowed=terms.casting_vote, casting=casting and casting.pk)


def level_of(ballot: Ballot, terms: JudgingTerms) -> list[BallotOption]:
    """The options a closed vote left equal, when the casting vote may settle it."""
    if ballot.status != Ballot.Status.CLOSED or not ballot.places_left:
        return []
    result = result_of(ballot, terms)
    return [row for row in ballot.options.all() if row.pk in result.level or row.code in result.level] if result.needs_casting else []


def standing_vote(application_id, session: CommitteeSession) -> tuple[Ballot | None, deliberation.Vote | None]:
    """The last ballot that bears on a dossier, and what it settled for that dossier: (ballot, None) while it is left level."""
    ballots = closed_votes_on(application_id, session)
    if not ballots:
        return None, None
    ballot = ballots[0]
    if ballot.subject == Ballot.Subject.PROPOSAL:
        won = any(option.elected for option in ballot.options.all())
        return ballot, deliberation.Vote(False, won, ballot.proposed_outcome) if ballot.is_settled else None
    own = next(option for option in ballot.options.all() if option.application_id == application_id)
    level = result_of(ballot, judging_terms(session.call)).level
    return ballot, None if own.pk in level and not own.elected else deliberation.Vote(True, own.elected)


def equals_of(item: AgendaItem, ranking: Ranking | None) -> tuple[list, int]:
    """The undecided dossiers level with that of an item across the last place, and how many places a vote gives them.

    After a vote that left some of them level: those, for the places left. ([], 0) when there is nothing to choose.
    """
    line = ranking and RankingLine.objects.filter(ranking=ranking, application=item.application_id).first()
    if not line or line.rank is None or line.rank != ranking.tie_rank:
        return [], 0
    group = RankingLine.objects.filter(ranking=ranking, rank=line.rank, application__decision=None)
    equals = [row.application for row in group.select_related("application").order_by("position")]
    ballot = next((b for b in closed_votes_on(item.application_id, item.session) if b.subject == Ballot.Subject.TIE), None)
    if ballot is not None:
        level = result_of(ballot, judging_terms(item.session.call)).level if ballot.places_left else ()
        kept = {option.application_id for option in ballot.options.all() if option.pk in level}
        return [application for application in equals if application.pk in kept], ballot.places_left
    better = RankingLine.objects.filter(ranking=ranking, rank__lt=line.rank, application__decision=None).count()
    taken = Decision.objects.filter(ranking=ranking, outcome__in=decisions.FAVOURABLE).count()
    seats = ranking.places - better - taken
    return (equals, seats) if 0 < seats < len(equals) else ([], 0)
