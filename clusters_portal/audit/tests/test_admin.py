"""The journal as an auditor sees it."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from clusters_portal.accounts.models import User
from clusters_portal.accounts.roles import Role
from clusters_portal.audit import journal
from clusters_portal.audit.models import AuditEntry

pytestmark = pytest.mark.django_db
LIST = "admin:audit_auditentry_changelist"


@pytest.fixture
def auditor(client):
    person = User.objects.create_user("auditor@example.com", "motdepasse-essai", is_staff=True)
    person.groups.add(Group.objects.get(name=Role.AUDITOR))
    client.force_login(person)
    return person


@pytest.fixture
def entries(auditor):
    found = [journal.record(f"thing.{act}", auditor, actor=auditor, note=note) for act, note in (("made", "=1+1"), ("read", "two"))]
    journal.seal()
    return found


def listed(response):
    return [entry.pk for entry in response.context["cl"].result_list]


@pytest.mark.parametrize(("query", "which"), [({}, [1, 0]), ({"action": "thing.read"}, [1]), ({"q": "two"}, [1]), ({"q": "nobody"}, [])])
def test_journal_is_filtered(client, entries, query, which):
    answer = client.get(reverse(LIST), query)
    assert (answer.status_code, listed(answer)) == (200, [entries[index].pk for index in which])


def test_line_says_what_changed_and_why(client, auditor):
    journal.record("document.read", auditor, actor=auditor, note="statuts.pdf")
    journal.record("call.moved", auditor, actor=auditor, before="open", after="closed", note="n" * 200)
    page = client.get(reverse(LIST)).content.decode()
    assert ("statuts.pdf" in page, f"open → closed · {'n' * 103}…" in page) == (True, True)


def test_queries_do_not_grow_with_the_entries(client, entries, auditor, django_assert_max_num_queries):
    for number in range(30):
        journal.record("thing.made", auditor, actor=auditor, note=str(number))
    with django_assert_max_num_queries(14):
        client.get(reverse(LIST))


def test_chosen_entries_are_taken_away_as_text(client, entries):
    answer = client.post(reverse(LIST), {"action": "take_away", "_selected_action": [entry.pk for entry in entries]})
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert (answer["Content-Type"], len(lines)) == ("text/csv; charset=utf-8", 3)
    assert lines[1].split(";")[-2:] == ["'=1+1", entries[0].seal.hash]
    assert AuditEntry.objects.count() == 2


def test_others_do_not_see_it(client, entries):
    other = User.objects.create_user("head@example.com", "motdepasse-essai", is_staff=True)
    other.groups.add(Group.objects.get(name=Role.DIVISION_HEAD))
    client.force_login(other)
    assert client.get(reverse(LIST)).status_code == 403
