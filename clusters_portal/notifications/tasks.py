"""Sending the outbox. The mail is in the database first, so a worker that dies loses nothing.

`next_attempt_at` is both the lease and the patience: a worker claims a mail by pushing it a while ahead, sends it
outside any transaction (a slow mail server locks nothing), and a failure pushes it further each time.
"""

from datetime import timedelta
from email.utils import parseaddr
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPResponseException

from celery import shared_task
from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import F

from ..lib import clock
from .models import OutgoingMail

# Some two days: a mail server that is down over a week-end's night and day loses nothing.
MAX_ATTEMPTS = 20
BATCH = 50
# A worker that dies between the mail server's yes and our note sends the mail again after this: rare, and better than never.
LEASE = timedelta(minutes=10)
FIRST_DELAY, LONGEST_DELAY = timedelta(minutes=1), timedelta(hours=4)
PERMANENT = 500  # SMTP replies from here on are final; 4xx asks to come back later


def waiting_now():
    """Mails that may be tried at this moment, oldest first."""
    return OutgoingMail.objects.filter(state=OutgoingMail.State.WAITING, next_attempt_at__lte=clock.now()).order_by("id")


@shared_task(name="notifications.send_waiting")
def send_waiting() -> int:
    """Send what may be sent now; two workers never take the same mail. Returns how many left."""
    sent = 0
    for mail in waiting_now()[:BATCH]:
        now = clock.now()
        claimed = waiting_now().filter(pk=mail.pk).update(next_attempt_at=now + LEASE, attempts=F("attempts") + 1)
        if claimed:
            mail.attempts += 1
            sent += send_one(mail)
            if mail.server_is_away:  # the others would wait as long for nothing: they have their next minute
                break
    return sent


def send_one(mail: OutgoingMail) -> bool:
    """Try one claimed mail and note the outcome, and on the mail `server_is_away`. Returns whether it left."""
    mail.server_is_away = False
    try:
        message_of(mail).send()
    except OSError as error:  # smtplib's errors are OSErrors too
        mail.server_is_away = not isinstance(error, (SMTPResponseException, SMTPRecipientsRefused))
        gone = is_permanent(error) or mail.attempts >= MAX_ATTEMPTS
        mail.state = OutgoingMail.State.FAILED if gone else OutgoingMail.State.WAITING
        mail.last_error, mail.next_attempt_at = in_words(error), clock.now() + delay_after(mail.attempts)
    except ValueError as error:  # a header or an address that can never be sent
        mail.state, mail.last_error = OutgoingMail.State.FAILED, str(error)[:2000]
    else:
        mail.state, mail.sent_at, mail.last_error = OutgoingMail.State.SENT, clock.now(), ""
        if mail.holds_secret:  # only its reader holds the link from now on, as a password is kept by nobody else
            mail.body = ""
    mail.save(update_fields=["state", "sent_at", "last_error", "next_attempt_at", "body"])
    return mail.state == OutgoingMail.State.SENT


def message_of(mail: OutgoingMail) -> EmailMessage:
    """The message as it is sent: plain text, announced as automatic so that no absence notice answers it.

    Its Message-ID is that of the row: a mail sent a second time after a crash is the same one for the reader's program.
    """
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    headers = {
        "Message-ID": f"<avis-{mail.pk}-{mail.created_at:%Y%m%d%H%M%S}@{domain}>",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
    return EmailMessage(mail.subject, mail.body, to=[mail.recipient], headers=headers)


def delay_after(attempts: int) -> timedelta:
    """How long to wait after so many attempts: twice as long each time, four hours at most."""
    return min(FIRST_DELAY * 2 ** (attempts - 1), LONGEST_DELAY)


def is_permanent(error: OSError) -> bool:
    """Whether the mail server said that this very mail will never be taken. A refused login or sender is our own
    settings' fault, and everybody's mail waits until it is put right."""
    codes = []
    if isinstance(error, SMTPRecipientsRefused):
        codes = [code for code, _text in error.recipients.values()]
    elif isinstance(error, SMTPDataError):
        codes = [error.smtp_code]
    return bool(codes) and min(codes) >= PERMANENT


def in_words(error: OSError) -> str:
    """What the mail server answered, for whoever reads the outbox."""
    answers = [(error.smtp_code, error.smtp_error)] if isinstance(error, SMTPResponseException) else []
    if isinstance(error, SMTPRecipientsRefused):
        answers = list(error.recipients.values())
    said = [f"{code} {text.decode(errors='replace') if isinstance(text, bytes) else text}" for code, text in answers]
    return ("; ".join(said) or str(error))[:2000]
