"""Notices as their reader acts on them. Reading one's own mail is nobody else's business: the journal does not know."""

from ..lib import clock
from .models import Notice


def mark_read(*, notice: Notice) -> None:
    """Note when the notice was first read; later times change nothing."""
    Notice.objects.filter(pk=notice.pk, read_at=None).update(read_at=clock.now())


def mark_all_read(*, user) -> int:
    """Mark every notice of the person as read; returns how many were not."""
    return user.notices.filter(read_at=None).update(read_at=clock.now())
