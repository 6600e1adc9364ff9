"""Receipts drawn ahead: a worker makes the PDF while the person reads the page of the receipt, and the web server only hands it out."""

from celery import shared_task
from django.conf import settings
from django.urls import reverse

from clusters_portal.lib.later import after_commit
from clusters_portal.notifications import outbox

from ..models import Deposit
from ..pdf.receipt import kept_receipt


def start(deposit, language: str) -> None:
    """Have the receipt drawn once the deposit has committed. Where there is no broker it is drawn when it is asked for."""
    if settings.REDIS_URL:
        after_commit(draw_receipt.delay, deposit.pk, language)


@shared_task(name="applications.draw_receipt")
def draw_receipt(deposit_id: int, language: str) -> None:
    """Draw a receipt in one language and keep it for an hour; one that is kept already is left alone."""
    deposit = Deposit.objects.select_related("application__call").filter(pk=deposit_id).first()
    if deposit is not None:
        kept_receipt(deposit, lang=language, verify_url=outbox.absolute(reverse("applications:verify", args=[deposit.number])))
