"""A backup is a folder: the database, the private files, and a manifest by which a restore is proven.

The database is written first, then the files: files are only ever added or taken out, so every file the copied rows name is
still there a moment later, or its absence is written in the manifest.
"""

import json
import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import connection, transaction

from ..audit import journal, triggers
from ..audit.models import AuditSeal
from ..lib import clock
from ..lib.uploads import hash_stream

FORMAT = "clusters-portal/backup/1"
MANIFEST, FILES = "manifest.json", "files"
DUMPS = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}


class BackupFault(Exception):
    """`str()` says what is wrong, in words."""


def make(folder: Path) -> dict:
    """Write a backup into `folder`, which must not exist yet; returns the manifest. Raises BackupFault."""
    if folder.exists():
        raise BackupFault(f"{folder} exists already: a backup is never written over another.")
    part = folder.with_name(f"{folder.name}.unfinished")  # a backup that broke off is never taken for one
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True, mode=0o700)
    while journal.seal():
        pass
    dump = part / DUMPS[connection.vendor]
    facts = _dump(dump)
    manifest = {
        "format": FORMAT,
        "made_at": clock.now().isoformat(),
        "database": connection.vendor,
        "dump": dump.name,
        "dump_sha256": _sha256(dump),
        **facts,
        "files": {name: _copy_out(name, part / FILES / name) for name in sorted(stored_files())},
    }
    (part / MANIFEST).write_text(json.dumps(manifest, indent=1, sort_keys=True, ensure_ascii=False), encoding="utf-8")
    part.rename(folder)
    return manifest


def read(folder: Path) -> dict:
    """The manifest of a backup whose every part is whole. Raises BackupFault with the first that is not."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise BackupFault(f"{folder} holds no finished backup: there is no readable {MANIFEST}.") from None
    if manifest.get("format") != FORMAT:
        raise BackupFault(f"{folder} is no backup of this portal.")
    parts = {manifest["dump"]: manifest["dump_sha256"], **{f"{FILES}/{name}": digest for name, digest in manifest["files"].items()}}
    for name, digest in parts.items():
        if not (folder / name).is_file():
            raise BackupFault(f"{name} is missing from the backup.")
        if _sha256(folder / name) != digest:
            raise BackupFault(f"{name} is not what it was when the backup was made.")
    return manifest


def put_back(folder: Path) -> dict:
    """Replace the database and add the files of a backup, then compare; returns the manifest. Raises BackupFault.

    What the database held is lost: the command asks first. Files that the backup does not know are left where they are.
    """
    manifest = read(folder)
    if manifest["database"] != connection.vendor:
        raise BackupFault(f"The backup is of {manifest['database']}, DATABASE_URL is of {connection.vendor}.")
    _load(folder / manifest["dump"])
    for name in manifest["files"]:
        _copy_in(folder / FILES / name, name)
    faults = differences(manifest)
    if faults:
        raise BackupFault("Restored, but not the same: " + " ".join(faults))
    return manifest


def differences(manifest: dict) -> list[str]:
    """How the running portal differs from a manifest, one sentence each: counts, head of the journal, its chain, guards, files."""
    found, facts = [], facts_of_database()
    for table, count in manifest["counts"].items():
        if facts["counts"].get(table) != count:
            found.append(f"{table} has {facts['counts'].get(table)} rows, the backup {count}.")
    if facts["journal"] != manifest["journal"]:
        found.append(f"The journal ends with {facts['journal']}, the backup with {manifest['journal']}.")
    found += [sentence for sentence in (journal.first_fault(),) if sentence]
    found += [f"{table} is not guarded." for table in sorted({table for table, _kind in triggers.missing(connection)})]
    for name, digest in manifest["files"].items():
        if not default_storage.exists(name):
            found.append(f"{name} is missing.")
        elif _sha256_of_stored(name) != digest:
            found.append(f"{name} is not the same.")
    return found


def facts_of_database() -> dict:
    """{"counts": {table: rows}, "journal": hash of its last seal}, of the running portal."""
    with transaction.atomic(), connection.cursor() as cursor:
        return _facts(lambda sql: (cursor.execute(sql), cursor.fetchone())[1])


def _facts(row_of) -> dict:
    tables = sorted(model._meta.db_table for model in apps.get_models(include_auto_created=True) if kept(model))
    last = row_of(f"SELECT hash FROM {AuditSeal._meta.db_table} ORDER BY id DESC LIMIT 1")
    return {"counts": {table: row_of(f'SELECT count(*) FROM "{table}"')[0] for table in tables}, "journal": last[0] if last else ""}


def kept(model) -> bool:
    """Sessions come and go while a backup is made."""
    return model._meta.managed and not model._meta.proxy and model._meta.app_label not in ("sessions", "usersessions")


def stored_files(folder: str = "") -> list[str]:
    """Names of every private file, on a disk or on S3."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:  # nothing was ever uploaded
        return []
    prefix = f"{folder}/" if folder else ""
    return [f"{prefix}{name}" for name in files if name] + [name for each in folders if each for name in stored_files(f"{prefix}{each}")]


def _dump(target: Path) -> dict:
    """Write the copy; returns the facts of what is in it, not of what people have added since."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(target)])
        with closing(sqlite3.connect(target)) as copy:
            return _facts(lambda sql: copy.execute(sql).fetchone())
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SELECT pg_export_snapshot()")
        (snapshot,) = cursor.fetchone()
        _postgresql("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={target}")
        return _facts(lambda sql: (cursor.execute(sql), cursor.fetchone())[1])


def _load(source: Path) -> None:
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "postgresql":
        connection.close()
        _postgresql("pg_restore", "--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction", str(source), into=True)
        return
    connection.close()
    for leftover in (f"{name}-wal", f"{name}-shm"):
        Path(leftover).unlink(missing_ok=True)
    fresh = Path(f"{name}.restored")
    shutil.copyfile(source, fresh)
    with closing(sqlite3.connect(fresh)) as check:
        if check.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise BackupFault("The copy of the database is damaged.")
    fresh.replace(name)


def _postgresql(program: str, *arguments, into: bool = False) -> None:
    """One of PostgreSQL's own programs, on the database of DATABASE_URL. The password goes by the environment, where `ps` shows nothing."""
    at = connection.settings_dict
    names = {"PGHOST": at["HOST"], "PGPORT": at["PORT"], "PGUSER": at["USER"], "PGPASSWORD": at["PASSWORD"], "PGDATABASE": at["NAME"]}
    environment = {**os.environ, **{name: str(value) for name, value in names.items() if value}}
    target = [f"--dbname={at['NAME']}"] if into else []
    try:
        done = subprocess.run([program, *target, *arguments], env=environment, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise BackupFault(f"{program} was not found: apt-get install postgresql-client.") from None
    if done.returncode:
        raise BackupFault(f"{program} failed: {done.stderr.strip()[:1000]}")


def _copy_out(name: str, target: Path) -> str:
    target.parent.mkdir(parents=True, exist_ok=True)
    with default_storage.open(name) as source, open(target, "wb") as copy:
        shutil.copyfileobj(source, copy, 1024 * 1024)
    return _sha256(target)


def _copy_in(source: Path, name: str) -> None:
    if default_storage.exists(name):
        if _sha256_of_stored(name) == _sha256(source):
            return
        default_storage.delete(name)
    with open(source, "rb") as file:
        stored = default_storage.save(name, File(file))
    if stored != name:
        raise BackupFault(f"{name} was stored as {stored}.")


def _sha256(path: Path) -> str:
    with open(path, "rb") as file:
        return hash_stream(file)


def _sha256_of_stored(name: str) -> str:
    with default_storage.open(name) as file:
        return hash_stream(file)


def default_folder() -> Path:
    return Path(settings.DATA_DIR) / "backups" / f"{clock.now():%Y%m%dT%H%M%SZ}"
