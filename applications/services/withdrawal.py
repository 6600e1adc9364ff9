"""Withdrawing a deposited dossier, until the deadline (clause 2.2): nobody assesses it; it may be deposited again in time."""

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from clusters_portal.lib import clock
from clusters_portal.notifications import outbox

from ..models import Application
from ..permissions import can_withdraw
from . import lifecycle


class WithdrawalRefused(Exception):
    """Nothing changed; `str()` says why, in words."""


@transaction.atomic
def withdraw(*, application, actor, reason: str = "", seen: int | None = None) -> Application:
    """Withdraw what was deposited. Asked twice, it is done once.

    `seen` is the sequence of the deposit the person was shown; None skips that check. Raises WithdrawalRefused.
    Side effects: status, date and reason, journal, and after the commit a notice and a mail to the dossier's people.
    """
    Application.objects.select_for_update().get(pk=application.pk)
    # Read after the lock, by a query of its own: an extension of the deadline committed meanwhile counts.
    locked = Application.objects.select_related("call", "association").get(pk=application.pk)
    if locked.status == Application.Status.WITHDRAWN:
        return locked
    permission, standing = can_withdraw(actor, locked), locked.current_deposit
    if not permission:
        raise WithdrawalRefused(permission.reason)
    if seen is not None and seen != standing.sequence:
        raise WithdrawalRefused(_("This application was submitted again since you opened this page: look at it before you withdraw it."))
    columns = {"withdrawn_at": clock.now(), "withdrawal_reason": reason}
    proof = {"number": locked.number, "sequence": standing.sequence, "sha256": standing.sha256}
    moved = lifecycle.move(locked, "withdraw", actor=actor, note=reason, extra_fields=columns, data=proof)
    address = reverse("applications:task_list", args=[locked.pk])
    for collaborator in locked.collaborators.select_related("user"):
        outbox.tell(collaborator.user, kind="application_withdrawn", context={"application": moved, "actor": actor}, url=address)
    return moved
