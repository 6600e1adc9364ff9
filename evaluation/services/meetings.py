"""A session while it is held: opened with its quorum, item after item, closed when every item is done or postponed."""

from django.db import transaction
from django.utils.translation import gettext as _

from applications.models import Call
from clusters_portal.audit import journal
from clusters_portal.lib import clock
from clusters_portal.lib.text import clean_text
from evaluation.models import AgendaItem, Ballot, CommitteeSession, Decision
from evaluation.queries.sessions import current_item, dossiers_of, room_of
from evaluation.rules import deliberation
from evaluation.services import lifecycle, rooms
from evaluation.services.refusals import Refused

_ITEM = AgendaItem.Status


@transaction.atomic
def open_session(*, session, actor) -> CommitteeSession:
    """Open the session: the quorum is checked, and frozen with the rules of the call. Journals. Raises Refused."""
    Call.objects.select_for_update().get(pk=session.call_id)  # the rules are not edited meanwhile
    session = rooms.lock_in(session.pk, CommitteeSession.Status.CONVENED, message=_("Only a convened session can be opened."))
    if CommitteeSession.objects.filter(call=session.call_id, status=CommitteeSession.Status.OPEN).exists():
        raise Refused(_("Another session of this call is open."), "another")
    room = rooms.demand_quorum(session)
    needed = deliberation.quorum_needed(room.appointed, room.terms.quorum_percent)
    return lifecycle.move_session(session, "open", actor=actor, opened_at=clock.now(), quorum_needed=needed)


@transaction.atomic
def open_item(*, item, actor) -> AgendaItem:
    """Go to an item; the one in progress is finished if it may be. Journals.

    Raises Refused: over already, no quorum, nobody to chair it, the item in progress not decided.
    """
    session = rooms.lock_open(item.session_id)
    item = rooms.lock_item(item.pk)
    rooms.demand_part(item, actor)
    if item.status != _ITEM.WAITING:
        raise Refused(_("This item is in progress or over."), "item_state")
    room = rooms.demand_quorum(session)
    rooms.demand_chaired(room, item)
    _leave_current(session, actor)
    return lifecycle.move_item(item, "open", actor=actor, opened_at=item.opened_at or clock.now())


def _leave_current(session, actor):
    now = current_item(session)
    if now is not None:
        _finished(rooms.lock_item(now.pk), actor)


def _finished(item, actor) -> AgendaItem:
    rooms.demand_part(item, actor)
    _demand_no_vote(item)
    if item.application_id and not Decision.objects.filter(application=item.application_id).exists():
        raise Refused(_("Decide on the item in progress, postpone it or come back to it later."), "undecided")
    return lifecycle.move_item(item, "finish", actor=actor, closed_at=clock.now())


def _demand_no_vote(item):
    if item.ballots.filter(status=Ballot.Status.OPEN).exists():
        raise Refused(_("Close or cancel the vote first."), "ballot_open")


@transaction.atomic
def finish_item(*, item, actor) -> AgendaItem:
    """Finish the item in progress: a dossier once decided, a question at any time. Journals. Raises Refused."""
    session = rooms.lock_open(item.session_id)
    return _finished(rooms.current(session, item.pk), actor)


@transaction.atomic
def set_aside(*, item, actor) -> AgendaItem:
    """Leave the item in progress to come back to it in this session. Journals. Raises Refused when a vote is open or it is decided."""
    session = rooms.lock_open(item.session_id)
    item = rooms.current(session, item.pk)
    rooms.demand_part(item, actor)
    _demand_no_vote(item)
    _demand_undecided(item)
    return lifecycle.move_item(item, "set_aside", actor=actor)


@transaction.atomic
def postpone(*, item, reason, actor) -> AgendaItem:
    """Leave an item to a later session, with the reason. Journals. Raises Refused: no reason, a vote open, decided already."""
    rooms.lock_open(item.session_id)
    item = rooms.lock_item(item.pk)
    rooms.demand_part(item, actor)
    reason = clean_text(reason)
    if not reason:
        raise Refused(_("State the reason."), "reason")
    _demand_no_vote(item)
    _demand_undecided(item)
    return lifecycle.move_item(item, "postpone", actor=actor, note=reason, closed_at=clock.now(), postponement_reason=reason)


def _demand_undecided(item):
    if item.application_id and Decision.objects.filter(application=item.application_id).exists():
        raise Refused(_("This application is decided."), "decided")


@transaction.atomic
def name_stand_in(*, item, member, actor) -> AgendaItem:
    """Have an item chaired by another member, the chair being recused from it or absent. Journals. Raises Refused."""
    session = rooms.lock_open(item.session_id)
    item = rooms.lock_item(item.pk)
    rooms.demand_part(item, actor)
    room = room_of(session)
    chair, seat = room.chair, next(row for row in room.members if row.pk == member.pk)
    if item.status not in (_ITEM.WAITING, _ITEM.CURRENT):
        raise Refused(_("This item is over."), "item_state")
    if chair is not None and chair.is_present and not chair.conflicts & dossiers_of(item):
        raise Refused(_("The chair takes part in this item."), "chair_there")
    if not seat.votes or not seat.is_present or seat.conflicts & dossiers_of(item):
        raise Refused(_("Name a voting member who is present and takes part in this item."), "stand_in")
    item.stand_in = seat
    item.save(update_fields=["stand_in"])
    journal.record("agenda_item.stand_in", item, actor=actor, after=str(seat.person))
    return item


@transaction.atomic
def summarise(*, item, summary, actor) -> AgendaItem:
    """Write what was said on an item, for the minutes, until the session is closed. Journals. Raises Refused."""
    rooms.lock_open(item.session_id)
    item = rooms.lock_item(item.pk)
    rooms.demand_part(item, actor)
    if item.opened_at is None:
        raise Refused(_("This item was not discussed."), "item_state")
    item.summary = clean_text(summary)
    item.save(update_fields=["summary"])
    journal.record("agenda_item.summarise", item, actor=actor)
    return item


@transaction.atomic
def close_session(*, session, actor) -> CommitteeSession:
    """Close the session, every item being done or postponed. The item in progress is finished if it may be. Journals.

    Raises Refused.
    """
    session = rooms.lock_open(session.pk)
    _leave_current(session, actor)
    if session.items.filter(status__in=(_ITEM.WAITING, _ITEM.CURRENT)).exists():
        raise Refused(_("Every item must be finished or postponed before the session closes."), "unfinished")
    return lifecycle.move_session(session, "close", actor=actor, closed_at=clock.now())
