"""The mandate of a dossier, handed over in two steps: offered by its holder, taken by the other side."""

from django.db import transaction
from django.utils.translation import gettext as _

from clusters_portal.audit import journal
from clusters_portal.lib import clock
from clusters_portal.notifications import outbox

from ..models import Collaborator, MandateTransfer
from ..permissions import can_answer_transfer, can_manage_people
from ..queries import pending_transfer
from .people import PeopleRefused, lock, people_url, require

Role = Collaborator.Role


@transaction.atomic
def request_transfer(*, application, to_user, actor) -> MandateTransfer:
    """Offer the mandate to an editor, who is told. Until it is accepted nothing changes. Raises PeopleRefused."""
    locked = lock(application)
    require(can_manage_people(actor, locked))
    if pending_transfer(locked) is not None:
        raise PeopleRefused(_("A transfer of the mandate is already waiting for an answer."))
    if not locked.collaborators.filter(user=to_user, role=Role.EDITOR).exists():
        raise PeopleRefused(_("The mandate can only be offered to an editor of this application."))
    transfer = MandateTransfer.objects.create(application=locked, from_user=actor, to_user=to_user, requested_at=clock.now())
    journal.record("mandate.offered", locked, actor=actor, before=actor.email, after=to_user.email)
    _tell(to_user, "mandate_requested", locked, actor)
    return transfer


@transaction.atomic
def accept_transfer(*, application, actor) -> MandateTransfer:
    """The person takes the mandate; the former holder becomes an editor. Raises PeopleRefused."""
    locked, transfer = _answered(application, actor)
    giver = locked.collaborators.filter(user=transfer.from_user, role=Role.MANDATARY)
    taker = locked.collaborators.filter(user=actor, role=Role.EDITOR)
    if not (giver.exists() and taker.exists()):
        raise PeopleRefused(_("This transfer is no longer possible: the people of the application have changed."))
    # The holder steps down first: at no moment does the dossier have two.
    giver.update(role=Role.EDITOR)
    taker.update(role=Role.MANDATARY)
    journal.record("mandate.transferred", locked, actor=actor, before=transfer.from_user.email, after=actor.email)
    _tell(transfer.from_user, "mandate_accepted", locked, actor)
    return _close(transfer, "accepted_at")


@transaction.atomic
def decline_transfer(*, application, actor) -> MandateTransfer:
    """The person does not take the mandate; its holder keeps it and is told. Raises PeopleRefused."""
    locked, transfer = _answered(application, actor)
    journal.record("mandate.declined", locked, actor=actor, before=transfer.from_user.email, after=actor.email)
    _tell(transfer.from_user, "mandate_declined", locked, actor)
    return _close(transfer, "declined_at")


@transaction.atomic
def cancel_transfer(*, application, actor) -> MandateTransfer:
    """The holder takes the offer back before it is answered. Raises PeopleRefused."""
    locked = lock(application)
    require(can_manage_people(actor, locked))
    transfer = pending_transfer(locked)
    if transfer is None:
        raise PeopleRefused(_("No transfer of the mandate is waiting for an answer."))
    journal.record("mandate.offer_cancelled", locked, actor=actor, before=actor.email, after=transfer.to_user.email)
    return _close(transfer, "cancelled_at")


def _answered(application, actor):
    locked = lock(application)
    transfer = pending_transfer(locked)
    require(can_answer_transfer(actor, transfer))
    return locked, transfer


def _close(transfer, column):
    setattr(transfer, column, clock.now())
    transfer.save(update_fields=[column])
    return transfer


def _tell(person, kind, application, actor):
    context = {"application": application, "call": application.call, "person": actor}
    outbox.tell(person, kind=kind, context=context, url=people_url(application))
