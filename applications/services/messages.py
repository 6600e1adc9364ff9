"""Messages between the people of a dossier and DPTC (A13): written once, never changed, told without their text."""

from datetime import timedelta

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from clusters_portal.audit import journal
from clusters_portal.lib import clock
from clusters_portal.lib.canonical import sha256_hex
from clusters_portal.lib.text import clean_text
from clusters_portal.notifications import outbox

from ..filters import officers
from ..forms.messages import LONGEST
from ..models import Application, Message, MessagesRead
from ..permissions import can_write_message, role_on
from ..queries import submitted_applications

PER_HOUR = 30
AGAIN = timedelta(minutes=1)
Side = Message.Side


class MessageRefused(Exception):
    """Nothing was sent; `str()` says why, in words."""


class TooManyMessages(MessageRefused):
    """The person has sent as many messages as an hour allows."""


@transaction.atomic
def send(*, application, body: str, actor, in_batch: bool = False) -> Message:
    """Send a message from the actor's side; the same text sent twice within a minute is one message.

    `in_batch`: one text of DPTC to many dossiers, which has its own limit (`services.batches`) instead of the hourly one.
    Raises MessageRefused, TooManyMessages.
    Side effects: journal (the text's hash, not the text), a notice and a mail to the other side that say there is a
    message and where, never what it says.
    """
    locked = Application.objects.select_for_update(of=("self",)).select_related("call", "association").get(pk=application.pk)
    permission = can_write_message(actor, locked)
    if not permission:
        raise MessageRefused(permission.reason)
    now, text = clock.now(), clean_text(body, multiline=True)
    if not text or len(text) > LONGEST:
        raise MessageRefused(_("A message has between 1 and %(limit)d characters.") % {"limit": LONGEST})
    recent = locked.messages.filter(author=actor).order_by("-sent_at").first()
    if recent is not None and recent.body == text and now - recent.sent_at < AGAIN:
        return recent
    if not in_batch and Message.objects.filter(author=actor, sent_at__gt=now - timedelta(hours=1)).count() >= PER_HOUR:
        raise TooManyMessages(_("You have sent many messages in the last hour. Your text is kept below: send it a little later."))
    side = Side.APPLICANT if role_on(actor, locked) else Side.DPTC
    made = Message.objects.create(application=locked, side=side, author=actor, body=text, sent_at=now)
    journal.record("message.sent", locked, actor=actor, data={"message": made.pk, "side": side, "sha256": sha256_hex(text)})
    _tell(locked, made)
    return made


@transaction.atomic
def mark_read(*, application, until: Message, actor) -> None:
    """Remember that the actor has read the messages of the dossier up to `until`. Never goes back."""
    read, created = MessagesRead.objects.select_for_update().get_or_create(
        application=application, user=actor, defaults={"read_at": until.sent_at}
    )
    if not created and read.read_at < until.sent_at:
        read.read_at = until.sent_at
        read.save(update_fields=["read_at"])


def desk_of(application) -> list:
    """Who is told at DPTC: the responsible case officer, else everyone who could be; never a person barred from the dossier."""
    chosen = [application.assignee] if application.assignee_id and application.assignee.is_active else officers()
    return [person for person in chosen if submitted_applications(person).filter(pk=application.pk).exists()]


def _tell(application, message):
    if message.side == Side.DPTC:
        path, people = reverse("applications:messages", args=[application.pk]), _people_of(application)
    else:
        path, people = reverse("applications:staff_messages", args=[application.pk]), desk_of(application)
    for person in people:
        outbox.tell(person, kind="message_received", context={"application": application}, url=path)


def _people_of(application) -> list:
    return [collaborator.user for collaborator in application.collaborators.select_related("user")]
