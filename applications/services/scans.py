"""The virus scan of the pieces: asked for after the commit that keeps a file, every ten minutes while it waits, every night again.

A file is `pending` until clamd has answered; a failure leaves it so, and is never « clean ». Without CLAMD_URL nothing
is scanned and files stay `not_scanned`. An infected file stays infected: the way out is another file.
"""

import time
from contextlib import suppress
from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.db import transaction
from django.db.models import Case, F, Value, When
from django.urls import reverse

from clusters_portal.audit import journal
from clusters_portal.derived import queues
from clusters_portal.lib import clamd, clock
from clusters_portal.lib.later import after_commit
from clusters_portal.notifications import outbox

from ..filters import officers
from ..models import Document
from ..permissions import can_edit
from ..queries import submitted_applications
from ..steps import STEPS_BY_CODE

RESCAN_BATCH = 500
OWN_TASK = timedelta(minutes=5)  # a file that waits for longer was forgotten by its own task
Scan = Document.Scan


def first_state() -> str:
    """The scan state of a file that has just been received."""
    return Scan.PENDING if settings.CLAMD_URL else Scan.NOT_SCANNED


def start(document) -> None:
    """Have a file scanned once the transaction that keeps it has committed.

    A queue that is away costs the upload nothing: the file stays pending and `scan_waiting` finds it.
    """
    if document.scan == Scan.PENDING:
        after_commit(scan_document.delay, str(document.pk))


@shared_task(name="applications.scan_document")
def scan_document(document_id: str) -> None:
    """Scan one file that waits for it; a file already answered for is left alone, so a second call does nothing."""
    document = Document.objects.filter(pk=document_id, scan__in=(Scan.PENDING, Scan.NOT_SCANNED)).first()
    if document is not None and settings.CLAMD_URL:
        with suppress(clamd.DaemonUnreachable):  # noted on the file; `scan_waiting` tries again
            _scan(document)


@shared_task(name="applications.scan_waiting")
def scan_waiting(limit: int = RESCAN_BATCH) -> int:
    """Scan the files whose own task came to nothing: a queue, an antivirus or a store that was away. Returns how many were answered for."""
    if not settings.CLAMD_URL:
        return 0
    waiting = Document.objects.filter(scan=Scan.PENDING, uploaded_at__lt=clock.now() - OWN_TASK)
    return _scan_each(waiting.order_by(F("scanned_at").asc(nulls_first=True), "uploaded_at")[:limit])


@shared_task(name="applications.rescan_documents")
def rescan_documents(limit: int = RESCAN_BATCH) -> int:
    """Scan at most `limit` files: those that wait first, then clean ones again, for signatures change; oldest scans first.

    Stops at once when the daemon is away. Returns how many files were answered for.
    """
    if not settings.CLAMD_URL:
        return 0
    waiting_first = Case(When(scan=Scan.CLEAN, then=Value(1)), default=Value(0))
    found = Document.objects.exclude(scan=Scan.INFECTED).order_by(waiting_first, F("scanned_at").asc(nulls_first=True), "uploaded_at")
    return _scan_each(found[:limit])


def _scan_each(found) -> int:
    """One after the other, until the daemon is away or the time of a task is over; what is left is the next run's."""
    answered, end = 0, time.monotonic() + queues.BATCH_LIMIT
    for document in list(found):
        try:
            answered += _scan(document)
        except clamd.DaemonUnreachable:
            break
        if time.monotonic() > end:
            break
    return answered


def _scan(document) -> bool:
    """Ask clamd, outside any transaction, and keep what it says. Returns whether it gave an answer."""
    try:
        with _opened(document) as file:
            result = clamd.scan(file, url=settings.CLAMD_URL)
    except clamd.ScanFailed as failure:
        _record_failure(document, failure)
        if isinstance(failure, clamd.DaemonUnreachable):
            raise
        return False
    record_result(document=document, result=result)
    return True


def _opened(document):
    try:
        return document.file.open("rb")
    except Exception as error:  # each storage has its own: whichever it is, nothing is known of the file
        raise clamd.ScanFailed(f"the file cannot be opened: {error}") from error


def _record_failure(document, failure):
    """The file still waits; the moment of the attempt puts it behind those never tried. A clean file keeps its last answer."""
    waiting = Document.objects.filter(pk=document.pk, scan__in=(Scan.PENDING, Scan.NOT_SCANNED))
    waiting.update(scan=Scan.PENDING, scanned_at=clock.now(), scan_note=str(failure)[:200])


@transaction.atomic
def record_result(*, document, result) -> None:
    """Keep what clamd said of a file. An infected one is told to the people of the dossier, and to DPTC once deposited.

    Journalled when the state changes. Never turns an infected file into a clean one.
    """
    locked = Document.objects.select_for_update(of=("self",)).select_related("application__call", "requirement").get(pk=document.pk)
    before = locked.scan
    if before == Scan.INFECTED:
        return
    locked.scan = Scan.CLEAN if result.is_clean else Scan.INFECTED
    locked.scanned_at, locked.scan_note = clock.now(), result.found[:200]
    locked.save(update_fields=["scan", "scanned_at", "scan_note"])
    if locked.scan == before:
        return
    journal.record(
        "document.scanned", locked.application, actor=None, before=before, after=locked.scan, note=result.found,
        data={"document": str(locked.pk), "name": locked.original_name, "sha256": locked.sha256},
    )  # fmt: skip
    if locked.scan == Scan.INFECTED:
        _tell(locked)


def _tell(document):
    """Only of a file that counts: in the dossier as it stands, or in the deposit."""
    application, deposited = document.application, _is_deposited(document)
    context = {"document": document, "application": application, "deposited": deposited}
    if document.replaced_at is None or deposited:
        step = reverse("applications:step", args=[application.pk, STEPS_BY_CODE["documents"].slug])
        page = reverse("applications:task_list", args=[application.pk])
        for collaborator in application.collaborators.select_related("user"):
            editable = document.replaced_at is None and bool(can_edit(collaborator.user, application))
            url = f"{step}#piece-{document.requirement.code}" if editable else page
            outbox.tell(collaborator.user, kind="document_infected", context={**context, "editable": editable}, url=url)
    if deposited:
        for officer in _responsible(application):
            outbox.tell(
                officer, kind="deposited_document_infected", context=context, url=reverse("applications:reading", args=[application.pk])
            )


def _is_deposited(document) -> bool:
    deposit = document.application.current_deposit
    return deposit is not None and str(document.pk) in {kept["id"] for kept in deposit.content.get("documents", [])}


def _responsible(application) -> list:
    """The case officer, or all of them while there is none; never somebody barred from the dossier."""
    people = [application.assignee] if application.assignee_id else officers()
    return [person for person in people if submitted_applications(person).filter(pk=application.pk).exists()]
