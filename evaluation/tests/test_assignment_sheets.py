"""The matrix as a file: taken away, sent back, looked at, applied as a whole."""

import html
import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from clusters_portal.accounts.roles import Role
from clusters_portal.lib.tabular import read_pasted
from evaluation import queries
from evaluation.models import Assignment, LikelyConflict
from evaluation.services import assignment_sheets, assignments, conflicts, evaluations, evaluators
from evaluation.services.refusals import Refused
from evaluation.tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def call():
    return make.call()


@pytest.fixture
def officer():
    return make.user(Role.CASE_OFFICER)


def world(call):
    """Two dossiers and two evaluators."""
    return [make.application(call) for _ in range(2)], [make.user(Role.EVALUATOR) for _ in range(2)]


def read(call, officer, *rows, remove_blank=False):
    table = read_pasted("\n".join(";".join(map(str, row)) for row in rows))
    return assignment_sheets.read(
        call=call, table=table, applications=queries.assignable_applications(officer, call), people=list(evaluators.evaluators()),
        remove_blank=remove_blank,
    )  # fmt: skip


def apply(call, officer, wishes):
    return assignment_sheets.apply(
        call=call, wishes=wishes, applications=queries.assignable_applications(officer, call), people=list(evaluators.evaluators()),
        actor=officer,
    )  # fmt: skip


def said(sheet):
    """[(number, added addresses, removed addresses, errors)]"""
    return [(row.label, [p.email for p in row.add], [p.email for p in row.remove], row.errors) for row in sheet.rows]


def test_crosses_become_assignments_and_blanks_change_nothing(call, officer):
    (first, second), (ana, bob) = world(call)
    assignments.assign(application=first, evaluator=bob, actor=officer)
    sheet = read(
        call, officer, ["", "", ana.email, f"Bob <{bob.email.upper()}>"], [first.number, "…", "x", ""], [second.number, "…", "", "OUI"]
    )
    assert said(sheet) == [(first.number, [ana.email], [], []), (second.number, [bob.email], [], [])]
    assert Assignment.objects.count() == 1
    assert apply(call, officer, sheet.wishes()) == (2, 0)
    rows = Assignment.objects.order_by("pk").values_list("evaluator", "application", "origin", "status")
    assert list(rows) == [
        (bob.pk, first.pk, "manual", "proposed"), (ana.pk, first.pk, "csv", "proposed"), (bob.pk, second.pk, "csv", "proposed")
    ]  # fmt: skip
    second.refresh_from_db()
    assert second.status == "under_evaluation"
    again = read(call, officer, ["", ana.email, bob.email], [first.number, "x", "x"], [second.number, "", "x"])
    assert (again.changes, len(again.same)) == ([], 2)


def test_blanks_remove_when_asked_but_never_what_has_begun(call, officer):
    make.adopted_grid(call)
    (first, second), (ana, bob) = world(call)
    for dossier in (first, second):
        make.accepted(dossier, ana, officer)
        assignments.assign(application=dossier, evaluator=bob, actor=officer)
    second.refresh_from_db()
    evaluations.save_draft(assignment=second.assignments.get(evaluator=ana), sheet=make.sheet(3), revision=0, actor=ana)
    sheet = read(call, officer, ["", ana.email, bob.email], [first.number, "", "x"], [second.number, "", ""], remove_blank=True)
    begun = f"{ana} has begun to score: remove this evaluator by hand, with a reason."
    assert said(sheet) == [(first.number, [], [ana.email], []), (second.number, [], [bob.email], [begun])]
    assert apply(call, officer, sheet.wishes()) == (0, 1)
    assert set(Assignment.objects.filter(status="released").values_list("evaluator", "application")) == {(ana.pk, first.pk)}


def test_a_removed_evaluator_comes_back_from_the_file(call, officer):
    (first, _second), (ana, _bob) = world(call)
    assignments.release(assignment=make.accepted(first, ana, officer), actor=officer)
    assert apply(call, officer, read(call, officer, ["", ana.email], [first.number, "x"]).wishes()) == (1, 0)
    assert list(Assignment.objects.values_list("origin", "status")) == [("csv", "accepted")]


def test_each_row_says_what_is_wrong_and_the_others_stand(call, officer):
    (first, second), (ana, bob) = world(call)
    third, decided = make.application(call), make.application(call, status="in_committee")
    said_of = {"kind": "other", "text": "x", "actor": make.user(Role.DIVISION_HEAD)}
    conflicts.record(application=first, evaluator=ana, source="detected", interest="disqualifying", **said_of)
    conflicts.record(application=second, evaluator=bob, source="applicant", interest="potential", **said_of)
    type(bob).objects.filter(pk=bob.pk).update(employer=third.association.name_fr)
    sheet = read(
        call, officer, ["", ana.email, bob.email, "nobody@nowhere.ma"],
        [first.number, "x", ""], [second.number, "", "x"], [third.number, "", "x"], [decided.number, "x", ""],
        ["CL-0000", "x", ""], [first.number, "r", "x"], [third.number, "perhaps", "=1+1"],
    )  # fmt: skip
    assert [row.errors for row in sheet.rows] == [
        [f"{ana} cannot judge this application."],
        [f"An interest of {bob} waits for a ruling."],
        [f"A likely conflict of interest of {bob} is still to be checked."],
        ["Only an admissible application, not yet before the committee, can be assigned."],
        ["No application of this call to assign has the number CL-0000."],
        ["This application has another row above."],
        ["This application has another row above.", "Cell B8 holds “perhaps”: write x or leave it blank.", "Cell C8 holds a formula."],
    ]
    assert sheet.ignored == ["No active evaluator has the address nobody@nowhere.ma."]
    assert (sheet.changes, sheet.wishes(), LikelyConflict.objects.count()) == ([], {}, 1)
    assert not Assignment.objects.exists()


def test_whatever_changed_since_refuses_the_whole(call, officer):
    (first, second), (ana, bob) = world(call)
    wishes = read(call, officer, ["", ana.email, bob.email], [first.number, "x", "x"], [second.number, "x", ""]).wishes()
    assignments.assign(application=second, evaluator=ana, actor=officer)
    with pytest.raises(Refused) as refusal:
        apply(call, officer, wishes)
    assert (refusal.value.code, Assignment.objects.count()) == ("changed", 1)


@pytest.mark.parametrize(
    "wishes", [{"x": {"add": [], "remove": []}}, {"x": 3}, {"x": {"add": "?"}}, {"NUMBER": {"add": [0], "remove": []}}]
)
def test_wishes_that_nobody_showed_are_refused(call, officer, wishes):
    (first, _second), _people = world(call)
    with pytest.raises(Refused):
        apply(call, officer, {number.replace("NUMBER", first.number): wish for number, wish in wishes.items()})
    assert not Assignment.objects.exists()


# Pages


def send(client, call, name, content, **more):
    file = SimpleUploadedFile(name, content)
    return client.post(reverse("evaluation:assignments_file", args=[call.slug]), {"file": file, "blank": "keep", **more})


def wishes_in(page):
    return html.unescape(re.search(r'name="wishes" value="([^"]*)"', page.content.decode())[1])


def test_the_matrix_goes_away_comes_back_and_is_applied(client, call, officer):
    (first, second), (ana, bob) = world(call)
    assignments.assign(application=first, evaluator=ana, actor=officer)
    client.force_login(officer)
    taken = client.get(reverse("evaluation:assignments_csv", args=[call.slug]))
    lines = taken.content.decode("utf-8-sig").splitlines()
    assert [line.split(";")[0] for line in lines[1:]] == [first.number, second.number]
    assert [line.split(";")[2:] for line in lines[1:]] == [["x", ""], ["", ""]]
    lines[2] = lines[2].rstrip(";") + ";x;x"
    page = send(client, call, "m.csv", "\r\n".join(lines).encode("utf-8-sig"))
    assert (page.status_code, page.context["added"], Assignment.objects.count()) == (200, 2, 1)
    applied = reverse("evaluation:apply_assignments_file", args=[call.slug])
    assert client.post(applied, {"wishes": wishes_in(page)}).status_code == 302
    assert Assignment.objects.filter(application=second, origin="csv").count() == 2
    again = client.post(applied, {"wishes": wishes_in(page)})
    assert (again.status_code, Assignment.objects.count()) == (409, 3)


@pytest.mark.parametrize("content", [b"", b"number;name\nCL-1;x\n", b"PK\x03\x04broken", b"%PDF-1.7 \x00"])
def test_a_file_that_cannot_be_read_is_refused_in_words(client, call, officer, content):
    world(call)
    client.force_login(officer)
    page = send(client, call, "m.csv", content)
    assert page.status_code == 422
    assert page.context["form"].errors["file"]
    assert not Assignment.objects.exists()


@pytest.mark.parametrize("data", [{}, {"wishes": "{"}, {"wishes": "[1]"}, {"wishes": json.dumps({"x": 1})}])
def test_applying_nothing_answers_409(client, call, officer, data):
    client.force_login(officer)
    assert client.post(reverse("evaluation:apply_assignments_file", args=[call.slug]), data).status_code == 409


def test_a_barred_dossier_is_not_in_the_file(client, call):
    both, dossier = make.user(Role.EVALUATOR, Role.CASE_OFFICER), make.application(call)
    assignments.assign(application=dossier, evaluator=both, actor=make.user(Role.CASE_OFFICER))
    conflicts.declare(application=dossier, interest="disqualifying", kind="other", text="x", actor=both)
    client.force_login(both)
    assert dossier.number not in client.get(reverse("evaluation:assignments_csv", args=[call.slug])).content.decode()
    page = send(client, call, "m.csv", f"n;{both.email}\n{dossier.number};x\n".encode())
    assert [row.errors for row in page.context["sheet"].rows] == [
        [f"No application of this call to assign has the number {dossier.number}."]
    ]


@pytest.mark.parametrize("rows", [1, 10])
def test_the_matrix_and_its_file_cost_the_same(client, call, officer, django_assert_max_num_queries, rows):
    for _ in range(rows):
        make.application(call)
        make.user(Role.EVALUATOR)
    assignments.assign_all(call=call, actor=officer)
    client.force_login(officer)
    with django_assert_max_num_queries(14):
        client.get(reverse("evaluation:call_assignments", args=[call.slug]))
    with django_assert_max_num_queries(8):
        client.get(reverse("evaluation:assignments_csv", args=[call.slug]))


def test_a_button_of_the_matrix_names_its_pair(client, call, officer):
    (first, _second), (ana, _bob) = world(call)
    client.force_login(officer)
    page = client.get(reverse("evaluation:call_assignments", args=[call.slug]))
    assert f'value="{first.pk}:{ana.pk}"' in page.content.decode()
    client.post(reverse("evaluation:assign", args=[call.slug]), {"pair": f"{first.pk}:{ana.pk}"})
    assert list(Assignment.objects.values_list("evaluator", "application")) == [(ana.pk, first.pk)]
    client.post(reverse("evaluation:assign", args=[call.slug]), {"pair": "x:y"})
    assert Assignment.objects.count() == 1
