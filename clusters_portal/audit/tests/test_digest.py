"""The digest of a day: the same whenever it is made, and different once the past was rewritten."""

import json
from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from clusters_portal.accounts.models import User
from clusters_portal.audit import digest, journal
from clusters_portal.audit.models import AuditEntry, AuditSeal
from clusters_portal.lib import clock
from tests.evidence import unguarded

pytestmark = pytest.mark.django_db
DAY = date(2026, 7, 28)


@pytest.fixture
def three_days():
    """Two entries on the 28th of July, the second a minute before midnight in Casablanca (GMT+1), one entry on each side."""
    person = User.objects.create_user("agent@example.com", "motdepasse-essai")
    entries = []
    for moment in ("2026-07-27T12:00", "2026-07-28T09:00", "2026-07-28T22:59", "2026-07-28T23:01"):
        with clock.set_to(datetime.fromisoformat(moment).replace(tzinfo=UTC)):
            entries.append(journal.record("thing.changed", person, actor=person, note=moment))
    journal.seal()
    return entries


def test_digest_tells_the_day_and_the_head_of_the_chain(three_days):
    head = AuditSeal.objects.get(entry=three_days[2])
    assert digest.digest_of(DAY) == {
        "format": digest.FORMAT, "day": "2026-07-28", "entries": 2, "first_entry": three_days[1].pk, "last_entry": three_days[2].pk,
        "actions": {"thing.changed": 2}, "seal": head.pk, "hash": head.hash,
    }  # fmt: skip


def test_day_without_entries_has_its_digest():
    assert digest.digest_of(DAY) == {
        "format": digest.FORMAT, "day": "2026-07-28", "entries": 0, "first_entry": None, "last_entry": None, "actions": {},
        "seal": None, "hash": "",
    }  # fmt: skip


def test_day_that_is_not_sealed_has_none(three_days):
    with clock.set_to(datetime(2026, 7, 28, 10, tzinfo=UTC)):
        journal.record("thing.changed", three_days[0].actor, actor=None)
    with pytest.raises(CommandError, match="not sealed yet"):
        call_command("journal_digest", day="2026-07-28", stdout=StringIO())


def test_command_writes_it_and_compares_it(three_days, tmp_path):
    out, kept = StringIO(), tmp_path / "digest.json"
    call_command("journal_digest", day="2026-07-28", stdout=out)
    assert json.loads(out.getvalue()) == digest.digest_of(DAY)
    kept.write_text(out.getvalue())
    call_command("journal_digest", compare=kept, stdout=out)
    assert "is what it was" in out.getvalue()


def test_past_rewritten_with_new_seals_is_seen(three_days, tmp_path):
    """Whoever owns the database changes an entry and seals everything anew: only the digest kept elsewhere shows it."""
    kept = tmp_path / "digest.json"
    kept.write_text(json.dumps(digest.digest_of(DAY)))
    with unguarded(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM audit_auditseal")
        cursor.execute("UPDATE audit_auditentry SET note = 'x' WHERE id = %s", [three_days[1].pk])
    journal.seal()
    assert (journal.first_fault(), AuditEntry.objects.filter(seal=None).count()) == ("", 0)
    with pytest.raises(CommandError, match="no longer what it was"):
        call_command("journal_digest", compare=kept, stdout=StringIO())


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": "other"}'])
def test_other_files_are_refused(text, tmp_path):
    (tmp_path / "x.json").write_text(text)
    with pytest.raises(CommandError, match="no digest"):
        call_command("journal_digest", compare=tmp_path / "x.json", stdout=StringIO())


def test_day_must_be_one():
    with pytest.raises(CommandError, match="no day"):
        call_command("journal_digest", day="yesterday", stdout=StringIO())
