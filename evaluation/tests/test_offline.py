"""Scoring without a connection: what the form holds, what is read back, what is refused and leaves everything as it was."""

from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from clusters_portal.accounts.roles import Role
from evaluation.models import Evaluation, Grid
from evaluation.services import evaluations
from evaluation.tests import factories as make
from evaluation.tests.factories import CODES, LONG

pytestmark = pytest.mark.django_db
FIRST = 6
"""Row of T1 in the sheet, as people count."""


@pytest.fixture
def assignment(client):
    call = make.call()
    make.adopted_grid(call)
    assignment = make.accepted(make.application(call), make.user(Role.EVALUATOR))
    client.cookies["portal_language"] = "en"
    client.force_login(assignment.evaluator)
    return assignment


def form_of(client, name="offline_forms", *args):
    return load_workbook(BytesIO(client.get(reverse(f"evaluation:{name}", args=args)).content))


def filled(book, mark=3.5, **cells):
    sheet = book.worksheets[0]
    for row in range(FIRST, FIRST + len(CODES)):
        sheet[f"D{row}"], sheet[f"E{row}"] = mark, LONG
    for cell, value in cells.items():
        sheet[cell] = value
    return book


def send(client, book):
    out = BytesIO()
    book.save(out)
    out.seek(0)
    out.name = "notation.xlsx"
    return client.post(reverse("evaluation:offline"), {"file": out})


def test_the_form_is_protected_with_a_list_of_half_points_and_a_total(client, assignment):
    book = form_of(client, "offline_sheet", assignment.application_id)
    sheet = book[assignment.application.number]
    assert [sheet[f"A{row}"].value for row in range(FIRST, FIRST + 10)] == list(CODES)
    assert (sheet.protection.sheet, sheet["D6"].protection.locked, sheet["A6"].protection.locked) == (True, False, True)
    assert [str(rule.sqref) for rule in sheet.data_validations.dataValidation] == ["D6:D15"]
    assert sheet["D16"].value == "=SUMPRODUCT(C6:C15,D6:D15)/5"


def test_a_filled_form_is_shown_then_applied_as_a_draft_and_never_submitted(client, assignment):
    page = send(client, filled(form_of(client), E18="Solid.", E20="2"))
    assert (page.status_code, page.context["ready"], Evaluation.objects.count()) == (200, 1, 0)
    assert client.post(reverse("evaluation:apply_offline"), {"seal": page.context["seal"]}).status_code == 302
    draft = Evaluation.objects.get()
    assert (draft.status, draft.revision, draft.strengths, draft.confidence) == ("draft", 1, "Solid.", 2)
    assert {(str(s.value), s.justification) for s in draft.scores.all()} == {("3.5", LONG)}


@pytest.mark.parametrize("typed, cell", [(3.3, "D7"), ("trois", "D7"), (6, "D7"), ("=5*1", "D7")])
def test_a_cell_that_is_no_mark_is_named_and_nothing_is_written(client, assignment, typed, cell):
    page = send(client, filled(form_of(client), **{cell: typed}))
    assert (page.status_code, page.context["ready"]) == (422, 0)
    assert [place for place, _sentence in page.context["sheets"][0].errors] == [cell]
    client.post(reverse("evaluation:apply_offline"), {"seal": page.context["seal"]})
    assert not Evaluation.objects.exists()


def test_a_stale_form_is_refused_with_both_values(client, assignment):
    book = filled(form_of(client), mark=2)
    evaluations.save_draft(assignment=assignment, sheet=make.sheet(4), revision=0, actor=assignment.evaluator)
    sheet = send(client, book).context["sheets"][0]
    assert (bool(sheet.refusal), sheet.is_applicable) == (True, False)
    assert ("4", "2") in [(row["stored"], row["typed"]) for row in sheet.differing]
    assert {str(score.value) for score in Evaluation.objects.get().scores.all()} == {"4.0"}


def test_what_was_saved_between_the_preview_and_its_application_is_kept(client, assignment):
    page = send(client, filled(form_of(client), mark=2))
    evaluations.save_draft(assignment=assignment, sheet=make.sheet(4), revision=0, actor=assignment.evaluator)
    client.post(reverse("evaluation:apply_offline"), {"seal": page.context["seal"]})
    assert {str(score.value) for score in Evaluation.objects.get().scores.all()} == {"4.0"}


def test_another_persons_form_another_grid_and_a_broken_seal_are_refused(client, assignment):
    book = filled(form_of(client))
    Grid.objects.get().criteria.filter(position=0).update(min_justification=30)
    assert "grid" in send(client, book).context["sheets"][0].refusal
    other = make.accepted(assignment.application, make.user(Role.EVALUATOR))
    client.force_login(other.evaluator)
    assert "not yours" in send(client, book).context["sheets"][0].refusal
    book.worksheets[0]["A3"] = "x:y:z"
    assert "seal" in send(client, book).context["sheets"][0].refusal
    assert not Evaluation.objects.exists()


def test_what_is_submitted_is_left_out_and_a_preview_cannot_be_forged(client, assignment):
    assert client.post(reverse("evaluation:apply_offline"), {"seal": "forged"}).status_code == 302
    make.submitted(assignment, 3)
    for name, args in (("offline_forms", []), ("offline_sheet", [assignment.application_id])):
        answer = client.get(reverse(f"evaluation:{name}", args=args), follow=True)
        assert answer.redirect_chain == [(reverse("evaluation:offline"), 302)]
        assert "nothing to mark" in answer.content.decode()
