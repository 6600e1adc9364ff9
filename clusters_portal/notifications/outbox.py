"""Telling people what happened: a notice in the portal and a mail through the outbox."""

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation

from .models import Notice, OutgoingMail
from .tasks import send_waiting


def tell(user, *, kind: str, context: dict, url: str = "") -> Notice:
    """Leave a notice and queue the mail `emails/<kind>_subject.txt` and `emails/<kind>.txt` for one person.

    Written in the person's own language. Part of the caller's transaction: an act that is rolled back tells nobody.
    """
    with translation.override(user.language):
        mail = write(user.email, kind=kind, context={**context, "recipient": user})
    return Notice.objects.create(recipient=user, kind=kind, text=mail.subject, url=url)


def write(address: str, *, kind: str, context: dict) -> OutgoingMail:
    """Queue the same mail for an address that may have no account. Part of the caller's transaction too."""
    subject = " ".join(render_to_string(f"emails/{kind}_subject.txt", context).split())
    mail = OutgoingMail.objects.create(recipient=address, subject=subject, body=render_to_string(f"emails/{kind}.txt", context))
    transaction.on_commit(send_waiting.delay)
    return mail
