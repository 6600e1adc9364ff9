"""What every act of a session asks first, its row being locked: is it open, is the quorum there, does the actor take part?"""

from django.utils.translation import gettext as _

from evaluation.models import AgendaItem, CommitteeSession
from evaluation.queries import barred_applications
from evaluation.queries.sessions import Room, dossiers_of, room_of
from evaluation.services.refusals import Refused

_STATUS = CommitteeSession.Status


def lock(session_id) -> CommitteeSession:
    """The session, locked until the end of the transaction: its acts are done one after the other."""
    return CommitteeSession.objects.select_for_update(of=("self",)).select_related("call__judging_terms").get(pk=session_id)


def lock_in(session_id, *statuses, message) -> CommitteeSession:
    """The same in one of these states. Raises Refused."""
    session = lock(session_id)
    if session.status not in statuses:
        raise Refused(message, "state")
    return session


def lock_open(session_id) -> CommitteeSession:
    """The session, locked and open. Raises Refused."""
    return lock_in(session_id, _STATUS.OPEN, message=_("The session is not open."))


def demand_quorum(session) -> Room:
    """The room, once its quorum is checked. Raises Refused with the figures."""
    room = room_of(session)
    if not room.has_quorum:
        figures = {"present": room.present, "needed": room.needed, "appointed": room.appointed}
        text = _("The quorum is not reached: %(present)d present, %(needed)d needed of %(appointed)d voting members.")
        raise Refused(text % figures, "quorum")
    return room


def lock_item(item_id) -> AgendaItem:
    """The item, locked, with its application. The session is locked before."""
    return AgendaItem.objects.select_for_update(of=("self",)).select_related("application").get(pk=item_id)


def current(session, item_id) -> AgendaItem:
    """The item, locked and in progress. Raises Refused."""
    item = lock_item(item_id)
    if item.status != AgendaItem.Status.CURRENT:
        raise Refused(_("This item is not in progress."), "item_state")
    item.session = session
    return item


def demand_part(item, actor, options=()):
    """Whoever declared an interest does nothing on the item, whatever the role. Raises Refused."""
    barred = set(barred_applications(actor).values_list("application_id", flat=True))
    if dossiers_of(item, options) & barred:
        raise Refused(_("You do not take part in this item."), "recused")


def demand_chaired(room, item):
    """Who chairs the item. Raises Refused when nobody does."""
    member = room.presiding(item)
    if member is None:
        raise Refused(_("The chair does not take part in this item, or is absent: name a present member to chair it."), "no_chair")
    return member
