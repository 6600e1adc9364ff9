"""The last minute before the deadline in small, against a real server: benchmarks/rush.py proves by the database, on PostgreSQL."""

import os
import subprocess
import sys

import pytest
from django.db import connection

from tests.migrated import template_database

pytestmark = pytest.mark.django_db(databases=["default"])


@pytest.fixture
def database():
    """The address of a migrated database of its own."""
    if connection.vendor != "postgresql":
        pytest.skip("the rush runs on PostgreSQL")
    name = f"portal_rush_{os.getpid()}"
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template_database()}"')
    yield os.environ["DATABASE_URL"].rsplit("/", 1)[0] + f"/{name}"
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def test_a_small_rush_loses_nothing_and_accepts_nothing_late(database, project_root):
    command = [sys.executable, "benchmarks/rush.py", "--people", "8", "--seconds", "4"]
    environment = {name: value for name, value in os.environ.items() if name not in ("DATA_DIR", "HTTPS", "REDIS_URL")}
    run = subprocess.run(
        command, cwd=project_root, env=environment | {"DATABASE_URL": database}, capture_output=True, text=True, timeout=300
    )
    proven = [line for line in run.stdout.splitlines() if line.endswith("| yes |")]
    assert (run.returncode, len(proven)) == (0, 10), run.stdout + run.stderr[-3000:]
