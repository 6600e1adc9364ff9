"""Telling people what happened: a notice in the portal and a mail through the outbox."""

from django.db import transaction
from django.template.loader import render_to_string

from .models import Notice, OutgoingMail
from .tasks import send_waiting


def tell(user, *, kind: str, context: dict, url: str = "") -> Notice:
    """Leave a notice and queue the mail `emails/<kind>_subject.txt` and `emails/<kind>.txt` for one person.

    Part of the caller's transaction: an act that is rolled back tells nobody.
    """
    subject = " ".join(render_to_string(f"emails/{kind}_subject.txt", context).split())
    body = render_to_string(f"emails/{kind}.txt", {**context, "recipient": user})
    notice = Notice.objects.create(recipient=user, kind=kind, text=subject, url=url)
    OutgoingMail.objects.create(recipient=user.email, subject=subject, body=body)
    transaction.on_commit(send_waiting.delay)
    return notice
