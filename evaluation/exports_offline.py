"""The scoring sheet as a workbook to fill without a connection: one sheet per dossier, protected but for what is typed.

Each sheet carries a signed seal: whose it is, of which dossier, on which grid, from which version. Its total is a formula for
the evaluator's eyes; nothing computed in the file is ever read back.
"""

from io import BytesIO

from django.core import signing
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from clusters_portal.lib.bilingual import localized
from clusters_portal.lib.tabular import new_workbook, sheet_name
from evaluation.imports import CODE, GENERAL, LABEL, LEVELS, MARK, SALT, SEAL, SEEN, WEIGHT, WHY
from evaluation.queries import criteria_of, current_grid, latest_evaluation
from evaluation.queries.grids import grid_sha256
from evaluation.rules.scoring import HALF_POINT_SCALE, SCALE_MAX

FIRST = 5
"""Row of the first criterion, counted from 0."""


def seal_of(assignment, evaluation, grid) -> str:
    """What the sheet is, signed: nobody can fill in another person's form, nor carry marks over to another grid."""
    version, revision = (evaluation.version, evaluation.revision) if evaluation else (1, 0)
    return signing.dumps([assignment.pk, assignment.evaluator_id, grid_sha256(grid), version, revision], salt=SALT)


def to_fill(assignments) -> list[tuple]:
    """[(assignment, evaluation or None, grid)] of those (with ``application``) that still take marks: not submitted, on an adopted grid."""
    rows = [(assignment, latest_evaluation(assignment)) for assignment in assignments]
    found = [(assignment, last, last.grid if last else current_grid(assignment.application.call)) for assignment, last in rows]
    return [(assignment, last, grid) for assignment, last, grid in found if grid is not None and not (last and last.is_submitted)]


def workbook(rows) -> bytes:
    """One sheet per row of ``to_fill``, of which there is at least one, filled with what is stored."""
    buffer = BytesIO()
    with new_workbook(buffer) as book:
        for row in rows:
            _sheet(book, *row)
    return buffer.getvalue()


def _formats(book) -> dict:
    base = {"text_wrap": True, "valign": "top", "border": 1, "border_color": "#d9ddd8"}
    return {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "seal": book.add_format({"font_color": "#8a8f94", "font_size": 8}),
        "head": book.add_format({**base, "bold": True, "bg_color": "#e7f1eb"}),
        "text": book.add_format(base),
        "mark": book.add_format({**base, "locked": False, "bg_color": "#fff4d6", "num_format": "0.0", "bold": True}),
        "open": book.add_format({**base, "locked": False, "bg_color": "#fffaf0", "num_format": "@"}),
        "total": book.add_format({**base, "bold": True, "num_format": "0.0"}),
    }


def _sheet(book, assignment, evaluation, grid):
    sheet, formats = book.add_worksheet(sheet_name(assignment.application.number, book)), _formats(book)
    if get_language_bidi():
        sheet.right_to_left()
    rows = criteria_of(grid)
    scores = {score.criterion_id: score for score in evaluation.scores.all()} if evaluation else {}
    _heading(sheet, assignment, evaluation, grid, formats)
    for number, row in enumerate(rows, FIRST):
        _criterion(sheet, number, row, scores.get(row.pk), formats)
    last = FIRST + len(rows)
    marks, weights = (f"{column}{FIRST + 1}:{column}{last}" for column in "DC")
    sheet.data_validation(FIRST, MARK, last - 1, MARK, _half_points())
    sheet.write_string(last, LABEL, _("Weighted total out of 100 (shown here, computed again by the portal)"), formats["head"])
    sheet.write_formula(last, MARK, f"=SUMPRODUCT({weights},{marks})/{SCALE_MAX}", formats["total"])
    _general(sheet, last + 2, evaluation, formats)
    sheet.protect(options={"format_columns": True, "format_rows": True, "select_locked_cells": True})


def _half_points() -> dict:
    return {
        "validate": "list",
        "source": [float(value) for value in HALF_POINT_SCALE],
        "error_title": _("Mark"),
        "error_message": _("Marks go from 0 to 5 by half points."),
    }


def _heading(sheet, assignment, evaluation, grid, formats):
    application = assignment.application
    sheet.write_string(0, 0, f"{application.number} – {application.current_deposit.name_fr}", formats["title"])
    head = [str(assignment.evaluator), f"{_('Grid')} v{grid.version}", _("Fill in the coloured cells only.")]
    sheet.write_string(1, 0, " · ".join(head))
    sheet.write_string(2, SEAL, seal_of(assignment, evaluation, grid), formats["seal"])
    heads = [
        _("Code"),
        _("Criterion"),
        _("Weight"),
        _("Mark"),
        _("Justification"),
        _("Where in the application"),
        *map(str, range(SCALE_MAX + 1)),
    ]
    for column, (head, width) in enumerate(zip(heads, (12, 40, 8, 8, 60, 30, *[26] * (SCALE_MAX + 1)), strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(FIRST - 1, column, head, formats["head"])
    sheet.freeze_panes(FIRST, LABEL)


def _criterion(sheet, number, row, score, formats):
    sheet.write_string(number, CODE, row.criterion.code, formats["text"])
    sheet.write_string(number, LABEL, localized(row.criterion, "label"), formats["text"])
    sheet.write_number(number, WEIGHT, row.weight, formats["text"])
    if score is not None and score.value is not None:
        sheet.write_number(number, MARK, score.value, formats["mark"])
    else:
        sheet.write_blank(number, MARK, None, formats["mark"])
    sheet.write_string(number, WHY, score.justification if score else "", formats["open"])
    sheet.write_string(number, SEEN, score.evidence if score else "", formats["open"])
    for anchor in row.anchors.all():
        sheet.write_string(number, LEVELS + anchor.level, localized(anchor, "text"), formats["text"])


def _general(sheet, start, evaluation, formats):
    labels = (_("Strengths"), _("Weaknesses"), _("Confidence (1 low, 2 medium, 3 high)"), _("Time spent (minutes)"))
    for number, (name, label) in enumerate(zip(GENERAL, labels, strict=True), start):
        value = getattr(evaluation, name) if evaluation else None
        sheet.write_string(number, CODE, name, formats["text"])
        sheet.write_string(number, LABEL, label, formats["text"])
        sheet.write_string(number, WHY, "" if value is None else str(value), formats["open"])
