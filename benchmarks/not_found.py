"""How long the portal takes to answer « not found », for a dossier that is not yours against one that does not exist.

    DEMO_MODE=1 DATABASE_URL=… .venv/bin/python benchmarks/not_found.py [rounds]

Asks in turn, in one process and on the demonstration's data, as somebody with an account and no right to the dossier. Prints the
ratio of the medians for each address: near 1.00, a stopwatch tells nothing. That both take as many queries is tested in
tests/test_rights.py; this is what is left, and no test is timed.
"""

import os
import statistics
import sys
import time
import uuid
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clusters_portal.settings")

import django

django.setup()

import logging

from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from applications.models import Application, Document

ADDRESSES = (
    "applications:task_list",
    "applications:reading",
    "applications:receipt",
    "evaluation:dossier",
    "applications:document_download",
)


def timed(client, path) -> float:
    """Milliseconds of CPU for one answer, which must be « not found »."""
    begun = time.process_time()
    status = client.get(path).status_code
    taken = (time.process_time() - begun) * 1000
    if status != 404:
        sys.exit(f"{path} answered {status}: the reader must have no right to it")
    return taken


def main(rounds):
    logging.disable(logging.CRITICAL)
    stranger = (
        get_user_model().objects.filter(groups=None, is_staff=False).exclude(collaborations__application__number__isnull=False).first()
    )
    application = Application.objects.exclude(number=None).filter(documents__isnull=False).first()
    if stranger is None or application is None:
        sys.exit("The demonstration's data are missing: run scripts/prepare.py with DEMO_MODE=1 first")
    client = Client(headers={"host": "localhost"})
    client.force_login(stranger)
    document = Document.objects.filter(application=application).first()
    print(f"{'address':36} {'forbidden':>10} {'absent':>10} {'ratio':>7}   (median of {rounds}, ms of CPU)")
    for name in ADDRESSES:
        real = document.pk if name.endswith("document_download") else application.pk
        forbidden, absent = [], []
        for _round in range(rounds):
            forbidden.append(timed(client, reverse(name, args=[real])))
            absent.append(timed(client, reverse(name, args=[uuid.uuid4()])))
        first, second = statistics.median(forbidden), statistics.median(absent)
        print(f"{name:36} {first:10.2f} {second:10.2f} {first / second:7.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
