"""Which files of a deposit a reader may not open, and why."""

from django.conf import settings
from django.db.models import Exists, OuterRef

from ..models import Document
from ..permissions import can_open


def closed_files(user, application, files) -> dict[str, str]:
    """{id of a file: why this person may not open it, in words}. `files` are dicts with an `id`, as a snapshot keeps them.

    One query, none when the application was read through `noting_closed_files` and every file opens; one more for the
    person's role on the dossier for each file that waits for its scan.
    """
    if not getattr(application, "has_closed_files", True):
        return {}
    closed = {}
    for document in _not_open_to_all().filter(pk__in=[file["id"] for file in files], application=application):
        document.application = application
        permission = can_open(user, document)
        if not permission:
            closed[str(document.pk)] = permission.reason
    return closed


def noting_closed_files(applications):
    """The same applications, each knowing whether it has a file that does not open to all its readers."""
    return applications.annotate(has_closed_files=Exists(_not_open_to_all().filter(application=OuterRef("pk"))))


def _not_open_to_all():
    waiting = () if settings.CLAMD_URL else (Document.Scan.NOT_SCANNED,)
    return Document.objects.order_by().exclude(scan__in=(Document.Scan.CLEAN, *waiting))
