"""The journal: only ever added to, written with its act, chained, and able to say which row was changed."""

import threading
from contextlib import suppress
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from clusters_portal.accounts.models import User
from clusters_portal.audit import journal
from clusters_portal.audit.models import AppendOnlyError, AuditEntry, AuditSeal
from tests.evidence import unguarded

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return User.objects.create_user("agent@example.com", "motdepasse-essai", first_name="Nadia", last_name="Alami")


def write(person, count=1, **fields):
    return [journal.record("thing.changed", person, actor=person, note=f"n° {n}", **fields) for n in range(count)]


def tamper(sql, *parameters):
    """What somebody with the database in his hands does, who lifted its guards first."""
    with unguarded(), connection.cursor() as cursor:
        cursor.execute(sql, parameters)


# --- What an entry says -------------------------------------------------------------------------------------------
def test_entry_keeps_names_as_they_were(person):
    entry = journal.record("user.renamed", person, actor=person, before="Alami", after="Bennis", data={"page": 3})
    person.last_name = "Bennis"
    person.save()
    entry.refresh_from_db()
    assert (entry.actor_label, entry.object_label, entry.object_type, entry.object_id) == (
        "Nadia Alami", "Nadia Alami", "accounts.user", str(person.pk),
    )  # fmt: skip
    assert (entry.before, entry.after, entry.data) == ("Alami", "Bennis", {"page": 3})


def test_the_portal_itself_may_act(person):
    entry = journal.record("call.closed", person, actor=None)
    assert (entry.actor, entry.actor_label) == (None, "")


def test_entry_is_rolled_back_with_its_act(person):
    with pytest.raises(RuntimeError), transaction.atomic():
        person.last_name = "Bennis"
        person.save()
        write(person)
        raise RuntimeError
    person.refresh_from_db()
    assert (person.last_name, AuditEntry.objects.count()) == ("Alami", 0)


# --- Append-only --------------------------------------------------------------------------------------------------
def change_and_save(entry):
    entry.note = "autre chose"
    entry.save()


REFUSED = {
    "save": change_and_save,
    "save of one column": lambda entry: entry.save(update_fields=["note"]),
    "delete": lambda entry: entry.delete(),
    "queryset update": lambda entry: AuditEntry.objects.filter(pk=entry.pk).update(note="x"),
    "queryset delete": lambda entry: AuditEntry.objects.filter(pk=entry.pk).delete(),
    "bulk update": lambda entry: AuditEntry.objects.bulk_update([entry], ["note"]),
}


@pytest.mark.parametrize("attempt", REFUSED.values(), ids=REFUSED)
def test_entry_is_never_changed_nor_deleted(person, attempt):
    (entry,) = write(person)
    before = journal.content_of(AuditEntry.objects.get())
    with pytest.raises(AppendOnlyError), transaction.atomic():
        attempt(entry)
    assert journal.content_of(AuditEntry.objects.get()) == before


def test_person_who_acted_cannot_be_deleted(person):
    write(person)
    with pytest.raises(IntegrityError), transaction.atomic():
        person.delete()
    assert User.objects.filter(pk=person.pk).exists()


# --- The chain ----------------------------------------------------------------------------------------------------
def test_entries_are_sealed_after_the_commit(person, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        write(person, 3)
        assert AuditSeal.objects.count() == 0
    first, second, third = AuditSeal.objects.all()
    assert (first.previous_hash, second.previous_hash, third.previous_hash) == ("", first.hash, second.hash)
    assert [seal.entry_id for seal in (first, second, third)] == list(AuditEntry.objects.order_by("id").values_list("pk", flat=True))
    assert journal.first_fault() == ""


def test_a_transaction_is_sealed_once_and_what_was_undone_is_not_missed(person, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True) as sealings:
        with suppress(ZeroDivisionError), transaction.atomic():
            write(person)
            raise ZeroDivisionError
        with transaction.atomic():
            write(person, 2)
        write(person)
    assert (len(sealings), AuditSeal.objects.count(), AuditEntry.objects.count()) == (1, 3, 3)


def test_chain_goes_on_where_it_stopped(person):
    write(person, 2)
    assert journal.seal() == 2
    assert journal.seal() == 0
    write(person)
    assert journal.seal() == 1
    one, two, three = AuditSeal.objects.all()
    assert three.previous_hash == two.hash
    assert journal.first_fault() == ""


def test_long_backlog_is_sealed_in_batches(person, monkeypatch):
    monkeypatch.setattr(journal, "SEAL_BATCH", 2)
    write(person, 5)
    assert [journal.seal(), journal.seal(), journal.seal(), journal.seal()] == [2, 2, 1, 0]
    assert journal.first_fault() == ""


def test_second_head_of_the_chain_is_refused_by_the_database(person):
    first, second = write(person, 2)
    AuditSeal.objects.create(entry=first, previous_hash="", hash="a" * 64)
    with pytest.raises(IntegrityError), transaction.atomic():
        AuditSeal.objects.create(entry=second, previous_hash="", hash="b" * 64)


@pytest.mark.django_db(transaction=True)
def test_two_sealers_at_once_make_one_chain(person):
    with transaction.atomic():
        entries = write(person, 20)
    together, faults = threading.Barrier(4), []

    def seal():
        try:
            together.wait()
            for _round in range(5):
                journal.seal()
        except Exception as fault:  # a thread's exception would be lost otherwise
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=seal) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert AuditSeal.objects.count() == len(entries)
    assert journal.first_fault() == ""


# --- Tampering ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("column", "value"), [("note", "autre"), ("after", "selected"), ("actor_label", "Personne"), ("at", "2026-01-01 00:00:00+00:00")]
)
def test_changed_entry_is_named(person, column, value):
    entries = write(person, 3)
    journal.seal()
    tamper(f"UPDATE audit_auditentry SET {connection.ops.quote_name(column)} = %s WHERE id = %s", value, entries[1].pk)
    assert journal.first_fault() == f"Journal entry {entries[1].pk} has been changed since it was sealed."


def test_first_of_several_changed_entries_is_named(person):
    entries = write(person, 4)
    journal.seal()
    for entry in (entries[3], entries[1]):
        tamper("UPDATE audit_auditentry SET note = %s WHERE id = %s", "autre", entry.pk)
    assert f"{entries[1].pk} " in journal.first_fault()


def test_removed_entry_breaks_the_chain(person):
    entries = write(person, 3)
    journal.seal()
    tamper("DELETE FROM audit_auditseal WHERE entry_id = %s", entries[1].pk)
    tamper("DELETE FROM audit_auditentry WHERE id = %s", entries[1].pk)
    assert f"the chain is broken before journal entry {entries[2].pk}." in journal.first_fault()


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL's foreign key refuses it to whoever does not switch it off")
def test_last_entry_that_was_removed_is_missed(person):
    last = write(person, 3)[-1]
    journal.seal()
    with suppress(ZeroDivisionError), transaction.atomic():
        tamper("DELETE FROM audit_auditentry WHERE id = %s", last.pk)
        assert f"journal entry {last.pk} is no longer there." in journal.first_fault()
        raise ZeroDivisionError  # a seal without its entry cannot be committed
    assert journal.first_fault() == ""


def test_command_says_all_is_well_or_what_is_not(person):
    (entry,) = write(person)
    journal.seal()
    out = StringIO()
    call_command("verify_journal", stdout=out)
    assert "1" in out.getvalue()
    tamper("UPDATE audit_auditentry SET note = %s WHERE id = %s", "autre", entry.pk)
    with pytest.raises(CommandError, match=f"Journal entry {entry.pk} has been changed"):
        call_command("verify_journal", stdout=StringIO())


def test_command_seals_what_waited_before_it_checks(person):
    write(person, 2)
    call_command("verify_journal", stdout=StringIO())
    assert AuditSeal.objects.count() == 2
