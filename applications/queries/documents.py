"""Which files of a deposit a reader may not open, and why."""

from ..models import Document
from ..permissions import can_open


def closed_files(user, application, files) -> dict[str, str]:
    """{id of a file: why this person may not open it, in words}. `files` are dicts with an `id`, as a snapshot keeps them.

    One query, and one more for the person's role on the dossier for each file that waits for its scan.
    """
    found = Document.objects.filter(pk__in=[file["id"] for file in files], application=application).exclude(scan=Document.Scan.CLEAN)
    closed = {}
    for document in found:
        document.application = application
        permission = can_open(user, document)
        if not permission:
            closed[str(document.pk)] = permission.reason
    return closed
