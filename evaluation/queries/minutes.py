"""Reading minutes: who reads them whole, who reads them without some dossiers, who may sign them."""

import json

from evaluation.models import Attendance, CommitteeSession, Minutes, MinutesSignature, RankingLine, SessionMember
from evaluation.queries.access import barred_applications, calls_before_committee
from evaluation.rules import minutes as rules


def sessions_with_minutes(user):
    """Sessions whose minutes this person may look for: those of the calls whose deliberation they may read, once closed."""
    states = (CommitteeSession.Status.CLOSED, CommitteeSession.Status.SIGNED)
    return CommitteeSession.objects.filter(call__in=calls_before_committee(user), status__in=states).select_related("call")


def minutes_of(session) -> list[Minutes]:
    """Every minutes of a session, the last first, each with its signature."""
    rows = Minutes.objects.filter(session=session).select_related("session__call", "created_by", "signature__signer", "signature__scan")
    return list(rows.select_related("corrects__session").defer("content").order_by("-sequence"))


def latest_minutes(session) -> Minutes | None:
    """The last minutes drawn up."""
    return Minutes.objects.filter(session=session).select_related("session__call", "signature").order_by("-sequence").first()


def is_signed(minutes) -> bool:
    """Whether these minutes were signed."""
    return MinutesSignature.objects.filter(minutes=minutes).exists()


def named_in(session):
    """Identifiers of every dossier the minutes name: those on the agenda, and those of the ranking in annex."""
    of_agenda = session.items.filter(application__isnull=False).values_list("application_id", flat=True)
    of_ranking = RankingLine.objects.filter(ranking__call=session.call_id).values_list("application_id", flat=True)
    return set(of_agenda) | set(of_ranking)


def barred_from(user, session) -> frozenset[str]:
    """Identifiers of the dossiers of the session this person declared an interest in, as text."""
    barred = {row["application_id"] for row in barred_applications(user)}
    return frozenset(str(key) for key in barred & named_in(session))


def reads_whole(user, session) -> bool:
    """May this person read all of the minutes? Not with an interest in one of the dossiers they name."""
    return not barred_from(user, session)


def content_for(user, minutes) -> tuple[dict, bool]:
    """The minutes as this person may read them, and whether that is all of them."""
    content, barred = json.loads(minutes.content), barred_from(user, minutes.session)
    return (rules.without(content, barred), False) if barred else (content, True)


def chair_of(session) -> SessionMember | None:
    """The chair of the session."""
    return session.members.filter(capacity=SessionMember.Capacity.CHAIR).select_related("person").first()


def attended(member) -> bool:
    """Was this member in the room at any moment?"""
    return Attendance.objects.filter(member=member, move=Attendance.Move.ARRIVED).exists()


def can_chair_sign(session) -> bool:
    """Did the chair attend, and may the chair read the whole of it?"""
    chair = chair_of(session)
    return chair is not None and chair.person.is_active and attended(chair) and reads_whole(chair.person, session)


def signing_capacity(user, session) -> str:
    """In which capacity this person may sign the minutes: "chair", "stand_in", or "" for nobody.

    The chair signs. Only where the chair did not attend, or declared an interest in a dossier the minutes name, a voting
    member who attended and declared none signs in the chair's place: nobody signs what they may not read.
    """
    member = session.members.filter(person=user).first()
    if member is None or not member.votes or not user.is_active or not attended(member) or not reads_whole(user, session):
        return ""
    if member.capacity == SessionMember.Capacity.CHAIR:
        return MinutesSignature.Capacity.CHAIR
    return "" if can_chair_sign(session) else MinutesSignature.Capacity.STAND_IN
