"""What watches the portal, and what it is told: health, readiness, metrics, slow queries, failed tasks, the status page."""

import io
import json
import logging
from datetime import timedelta

import pytest
import structlog
from celery import current_app, shared_task
from django.contrib.auth.models import Group
from django.db import connection
from django.urls import reverse

from clusters_portal.accounts.models import User
from clusters_portal.accounts.roles import Role
from clusters_portal.audit.models import AuditEntry
from clusters_portal.derived import logs
from clusters_portal.lib import clock
from clusters_portal.notifications.models import OutgoingMail, ScheduledRun
from clusters_portal.operations import failures, probes, slow_queries
from clusters_portal.operations.models import FailedTask
from clusters_portal.operations.tasks import SIGN, heartbeat

pytestmark = pytest.mark.django_db
TOKEN = "a-long-token-of-prometheus"


@shared_task(name="tests.fragile")
def fragile(breaks, *, done):
    if OutgoingMail.objects.filter(subject="broken").exists():
        raise RuntimeError(breaks)
    OutgoingMail.objects.create(recipient="a@example.com", subject=done, body="x")


@pytest.fixture
def administrator(client):
    person = User.objects.create_user("admin@example.com", "motdepasse-essai", is_staff=True)
    person.groups.add(Group.objects.get(name=Role.ADMINISTRATOR))
    client.force_login(person)
    return person


def failed_mail():
    return OutgoingMail.objects.create(
        recipient="gone@example.com", subject="Dossier CL-2026-0007", body="x", state="failed", last_error="550 no such user"
    )


# --- Health and readiness -----------------------------------------------------------------------------------------
def test_health_asks_nothing(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_ready_names_each_part(client):
    heartbeat()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {
        "status": "ready", "checks": {"database": "ok", "migrations": "ok", "shared cache": "ok", "files": "ok", "schedule": "ok"},
    })  # fmt: skip


def test_schedule_that_stopped_is_said_but_pages_are_served(client):
    ScheduledRun.objects.create(name=SIGN + "default", last_run_at=clock.now() - timedelta(minutes=16))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["checks"]["schedule"]) == (200, "late")


def test_migration_that_waits_is_not_ready(client):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'operations'")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["checks"]["migrations"]) == (503, "failed")


def test_cache_that_is_gone_is_not_ready_and_says_nothing_of_where_it_is(client, settings):
    location = "redis://:secret@127.0.0.1:1/0"
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": location}}
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["checks"]["shared cache"], b"secret" in answer.content) == (503, "failed", False)


def test_guard_that_was_lifted_is_found():
    with connection.cursor() as cursor:
        kind, where = ("change", " ON applications_deposit") if connection.vendor == "postgresql" else ("update", "")
        cursor.execute(f"DROP TRIGGER append_only_applications_deposit_{kind}{where}")
    finding = probes.run(probes.guards_of_evidence)
    assert (finding.well, "applications_deposit" in finding.said) == (False, True)


# --- Metrics ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("token", "shown"), [("", ""), ("", "Bearer "), (TOKEN, ""), (TOKEN, "Bearer wrong"), (TOKEN, TOKEN[:-1])])
def test_metrics_are_not_there_without_the_token(client, settings, token, shown):
    settings.METRICS_TOKEN = token
    assert client.get("/metrics", headers={"Authorization": shown}).status_code == 404


def test_metrics_tell_the_outbox_the_queue_and_the_requests(client, settings):
    settings.METRICS_TOKEN = TOKEN
    failed_mail()
    waiting = OutgoingMail.objects.create(recipient="a@example.com", subject="x", body="x")
    OutgoingMail.objects.filter(pk=waiting.pk).update(created_at=clock.now() - timedelta(minutes=5))
    client.get("/healthz")
    text = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).content.decode()
    values = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    assert (values["portal_outbox_waiting"], values["portal_outbox_failed"]) == ("1.0", "1.0")
    assert values['portal_queue_age_seconds{queue="default"}'] == "+Inf"
    assert 300 <= float(values["portal_outbox_age_seconds"]) < 400
    assert float(values['portal_requests_total{method="GET",status="200",view="healthz"}']) >= 1


# --- Logs ---------------------------------------------------------------------------------------------------------
def test_every_line_is_json_with_the_request(settings):
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    table = logs.logging("INFO")["formatters"]["json"]
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(**{name: value for name, value in table.items() if name != "()"}))
    logger = logging.getLogger("tests.lines")
    logger.addHandler(handler)
    with structlog.contextvars.bound_contextvars(request_id="abc"):
        logger.warning("reçu %d", 7)
    logger.removeHandler(handler)
    line = json.loads(out.getvalue())
    assert (line["event"], line["level"], line["request_id"], line["logger"]) == ("reçu 7", "warning", "abc", "tests.lines")


def test_slow_query_is_logged_without_its_values(settings, caplog):
    assert slow_queries.timed in connection.execute_wrappers
    settings.SLOW_QUERY_MS = 1
    sql = "SELECT pg_sleep(0.01), %s" if connection.vendor == "postgresql" else (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000) SELECT count(*), %s FROM n"
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(sql, ["secret"])
    (line,) = [record for record in caplog.records if record.name == slow_queries.__name__ and record.sql == sql]
    assert (line.milliseconds >= 1, "secret" in str(line.__dict__)) == (True, False)


def test_quick_query_is_not_logged(settings, caplog):
    settings.SLOW_QUERY_MS = 60_000
    User.objects.count()
    assert [record for record in caplog.records if record.name == slow_queries.__name__] == []


# --- Failed tasks -------------------------------------------------------------------------------------------------
@pytest.fixture
def failure(django_capture_on_commit_callbacks):
    broken = OutgoingMail.objects.create(recipient="a@example.com", subject="broken", body="x")
    with structlog.contextvars.bound_contextvars(request_id="abc"):
        fragile.delay("out of paper", done="printed")
    broken.delete()
    return FailedTask.objects.get()


def test_failure_is_kept_with_what_it_takes_to_run_again(failure):
    assert (failure.name, failure.args, failure.kwargs) == ("tests.fragile", ["out of paper"], {"done": "printed"})
    assert (failure.error, failure.request_id) == ("RuntimeError: out of paper", "abc")


def test_administrator_runs_it_again_once(client, administrator, failure, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(reverse("operations:task_again", args=[failure.pk]))
    failure.refresh_from_db()
    assert (answer.url, failure.retried_by) == (reverse("operations:status"), administrator)
    assert OutgoingMail.objects.filter(subject="printed").count() == 1
    assert list(AuditEntry.objects.values_list("action", "note")) == [("task.run_again", "RuntimeError: out of paper")]
    with pytest.raises(failures.AlreadyRetried):
        failures.run_again(task=failure, actor=administrator)
    assert OutgoingMail.objects.filter(subject="printed").count() == 1


def test_tasks_of_the_schedule_exist():
    current_app.loader.import_default_modules()
    assert {entry["task"] for entry in current_app.conf.beat_schedule.values()} <= set(current_app.tasks)


# --- The status page ----------------------------------------------------------------------------------------------
def test_status_shows_what_does_not_go_and_no_subject(client, administrator, failure):
    failed_mail()
    page = client.get(reverse("operations:status")).content.decode()
    for text in ("gone@example.com", "550 no such user", "tests.fragile", "RuntimeError: out of paper"):
        assert text in page
    assert "CL-2026-0007" not in page


def test_refused_mail_is_sent_again(client, administrator, mailoutbox, django_capture_on_commit_callbacks):
    mail = failed_mail()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("operations:mail_again", args=[mail.pk]))
    mail.refresh_from_db()
    assert (mail.state, [sent.to for sent in mailoutbox]) == ("sent", [["gone@example.com"]])


def test_status_has_constant_queries(client, administrator, django_assert_max_num_queries):
    for _number in range(30):
        failed_mail()
    with django_assert_max_num_queries(20):
        client.get(reverse("operations:status"))


@pytest.mark.parametrize("role", [None, Role.CASE_OFFICER, Role.DIVISION_HEAD, Role.AUDITOR])
def test_to_others_there_is_no_such_page(client, role, failure):
    person = User.objects.create_user("other@example.com", "motdepasse-essai")
    person.groups.set(Group.objects.filter(name=role))
    client.force_login(person)
    assert client.get(reverse("operations:status")).status_code == 404
    assert client.post(reverse("operations:task_again", args=[failure.pk])).status_code == 404
    failure.refresh_from_db()
    assert failure.retried_at is None
