"""The files of deploy/ name what exists: settings, commands, addresses, units and metrics."""

import re
from pathlib import Path

import pytest
import yaml
from django.core.management import get_commands
from django.urls import reverse

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
    for name in ("web", "worker", "beat"):
        assert services[name]["env_file"] == "portal.local.env"
        assert services[name]["depends_on"]["prepare"] == {"condition": "service_completed_successfully"}
    assert f"http://127.0.0.1:8000{reverse('healthz')}" in services["web"]["healthcheck"]["test"][-1]


def test_proxy_lets_in_the_largest_file_and_is_the_one_that_is_trusted():
    assert re.search(r"client_max_body_size (\d+)m;", text("nginx.conf"))[1] == "30"
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in text("nginx.conf")
    assert "TRUSTED_PROXY_COUNT=1" in text("portal.env").splitlines()
    for name in ("readyz", "metrics"):
        assert reverse(name)[1:] in re.search(r"location ~ \^/\(([a-z|]+)\)\$", text("nginx.conf"))[1].split("|")


@pytest.mark.django_db
def test_alerts_ask_for_metrics_that_exist():
    asked = set(re.findall(r"\b(portal_[a-z_]+)", " ".join(re.findall(r"expr: (.+)", text("alerts.yml")))))
    given = {line.split(" ")[2] for line in metrics.text().decode().splitlines() if line.startswith("# TYPE")}
    assert {name.removesuffix("_bucket") for name in asked} - given - {"portal_requests_total"} == set()
    assert "portal_requests_total" in given or "portal_requests" in given
    assert len(yaml.safe_load(text("alerts.yml"))["groups"][0]["rules"]) > 5


@pytest.mark.parametrize("name", ["web", "worker", "beat", "backup"])
def test_units_read_the_environment_and_run_as_the_portal(name):
    lines = text(f"clusters-portal-{name}.service").splitlines()
    assert {"User=portal", "EnvironmentFile=/etc/clusters-portal/portal.env", "WorkingDirectory=/srv/clusters-portal"} <= set(lines)
    assert any(line.startswith("ExecStart=/srv/clusters-portal/.venv/bin/") for line in lines)
