"""DPTC's desk: search, filters, columns, saved views, batches with their outcome, exports, notes and labels; who may do what."""

import pytest
from django.urls import reverse
from django.utils import translation

from applications.models import Application, Label, Labelling, ListEntry, Note, SavedView
from applications.services.notes import NoteRefused, set_labels, write_note
from applications.tests.desk.helpers import URL, head, send
from applications.tests.staff_fixtures import copies, officer
from applications.timeline import APPLICANTS, timeline_of
from clusters_portal.audit.models import AuditEntry
from clusters_portal.lib import clock

pytestmark = pytest.mark.django_db


def numbers(client, query="") -> list:
    return [deposit.number for deposit in client.get(f"{URL}{query}").context["page"]]


# Search


@pytest.mark.parametrize(
    "typed",
    ["filature+atlas", "FILATURE", "société+générale+filature", "cl-2026-0001", "CFATT", "textíles"],
)
def test_search_finds_words_of_the_frozen_dossier(client, first, typed):
    copies(first, ["CL-2026-0002"])
    client.force_login(officer())
    words = first.list_entry.words
    assert " " in words and words == words.casefold()
    assert numbers(client, f"?q={typed}") == ([] if "générale" in typed else [first.number])


def test_search_ignores_what_is_being_changed_behind_the_deposit(client, first):
    first.association.name_fr = "Zzyzx"
    first.association.save()
    client.force_login(officer())
    assert numbers(client, "?q=zzyzx") == []


def test_search_of_signs_alone_finds_nothing(client, first):
    client.force_login(officer())
    assert numbers(client, "?q=%25%25") == []
    assert numbers(client, "?q=_") == []


def test_a_conforming_deposit_has_no_doubt(first):
    assert ListEntry.objects.get(application=first).doubts == 0


# Filters, columns, views


def test_filters_of_the_desk(client, first, label):
    (second,) = copies(first, ["CL-2026-0002"])
    person = officer()
    Application.objects.filter(pk=second.pk).update(assignee=person)
    ListEntry.objects.filter(application=second).update(doubts=2)
    Labelling.objects.create(application=second, label=label, added_by=person, added_at=clock.now())
    client.force_login(person)
    day = clock.today(first.deposited_at)
    for query in ("?assignee=me", f"?label={label.pk}", "?conformity=doubts", "?sort=-doubts"):
        assert numbers(client, query)[0] == second.number, query
    assert numbers(client, "?conformity=conforming") == [first.number]
    assert len(numbers(client, f"?since={day:%d/%m/%Y}&until={day:%d/%m/%Y}")) == 2
    assert numbers(client, f"?until={day.year - 1}-01-01") == []
    assert [value for _label, value, _query in client.get(f"{URL}?assignee=me&region=MA-06").context["applied"]][0]


@pytest.mark.parametrize("sort", ["call", "doubts", "labels", "complement", "paper", "assignee", "region", "sector", "status", "received"])
def test_every_column_sorts(client, first, sort):
    copies(first, ["CL-2026-0002"])
    client.force_login(officer())
    assert numbers(client, f"?sort={sort}") == ["CL-2026-0001", "CL-2026-0002"]
    assert sorted(numbers(client, f"?sort=-{sort}")) == ["CL-2026-0001", "CL-2026-0002"]


def test_columns_are_kept_for_the_person(client, first):
    one, other = officer(), officer()
    client.force_login(one)
    assert send(client, "list_columns", {"column": ["call", "nonsense", "paper"]}).status_code == 302
    assert [column["code"] for column in client.get(URL).context["columns"]] == ["number", "name", "paper", "call"]
    client.force_login(other)
    assert "region" in [column["code"] for column in client.get(URL).context["columns"]]


def test_view_is_saved_renamed_shared_and_deleted(client, first):
    boss = head()
    client.force_login(boss)
    response = send(client, "view_save", {"name": "Sud", "is_shared": "on"}, query="?region=MA-09&page=3&x=1")
    assert response.url == f"{URL}?region=MA-09&x=1"
    view = SavedView.objects.get()
    assert (view.name, view.query, view.is_shared, view.owner) == ("Sud", "region=MA-09", True, boss)
    colleague = officer()
    client.force_login(colleague)
    assert [each for each, _now in client.get(URL).context["views"]] == [view]
    assert send(client, "view_change", {"act": "delete"}, view.pk).status_code == 404
    client.force_login(boss)
    send(client, "view_change", {"name": "Souss"}, view.pk)
    view.refresh_from_db()
    assert (view.name, view.is_shared) == ("Souss", False)
    send(client, "view_change", {"act": "delete"}, view.pk)
    assert not SavedView.objects.exists()
    assert list(AuditEntry.objects.filter(action__startswith="view.").order_by("id").values_list("action", flat=True)) == [
        "view.saved", "view.renamed", "view.deleted",
    ]  # fmt: skip


def test_only_the_head_shares_a_view(english, first):
    english.force_login(officer())
    response = send(english, "view_save", {"name": "Sud", "is_shared": "on"})
    assert response.status_code == 422 and "Only the head of division shares" in response.content.decode()
    assert not SavedView.objects.exists()


# Batches


# Exports


# Notes and labels


def test_note_is_added_once_and_told_to_nobody_outside(english, first):
    person = officer()
    english.force_login(person)
    for _twice in range(2):
        response = send(english, "note_add", {"body": "Secret de service"}, first.pk, query="?sort=name")
        assert response.url == f"/instruction/{first.pk}/?sort=name#notes"
    note = Note.objects.get()
    assert (note.author, note.body) == (person, "Secret de service")
    assert "Secret de service" in english.get(f"/instruction/{first.pk}/").content.decode()
    assert "Secret de service" not in str(AuditEntry.objects.get(action="note.written").data)
    assert [
        event for event in timeline_of(first, audience=APPLICANTS, now=clock.now()) if event.action.startswith(("note.", "label."))
    ] == []
    english.force_login(first.created_by)
    for name in ("timeline", "messages", "receipt"):
        assert "Secret de service" not in english.get(reverse(f"applications:{name}", args=[first.pk])).content.decode()
    archive = b"".join(english.post(reverse("applications:archive", args=[first.pk])).streaming_content)
    assert b"Secret de service" not in archive


def test_empty_note_answers_beside_its_field(client, first):
    client.force_login(officer())
    response = send(client, "note_add", {"body": "  "}, first.pk)
    assert response.status_code == 422 and response.context["note_form"].errors["body"]
    assert not Note.objects.exists()


def test_labels_are_those_ticked(client, first, label):
    other = Label.objects.create(text_fr="Visité")
    old = Label.objects.create(text_fr="Ancien", is_active=False)
    person = officer()
    set_labels(application=first, labels=[label], actor=person)
    client.force_login(person)
    send(client, "labels_set", {"label": [other.pk, old.pk, 999999, "x"]}, first.pk)
    assert list(first.labellings.values_list("label__text_fr", flat=True)) == ["Visité"]
    actions = AuditEntry.objects.filter(action__startswith="label.").order_by("id").values_list("action", "before", "after")
    assert list(actions) == [("label.added", "", "À relancer"), ("label.added", "", "Visité"), ("label.removed", "À relancer", "")]


def test_services_refuse_applicants(first, label):
    for act in (
        lambda: write_note(application=first, body="x", actor=first.created_by),
        lambda: set_labels(application=first, labels=[label], actor=first.created_by),
    ):
        with translation.override("en"), pytest.raises(NoteRefused, match="Only DPTC case officers"):
            act()
    assert not (Note.objects.exists() or Labelling.objects.exists())


@pytest.mark.parametrize("rows", [1, 30])
def test_list_with_everything_stays_within_ten_queries(client, first, rows, label, django_assert_max_num_queries):
    twins = copies(first, [f"CL-2026-1{n:03d}" for n in range(rows - 1)])
    person = officer()
    for each in (first, *twins):
        Labelling.objects.create(application=each, label=label, added_by=person, added_at=clock.now())
    SavedView.objects.create(owner=person, name="x", query="sort=name")
    client.force_login(person)
    with django_assert_max_num_queries(10):
        assert len(client.get(f"{URL}?label={label.pk}&assignee=none&sort=labels").context["rows"]) == rows
