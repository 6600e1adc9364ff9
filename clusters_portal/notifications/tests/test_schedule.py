"""`manage.py tick`: every entry at its time, once, whoever else is ticking."""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier, Thread

import pytest
from celery import current_app, shared_task
from celery.schedules import crontab
from django.conf import settings as portal
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection

from clusters_portal.lib import clock
from clusters_portal.notifications.models import OutgoingMail, ScheduledRun
from clusters_portal.notifications.schedule import run_due

pytestmark = pytest.mark.django_db
START = datetime(2026, 7, 20, 10, 0, 2, tzinfo=UTC)
RUNS = []


@shared_task(name="tests.noted")
def noted(word="ran"):
    RUNS.append(word)


@shared_task(name="tests.failing")
def failing():
    raise RuntimeError("a task that fails")


@pytest.fixture
def schedule():
    RUNS.clear()
    entries = {
        "minute": {"task": "tests.noted", "schedule": timedelta(minutes=1), "args": ("minute",)},
        "night": {"task": "tests.noted", "schedule": crontab(hour=2, minute=30), "args": ("night",)},
    }
    kept, current_app.conf.beat_schedule = current_app.conf.beat_schedule, entries
    yield entries
    current_app.conf.beat_schedule = kept


def tick(moment):
    with clock.set_to(moment):
        return list(run_due())


# --- When -----------------------------------------------------------------------------------------------------------
def test_everything_runs_the_first_time_then_each_at_its_time(schedule):
    assert tick(START) == [("minute", True), ("night", True)]
    assert tick(START + timedelta(seconds=30)) == []
    assert tick(START + timedelta(seconds=59.5)) == [("minute", True)]  # cron was half a second early
    night = datetime(2026, 7, 21, 2, 29, 59, tzinfo=UTC)
    assert tick(night) == [("minute", True)]
    assert tick(night + timedelta(seconds=1)) == [("minute", True), ("night", True)]
    assert tick(night + timedelta(seconds=70)) == [("minute", True)]
    assert RUNS.count("night") == 2


def test_a_night_that_was_missed_is_made_up_for_once(schedule):
    tick(START)
    late = datetime(2026, 7, 24, 9, tzinfo=UTC)
    assert ("night", True) in tick(late)
    assert ("night", True) not in tick(late + timedelta(minutes=1))


def test_a_task_that_fails_keeps_no_other_from_running(schedule):
    schedule["broken"] = {"task": "tests.failing", "schedule": timedelta(minutes=5)}
    schedule["unknown"] = {"task": "tests.nowhere", "schedule": timedelta(minutes=5)}
    schedule["last"] = {"task": "tests.noted", "schedule": timedelta(minutes=5), "args": ("last",)}
    assert dict(tick(START)) == {"minute": True, "night": True, "broken": False, "unknown": False, "last": True}
    ScheduledRun.objects.all().delete()
    with pytest.raises(CommandError, match="broken, unknown"):
        call_command("tick", verbosity=0)


@pytest.mark.django_db(transaction=True)
def test_two_ticks_at_once_run_each_entry_once(schedule):
    gate, done = Barrier(2), []

    def work():
        try:
            gate.wait(10)
            done.extend(tick(START))
        finally:
            connection.close()

    threads = [Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(done) == [("minute", True), ("night", True)]
    assert sorted(RUNS) == ["minute", "night"]


# --- What -----------------------------------------------------------------------------------------------------------
def test_every_entry_of_the_schedule_names_a_task_that_exists():
    current_app.loader.import_default_modules()
    names = {entry["task"] for entry in current_app.conf.beat_schedule.values()}
    assert names <= set(current_app.tasks)
    assert {"notifications.send_waiting", "applications.send_reminders", "applications.rescan_documents", "audit.seal"} <= names


def test_a_tick_sends_what_waits_and_clears_what_expired(mailoutbox, capsys):
    OutgoingMail.objects.create(recipient="a@example.com", subject="Objet", body="Texte")
    Session.objects.create(session_key="x" * 32, session_data="", expire_date=START)
    call_command("tick")
    assert [mail.to for mail in mailoutbox] == [["a@example.com"]]
    assert Session.objects.count() == 0
    assert "mails: done" in capsys.readouterr().out


# --- Beside a server --------------------------------------------------------------------------------------------------
def is_there(pid) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite" or not Path("/proc/self/stat").exists(), reason="copies a file, reads /proc")
def test_beside_a_server_it_ends_with_it(tmp_path):
    """A shell starts the tick and becomes another program, as scripts/run.sh does; when that is killed, the tick goes."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(tmp_path / "tick.sqlite3")])
    env = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{tmp_path / 'tick.sqlite3'}",
        "DATA_DIR": str(tmp_path),
        "DEBUG": "1",
        "DJANGO_SETTINGS_MODULE": "clusters_portal.settings",
    }
    manage = f"{sys.executable} {portal.BASE_DIR / 'manage.py'}"
    script = f"{manage} tick --beside $$ --verbosity 0 & echo $! && exec sleep 300"
    server = subprocess.Popen(["bash", "-c", script], env=env, stdout=subprocess.PIPE, text=True)
    try:
        ticking = int(server.stdout.readline())
        time.sleep(2)
        assert is_there(ticking)
        server.send_signal(signal.SIGKILL)
        server.wait(10)
        deadline = time.monotonic() + 20
        while is_there(ticking) and time.monotonic() < deadline:
            time.sleep(0.2)
        assert not is_there(ticking)
    finally:
        server.kill()
