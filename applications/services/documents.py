"""Files of a dossier: attached, replaced, removed. The original bytes are never changed, earlier versions are kept."""

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from clusters_portal.audit import journal
from clusters_portal.lib import clock
from clusters_portal.lib.uploads import UploadRefused, inspect_upload, store

from ..models import Document
from ..steps import STEPS_BY_CODE
from . import scans
from .drafts import lock_draft, touch_step

MIB = 1024 * 1024
STEP = STEPS_BY_CODE["documents"].slug


def attach(*, application, requirement, upload, actor, label="", expected_pages=None, lock=lock_draft) -> Document:
    """Check a file and keep it as the piece `requirement`, replacing the one before unless several are allowed.

    `upload` is an open binary file with a `name`. `expected_pages`, for the signed copy of a generated document, is a
    function from the pages of the file to those it should have; a difference is kept to be shown, never an obstacle.
    `lock` gives the locked dossier when this person may change this piece, and raises DraftRefused when not.
    The same file sent again (a retry after an answer that was lost) is kept once: the one that is there is returned.
    Writes the file to private storage and the journal; after the commit the file goes to the virus scan.
    Raises UploadRefused (nothing is kept) or drafts.DraftRefused.
    """
    inspection = inspect_upload(upload, max_bytes=application.call.max_file_mb * MIB)
    expected = expected_pages(inspection.pages) if expected_pages else None  # before the lock: it may take seconds
    with transaction.atomic():
        locked = lock(application, actor)
        columns = {
            "requirement": requirement, "label": label, "original_name": inspection.name, "size": inspection.size,
            "pages": inspection.pages, "expected_pages": expected, "sha256": inspection.sha256, "uploaded_by": actor,
        }  # fmt: skip
        current = locked.documents.filter(requirement=requirement, replaced_at=None)
        if twin := current.filter(**columns).exclude(scan=Document.Scan.INFECTED).first():
            return twin
        if not requirement.several:
            _replace(current)
        _check_total(locked, inspection.size)
        document = Document(**columns, application=locked, content_type=inspection.mime, scan=scans.first_state(), uploaded_at=clock.now())
        store(document.file, inspection.name, upload)
        scans.start(document)
        touch_step(application=locked, slug=STEP, actor=actor)
        journal.record(
            "document.attached", locked, actor=actor, after=inspection.name,
            data={"document": str(document.pk), "piece": requirement.code, "sha256": inspection.sha256},
        )  # fmt: skip
    return document


@transaction.atomic
def remove(*, document, actor) -> None:
    """Take a file out of the dossier; it stays in storage as an earlier version. Raises drafts.DraftRefused."""
    locked = lock_draft(document.application, actor)
    _replace(locked.documents.filter(pk=document.pk, replaced_at=None))
    touch_step(application=locked, slug=STEP, actor=actor)
    journal.record("document.removed", locked, actor=actor, before=document.original_name, data={"document": str(document.pk)})


def _replace(documents):
    documents.update(replaced_at=clock.now())


def _check_total(application, size):
    used = application.documents.filter(replaced_at=None).aggregate(total=Sum("size"))["total"] or 0
    limit = application.call.max_total_mb * MIB
    if used + size > limit:
        message = _("With this file the application would exceed %(limit)d MB: remove or lighten another file.")
        raise UploadRefused("total_too_large", message % {"limit": application.call.max_total_mb})
