"""Who comes in and goes out of a session, and who steps down from an item of it."""

from django.db import transaction
from django.utils.translation import gettext as _

from clusters_portal.audit import journal
from clusters_portal.lib import clock
from clusters_portal.lib.text import clean_text
from evaluation.models import Attendance, Ballot, CommitteeSession, ConflictDeclaration, Decision
from evaluation.queries.sessions import room_of
from evaluation.services import lifecycle, rooms
from evaluation.services.refusals import Refused

_STATUS = CommitteeSession.Status


@transaction.atomic
def record(*, member, move, actor, at=None) -> Attendance:
    """Record that a member came in or went out, now or at a time gone by. Journals.

    Raises Refused: session over, a move that does not follow the last one, a time to come or before an act that relied on who
    was there.
    """
    session = rooms.lock_in(
        member.session_id, _STATUS.CONVENED, _STATUS.OPEN, message=_("Attendance is recorded from the convocation to the closing.")
    )
    seat = next(row for row in room_of(session).members if row.pk == member.pk)
    at = at or clock.now()
    if move not in Attendance.Move.values or seat.is_present == (move == Attendance.Move.ARRIVED):
        raise Refused(_("%(person)s is already recorded so.") % {"person": seat.person}, "same")
    if at > clock.now():
        raise Refused(_("This time is still to come."), "future")
    if at < session.convened_at:
        raise Refused(_("This time is before the convocation was sent."), "before_convocation")
    if seat.last_move_at is not None and at < seat.last_move_at:
        raise Refused(_("This time is before the last movement recorded for this member."), "before_last")
    relied = _last_reliance(session)
    if relied is not None and at < relied:
        raise Refused(_("This time is before a vote or a decision that relied on who was present."), "before_act")
    row = Attendance.objects.create(member=seat, move=move, at=at, recorded_by=actor)
    journal.record(f"attendance.{move}", seat, actor=actor, after=at.isoformat())
    return row


def _last_reliance(session):
    """The last moment at which something was done on the strength of who was there; None before the opening."""
    votes = Ballot.objects.filter(item__session=session).order_by("-opened_at").values_list("opened_at", "closed_at").first() or ()
    decided = Decision.objects.filter(item__session=session).order_by("-decided_at").values_list("decided_at", flat=True).first()
    return max(filter(None, (session.opened_at, decided, *votes)), default=None)


@transaction.atomic
def step_down(*, item, interest, kind, text, actor) -> ConflictDeclaration:
    """Declare an interest in the dossier of an item: from then on it does not exist for this person, until it is lifted. A vote
    in which they took part is cancelled. Journals.

    Raises Refused: not called to the session, decided already, no interest or no explanation, declared already.
    """
    session = rooms.lock_in(item.session_id, _STATUS.CONVENED, _STATUS.OPEN, message=_("The session is over."))
    item = rooms.lock_item(item.pk)
    rooms.demand_part(item, actor)
    member = room_of(session).member(actor)
    if member is None or item.application_id is None:
        raise Refused(_("Only members called to the session declare an interest here."), "not_member")
    if Decision.objects.filter(application=item.application_id).exists():
        raise Refused(_("This application is decided."), "decided")
    declaration = _declared(item.application, interest, kind, clean_text(text), actor)
    for ballot in Ballot.objects.filter(item__session=session, status=Ballot.Status.OPEN, votes__member=member):
        reason = _("A member who had voted declared an interest.")
        lifecycle.move_ballot(ballot, "cancel", actor=actor, note=reason, closed_at=clock.now(), cancellation_reason=reason)
    return declaration


def _declared(application, interest, kind, text, actor) -> ConflictDeclaration:
    """The person's own declaration, made or strengthened, in the status its interest calls for."""
    name = {ConflictDeclaration.Interest.POTENTIAL: "hold", ConflictDeclaration.Interest.DISQUALIFYING: "recuse"}.get(interest)
    if name is None or kind not in ConflictDeclaration.Kind.values or not text:
        raise Refused(_("Say what kind of interest it is and explain it."), "explanation")
    own = ConflictDeclaration.objects.select_for_update().filter(evaluator=actor, application=application)
    known = own.filter(source=ConflictDeclaration.Source.SELF).first()
    fields = {"interest": interest, "kind": kind, "text": text, "declared_at": clock.now()}
    if known is None:
        created = ConflictDeclaration.objects.create(evaluator=actor, application=application, **fields)
        return lifecycle.move_conflict(created, name, actor=actor, note=text)
    return lifecycle.move_conflict(known, name, actor=actor, note=text, **fields)


@transaction.atomic
def lift_exclusion(*, member, reason, actor):
    """Let a member vote on the other dossiers of the call, though barred from one of them. Journals.

    Raises Refused: session over, no reason, one's own exclusion, nothing to lift.
    """
    session = rooms.lock_in(member.session_id, _STATUS.CONVENED, _STATUS.OPEN, message=_("The session is over."))
    seat = next(row for row in room_of(session).members if row.pk == member.pk)
    reason = clean_text(reason)
    if not reason:
        raise Refused(_("State the reason."), "reason")
    if seat.person_id == actor.pk:
        raise Refused(_("Nobody rules on their own declaration."), "own")
    if not seat.conflicts or seat.exclusion_lifted_at:
        raise Refused(_("Nothing keeps this member from the other votes."), "nothing")
    seat.exclusion_lifted_at, seat.exclusion_lifted_by, seat.exclusion_lift_reason = clock.now(), actor, reason
    seat.save(update_fields=["exclusion_lifted_at", "exclusion_lifted_by", "exclusion_lift_reason"])
    journal.record("session_member.lift_exclusion", seat, actor=actor, note=reason)
    return seat
