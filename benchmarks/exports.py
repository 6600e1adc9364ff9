"""The work list of 10,000 applications as XLSX and CSV, as it is streamed: first byte, total, peak memory, ratio to a bare write.

Run: ``.venv/bin/python benchmarks/exports.py [applications]``. Targets: first byte within 1 s, 200 MB at most. It writes its
rows in a database of its own, in memory, and leaves nothing behind.
"""

import os
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
FOLDER = tempfile.TemporaryDirectory()
os.environ |= {"DEBUG": "1", "DATABASE_URL": f"sqlite:///{FOLDER.name}/bench.sqlite3", "DATA_DIR": FOLDER.name}
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clusters_portal.settings")

import django

django.setup()

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management import call_command

from applications.exports.worklist import csv_of, xlsx_of
from applications.filters import received_by
from applications.models import Application, Association, Call, Deposit
from applications.queries.desk import with_desk
from clusters_portal.accounts.models import User
from clusters_portal.accounts.roles import Role

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
AT_ONCE = 1000


def build(count: int) -> User:
    """`count` deposited applications, and the head of division who reads them."""
    settings.MIGRATION_MODULES = {app.label: None for app in apps.get_app_configs()}  # the tables alone: their history takes minutes
    call_command("migrate", run_syncdb=True, verbosity=0)
    person = User.objects.create_user("bench@example.org", first_name="Bench", last_name="Mark")
    person.groups.add(Group.objects.get_or_create(name=str(Role.DIVISION_HEAD))[0])
    call = Call.objects.create(
        slug="bench", number_prefix="BE", year=2026, title_fr="Banc d'essai", summary_fr="…", audience_fr="…", process_fr="…",
        contact_service_fr="DPTC", contact_address_fr="Rabat", base_year=2027, published_at=NOON, opens_at=NOON,
        deadline_at=datetime(2026, 7, 28, 14, tzinfo=UTC),
    )  # fmt: skip
    for start in range(0, count, AT_ONCE):
        numbers = range(start, min(start + AT_ONCE, count))
        associations = Association.objects.bulk_create(Association(name_fr=f"Cluster {n:05d}", name_ar=f"قطب {n:05d}") for n in numbers)
        made = Application.objects.bulk_create(
            Application(call=call, association=association, status="deposited", number=f"BE-{n:05d}", deposited_at=NOON, created_by=person)
            for n, association in zip(numbers, associations, strict=True)
        )
        Deposit.objects.bulk_create(
            Deposit(
                application=application, sequence=1, number=application.number, received_at=NOON, deadline_at=call.deadline_at,
                deposited_by=person, snapshot="{}", sha256="0" * 64, name_fr=application.association.name_fr,
                name_ar=application.association.name_ar, region=f"MA-{index % 12 + 1:02d}", nma_section="CDEJ"[index % 4],
            )
            for index, application in enumerate(made)
        )  # fmt: skip
    return person


def streamed(chunks) -> tuple[float, float, int]:
    """(seconds to the first byte, seconds in all, bytes) of what leaves."""
    started, first, size = time.perf_counter(), None, 0
    for chunk in chunks:
        first = first or time.perf_counter() - started
        size += len(chunk)
    return first or 0.0, time.perf_counter() - started, size


def main():
    """Print one line per format, and the memory."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    person = build(count)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    bare_start = time.perf_counter()
    bare_rows = sum(1 for _row in Deposit.objects.values_list("number", "name_fr", "region").iterator())
    bare = time.perf_counter() - bare_start
    print(f"{count} applications, {bare_rows} rows read bare in {bare:.3f} s")
    for name, make in (("csv", csv_of), ("xlsx", xlsx_of)):
        deposits = with_desk(received_by(person).order_by("number"), person)
        first, total, size = streamed(make(deposits, language="fr"))
        verdict = "ok" if first <= 1 else "TOO LATE"
        print(f"{name:5} first byte {first:.2f} s   (target 1 s)   {verdict}")
        print(f"      total {total:.2f} s   ratio {total / bare:.0f}   {size / 1e6:.1f} MB sent")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory {peak:.0f} MB, {peak - before:.0f} MB more than before   (target 200 MB)   {'ok' if peak <= 200 else 'TOO LARGE'}")


if __name__ == "__main__":
    main()
