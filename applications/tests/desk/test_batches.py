"""Acts on several applications of the work list, each told on its own; exports; who may not."""

from io import BytesIO
from uuid import uuid4

import openpyxl
import pytest
from django.urls import reverse

from applications.models import Application, Batch, Labelling, Message, Note
from applications.services.assignees import AssignmentRefused, assign
from applications.tests.desk.helpers import URL, head, send
from applications.tests.factories import make_user
from applications.tests.staff_fixtures import STAFF_WHO_READ, WITHOUT_DOSSIERS, copies, officer
from clusters_portal.accounts.roles import Role
from clusters_portal.audit.models import AuditEntry
from clusters_portal.lib import clock
from evaluation.models import ConflictDeclaration

pytestmark = pytest.mark.django_db


def barred(person, application):
    """This person declared an interest in the dossier: it beats every role."""
    ConflictDeclaration.objects.create(
        application=application, evaluator=person, interest="potential", kind="family", status="pending", declared_at=clock.now(), text="x"
    )


def batch(client, applications, **data):
    return send(client, "batch", {"pk": [str(each.pk) for each in applications], **data})


def outcome() -> list:
    return [(line["number"], line["result"]) for line in Batch.objects.latest("pk").outcome]


def test_assigning_many_reports_each(client, first):
    second, third = copies(first, ["CL-2026-0002", "CL-2026-0003"])
    person, other = officer(), make_user(roles=[Role.CASE_OFFICER, Role.EVALUATOR])
    assign(application=second, assignee=other, actor=person)
    barred(other, third)
    client.force_login(person)
    response = batch(client, [first, second, third], act="assign", assignee=other.pk)
    made = Batch.objects.get()
    assert (response.status_code, response.url) == (302, reverse("applications:batch_report", args=[made.pk]))
    assert outcome() == [(first.number, "done"), (second.number, "unchanged"), (third.number, "refused")]
    assert list(Application.objects.order_by("number").values_list("assignee", flat=True)) == [other.pk, other.pk, None]
    assert AuditEntry.objects.filter(action="application.assigned").count() == 2
    before = AuditEntry.objects.count()
    for _reload in range(2):
        assert client.get(response.url).status_code == 200
    assert (Batch.objects.count(), AuditEntry.objects.count()) == (1, before)


def test_label_is_put_and_taken_off_many(client, first, label):
    (second,) = copies(first, ["CL-2026-0002"])
    client.force_login(officer())
    batch(client, [first], act="label", label=label.pk)
    batch(client, [first, second], act="label", label=label.pk)
    assert outcome() == [(first.number, "unchanged"), (second.number, "done")]
    assert [[str(each) for each in row.labels] for row in client.get(URL).context["rows"]] == [["À relancer"], ["À relancer"]]
    batch(client, [second], act="unlabel", label=label.pk)
    assert list(Labelling.objects.values_list("application", flat=True)) == [first.pk]


def test_message_to_many_is_sent_once_to_each(client, first, django_capture_on_commit_callbacks):
    (second,) = copies(first, ["CL-2026-0002"])
    client.force_login(officer())
    for _again in range(2):
        batch(client, [first, second], act="write", body="Réunion lundi.")
    assert sorted(Message.objects.values_list("application", "body")) == sorted(
        [(first.pk, "Réunion lundi."), (second.pk, "Réunion lundi.")]
    )


@pytest.mark.parametrize(
    ("data", "field"),
    [({"act": "assign"}, "assignee"), ({"act": "label"}, "label"), ({"act": "write"}, "body"), ({}, "act"), ({"act": "nonsense"}, "act")],
)
def test_a_batch_that_lacks_something_keeps_what_was_ticked(client, first, data, field):
    client.force_login(officer())
    response = batch(client, [first], **data)
    assert response.status_code == 422
    assert field in response.context["batch"].errors
    assert response.context["ticked"] == {first.pk}
    assert not Batch.objects.exists()


def test_nothing_ticked_is_said(english, first):
    english.force_login(officer())
    response = batch(english, [], act="assign", assignee="none")
    assert response.status_code == 422 and "Tick at least one application." in response.content.decode()


def test_what_may_not_be_seen_is_not_found_in_a_batch(client, first):
    (second,) = copies(first, ["CL-2026-0002"])
    person = make_user(roles=[Role.CASE_OFFICER, Role.EVALUATOR])
    barred(person, second)
    client.force_login(person)
    send(client, "batch", {"pk": [str(first.pk), str(second.pk), str(uuid4()), "x"], "act": "assign", "assignee": person.pk})
    assert outcome() == [(first.number, "done"), ("", "refused"), ("", "refused")]
    second.refresh_from_db()
    assert second.assignee is None
    with pytest.raises(AssignmentRefused):
        assign(application=second, assignee=person, actor=head())


def test_the_whole_list_can_be_taken(client, first):
    copies(first, ["CL-2026-0002", "CL-2026-0003"], region="MA-01")
    client.force_login(officer())
    send(client, "batch", {"whole": "1", "act": "assign", "assignee": officer().pk}, query="?region=MA-01")
    assert outcome() == [("CL-2026-0002", "done"), ("CL-2026-0003", "done")]


@pytest.mark.parametrize("rows", [2, 60])
def test_batch_asks_the_same_whatever_the_rows(client, first, rows, label, django_assert_max_num_queries):
    twins = copies(first, [f"CL-2026-1{n:03d}" for n in range(rows)])
    client.force_login(officer())
    with django_assert_max_num_queries(30):
        assert batch(client, twins, act="label", label=label.pk).status_code == 302
    assert Labelling.objects.count() == rows


@pytest.mark.parametrize("role", STAFF_WHO_READ)
def test_readers_act_on_nothing(client, first, role, label):
    client.force_login(make_user(roles=[role]))
    assert batch(client, [first], act="label", label=label.pk).status_code == 403
    assert send(client, "note_add", {"body": "x"}, first.pk).status_code == 403
    assert send(client, "labels_set", {"label": label.pk}, first.pk).status_code == 403
    assert not (Batch.objects.exists() or Note.objects.exists() or Labelling.objects.exists())
    assert client.get(URL).context["batch"] is None


def test_report_is_its_authors_own(client, first):
    client.force_login(officer())
    url = batch(client, [first], act="assign", assignee=officer().pk).url
    client.force_login(officer())
    assert client.get(url).status_code == 404


def test_export_as_workbook_and_csv(english, first):
    (second,) = copies(first, ["CL-2026-0002"], name_fr="=1+1", region="MA-09")
    english.force_login(make_user(roles=[Role.AUDITOR]))
    response = send(english, "worklist_export", {}, "xlsx", query="?sort=-number")
    sheet = openpyxl.load_workbook(BytesIO(b"".join(response.streaming_content))).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][:3] == ("Number", "Name (French)", "Name (Arabic)")
    assert [row[0] for row in rows[1:]] == [second.number, first.number]
    assert (rows[1][1], sheet["B2"].data_type) == ("=1+1", "s")
    text = b"".join(send(english, "worklist_export", {}, "csv", query="?region=MA-09").streaming_content).decode()
    assert text.startswith("\ufeffNumber;") and text.count("\r\n") == 2 and ";'=1+1;" in text
    entries = AuditEntry.objects.filter(action="worklist.exported").order_by("id")
    assert [(entry.after, entry.data["count"], entry.data["query"]) for entry in entries] == [
        ("xlsx", 2, "sort=-number"), ("csv", 1, "region=MA-09"),
    ]  # fmt: skip


def test_export_of_what_was_ticked_and_may_be_seen(client, first):
    second, third = copies(first, ["CL-2026-0002", "CL-2026-0003"])
    person = make_user(roles=[Role.CASE_OFFICER, Role.EVALUATOR])
    barred(person, third)
    client.force_login(person)
    data = {"pk": [str(second.pk), str(third.pk)]}
    text = b"".join(send(client, "worklist_export", data, "csv").streaming_content).decode()
    assert second.number in text and first.number not in text and third.number not in text


def test_export_is_never_a_reading_of_an_address(client, first):
    client.force_login(officer())
    assert client.get(reverse("applications:worklist_export", args=["csv"])).status_code == 405


@pytest.mark.parametrize("role", [None, *WITHOUT_DOSSIERS])
def test_the_desk_does_not_exist_for_others(client, first, role):
    client.force_login(make_user(roles=[role] if role else ()))
    for name, args in (("view_save", ()), ("list_columns", ()), ("batch", ()), ("worklist_export", ("csv",)), ("note_add", (first.pk,))):
        assert send(client, name, {}, *args).status_code == 404, name
