"""Rows a person took out of a step and may still put back."""

from datetime import timedelta

from django.db.models import Exists, OuterRef

from clusters_portal.lib import clock

from ..models import RemovedRow

KEPT_FOR = timedelta(hours=1)


def noting_removed_rows(applications, user, slug):
    """`has_removed_rows` on each application, read in its own query: a step with nothing to put back asks no more."""
    return applications.annotate(has_removed_rows=Exists(_removed(user, slug).filter(application=OuterRef("pk"))))


def removed_rows(application, user, slug) -> list[RemovedRow]:
    """The latest first. Only one's own: what a colleague removed is for the colleague to put back."""
    if not getattr(application, "has_removed_rows", True):
        return []
    return list(_removed(user, slug).filter(application=application))


def _removed(user, slug):
    return RemovedRow.objects.filter(removed_by=user, slug=slug, removed_at__gte=clock.now() - KEPT_FOR)
