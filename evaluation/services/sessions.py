"""Preparing a session of the committee: its agenda, its members, its convocation."""

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from applications.models import Application, Call
from clusters_portal.accounts.roles import has_role
from clusters_portal.audit import journal
from clusters_portal.lib import clock
from clusters_portal.lib.text import clean_text
from clusters_portal.notifications import outbox
from evaluation.models import AgendaItem, Attendance, CommitteeSession, RankingLine, SessionMember
from evaluation.queries import latest_ranking
from evaluation.queries.sessions import MAY_BE, agenda_recusals, items_of, room_of
from evaluation.rules import agenda
from evaluation.services import lifecycle, rooms
from evaluation.services.refusals import Refused

_STATUS = CommitteeSession.Status
UNFINISHED = (_STATUS.PREPARED, _STATUS.CONVENED, _STATUS.OPEN)


@transaction.atomic
def create(*, call, scheduled_at, place, actor, notice="") -> CommitteeSession:
    """Prepare the next session of a call: every dossier left to decide, in the order of the last run; the members of the last
    session. Journals. Raises Refused: nothing to decide, another session not finished, a date gone by."""
    call = Call.objects.select_for_update().get(pk=call.pk)
    ranking = latest_ranking(call)
    lines = RankingLine.objects.filter(ranking=ranking, application__status=Application.Status.IN_COMMITTEE).order_by("position")
    if ranking is None or not lines:
        raise Refused(_("No application of this call waits for a decision of the committee."), "nothing")
    if call.committee_sessions.filter(status__in=UNFINISHED).exists():
        raise Refused(_("Another session of this call is not finished."), "unfinished")
    last = call.committee_sessions.order_by("-number").first()
    session = CommitteeSession.objects.create(
        call=call,
        number=last.number + 1 if last else 1,
        created_at=clock.now(),
        created_by=actor,
        **_details(scheduled_at, place, notice),
    )
    AgendaItem.objects.bulk_create(
        AgendaItem(session=session, position=position, application_id=line.application_id) for position, line in enumerate(lines, 1)
    )
    if last:
        SessionMember.objects.bulk_create(
            SessionMember(session=session, person_id=member.person_id, capacity=member.capacity) for member in last.members.all()
        )
    journal.record("session.create", session, actor=actor, after=ranking.sha256)
    return session


def _details(scheduled_at, place, notice) -> dict:
    """The columns of a convocation, cleaned. Raises Refused."""
    place = clean_text(place, multiline=False)
    if not place:
        raise Refused(_("Say where the session is held."), "place")
    if scheduled_at <= clock.now():
        raise Refused(_("The date and time of the session have passed."), "scheduled_at")
    return {"scheduled_at": scheduled_at, "place": place, "notice": clean_text(notice)}


def _prepared(session) -> CommitteeSession:
    return rooms.lock_in(session.pk, _STATUS.PREPARED, message=_("The session is convened: call it back before changing it."))


@transaction.atomic
def change(*, session, scheduled_at, place, notice, actor) -> CommitteeSession:
    """Change date, place or text before the convocation. Journals. Raises Refused."""
    session = _prepared(session)
    for name, value in _details(scheduled_at, place, notice).items():
        setattr(session, name, value)
    session.save(update_fields=["scheduled_at", "place", "notice"])
    journal.record("session.change", session, actor=actor, after=session.scheduled_at.isoformat(), data={"place": session.place})
    return session


@transaction.atomic
def appoint(*, session, capacities, actor) -> list[SessionMember]:
    """Say who is called and in which capacity: `capacities` is {User: capacity}, the whole list. Journals.

    Raises Refused: a role that does not allow the capacity, or two chairs.
    """
    session = _prepared(session)
    chosen = {person: capacity for person, capacity in capacities.items() if capacity}
    for person, capacity in chosen.items():
        if capacity not in MAY_BE or not has_role(person, *MAY_BE[capacity]):
            raise Refused(_("%(person)s cannot be called in this capacity.") % {"person": person}, "capacity")
    if list(chosen.values()).count(SessionMember.Capacity.CHAIR) > 1:
        raise Refused(_("A session has one chair."), "chairs")
    known = {member.person_id: member for member in session.members.all()}
    session.members.exclude(person__in=chosen).delete()
    # Those who stop being the chair first: there is never more than one.
    for person, capacity in sorted(chosen.items(), key=lambda pair: pair[1] == SessionMember.Capacity.CHAIR):
        member = known.get(person.pk) or SessionMember(session=session, person=person)
        if member.capacity != capacity or member.pk is None:
            member.capacity = capacity
            member.save()
    journal.record("session.appoint", session, actor=actor, data={str(person.pk): str(capacity) for person, capacity in chosen.items()})
    return list(session.members.all())


# The agenda


@transaction.atomic
def add_question(*, session, title, actor) -> AgendaItem:
    """Add a general question at the end. Journals. Raises Refused without a title."""
    session = _prepared(session)
    title = clean_text(title, multiline=False)
    if not title:
        raise Refused(_("Say what the question is."), "title")
    last = session.items.order_by("-position").first()
    item = AgendaItem.objects.create(session=session, position=last.position + 1 if last else 1, title=title)
    journal.record("agenda_item.add", item, actor=actor)
    return item


@transaction.atomic
def remove_item(*, item, actor) -> None:
    """Take an item off the agenda. Journals."""
    _prepared(item.session)
    journal.record("agenda_item.remove", item, actor=actor)
    item.delete()


@transaction.atomic
def move_item(*, item, up, actor) -> None:
    """Exchange an item with the one before it, or after. At an end, nothing moves. Journals."""
    session = _prepared(item.session)
    items = list(session.items.all())
    here = items.index(item)
    there = here - 1 if up else here + 1
    if not 0 <= there < len(items):
        return
    items[here], items[there] = items[there], items[here]
    _number(items)
    journal.record("agenda_item.move", item, actor=actor, before=here + 1, after=there + 1)


@transaction.atomic
def group_recusals(*, session, actor) -> None:
    """Put the agenda in the order in which recused members come and go least. Journals."""
    session = _prepared(session)
    _number(agenda.order(agenda_recusals(session, room_of(session))))
    journal.record("session.group_recusals", session, actor=actor)


def _number(items):
    for position, item in enumerate(items, 1):
        item.position = position
    AgendaItem.objects.bulk_update(items, ["position"])


# Convocation


@transaction.atomic
def convene(*, session, actor) -> CommitteeSession:
    """Call the members: each gets the agenda without what they declared an interest in, numbered again. Journals.

    Raises Refused: no chair, no voting member besides, an empty agenda, a date gone by.
    """
    session = _prepared(session)
    room = room_of(session)
    if room.chair is None:
        raise Refused(_("Appoint the chair of the session."), "no_chair")
    if room.appointed < 2:
        raise Refused(_("Appoint at least one voting member besides the chair."), "no_members")
    if not session.items.exists():
        raise Refused(_("The agenda is empty."), "empty")
    _details(session.scheduled_at, session.place, session.notice)
    session = lifecycle.move_session(session, "convene", actor=actor, convened_at=clock.now())
    for member in room.members:
        outbox.tell(
            member.person,
            kind="session_convened",
            context={"session": session, "member": member, "items": items_of(member.person, session)},
            url=address_of(session),
        )
    return session


@transaction.atomic
def recall(*, session, actor) -> CommitteeSession:
    """Back to the preparation; the next convocation is sent anew. Journals. Raises Refused once somebody arrived."""
    session = rooms.lock(session.pk)
    if Attendance.objects.filter(member__session=session).exists():
        raise Refused(_("Members have arrived: the session can no longer be changed."), "attended")
    return lifecycle.move_session(session, "recall", actor=actor)


@transaction.atomic
def cancel(*, session, reason, actor) -> CommitteeSession:
    """Call the session off, with the reason; whoever was called is told. Journals. Raises Refused without a reason."""
    session = rooms.lock(session.pk)
    reason = clean_text(reason)
    if not reason:
        raise Refused(_("State the reason."), "reason")
    told = session.convened_at is not None
    session = lifecycle.move_session(session, "cancel", actor=actor, note=reason, cancellation_reason=reason)
    if told:
        for member in session.members.select_related("person"):
            outbox.tell(member.person, kind="session_cancelled", context={"session": session}, url=address_of(session))
    return session


def address_of(session) -> str:
    """The page of a session."""
    return reverse("evaluation:session", args=(session.call.slug, session.number))
