"""People of a dossier: invitations to edit it, removal, leaving. The mandate moves in `services.mandate`.

Every function locks the dossier's row first, writes the journal, and queues its mail in the same transaction.
"""

import secrets
from datetime import timedelta

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from clusters_portal.audit import journal
from clusters_portal.lib import clock
from clusters_portal.lib.canonical import sha256_hex
from clusters_portal.notifications import outbox

from ..models import Application, Collaborator, Invitation
from ..models.people import INVITATION_PENDING, TRANSFER_PENDING
from ..permissions import can_leave, can_manage_people

VALIDITY = timedelta(days=14)
TOKEN_BYTES = 32
# A dossier has a handful of writers; the portal is not to be used to write to strangers.
MAX_PENDING = 20


class PeopleRefused(Exception):
    """The act is not possible for this person or at this moment; `str()` is the reason, in words."""


class InvitationOver(PeopleRefused):
    """The invitation was used, revoked or has expired."""

    def __init__(self):
        super().__init__(_("This invitation is no longer valid. Ask the person who sent it for a new one."))


@transaction.atomic
def invite(*, application, email: str, actor, link) -> Invitation:
    """Invite an address to edit the dossier; an earlier invitation to it stops working. Sends the link by mail.

    `link(token)` gives the absolute address of the invitation. Whether the address has an account is neither looked
    up nor told. Raises PeopleRefused.
    """
    locked = lock(application)
    require(can_manage_people(actor, locked))
    address, now = email.strip().lower(), clock.now()
    if locked.collaborators.filter(user__email__iexact=address).exists():
        raise PeopleRefused(_("This person already works on this application."))
    pending = locked.invitations.filter(INVITATION_PENDING)
    for earlier in pending.filter(email__iexact=address):
        _end(earlier, actor, now)
    if pending.count() >= MAX_PENDING:
        raise PeopleRefused(_("Too many invitations are waiting for an answer: cancel some of them first."))
    token = secrets.token_urlsafe(TOKEN_BYTES)
    invitation = Invitation.objects.create(
        application=locked, email=address, invited_by=actor, token_hash=sha256_hex(token), created_at=now, expires_at=now + VALIDITY
    )
    journal.record("invitation.sent", locked, actor=actor, after=address, data=_identity(invitation))
    context = {"application": locked, "call": locked.call, "inviter": actor, "invitation": invitation, "address": link(token)}
    outbox.write(address, kind="invitation", context=context, holds_secret=True)
    return invitation


def find_invitation(token: str) -> Invitation | None:
    """The invitation of a link, in whatever state; None for a token never given out."""
    related = ("application__call", "application__association", "invited_by", "accepted_by")
    return Invitation.objects.select_related(*related).filter(token_hash=sha256_hex(token)).first()


@transaction.atomic
def accept(*, invitation, actor) -> Collaborator:
    """The invited person joins as editor. Used once, by the account of that very address (without case).

    Raises InvitationOver or PeopleRefused; nothing is changed then.
    """
    locked = lock(invitation.application)
    invitation = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    if not is_for(invitation, actor):
        raise PeopleRefused(_("This invitation was sent to another address. Sign in with the account of that address."))
    if not invitation.is_valid(clock.now()):
        raise InvitationOver
    if actor.roles:
        raise PeopleRefused(_("People who work on the call cannot apply to it with the same account."))
    if locked.collaborators.filter(user=actor).exists():
        raise PeopleRefused(_("You already work on this application."))
    joined = Collaborator.objects.create(application=locked, user=actor, role=invitation.role)
    invitation.accepted_at, invitation.accepted_by = clock.now(), actor
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    journal.record("invitation.accepted", locked, actor=actor, after=joined.role, data=_identity(invitation))
    outbox.tell(mandatary_of(locked), kind="invitation_accepted", context={"application": locked, "person": actor}, url=people_url(locked))
    return joined


def is_for(invitation, user) -> bool:
    """Is this the account of the invited address?"""
    return invitation.email.casefold() == user.email.casefold()


@transaction.atomic
def revoke(*, invitation, actor) -> Invitation:
    """Cancel a pending invitation: its link stops working. Raises PeopleRefused, InvitationOver when it already ended."""
    locked = lock(invitation.application)
    require(can_manage_people(actor, locked))
    current = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    if current.accepted_at or current.revoked_at:
        raise InvitationOver
    return _end(current, actor, clock.now())


@transaction.atomic
def remove(*, collaborator, actor) -> None:
    """Take an editor off the dossier; what he wrote stays. The mandatary cannot be removed. Raises PeopleRefused."""
    locked = lock(collaborator.application)
    require(can_manage_people(actor, locked))
    current = locked.collaborators.select_related("user").filter(pk=collaborator.pk).first()
    if current is None:
        raise PeopleRefused(_("This person no longer works on this application."))
    if current.role == Collaborator.Role.MANDATARY:
        raise PeopleRefused(_("The authorised representative cannot be removed: the mandate must be handed over first."))
    _take_off(locked, current, actor, "collaborator.removed")
    context = {"application": locked, "call": locked.call, "person": actor}
    outbox.tell(current.user, kind="collaborator_removed", context=context, url=reverse("applications:my_applications"))


@transaction.atomic
def leave(*, application, actor) -> None:
    """An editor leaves the dossier; the mandatary is told. Raises PeopleRefused."""
    locked = lock(application)
    require(can_leave(actor, locked))
    _take_off(locked, locked.collaborators.select_related("user").get(user=actor), actor, "collaborator.left")
    outbox.tell(mandatary_of(locked), kind="collaborator_left", context={"application": locked, "person": actor}, url=people_url(locked))


def lock(application) -> Application:
    """The dossier's locked row: two people changing who may do what come one after the other."""
    return Application.objects.select_for_update(of=("self",)).select_related("call", "association").get(pk=application.pk)


def require(permission) -> None:
    """Raise PeopleRefused with the reason when the permission is not given."""
    if not permission:
        raise PeopleRefused(permission.reason)


def mandatary_of(application):
    """The person who holds the mandate."""
    return application.collaborators.select_related("user").get(role=Collaborator.Role.MANDATARY).user


def people_url(application) -> str:
    return reverse("applications:people", args=[application.pk])


def _take_off(application, collaborator, actor, verb):
    """Delete the person's role; the mandate is no longer offered to someone who is gone."""
    application.mandate_transfers.filter(TRANSFER_PENDING, to_user=collaborator.user).update(cancelled_at=clock.now())
    journal.record(verb, application, actor=actor, before=collaborator.role, data={"person": collaborator.user.email})
    Collaborator.objects.filter(pk=collaborator.pk).delete()


def _end(invitation, actor, now):
    invitation.revoked_at = now
    invitation.save(update_fields=["revoked_at"])
    journal.record("invitation.revoked", invitation.application, actor=actor, before=invitation.email, data=_identity(invitation))
    return invitation


def _identity(invitation):
    return {"invitation": invitation.pk, "email": invitation.email}
