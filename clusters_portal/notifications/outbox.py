"""Telling people what happened: a notice in the portal and a mail through the outbox."""

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation

from ..audit import journal
from ..lib import clock
from .models import Notice, OutgoingMail
from .tasks import FIRST_DELAY, send_waiting


def tell(user, *, kind: str, context: dict, url: str = "", by_mail: bool = True) -> Notice:
    """Leave a notice and queue the mail `emails/<kind>_subject.txt` and `emails/<kind>.txt` for one person.

    Written in the person's own language; `url` is a path of the portal, which the mail gives in full. Part of the
    caller's transaction: an act that is rolled back tells nobody. Without `by_mail`, or when the account is closed, the
    notice stands alone.
    """
    with translation.override(user.language):
        subject, body = _written(kind, {**context, "recipient": user})
        if by_mail and user.is_active:
            _queue(user.email, subject, body, url)
    return Notice.objects.create(recipient=user, kind=kind, text=subject, body=body, url=url)


def write(address: str, *, kind: str, context: dict, holds_secret: bool = False) -> OutgoingMail:
    """Queue the same mail for an address that may have no account. Part of the caller's transaction too.

    `holds_secret`: the text has a link that opens something to whoever holds it; it is erased once the mail has left.
    """
    return _queue(address, *_written(kind, context), holds_secret=holds_secret)


def post(address: str, *, subject: str, body: str) -> OutgoingMail:
    """Queue a mail that the mail server has just not taken: tried again a minute later, and erased once sent."""
    return OutgoingMail.objects.create(
        recipient=address, subject=subject[:250], body=body, holds_secret=True, next_attempt_at=clock.now() + FIRST_DELAY
    )


def absolute(path: str) -> str:
    """The full address of a path of the portal, for what is written outside a request."""
    return settings.PORTAL_URL + path


class NotFailed(Exception):
    """Only a mail that was given up can be sent again."""


@transaction.atomic
def send_again(*, mail: OutgoingMail, actor) -> OutgoingMail:
    """Put a mail that was given up back into the queue, with all its attempts. Raises NotFailed.

    Side effects: journal, and an attempt after the commit.
    """
    states = OutgoingMail.State
    taken = OutgoingMail.objects.filter(pk=mail.pk, state=states.FAILED)
    if not taken.update(state=states.WAITING, attempts=0, next_attempt_at=clock.now()):
        raise NotFailed
    mail.refresh_from_db()
    journal.record("mail.sent_again", mail, actor=actor, before=states.FAILED, after=mail.state, note=mail.last_error)
    transaction.on_commit(send_waiting.delay, robust=True)  # a queue that is away: the schedule sends it
    return mail


def _written(kind, context):
    """(subject on one line, text) in the active language."""
    # Line by line: a bare split would take French's no-break spaces for ordinary ones.
    lines = (line.strip() for line in render_to_string(f"emails/{kind}_subject.txt", context).splitlines())
    subject = " ".join(line for line in lines if line)
    return subject, render_to_string(f"emails/{kind}.txt", context).strip() + "\n"


def _queue(address, subject, body, url="", holds_secret=False):
    end = render_to_string("emails/_end.txt", {"address": absolute(url) if url else "", "portal": absolute("/")})
    mail = OutgoingMail.objects.create(recipient=address, subject=subject, body=f"{body}\n{end.strip()}\n", holds_secret=holds_secret)
    transaction.on_commit(send_waiting.delay, robust=True)  # a queue that is away: the schedule sends it
    return mail
