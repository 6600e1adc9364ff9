"""What these tests share: the deposit (clause 2.2): to the second, all or nothing, one number, everything frozen."""

from datetime import UTC, datetime

from django.urls import reverse

from applications.models import Application, Deposit, DepositCounter
from clusters_portal.audit.models import AuditEntry
from clusters_portal.notifications.models import Notice, OutgoingMail

from ..builders import DECLARATION

FORM = {**DECLARATION, "accept": "on", "other_documents": ""}
CLOSING = datetime(2026, 7, 28, 14, 0, 0, tzinfo=UTC)  # 15:00 in Casablanca, then at +01


def address(application, name):
    return reverse(f"applications:{name}", args=[application.pk])


def untouched(application):
    """Nothing of a deposit is there."""
    application = Application.objects.get(pk=application.pk)
    state = (application.status, application.number, application.deposited_at)
    left = (Deposit.objects.count(), DepositCounter.objects.count(), Notice.objects.count(), OutgoingMail.objects.count())
    return state == ("draft", None, None) and left == (0, 0, 0, 0)


def refusals(application):
    entries = AuditEntry.objects.filter(object_id=str(application.pk), action="application.deposit_refused")
    return [entry.data["codes"] for entry in entries]
