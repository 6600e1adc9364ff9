"""The moment the people of a dossier are told of its decision: before it, no page of theirs knows of it."""

from django.db import transaction

from clusters_portal.lib import clock

from ..models import Application


@transaction.atomic
def note_notified(*, application) -> Application:
    """Note that the decision on a dossier is notified now, once; returns the row. The caller journals the letter.

    The database refuses it (`application_notified_is_decided`) for a dossier that is not decided.
    """
    locked = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    if locked.notified_at is None:
        locked.notified_at = clock.now()
        locked.save(update_fields=["notified_at", "updated_at"])
    return locked
