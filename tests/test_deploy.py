"""The files of deploy/ name what exists: settings, commands, addresses, units and metrics."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import polib
import pytest
import yaml
from celery import current_app
from django.core.management import get_commands
from django.urls import reverse

from clusters_portal.derived import queues
from clusters_portal.middleware import LONGEST_WAIT
from clusters_portal.operations import metrics

ROOT = Path(__file__).resolve().parent.parent
DEPLOY = ROOT / "deploy"


def text(name) -> str:
    return (DEPLOY / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(path.name for path in DEPLOY.iterdir() if path.is_file() and not path.name.endswith(".local.env")))
def test_every_command_of_the_portal_exists(name):
    commands = set(re.findall(r"manage\.py ([a-z_]+)", text(name)))
    assert commands <= set(get_commands())


def test_compose_starts_what_the_settings_expect():
    services = yaml.safe_load(text("compose.yaml"))["services"]
    environment = dict(line.split("=", 1) for line in text("portal.env").splitlines() if line and not line.startswith("#"))
    assert re.search(r"@(\w+):", environment["DATABASE_URL"])[1] in services
    assert re.search(r"//(\w+):", environment["REDIS_URL"])[1] in services
    assert re.search(r"//(\w+):", environment["CLAMD_URL"])[1] in services
    for name in ("web", "worker", "worker-heavy", "beat"):
        assert services[name]["env_file"] == "portal.local.env"
        assert services[name]["depends_on"]["prepare"] == {"condition": "service_completed_successfully"}
    assert f"http://127.0.0.1:8000{reverse('healthz')}" in services["web"]["healthcheck"]["test"][-1]


def test_proxy_lets_in_the_largest_file_and_is_the_one_that_is_trusted():
    assert re.search(r"client_max_body_size (\d+)m;", text("nginx.conf"))[1] == "30"
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in text("nginx.conf")
    assert "proxy_set_header X-Request-Start $msec;" in text("nginx.conf")
    assert f"proxy_read_timeout {LONGEST_WAIT:.0f}s;" in text("nginx.conf")
    assert "TRUSTED_PROXY_COUNT=1" in text("portal.env").splitlines()
    for name in ("readyz", "metrics"):
        assert reverse(name)[1:] in re.search(r"location ~ \^/\(([a-z|]+)\)\$", text("nginx.conf"))[1].split("|")


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_page_of_an_absent_portal_says_what_the_portal_would(language):
    """nginx shows it: it is no template, and must not drift from templates/503.html."""
    page, there = text("away/away.html"), text("nginx.conf")
    assert "error_page 502 504 =503 /away/away.html;" in there
    assert "./away:/etc/nginx/portal/away:ro" in yaml.safe_load(text("compose.yaml"))["services"]["nginx"]["volumes"]
    catalogue = {entry.msgid: entry.msgstr for entry in polib.pofile(str(ROOT / "locale" / language / "LC_MESSAGES" / "django.po"))}
    for sentence in (
        "Come back in a moment",
        "The portal is stopped for a moment. What you had saved is kept. Wait a minute, then try again.",
        "If you had typed something, go back with your browser: the page still holds it.",
        "If you write to us about it, give this reference:",
    ):
        assert catalogue[sentence].replace("\u00a0", " ") in page.replace("\u00a0", " ")
    assert page.count('<!--# echo var="request_id" -->') == 2


@pytest.mark.django_db
def test_alerts_ask_for_metrics_that_exist():
    asked = set(re.findall(r"\b(portal_[a-z_]+)", " ".join(re.findall(r"expr: (.+)", text("alerts.yml")))))
    given = {line.split(" ")[2] for line in metrics.text().decode().splitlines() if line.startswith("# TYPE")}
    assert {name.removesuffix("_bucket") for name in asked} - given - {"portal_requests_total"} == set()
    assert "portal_requests_total" in given or "portal_requests" in given
    assert len(yaml.safe_load(text("alerts.yml"))["groups"][0]["rules"]) > 5


@pytest.mark.django_db
def test_alerts_are_rules_prometheus_can_read():
    """No promtool here: every rule has the keys it wants, its brackets close, its words are functions or labels that exist."""
    (group,) = yaml.safe_load(text("alerts.yml"))["groups"]
    names = [rule["alert"] for rule in group["rules"]]
    assert len(names) == len(set(names))
    for rule in group["rules"]:
        assert set(rule) <= {"alert", "expr", "for", "labels", "annotations"}, rule
        assert (rule["labels"]["severity"] in {"page", "warn"}, rule["annotations"]["summary"][-1]) == (True, ".")
        assert re.fullmatch(r"\d+[smhd]", rule.get("for", "1m"))
        assert [rule["expr"].count(sign) for sign in "([{"] == [rule["expr"].count(sign) for sign in ")]}"]
        words = set(re.findall(r"[a-z_]+", re.sub(r'"[^"]*"|\[\w+\]|portal_\w+', "", rule["expr"])))
        assert words <= {"up", "job", "sum", "rate", "status", "histogram_quantile", "by", "le", "delta", "queue", "max"}, words


def test_workers_read_every_queue_once():
    commands = [text("clusters-portal-worker.service"), text("clusters-portal-worker-heavy.service")]
    read = [queue for command in commands for queue in re.search(r"--queues (\S+)", command)[1].split(",")]
    assert sorted(read) == sorted(queues.ALL)
    services = yaml.safe_load(text("compose.yaml"))["services"]
    named = [
        queue for name in ("worker", "worker-heavy") for queue in re.search(r"--queues (\S+)", services[name]["command"])[1].split(",")
    ]
    assert named == read


def test_every_task_has_the_queue_it_belongs_to():
    current_app.loader.import_default_modules()
    ours = sorted(name for name in current_app.tasks if not name.startswith(("celery.", "tests.")))
    asked = {name: current_app.amqp.router.route({}, name)["queue"].name for name in ours}
    assert set(asked.values()) == set(queues.ALL)
    assert {name: asked[name] for name in ("notifications.send_waiting", "applications.scan_document", "applications.draw_receipt")} == {
        "notifications.send_waiting": "mail", "applications.scan_document": "scan", "applications.draw_receipt": "pdf",
    }  # fmt: skip
    assert queues.BATCH_LIMIT < queues.SOFT_LIMIT < queues.HARD_LIMIT < queues.TAKEN_BACK_AFTER


def test_dockerfile_names_what_exists():
    lines = text("Dockerfile").replace("\\\n", " ").splitlines()
    for source in (line.split()[1] for line in lines if line.startswith("COPY ")):
        assert (ROOT / source).exists(), source
    packages = re.search(r"--no-install-recommends (.+?) +&&", next(line for line in lines if "apt-get install" in line))[1].split()
    bootstrap = (ROOT / "scripts" / "bootstrap.sh").read_text(encoding="utf-8")
    assert [name for name in packages if name not in bootstrap and name != "postgresql-client"] == []
    (command,) = [json.loads(line.removeprefix("CMD ")) for line in lines if line.startswith("CMD ")]
    assert (
        command[1:]
        == re.search(r"ExecStart=\S+gunicorn (.+)", text("clusters-portal-web.service"))[1].replace("127.0.0.1", "0.0.0.0").split()
    )


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd on this machine")
def test_systemd_reads_the_units(tmp_path):
    """With this machine's paths in the place of those of /srv."""
    for unit in DEPLOY.glob("clusters-portal-*"):
        (tmp_path / unit.name).write_text(
            re.sub(r"ExecStart=\S+", "ExecStart=/bin/true", unit.read_text(encoding="utf-8")), encoding="utf-8"
        )
    units = sorted(str(path) for path in tmp_path.glob("*.service"))
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", *units], capture_output=True, text=True, check=False)
    faults = [line for line in done.stderr.splitlines() if "clusters-portal" in line]
    assert (faults, done.returncode) == ([], 0), done.stderr


@pytest.mark.parametrize("name", ["web", "worker", "worker-heavy", "beat", "backup"])
def test_units_read_the_environment_and_run_as_the_portal(name):
    lines = text(f"clusters-portal-{name}.service").splitlines()
    assert {"User=portal", "EnvironmentFile=/etc/clusters-portal/portal.env", "WorkingDirectory=/srv/clusters-portal"} <= set(lines)
    assert any(line.startswith("ExecStart=/srv/clusters-portal/.venv/bin/") for line in lines)
