"""Who opened which file of a dossier: written in the journal for everybody but the association's own people."""

from datetime import timedelta

from django.db import transaction

from clusters_portal.audit import journal
from clusters_portal.audit.models import AuditEntry
from clusters_portal.lib import clock

from ..permissions import role_on

ACTION, ONCE_IN = "document.read", timedelta(hours=1)


@transaction.atomic
def note_reading(*, document, actor, by_page=False) -> None:
    """One entry about the dossier, with the file and its hash. The one thing a page that only shows may write.

    `by_page`: the file was looked at in the portal. Turning its pages is one reading an hour.
    """
    application = document.application
    if role_on(actor, application):
        return
    data = {"document": str(document.pk), "sha256": document.sha256} | ({"by_page": True} if by_page else {})
    if not (by_page and _is_noted(application, data, actor)):
        journal.record(ACTION, application, actor=actor, note=document.original_name, data=data)


def _is_noted(application, data, actor) -> bool:
    """Within the hour, by the same person, page by page."""
    found = AuditEntry.objects.filter(object_type=application._meta.label_lower, object_id=str(application.pk), action=ACTION)
    return data in found.filter(actor=actor, at__gte=clock.now() - ONCE_IN).values_list("data", flat=True)
