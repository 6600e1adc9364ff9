"""The test database is migrated once, then copied: by every process of a run, and by the next runs while no migration changes.

On SQLite the copy is a file under ``.pytest_cache``; on PostgreSQL a template database of the same server.
"""

import fcntl
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import django
from django.db import connections

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".pytest_cache" / "migrated"


def fingerprint() -> str:
    """Of everything a migrated database comes from: our migrations, the guards they end with, and the versions of others'."""
    migrations = [*sorted(ROOT.glob("*/migrations/*.py")), *sorted(ROOT.glob("*/*/migrations/*.py"))]
    sources = [*migrations, ROOT / "clusters_portal" / "audit" / "triggers.py", ROOT / "requirements.txt"]
    content = [sys.version, django.get_version(), *(f"{path.relative_to(ROOT)}\0{path.read_text()}" for path in sources)]
    return sha256("\0".join(content).encode()).hexdigest()[:16]


@contextmanager
def one_at_a_time():
    FOLDER.mkdir(parents=True, exist_ok=True)
    with open(FOLDER / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def migrate(database_url):
    environment = {**os.environ, "DATABASE_URL": database_url, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], cwd=ROOT, env=environment, check=True)


def copy_file(target):
    """Put a migrated SQLite database at `target`."""
    with one_at_a_time():
        kept = FOLDER / f"{fingerprint()}.sqlite3"
        if not kept.exists():
            for old in FOLDER.glob("*.sqlite3*"):
                old.unlink()
            being_made = kept.with_suffix(".sqlite3-new")
            migrate(f"sqlite:///{being_made}")
            being_made.rename(kept)
        shutil.copyfile(kept, target)


def template_database() -> str:
    """The name of a migrated database of this PostgreSQL server, made when it is not there."""
    name = f"portal_migrated_{fingerprint()}"
    connection = connections["default"]
    with one_at_a_time(), connection._nodb_cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if cursor.fetchone() is None:
            cursor.execute(f'CREATE DATABASE "{name}_new"')
            migrate(os.environ["DATABASE_URL"].rsplit("/", 1)[0] + f"/{name}_new")
            cursor.execute(f'ALTER DATABASE "{name}_new" RENAME TO "{name}"')
    return name


def prepare() -> bool:
    """Before the runner makes its database: True when it is there already (SQLite), else it is told from which one to copy it."""
    connection = connections["default"]
    test = connection.settings_dict["TEST"]
    if connection.vendor == "sqlite":
        copy_file(test["NAME"])
        return True
    test["TEMPLATE"] = template_database()
    return False
