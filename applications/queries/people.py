"""Who works on a dossier, who was invited, and where the mandate is."""

from django.db.models import F

from ..models import MandateTransfer
from ..models.people import INVITATION_PENDING, TRANSFER_PENDING


def people_of(application, now) -> dict:
    """`collaborators` (the mandatary first), `invitations` waiting (each with `is_over` once expired), `transfer` or None.

    Three queries whatever the number of people.
    """
    invitations = list(application.invitations.filter(INVITATION_PENDING))
    for invitation in invitations:
        invitation.is_over = not invitation.is_valid(now)
    people = application.collaborators.select_related("user").order_by(F("role").desc(), "created_at", "pk")
    return {"collaborators": list(people), "invitations": invitations, "transfer": pending_transfer(application)}


def pending_transfer(application) -> MandateTransfer | None:
    """The offer of the mandate waiting for an answer, None when there is none."""
    return application.mandate_transfers.select_related("from_user", "to_user").filter(TRANSFER_PENDING).first()
