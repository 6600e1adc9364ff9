"""Sending the outbox. The mail is in the database first, so a worker that dies loses nothing.

`next_attempt_at` is both the lease and the patience: a worker claims a mail by pushing it a while ahead, sends it
outside any transaction (a slow mail server locks nothing), and a failure pushes it further each time.
"""

from datetime import timedelta

from celery import shared_task
from django.core.mail import EmailMessage
from django.db.models import F

from ..lib import clock
from .models import OutgoingMail

MAX_ATTEMPTS = 8
BATCH = 50
# A worker that dies between the mail server's yes and our note sends the mail again after this: rare, and better than never.
LEASE = timedelta(minutes=10)
FIRST_DELAY = timedelta(minutes=1)


def waiting_now():
    """Mails that may be tried at this moment, oldest first."""
    return OutgoingMail.objects.filter(state=OutgoingMail.State.WAITING, next_attempt_at__lte=clock.now()).order_by("id")


@shared_task
def send_waiting() -> int:
    """Send what may be sent now; two workers never take the same mail. Returns how many left."""
    sent = 0
    for mail in waiting_now()[:BATCH]:
        now = clock.now()
        claimed = waiting_now().filter(pk=mail.pk).update(next_attempt_at=now + LEASE, attempts=F("attempts") + 1)
        if claimed:
            mail.attempts += 1
            sent += send_one(mail)
    return sent


def send_one(mail: OutgoingMail) -> bool:
    """Try one claimed mail and note the outcome. Returns whether it left."""
    try:
        EmailMessage(mail.subject, mail.body, to=[mail.recipient]).send()
    except OSError as error:  # smtplib's errors are OSErrors too
        gone = mail.attempts >= MAX_ATTEMPTS
        mail.state = OutgoingMail.State.FAILED if gone else OutgoingMail.State.WAITING
        mail.last_error, mail.next_attempt_at = str(error)[:2000], clock.now() + FIRST_DELAY * 2 ** (mail.attempts - 1)
    except ValueError as error:  # a header or an address that can never be sent
        mail.state, mail.last_error = OutgoingMail.State.FAILED, str(error)[:2000]
    else:
        mail.state, mail.sent_at, mail.last_error = OutgoingMail.State.SENT, clock.now(), ""
    mail.save(update_fields=["state", "sent_at", "last_error", "next_attempt_at"])
    return mail.state == OutgoingMail.State.SENT
