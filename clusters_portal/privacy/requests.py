"""Requests about personal data: made by the person, answered with reasons by the head of division or an administrator."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from ..accounts.models import User
from ..accounts.roles import Role
from ..audit import journal
from ..lib import clock
from ..notifications import outbox
from .models import DataRequest

ANSWERERS = (Role.ADMINISTRATOR, Role.DIVISION_HEAD)
OPEN_AT_ONCE = 5


class TooMany(Exception):
    """The person already has as many requests waiting as may wait."""


class NotAnswerable(Exception):
    """Answered already, or one's own."""


def open_requests():
    return DataRequest.objects.filter(outcome="")


@transaction.atomic
def ask(*, person: User, kind: str, text: str) -> DataRequest:
    """Record a request, due `DATA_REQUEST_DAYS` later. Raises TooMany.

    Side effects: journal; the person and whoever may answer are told.
    """
    User.objects.select_for_update(of=("self",)).get(pk=person.pk)
    if open_requests().filter(person=person).count() >= OPEN_AT_ONCE:
        raise TooMany
    now = clock.now()
    made = DataRequest.objects.create(
        person=person, kind=kind, text=text, made_at=now, due_at=now + timedelta(days=settings.DATA_REQUEST_DAYS)
    )
    journal.record("data_request.made", made, actor=person, after=kind)
    outbox.tell(person, kind="data_request_received", context={"made": made}, url=reverse("accounts:my_data"))
    for reader in User.objects.filter(groups__name__in=ANSWERERS, is_active=True).exclude(pk=person.pk).distinct():
        outbox.tell(reader, kind="data_request_made", context={"made": made}, url=reverse("privacy:request", args=[made.pk]))
    return made


@transaction.atomic
def answer(*, made: DataRequest, outcome: str, answer: str, actor: User) -> DataRequest:
    """Answer with reasons, once, and not one's own. Raises NotAnswerable. Journalled; the person is told."""
    locked = DataRequest.objects.select_for_update(of=("self",)).select_related("person").get(pk=made.pk)
    if not locked.is_open or locked.person_id == actor.pk:
        raise NotAnswerable
    locked.outcome, locked.answer, locked.answered_by, locked.answered_at = outcome, answer, actor, clock.now()
    locked.save(update_fields=["outcome", "answer", "answered_by", "answered_at"])
    journal.record("data_request.answered", locked, actor=actor, after=outcome, note=answer)
    outbox.tell(locked.person, kind="data_request_answered", context={"made": locked}, url=reverse("accounts:my_data"))
    return locked
