"""Back up, destroy, restore, prove: with the programs people use, on the database the tests run on."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as portal
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection

from clusters_portal.accounts.models import User
from clusters_portal.audit import journal
from clusters_portal.operations import backups
from clusters_portal.operations.backups import BackupFault

pytestmark = pytest.mark.django_db(transaction=True)
ELSEWHERE = "portal_restored"


@pytest.fixture
def contents(settings, tmp_path):
    """Two people, three entries of the journal, two files, one with an Arabic name."""
    location = tmp_path / "data" / "files"
    storage = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": location, "base_url": None}}
    settings.STORAGES = {**settings.STORAGES, "default": storage}
    people = [User.objects.create_user(f"{name}@example.com", "motdepasse-essai") for name in ("salma", "karim")]
    for person in (*people, people[0]):
        journal.record("thing.made", person, actor=person, note="n° 1")
    default_storage.save("documents/a/statuts.pdf", ContentFile(b"%PDF-1.7 statutes"))
    default_storage.save("documents/b/النظام.pdf", ContentFile(b"%PDF-1.7 rules"))
    return tmp_path


@pytest.fixture
def elsewhere(contents):
    """Runs manage.py on an empty database and an empty folder: a new machine."""
    data = contents / "restored"
    data.mkdir()
    if connection.vendor == "postgresql":
        _on_server(f"DROP DATABASE IF EXISTS {ELSEWHERE}", f"CREATE DATABASE {ELSEWHERE}")
        at = connection.settings_dict
        url = f"postgres://{at['USER']}@/{at['HOST']}/{ELSEWHERE}"
    else:
        url = f"sqlite:///{data / 'portal.sqlite3'}"

    def run(*arguments):
        environment = {"PATH": os.environ["PATH"], "DEMO_MODE": "1", "DATABASE_URL": url, "DATA_DIR": str(data)}
        command = [sys.executable, "manage.py", *map(str, arguments)]
        return subprocess.run(command, cwd=portal.BASE_DIR, env=environment, capture_output=True, text=True, check=False)

    run.data = data
    yield run
    if connection.vendor == "postgresql":
        _on_server(f"DROP DATABASE {ELSEWHERE} WITH (FORCE)")


def _on_server(*statements):
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def test_what_was_destroyed_is_back_and_proven(contents, elsewhere):
    folder = contents / "backup"
    manifest = backups.make(folder)
    assert (manifest["counts"]["accounts_user"], manifest["counts"]["audit_auditentry"], manifest["counts"]["audit_auditseal"]) == (2, 3, 3)
    assert sorted(manifest["files"]) == ["documents/a/statuts.pdf", "documents/b/النظام.pdf"]

    done = elsewhere("restore", folder, "--replace")
    assert (done.returncode, done.stdout.startswith("Restored and verified: ")) == (0, True), done.stderr
    assert (elsewhere.data / "files/documents/b/النظام.pdf").read_bytes() == b"%PDF-1.7 rules"
    checked = elsewhere("verify_journal")
    assert (checked.returncode, checked.stdout.strip()) == (0, "Journal intact: 3 entries."), checked.stderr

    # Destroyed: the files are gone and the people's names are changed. The same backup puts both right.
    shutil.rmtree(elsewhere.data / "files")
    program = (
        "from clusters_portal.accounts.models import User; User.objects.update(last_name='x'); User.objects.create_user('z@example.com')"
    )
    assert elsewhere("shell", "--no-imports", "-c", program).returncode == 0
    done = elsewhere("restore", folder, "--replace")
    assert done.returncode == 0, done.stderr
    program = "from clusters_portal.accounts.models import User; print(*User.objects.order_by('email').values_list('email', 'last_name'))"
    assert elsewhere("shell", "--no-imports", "-c", program).stdout.strip() == "('karim@example.com', '') ('salma@example.com', '')"


def test_restore_asks_first(contents, elsewhere):
    backups.make(contents / "backup")
    done = elsewhere("restore", contents / "backup")
    assert (done.returncode, "--replace" in done.stderr, list(elsewhere.data.iterdir())) == (1, True, [])


@pytest.mark.parametrize("harm", ["file changed", "file missing", "dump changed", "manifest missing"])
def test_damaged_backup_is_refused_by_name(contents, harm):
    folder = contents / "backup"
    manifest = backups.make(folder)
    part = {"file changed": "files/documents/a/statuts.pdf", "file missing": "files/documents/a/statuts.pdf",
            "dump changed": manifest["dump"], "manifest missing": "manifest.json"}[harm]  # fmt: skip
    if "missing" in harm:
        (folder / part).unlink()
    else:
        (folder / part).write_bytes(b"x")
    with pytest.raises(BackupFault, match=Path(part).name):
        backups.read(folder)


def test_backup_is_never_written_over_another(contents):
    folder = contents / "backup"
    backups.make(folder)
    before = (folder / "manifest.json").read_text()
    with pytest.raises(BackupFault, match="exists already"):
        backups.make(folder)
    assert (folder / "manifest.json").read_text() == before


def test_differences_are_named(contents):
    manifest = backups.make(contents / "backup")
    assert backups.differences(manifest) == []
    default_storage.delete("documents/a/statuts.pdf")
    User.objects.create_user("third@example.com")
    altered = json.loads(json.dumps(manifest)) | {"journal": "0" * 64}
    found = backups.differences(altered)
    assert [sentence.split(" ")[0] for sentence in found] == ["accounts_user", "The", "documents/a/statuts.pdf"]
