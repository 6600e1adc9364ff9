"""The messages of a dossier: the thread, and how many of them a person has not read."""

from django.db.models import Count, Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce

from ..models import Message, MessagesRead


def thread_of(application, user, *, side) -> list:
    """Every message, the oldest first; each knows whether it `is_new` to this reader of one side. Two queries."""
    found = list(application.messages.select_related("author"))
    unread = set(_unread(user, [application.pk], side).values_list("pk", flat=True))
    for message in found:
        message.is_new = message.pk in unread
    return found


def unread_counts(user, keys, *, side) -> dict:
    """{application key: how many messages of the other side this person has not read}; one query, nothing for none. `user` may be a key."""
    return dict(_unread(user, keys, side).values_list("application").annotate(Count("pk")))


def counting_unread(rows, user, *, side, key="application"):
    """The same rows, each knowing how many messages of its application (named by `key`) are `unread`, in their own query."""
    found = _unread(user, None, side).filter(application=OuterRef(key)).values("application")
    return rows.annotate(unread=Coalesce(Subquery(found.annotate(number=Count("pk")).values("number")), 0))


def _unread(user, keys, side):
    """An answer by a colleague of DPTC counts as a reading: the service has one desk. Applicants read for themselves."""
    read = MessagesRead.objects.filter(application=OuterRef("application"), user=user, read_at__gte=OuterRef("sent_at"))
    found = Message.objects.filter(~Exists(read)).exclude(side=side).order_by()
    if keys is not None:
        found = found.filter(application__in=keys)
    if side == Message.Side.DPTC:
        answered = Message.objects.filter(application=OuterRef("application"), side=side, sent_at__gte=OuterRef("sent_at"))
        found = found.filter(~Exists(answered))
    return found
