"""Who at DPTC is responsible for an application."""

from django.db import transaction
from django.utils.translation import gettext as _

from clusters_portal.audit import journal

from ..models import Application
from ..permissions import can_assign
from ..queries import submitted_applications


class AssignmentRefused(Exception):
    """Nothing changed; `str()` is the reason, in words."""


@transaction.atomic
def assign(*, application, assignee, actor) -> Application:
    """Make `assignee` (a user, or None for nobody) responsible; journalled when it changes. Raises AssignmentRefused."""
    locked = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    permission = can_assign(actor, locked)
    if not permission:
        raise AssignmentRefused(permission.reason)
    if assignee is not None and not submitted_applications(assignee).filter(pk=locked.pk).exists():
        raise AssignmentRefused(_("This person may not read this application and cannot be responsible for it."))
    before = locked.assignee
    if before != assignee:
        locked.assignee = assignee
        locked.save(update_fields=["assignee", "updated_at"])
        journal.record("application.assigned", locked, actor=actor, before=before or "", after=assignee or "")
    return locked
