"""The settings, started as a fresh process with each environment: what they accept, and the sentence of what they refuse."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
KEY = "a-long-random-key-of-production-that-nobody-else-knows-0123456789"


@pytest.fixture
def manage(tmp_path):
    """``manage("check", SECRET_KEY="…")`` runs manage.py with that environment and nothing else of the portal's."""

    def run(*arguments, **environment):
        environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path / "var"), **environment}
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60)

    return run


@pytest.fixture
def redis_url(tmp_path):
    """A Redis of our own on a free port, stopped at the end."""
    server = shutil.which("redis-server")
    assert server, "redis-server was not found: apt-get install redis-server"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [server, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)], stdout=subprocess.DEVNULL
    )
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.05)
    yield f"redis://127.0.0.1:{port}/0"
    process.terminate()
    process.wait(timeout=10)


def test_production_refuses_the_development_key(manage):
    done = manage("check")
    assert done.returncode != 0
    assert "SECRET_KEY is not set" in done.stderr


def test_production_settings_pass_the_deployment_check(manage):
    done = manage(
        "check", "--deploy", "--fail-level", "WARNING", SECRET_KEY=KEY, DEBUG="0", DEMO_MODE="0", ALLOWED_HOSTS="clusters.example"
    )
    assert (done.returncode, done.stdout.strip()) == (0, "System check identified no issues (0 silenced)."), done.stderr


def test_demonstration_needs_no_key(manage):
    assert manage("check", DEMO_MODE="1").returncode == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", "perhaps"),
        ("DATABASE_URL", "oracle-of-delphi"),
        ("HSTS_SECONDS", "long"),
        ("CLAMD_URL", "localhost:3310"),
        ("SECURITY_CONTACT", "securite@clusters.example"),
        ("SESSION_MAX_HOURS", "a day"),
    ],
)
def test_bad_value_stops_the_start(manage, name, value):
    assert manage("check", **{"SECRET_KEY": KEY, name: value}).returncode != 0


def test_migrations_match_the_models(manage):
    done = manage("makemigrations", "--check", "--dry-run", DEMO_MODE="1")
    assert done.returncode == 0, done.stdout


def test_redis_url_switches_cache_and_broker(manage, redis_url):
    program = (
        "from django.core.cache import cache; from django.conf import settings; cache.set('k', 'v');"
        "print(cache.get('k'), settings.CELERY_TASK_ALWAYS_EAGER, settings.CELERY_BROKER_URL)"
    )
    done = manage("shell", "--no-imports", "-c", program, DEMO_MODE="1", REDIS_URL=redis_url)
    assert done.stdout.split() == ["v", "False", redis_url], done.stderr


def test_line_of_a_worker_bears_the_request_that_asked_for_the_task(manage, redis_url, tmp_path):
    """Through a real broker and a real worker, as JSON."""
    program = (
        "import structlog; from clusters_portal.operations.tasks import heartbeat\n"
        "with structlog.contextvars.bound_contextvars(request_id='the-request'): heartbeat.delay()"
    )
    values = {"DEMO_MODE": "1", "REDIS_URL": redis_url, "LOG_LEVEL": "INFO"}
    done = manage("shell", "--no-imports", "-c", program, **values)
    assert done.returncode == 0, done.stderr
    log = tmp_path / "worker.log"
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path / "var"), **values}
    command = [sys.executable, "-m", "celery", "-A", "clusters_portal", "worker", "--loglevel", "INFO", "--pool", "solo"]
    with open(log, "w") as out:
        worker = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=out)
        try:
            started = next(filter(None, (_line_of(log, "task_started") for _ in range(600))), None)
        finally:
            worker.terminate()
            worker.wait(timeout=30)
    assert started, log.read_text()
    assert (started["task"], started["request_id"], started["level"]) == ("operations.heartbeat", "the-request", "info")


def _line_of(log, event):
    """The JSON line of that event, None (after a moment) while it is not there."""
    found = [json.loads(line) for line in log.read_text().splitlines() if f'"{event}"' in line]
    if not found:
        time.sleep(0.1)
    return found[0] if found else None


def test_time_of_morocco_follows_the_law_of_september_2026(manage):
    """UTC+0 since 20 September 2026, whatever the age of the system's own table."""
    program = (
        "import datetime, zoneinfo; zone = zoneinfo.ZoneInfo('Africa/Casablanca');"
        "print(*[datetime.datetime(2026, month, 28, 12, tzinfo=zone).utcoffset().seconds for month in (7, 11)])"
    )
    done = manage("shell", "--no-imports", "-c", program, DEMO_MODE="1", PYTHONTZPATH="/usr/share/zoneinfo")
    assert done.stdout.split() == ["3600", "0"], done.stderr


def test_logs_are_json_lines_in_utc_from_the_chosen_level(manage):
    program = "import structlog; log = structlog.get_logger('x'); log.info('quiet'); log.warning('loud', dossier=7)"
    done = manage("shell", "--no-imports", "-c", program, DEMO_MODE="1")
    line = json.loads(done.stderr)
    assert (line["event"], line["level"], line["dossier"], line["timestamp"][-1]) == ("loud", "warning", 7, "Z")


def names_read() -> set[str]:
    """Every name settings.py asks of the environment."""
    text = (ROOT / "clusters_portal" / "settings.py").read_text(encoding="utf-8")
    return set(re.findall(r"\b(?:env\.\w+|flag)\(['\"]([A-Z0-9_]+)['\"]", text))


def test_template_of_the_environment_names_what_the_settings_read_and_nothing_else():
    lines = (ROOT / "deploy" / "portal.env").read_text(encoding="utf-8").splitlines()
    given = [line.partition("=")[0] for line in lines if line and not line.startswith("#")]
    assert len(given) == len(set(given)) > 20
    assert set(given) == names_read()


def test_template_of_the_environment_starts_a_portal_that_passes_the_deployment_check(manage, tmp_path):
    """As it is, with a key and a folder: names without a value keep their default."""
    lines = (ROOT / "deploy" / "portal.env").read_text(encoding="utf-8").splitlines()
    template = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    done = manage("check", "--deploy", "--fail-level", "WARNING", **template | {"SECRET_KEY": KEY, "DATA_DIR": str(tmp_path / "var")})
    assert (done.returncode, done.stdout.strip()) == (0, "System check identified no issues (0 silenced)."), done.stderr
    program = "from django.conf import settings; print(settings.PORTAL_URL, settings.MFA_REQUIRED, settings.METRICS_TOKEN == '')"
    done = manage("shell", "--no-imports", "-c", program, **template | {"SECRET_KEY": KEY, "DATA_DIR": str(tmp_path / "var")})
    assert done.stdout.split() == ["https://clusters.example.gov.ma", "True", "True"], done.stderr


def test_readme_invents_no_variable():
    """The table of README is for whoever tries the portal; deploy/portal.env has every name."""
    table = (ROOT / "README.md").read_text(encoding="utf-8").partition("| Variable | Meaning | Default |")[2].partition("\n\n")[0]
    listed = set(re.findall(r"^\| `([A-Z0-9_]+)`", table, re.MULTILINE)) - {"PORT"}
    assert len(listed) > 10
    assert listed - names_read() == set()
