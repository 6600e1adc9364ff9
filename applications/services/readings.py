"""Who read which file of a dossier (X2): kept in the journal, whether the file was downloaded or looked at."""

from datetime import timedelta

from django.db import transaction

from clusters_portal.audit import journal
from clusters_portal.audit.models import AuditEntry
from clusters_portal.lib import clock

from ..permissions import role_on

READ, ONCE_IN = "document.read", timedelta(hours=1)
DOWNLOADED, LOOKED_AT = "downloaded", "looked at"


@transaction.atomic
def note_reading(*, document, how: str, actor) -> bool:
    """Journal that somebody opened a file; True when an entry was written. `how` is DOWNLOADED or LOOKED_AT.

    The people of the dossier open their own files unrecorded. Turning the pages of one file is one reading an hour.
    """
    application = document.application
    if role_on(actor, application):
        return False
    data = {"document": str(document.pk), "how": how, "sha256": document.sha256}
    if how == LOOKED_AT and _is_noted(application, data, actor):
        return False
    journal.record(READ, application, actor=actor, after=document.original_name, data=data)
    return True


def _is_noted(application, data, actor) -> bool:
    """Within the hour, by the same person, in the same way."""
    since = clock.now() - ONCE_IN
    found = AuditEntry.objects.filter(object_type=application._meta.label_lower, object_id=str(application.pk), action=READ)
    return any(entry == data for entry in found.filter(actor=actor, at__gte=since).values_list("data", flat=True))
