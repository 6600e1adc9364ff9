"""The workbook of a dossier as it goes out."""

from io import BytesIO

import openpyxl
import pytest

from applications.services.drafts import save_step
from applications.steps import STEPS, STEPS_BY_SLUG

from .helpers import cell, changes, content_of, opened, page, read_back

pytestmark = pytest.mark.once


def test_every_part_but_the_pieces_has_its_sheet_in_the_order_of_the_steps(application):
    marks = [sheet["A1"].value for sheet in opened(content_of(application)) if str(sheet["A1"].value).startswith("canevas-sheet")]
    assert marks == [f"canevas-sheet|{step.slug}/{part.key}" for step in STEPS for part in step.parts if part.key != "pieces"]


def test_codes_are_hidden_answers_are_open_and_the_rest_is_protected(application):
    book = opened(content_of(application))
    sheet = page(book, "budget/lines")
    assert sheet.protection.sheet and sheet.row_dimensions[1].hidden and sheet.column_dimensions["A"].hidden
    answer = cell(sheet, sheet.cell(6, 1).value, "y1")
    assert not answer.protection.locked and sheet.cell(5, 3).protection.locked
    assert sheet.cell(5, 3).value == f"Year 1 ({application.call.base_year})"
    assert book["_listes"].sheet_state == "hidden"
    assert page(book, "membres/members").data_validations.dataValidation


def test_totals_are_formulas_with_our_value_and_answers_never_are(application):
    content = content_of(application)
    formulas = {(sheet.title, c.coordinate) for sheet in opened(content) for row in sheet.iter_rows() for c in row if c.data_type == "f"}
    sheet = page(opened(content), "budget/lines")
    totals = [row for row in range(6, sheet.max_row + 1) if sheet.cell(row, 1).value == "#"]
    assert len(totals) == 3
    assert {(sheet.title, sheet.cell(row, column).coordinate) for row in totals for column in range(3, 8)} <= formulas
    values = openpyxl.load_workbook(BytesIO(content), data_only=True)[sheet.title]
    assert [values.cell(row, 3).value for row in totals] == [2_060_000, 2_060_000, 0]
    indicators = page(opened(content), "indicateurs/indicators").title
    assert not [place for place in formulas if place[0] == indicators]


def test_a_hostile_text_goes_out_as_text(application, user):
    data = {"startups-preparation": '=HYPERLINK("http://x")', "startups-support": "+1"}
    save_step(application=application, step=STEPS_BY_SLUG["start-up"], data=data, actor=user)
    sheet = page(opened(content_of(application)), "start-up/startups")
    assert [(cell(sheet, name, "value").value, cell(sheet, name, "value").data_type) for name in ("preparation", "support")] == [
        ('=HYPERLINK("http://x")', "s"), ("+1", "s")]  # fmt: skip
    draft, found = read_back(application, user, content_of(application))
    assert changes(found) == []
