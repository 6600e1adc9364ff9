"""S9: an archive is prepared aside, one at a time, taken in one piece or several, and gone after a week."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.test import TestCase
from django.urls import reverse

from clusters_portal.accounts.roles import Role
from clusters_portal.audit.models import AuditEntry
from clusters_portal.lib import clock
from evaluation import exports_records
from evaluation.models import CallArchive
from evaluation.services import archive as service
from evaluation.tests import factories as make
from evaluation.tests.test_archive import address_of, decided, quick, taken

__all__ = ["decided", "quick"]  # fixtures
pytestmark = pytest.mark.django_db


def test_an_interrupted_download_goes_on_where_it_stopped(client, decided):
    response, content = taken(client, decided)
    archive = decided.archives.get()
    assert (archive.state, archive.size, archive.done, archive.total) == ("ready", len(content), 2, 2)
    assert (response["Content-Length"], response["Accept-Ranges"]) == (str(len(content)), "bytes")

    def part(asked, **headers):
        answer = client.get(address_of(archive), headers={"range": asked, **headers})
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        return answer.status_code, answer.get("Content-Range"), body

    size = len(content)
    assert part("bytes=100-") == (206, f"bytes 100-{size - 1}/{size}", content[100:])
    assert part("bytes=10-19") == (206, f"bytes 10-19/{size}", content[10:20])
    assert part("bytes=-5") == (206, f"bytes {size - 5}-{size - 1}/{size}", content[-5:])
    assert part(f"bytes={size}-") == (416, f"bytes */{size}", b"")
    assert part("bytes=5-9", **{"if-range": response["ETag"]})[0] == 206
    assert part("bytes=5-9", **{"if-range": '"another"'})[::2] == (200, content)
    assert part("bytes=0-1,4-5")[::2] == part("lines=1-2")[::2] == (200, content)
    # Whoever asks for parts has the file too: each that was given is in the journal, the refused one is not.
    assert AuditEntry.objects.filter(action="call.archive_taken").count() == 8


def test_one_at_a_time_and_one_that_fell_silent_is_asked_for_again(client, decided):
    person = make.user(Role.DIVISION_HEAD)
    with clock.set_to(make.NOON):
        silent = service.ask(call=decided, actor=person, language="fr")  # no commit here: its task never starts
    client.force_login(person)
    page = reverse("evaluation:call_archive", args=[decided.slug])
    with clock.set_to(make.NOON + timedelta(minutes=5)):
        assert "data-server-now" in client.get(page).content.decode() and client.get(page).context["making"] == silent
        assert client.post(page).status_code == 409
    assert decided.archives.count() == 1
    with clock.set_to(make.NOON + timedelta(minutes=16)), TestCase.captureOnCommitCallbacks(execute=True):
        assert client.get(page).context["past"] == [(silent, True)]
        assert client.post(page).status_code == 302
    ready, silent = decided.archives.all()
    assert (ready.state, silent.state, bool(silent.file)) == ("ready", "failed", False)
    assert AuditEntry.objects.filter(action="call.archive_failed", actor=None).count() == 1
    assert client.get(address_of(silent)).status_code == 404
    told = person.notices.get(kind="archive_ready")
    assert told.url == page


def test_a_failure_is_said_kept_nowhere_and_can_be_run_again(decided, monkeypatch):
    person = make.user(Role.DIVISION_HEAD)
    archive = service.ask(call=decided, actor=person, language="fr")
    with monkeypatch.context() as patch:
        patch.setattr(exports_records, "tables_of_call", lambda: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            service.prepare_archive(archive.pk)
    archive.refresh_from_db()
    assert (archive.state, bool(archive.file), archive.sha256) == ("failed", False, "")
    service.prepare_archive(archive.pk)
    archive.refresh_from_db()
    assert archive.state == "ready"
    stored, sealed = archive.file.name, AuditEntry.objects.filter(action="call.archive_sealed").count()
    service.prepare_archive(archive.pk)  # sent twice: nothing more
    archive.refresh_from_db()
    assert (archive.file.name, AuditEntry.objects.filter(action="call.archive_sealed").count()) == (stored, sealed)


def test_a_week_later_the_file_is_gone_and_its_fingerprint_stays(client, decided):
    with clock.set_to(make.NOON):
        taken(client, decided)
    archive = decided.archives.get()
    name, storage = archive.file.name, archive.file.storage
    with clock.set_to(make.NOON + timedelta(days=7, seconds=-1)):
        assert (service.clear_archives(), storage.exists(name)) == (0, True)
    with clock.set_to(make.NOON + timedelta(days=7)), TestCase.captureOnCommitCallbacks(execute=True):
        assert service.clear_archives() == 1
    assert not storage.exists(name)
    assert client.get(address_of(archive)).status_code == 404
    archive.refresh_from_db()
    assert (archive.state, len(archive.sha256)) == ("expired", 64)


@pytest.mark.parametrize(
    "name, values",
    [
        ("one_archive_being_made", {}),
        ("ready_archive_has_file", {"state": "ready", "ended_at": make.NOON}),
        ("archive_ended_or_not", {"state": "failed"}),
    ],
)
def test_the_database_refuses_what_no_archive_can_be(name, values):
    call, person = make.call(), make.user(Role.DIVISION_HEAD)
    always = {"call": call, "asked_by": person, "asked_at": make.NOON, "moved_at": make.NOON, "language": "fr"}
    CallArchive.objects.create(**always)
    with pytest.raises(IntegrityError, match=name if "one_" not in name else "call_id|one_archive"):
        CallArchive.objects.create(**{**always, **values})
