"""The last minute before the deadline: 300 associations save and deposit against gunicorn and PostgreSQL; the database is the witness.

Run: ``.venv/bin/python benchmarks/rush.py [--people 300] [--seconds 60] [--seed 1]``. It starts its own PostgreSQL, which waits for
the disk, and gunicorn as in deploy/ (two workers of four threads), on the loopback; it ends by itself and leaves nothing. Every
fifth clicks twice, every seventh is signed in twice and does everything in both sessions, every tenth sends a second late. Tasks
run within the request, mails included: with a worker the deposit is shorter. Exits with 1 when a proof fails, 2 when it could not run.
"""

import argparse
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

import ground

ground.over_postgresql()

import django

django.setup()

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.urls import reverse
from witness import proofs

from applications.models import Call, Document
from applications.tests import builders
from applications.tests.factories import make_application, make_call, make_user
from clusters_portal.accounts.models import User
from clusters_portal.lib import clock

HERE = Path(__file__).resolve().parent
STEP, FIELD = "strategie", "strategy-overall"
PASSWORD = "mot-de-passe-de-la-derniere-minute"
AHEAD = 1  # seconds between the moment everybody is ready and the beginning of the window


def main() -> int:
    """Prepare, run, report, prove."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--people", type=int, default=300)
    asked.add_argument("--seconds", type=int, default=60, help="length of the window before the deadline")
    asked.add_argument("--seed", type=int, default=1)
    options = asked.parse_args()
    signal.signal(signal.SIGTERM, lambda *_signal: sys.exit(143))  # the servers end with it
    ground.migrate()
    call = make_call()
    entries = associations(call, options)
    say(f"{options.people} complete dossiers, {len(entries)} sessions")
    port, server = gunicorn()
    try:
        said = rush(call, entries, port, options)
    finally:
        ended(server)
    report(call, said, options)
    failed = 0
    for sentence, problems in proofs(call, said, STEP):
        failed += bool(problems)
        print(f"| {sentence} | {'yes' if not problems else '**NO**: ' + '; '.join(problems[:3])} |")
    return int(bool(failed))


def say(text):
    print(text, file=sys.stderr, flush=True)


def associations(call, options) -> list:
    """Complete dossiers, one representative each; the entries of the sessions that will send."""
    source, hashed, entries = random.Random(options.seed), make_password(PASSWORD), []
    first = None
    for index in range(options.people):
        user = make_user(f"mandataire{index:03d}@cluster.example")
        application = make_application(call=call, user=user, name=f"Cluster {index:03d}")
        builders.fill(application, actor=user, pieces=first is None)
        if first is None:
            first = application
        else:
            same_pieces(first, application)
        kinds = {"twice": index % 5 == 1, "late": index % 10 == 3}
        entry = {
            "email": user.email, "address": f"10.0.{index // 250}.{index % 250 + 1}", "session": 1, **kinds,
            "step": reverse("applications:step", args=[application.pk, STEP]),
            "declare": reverse("applications:declare", args=[application.pk]),
        }  # fmt: skip
        entries += [entry, entry | {"session": 2}] if index % 7 == 2 else [entry]
    User.objects.update(password=hashed)
    EmailAddress.objects.bulk_create(EmailAddress(user=u, email=u.email, verified=True, primary=True) for u in User.objects.all())
    source.shuffle(entries)
    return entries


def same_pieces(first, application):
    """The pieces of the first dossier, as rows of another: the files themselves are the same."""
    rows = list(first.documents.all())
    columns = [field.attname for field in Document._meta.concrete_fields if not field.primary_key]
    kept = [Document(**{name: getattr(row, name) for name in columns} | {"application_id": application.pk}) for row in rows]
    Document.objects.bulk_create(kept)


def gunicorn() -> tuple:
    """(port, process) of the server, answering."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "clusters_portal.wsgi", "--bind", f"127.0.0.1:{port}", "--log-level", "warning"]
    command += ["--worker-class", "gthread", "--workers", "2", "--threads", "4", "--timeout", "60"]
    process = subprocess.Popen(command, cwd=ground.ROOT, env={**os.environ, "TRUSTED_PROXY_COUNT": "1"})
    for _try in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return port, process
        if process.poll() is not None:
            raise SystemExit("gunicorn did not start")
        time.sleep(0.1)
    raise SystemExit("gunicorn did not answer within thirty seconds")


def ended(process):
    process.send_signal(signal.SIGTERM)
    process.wait(timeout=60)


def rush(call, entries, port, options) -> list:
    """Everything the crowd sent and was answered; the deadline is set once everybody is signed in."""
    plan = {
        "port": port,
        "login": reverse("account_login"),
        "password": PASSWORD,
        "field": FIELD,
        "seconds": options.seconds,
        "people": entries,
    }
    crowd = subprocess.Popen([sys.executable, HERE / "crowd.py"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        crowd.stdin.write(json.dumps(plan) + "\n")
        crowd.stdin.flush()
        if crowd.stdout.readline().strip() != "ready":
            raise SystemExit("the crowd could not sign in")
        call.deadline_at = clock.now().replace(microsecond=0) + timedelta(seconds=AHEAD + options.seconds)
        Call.objects.filter(pk=call.pk).update(deadline_at=call.deadline_at)
        say(f"everybody is signed in; the deadline is {clock.format_moment(call.deadline_at, 'en')}")
        answer, _errors = crowd.communicate(f"{call.deadline_at.timestamp()}\n", timeout=options.seconds + 300)
        return json.loads(answer)
    finally:
        if crowd.poll() is None:
            crowd.kill()


def report(call, said, options):
    """Throughput, times and answers, as a Markdown table."""
    begun, over = min(row["sent"] for row in said), max(row["sent"] + row["seconds"] for row in said)
    print(f"{options.people} associations, {len(said)} requests in {over - begun:.0f} s: {len(said) / (over - begun):.1f} per second\n")
    print("| Request | sent | p50, s | p95, s | p99, s | longest, s | answers |\n|---|---|---|---|---|---|---|")
    for kind in ("page", "save", "deposit"):
        rows = [row for row in said if row["kind"] == kind]
        times = sorted(row["seconds"] for row in rows)
        found = (f"{times[min(len(times) * rank // 100, len(times) - 1)]:.2f}" for rank in (50, 95, 99, 100))
        answers = ", ".join(f"{count} × {status}" for status, count in sorted(Counter(row["status"] for row in rows).items()))
        print(f"| {kind} | {len(rows)} | {' | '.join(found)} | {answers} |")
    deadline = call.deadline_at.timestamp()
    waited = [row for row in said if row["kind"] == "deposit" and row["sent"] <= deadline and row["status"] == 409]
    print(f"\nSent before the deadline and refused, the dossier being deposited already by another click or session: {len(waited)}")
    print("\n| Proof, by the database | |\n|---|---|")


if __name__ == "__main__":
    sys.exit(main())
