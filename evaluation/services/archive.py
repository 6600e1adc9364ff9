"""S9: the archive of a call, prepared aside while people go on working, kept a week, every step in the journal.

Who asks gets a row at once; a task fills a temporary file, a dossier at a time, and only a finished ZIP enters the private
storage. A task that is sent twice, or taken back from a worker that died, finds by the row whether there is work for it.
"""

import logging
import tempfile
from functools import partial

from celery import shared_task
from django.core.files import File
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from clusters_portal.audit import journal
from clusters_portal.audit.models import AuditEntry
from clusters_portal.lib import clock
from clusters_portal.lib.later import after_commit
from clusters_portal.lib.zip_manifest import manifest_of
from clusters_portal.notifications import outbox
from clusters_portal.operations import aside
from evaluation.exports_archive import archive_of, dossiers_of
from evaluation.models import CallArchive
from evaluation.models.archives import KEPT_FOR, QUIET_FOR
from evaluation.services.refusals import Refused

STARTED, SEALED, TAKEN = "call.archived", "call.archive_sealed", "call.archive_taken"
FAILED, EXPIRED = "call.archive_failed", "call.archive_expired"
LONGEST = 4 * 3600  # seconds; a large call on a slow machine
State = CallArchive.State
log = logging.getLogger(__name__)


@transaction.atomic
def ask(*, call, actor, language: str) -> CallArchive:
    """Have the archive of a call prepared, in `language` where it speaks. Raises Refused while one is being made. Journals.

    Side effects: the preparation starts after the commit; one that fell silent is first noted as not completed.
    """
    now = clock.now()
    type(call).objects.select_for_update(of=("self",)).get(pk=call.pk)
    for other in CallArchive.objects.filter(call=call, state__in=CallArchive.MAKING):
        if not other.is_quiet(now):
            raise Refused(_("An archive of this call is being prepared already."), "running")
        _fail(other)
    total = dossiers_of(call).count()
    if not total:
        raise Refused(_("No application has been submitted yet."), "empty")
    archive = CallArchive.objects.create(call=call, asked_by=actor, asked_at=now, moved_at=now, language=language, total=total)
    journal.record(STARTED, call, actor=actor, data={"archive": archive.pk})
    after_commit(aside.start, prepare_archive, archive.pk)
    return archive


@shared_task(name="evaluation.prepare_archive", time_limit=LONGEST, soft_time_limit=LONGEST)
def prepare_archive(archive_id: int) -> None:
    """Make one archive that was asked for; where it is made, being made or expired, a call does nothing. Raises what failed."""
    archive = _claim(archive_id)
    if archive is None:
        return
    try:
        _fill(archive)
    except Exception:
        log.exception("the archive of a call was not completed")
        _fail(archive)
        raise


@transaction.atomic
def _claim(archive_id) -> CallArchive | None:
    """The row, taken for this task alone."""
    now = clock.now()
    found = CallArchive.objects.select_for_update(of=("self",)).filter(pk=archive_id).first()
    if found is None or not (found.state in (State.WAITING, State.FAILED) or found.is_quiet(now)):
        return None
    if CallArchive.objects.filter(call=found.call_id, state__in=CallArchive.MAKING).exclude(pk=found.pk).exists():
        return None  # this one failed, and somebody asked for another since
    found.state, found.done, found.moved_at, found.ended_at = State.RUNNING, 0, now, None
    found.save(update_fields=["state", "done", "moved_at", "ended_at"])
    return found


def _fill(archive) -> None:
    call, actor, told = archive.call, archive.asked_by, {}
    chunks = archive_of(
        call,
        user=actor,
        now=archive.asked_at,
        language=archive.language,
        verify_url=lambda number: outbox.absolute(reverse("applications:verify", args=[number])),
        at_each=partial(_note_progress, archive.pk),
        at_end=lambda sha256, entries, left_out: told.update(sha256=sha256, entries=entries, left_out=left_out),
    )
    with tempfile.TemporaryFile() as whole, override(archive.language):
        for chunk in chunks:
            whole.write(chunk)
        told["size"] = whole.tell()
        whole.seek(0)
        archive.file.save("archive.zip", File(whole), save=False)
    try:
        _finish(archive, told)
    except Exception:
        archive.file.storage.delete(archive.file.name)
        raise


def _note_progress(archive_id, done, total) -> None:
    CallArchive.objects.filter(pk=archive_id).update(done=done, total=total, moved_at=clock.now())


@transaction.atomic
def _finish(archive, told) -> None:
    """The ZIP is whole and stored: say so, with the fingerprint of its manifest, and tell who asked."""
    archive.refresh_from_db(fields=["done", "total"])
    archive.state, archive.ended_at = State.READY, clock.now()
    for name, value in told.items():
        setattr(archive, name, value)
    archive.save()
    data = {"archive": archive.pk, "entries": archive.entries, "left_out": archive.left_out}
    journal.record(SEALED, archive.call, actor=archive.asked_by, after=archive.sha256, data=data)
    url = reverse("evaluation:call_archive", args=[archive.call.slug])
    outbox.tell(archive.asked_by, kind="archive_ready", context={"archive": archive, "call": archive.call}, url=url)


@transaction.atomic
def _fail(archive) -> None:
    archive.state, archive.ended_at, archive.file = State.FAILED, clock.now(), ""
    archive.save(update_fields=["state", "ended_at", "file"])
    journal.record(FAILED, archive.call, actor=None, data={"archive": archive.pk})


def note_taking(*, archive: CallArchive, actor) -> None:
    """Journal that this person downloads the archive."""
    journal.record(TAKEN, archive.call, actor=actor, after=archive.sha256, data={"archive": archive.pk})


@shared_task(name="evaluation.clear_archives")
def clear_archives() -> int:
    """Take archives older than a week out of the storage, and note those whose worker was stopped. Returns how many rows changed."""
    now = clock.now()
    quiet = list(CallArchive.objects.filter(state__in=CallArchive.MAKING, moved_at__lt=now - QUIET_FOR))
    for archive in quiet:
        _fail(archive)
    old = list(CallArchive.objects.filter(state=State.READY, ended_at__lte=now - KEPT_FOR).select_related("call"))
    for archive in old:
        _expire(archive)
    return len(quiet) + len(old)


@transaction.atomic
def _expire(archive) -> None:
    name, storage = archive.file.name, archive.file.storage
    archive.state, archive.file = State.EXPIRED, ""
    archive.save(update_fields=["state", "file"])
    journal.record(EXPIRED, archive.call, actor=None, data={"archive": archive.pk})
    after_commit(storage.delete, name)


def is_sealed(path) -> tuple[str, bool]:
    """The fingerprint of an archive's manifest, and whether this portal's journal knows it. Raises what `manifest_of` raises."""
    _manifest, sha256 = manifest_of(path)
    return sha256, AuditEntry.objects.filter(action=SEALED, after=sha256).exists()
