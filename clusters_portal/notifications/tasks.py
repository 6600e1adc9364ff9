"""Sending the outbox. The mail is in the database first, so a worker that dies loses nothing."""

from celery import shared_task
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone

from .models import OutgoingMail

MAX_ATTEMPTS = 8
BATCH = 50


def send_one(mail: OutgoingMail) -> bool:
    """Try one mail; keeps the error and gives up after MAX_ATTEMPTS. Returns whether it left."""
    mail.attempts += 1
    try:
        EmailMessage(mail.subject, mail.body, to=[mail.recipient]).send()
    except OSError as error:  # smtplib's errors are OSErrors too
        mail.last_error = str(error)[:2000]
        mail.state = OutgoingMail.State.FAILED if mail.attempts >= MAX_ATTEMPTS else OutgoingMail.State.WAITING
        mail.save()
        return False
    except ValueError as error:  # a header or an address that can never be sent: trying again would hold up the queue
        mail.last_error, mail.state = str(error)[:2000], OutgoingMail.State.FAILED
        mail.save()
        return False
    mail.state, mail.sent_at, mail.last_error = OutgoingMail.State.SENT, timezone.now(), ""
    mail.save()
    return True


@shared_task
def send_waiting() -> int:
    """Send what waits, each mail under its own lock so that two workers never send one twice. Returns how many left."""
    sent = 0
    waiting = OutgoingMail.objects.filter(state=OutgoingMail.State.WAITING).order_by("id")
    for pk in waiting.values_list("pk", flat=True)[:BATCH]:
        with transaction.atomic():
            mail = waiting.select_for_update(skip_locked=True).filter(pk=pk).first()
            if mail is not None:
                sent += send_one(mail)
    return sent
