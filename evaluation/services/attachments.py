"""Files joined to an act of the judging floor: checked like every upload, kept byte for byte, scanned after the commit."""

import time
from contextlib import suppress

from celery import shared_task
from django.conf import settings
from django.db import transaction
from django.db.models import F

from applications.services.scans import first_state
from clusters_portal.audit import journal
from clusters_portal.derived import queues
from clusters_portal.lib import clamd, clock
from clusters_portal.lib.later import after_commit
from clusters_portal.lib.uploads import PDF, inspect_upload, store
from evaluation.models import Attachment

MIB = 1024 * 1024
BATCH = 200
Scan = Attachment.Scan


def keep(*, upload, actor, max_mb: int, inspection=None) -> Attachment:
    """Keep a PDF, in the caller's transaction; its scan starts after the commit. Raises UploadRefused."""
    found = inspection or inspect_upload(upload, max_bytes=max_mb * MIB, allowed=(PDF,))
    kept = Attachment(
        original_name=found.name, size=found.size, content_type=found.mime, pages=found.pages, sha256=found.sha256,
        scan=first_state(), uploaded_by=actor, uploaded_at=clock.now(),
    )  # fmt: skip
    store(kept.file, found.name, upload)
    if kept.scan == Scan.PENDING:
        after_commit(scan_attachment.delay, str(kept.pk))
    return kept


@shared_task(name="evaluation.scan_attachment")
def scan_attachment(attachment_id: str) -> None:
    """Scan one file that waits for it; called twice, it does nothing more."""
    found = Attachment.objects.filter(pk=attachment_id, scan__in=(Scan.PENDING, Scan.NOT_SCANNED)).first()
    if found is not None and settings.CLAMD_URL:
        with suppress(clamd.DaemonUnreachable):  # noted on the file; the schedule tries again
            _scan(found)


@shared_task(name="evaluation.rescan_attachments")
def rescan_attachments() -> int:
    """Scan the files that still wait, oldest attempts first. Returns how many were answered for."""
    if not settings.CLAMD_URL:
        return 0
    waiting = Attachment.objects.filter(scan__in=(Scan.PENDING, Scan.NOT_SCANNED)).order_by(F("scanned_at").asc(nulls_first=True))
    answered, end = 0, time.monotonic() + queues.BATCH_LIMIT
    for found in waiting[:BATCH]:
        if time.monotonic() > end:
            break
        try:
            answered += _scan(found)
        except clamd.DaemonUnreachable:
            break
    return answered


def _scan(found) -> bool:
    """Ask clamd, outside any transaction, and keep what it says. Returns whether it gave an answer."""
    try:
        with found.file.open("rb") as file:
            result = clamd.scan(file, url=settings.CLAMD_URL)
    except (clamd.ScanFailed, OSError) as failure:
        rows = Attachment.objects.filter(pk=found.pk, scan__in=(Scan.PENDING, Scan.NOT_SCANNED))
        rows.update(scan=Scan.PENDING, scanned_at=clock.now(), scan_note=str(failure)[:200])
        if isinstance(failure, clamd.DaemonUnreachable):
            raise
        return False
    _keep_result(found, result)
    return True


@transaction.atomic
def _keep_result(found, result):
    locked = Attachment.objects.select_for_update().get(pk=found.pk)
    if locked.scan == Scan.INFECTED:
        return
    before, locked.scan = locked.scan, Scan.CLEAN if result.is_clean else Scan.INFECTED
    locked.scanned_at, locked.scan_note = clock.now(), result.found[:200]
    locked.save(update_fields=["scan", "scanned_at", "scan_note"])
    journal.record("attachment.scanned", locked, actor=None, before=before, after=locked.scan, note=result.found)
