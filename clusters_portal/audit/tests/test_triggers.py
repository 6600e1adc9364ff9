"""The database refuses to change evidence, whoever asks and whatever the code says."""

from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, models, transaction

from clusters_portal.accounts.models import User
from clusters_portal.audit import journal, triggers
from clusters_portal.audit.models import AppendOnlyModel, AuditEntry
from tests.evidence import unguarded

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry():
    person = User.objects.create_user("agent@example.com", "motdepasse-essai", first_name="Nadia", last_name="Alami")
    return journal.record("thing.changed", person, actor=person, note="as it was")


ATTEMPTS = {
    "update in SQL": ("UPDATE audit_auditentry SET note = 'x' WHERE id = %s", IntegrityError),
    "update that changes nothing": ("UPDATE audit_auditentry SET note = note WHERE id = %s", IntegrityError),
    "delete in SQL": ("DELETE FROM audit_auditentry WHERE id = %s", IntegrityError),
}


@pytest.mark.parametrize(("sql", "refusal"), ATTEMPTS.values(), ids=ATTEMPTS)
def test_database_refuses(entry, sql, refusal):
    with pytest.raises(refusal, match="evidence"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, [entry.pk])
    assert AuditEntry.objects.get().note == "as it was"


def test_database_refuses_what_goes_round_the_models(entry):
    with pytest.raises(IntegrityError), transaction.atomic():
        models.QuerySet(AuditEntry).filter(pk=entry.pk).update(note="x")
    assert AuditEntry.objects.get().note == "as it was"


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL has no REPLACE")
def test_row_cannot_be_written_again_in_its_place(entry):
    columns = "id, at, actor_id, actor_label, action, object_type, object_id, object_label, before, after, note, data"
    others = columns.replace("note", "'x'")
    again = f"INSERT OR REPLACE INTO audit_auditentry ({columns}) SELECT {others} FROM audit_auditentry"
    with pytest.raises(IntegrityError, match="evidence"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(again)
    assert AuditEntry.objects.get().note == "as it was"


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has no TRUNCATE")
def test_table_cannot_be_emptied_at_once(entry):
    connection.check_constraints()  # foreign keys still to be checked would be the reason
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE audit_auditentry CASCADE")
    assert AuditEntry.objects.count() == 1


def test_every_table_of_evidence_is_guarded():
    evidence = {model._meta.db_table for model in apps.get_models() if issubclass(model, AppendOnlyModel)}
    assert {"audit_auditentry", "audit_auditseal", "applications_deposit", "evaluation_decision"} <= evidence
    assert set(triggers.tables()) == evidence
    assert triggers.missing(connection) == []


def test_migrating_puts_back_what_was_lifted(entry):
    with unguarded():
        assert {table for table, _kind in triggers.missing(connection)} == set(triggers.tables())
        assert triggers.install(connection) == triggers.tables()
    assert (triggers.missing(connection), triggers.install(connection)) == ([], [])


def test_verification_says_which_table_is_open(entry):
    table, kind = "audit_auditseal", next(iter(triggers.STATEMENTS[connection.vendor]))
    where = f" ON {table}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {triggers.name_of(table, kind)}{where}")
    with pytest.raises(CommandError, match="no longer refuses changes of audit_auditseal:"):
        call_command("verify_journal", stdout=StringIO())


@pytest.mark.django_db(transaction=True)
def test_tests_that_commit_are_emptied_and_guarded_again():
    """Run twice in one process it would meet its own row; the guards are back for whoever comes next."""
    assert (User.objects.count(), triggers.missing(connection)) == (0, [])
    person = User.objects.create_user("agent@example.com", "motdepasse-essai")
    journal.record("thing.changed", person, actor=person)
    with pytest.raises(IntegrityError), transaction.atomic():
        models.QuerySet(AuditEntry).update(note="x")
