"""Sessions for tests: convened, open, an item in progress, a decision taken where it is taken in life."""

from datetime import timedelta

from clusters_portal.accounts.roles import Role
from clusters_portal.lib import clock
from evaluation.models import AgendaItem, Ballot, CommitteeSession
from evaluation.queries.sessions import room_of
from evaluation.services import attendance, ballots, committee, meetings, sessions
from evaluation.tests import factories as make


def prepared(call, *, members=2, observers=0, **more) -> CommitteeSession:
    """A session of the call in preparation, with a chair, `members` members besides, `observers` observers."""
    head = make.user(Role.DIVISION_HEAD)
    when = clock.now() + timedelta(days=1)
    session = sessions.create(call=call, scheduled_at=when, place="Rabat", actor=head, **more)
    people = {make.user(Role.COMMITTEE_CHAIR): "chair"}
    people |= {make.user(Role.COMMITTEE_MEMBER): "member" for _ in range(members)}
    people |= {make.user(Role.AUDITOR): "observer" for _ in range(observers)}
    sessions.appoint(session=session, capacities=people, actor=head)
    return session


def convened(call, **more) -> CommitteeSession:
    """The same, convened."""
    session = prepared(call, **more)
    return sessions.convene(session=session, actor=session.created_by)


def open_it(call, *, absent=0, **more) -> CommitteeSession:
    """The session of the call opened, everyone there but the `absent` last members; one is convened when there is none."""
    session = call.committee_sessions.filter(status="convened").first() or convened(call, **more)
    voting = members_of(session)
    for member in voting[: len(voting) - absent]:
        attendance.record(member=member, move="arrived", actor=session.created_by)
    return meetings.open_session(session=session, actor=session.created_by)


def chair_of(session):
    """The member who chairs."""
    return session.members.select_related("person").get(capacity="chair")


def members_of(session):
    """The voting members, the chair first."""
    return sorted((m for m in session.members.select_related("person") if m.votes), key=lambda member: member.capacity != "chair")


def session_of(call) -> CommitteeSession:
    """The open session of the call; one is opened when there is none."""
    return call.committee_sessions.filter(status="open").first() or open_it(call)


def in_progress(application) -> AgendaItem:
    """The item of this dossier, in progress in the open session of its call. What was in progress is left first."""
    session = session_of(application.call)
    item = session.items.get(application=application)
    if item.status == AgendaItem.Status.CURRENT:
        return item
    now = session.items.filter(status=AgendaItem.Status.CURRENT, application__decision=None).first()
    if now is not None:
        meetings.set_aside(item=now, actor=session.created_by)
    return meetings.open_item(item=item, actor=session.created_by)


def decide(*, application, actor, **fields):
    """A decision where it is taken: the dossier's item is brought in progress first, when it is not discussed yet."""
    before_committee = application.call.applications.filter(pk=application.pk, status="in_committee").exists()
    ranked = application.ranking_lines.exists()
    if before_committee and ranked:
        in_progress(application)
    return committee.decide(application=application, actor=actor, **fields)


def vote_all(ballot, choose) -> Ballot:
    """Everyone who may vote does: `choose(member, options)` gives the option; then the ballot is closed."""
    options = list(ballot.options.all())
    for member in room_of(ballot.item.session).voting:
        chosen = choose(member, options)
        if chosen is not None:
            ballots.vote(ballot=ballot, option=chosen.pk, actor=member.person)
    return ballots.close(ballot=ballot, actor=ballot.item.session.created_by)


def elect(application) -> Ballot:
    """The committee chooses this dossier among its equals."""
    item = in_progress(application)
    ballot = ballots.open_tie(item=item, actor=item.session.created_by)
    return vote_all(ballot, lambda _member, options: next(o for o in options if o.application_id == application.pk))
