"""What the benchmarks of pages and of the rush stand on: a PostgreSQL of their own, thrown away, and the portal set up over it."""

import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
FOLDER = tempfile.TemporaryDirectory(prefix="portal-benchmark-")


def over_postgresql() -> None:
    """Set the portal up over PostgreSQL, as in production but for HTTPS and the second factor.

    Without a server in DATABASE_URL the script is started again under one made for it (`scripts/test_postgres.sh`), which
    writes to the disk for real: what waits in production waits here.
    """
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        os.environ["DURABLE"] = "1"
        os.execv(ROOT / "scripts" / "test_postgres.sh", ["test_postgres.sh", sys.executable, *sys.argv])
    os.environ |= {"DJANGO_SETTINGS_MODULE": "clusters_portal.settings", "DATA_DIR": FOLDER.name, "DEBUG": "0", "DEMO_MODE": "1"}
    Path(FOLDER.name, "static").mkdir()  # WhiteNoise complains about a folder that is not there


def migrate() -> None:
    """The tables of an empty database; one that has them is left as it is."""
    from django.core.management import call_command  # noqa: PLC0415 (Django is set up by now)
    from django.db import connection  # noqa: PLC0415

    if "applications_call" not in connection.introspection.table_names():
        call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
