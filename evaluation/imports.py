"""A scoring workbook read back: whose it is, what each sheet holds, what its cells have wrong. Nothing is written here."""

from dataclasses import dataclass, field

from django.core import signing
from django.utils.translation import gettext as _

from clusters_portal.lib.tabular import cell_name
from evaluation.forms.marks import mark_key
from evaluation.forms.scoring import ScoringForm
from evaluation.models import Assignment
from evaluation.queries import criteria_of, current_grid, latest_evaluation
from evaluation.queries.grids import grid_sha256
from evaluation.rules.scoring import HALF_POINT_SCALE

SALT = "evaluation.offline"
SEAL, CODE, LABEL, WEIGHT, MARK, WHY, SEEN, LEVELS = 0, 0, 1, 2, 3, 4, 5, 6
"""Columns of a sheet, counted from 0, as ``exports_offline`` writes them; the seal stands in the first, above the criteria."""

GENERAL = ("strengths", "weaknesses", "confidence", "minutes_spent")
_MARKS = {mark_key(value) for value in HALF_POINT_SCALE}
_COLUMNS = {"mark": MARK, "why": WHY, "seen": SEEN}


@dataclass
class OfflineSheet:
    """One sheet of the file. ``refusal`` says why nothing of it can be taken; ``errors``: [(cell, sentence)]; ``differing``:
    what it would change, or, on a stale sheet, both values; ``data``: the fields of the scoring form."""

    name: str
    assignment: Assignment | None = None
    refusal: str = ""
    errors: list = field(default_factory=list)
    differing: list = field(default_factory=list)
    data: dict = field(default_factory=dict)
    revision: int = 0
    form: ScoringForm | None = None

    @property
    def is_applicable(self) -> bool:
        """Can it be applied as a draft: nothing refused, nothing unreadable, something to change?"""
        return not self.refusal and not self.errors and bool(self.differing)


def read_sheets(tables, assignments) -> list[OfflineSheet]:
    """The sheets of a file against what is stored now. ``assignments``: those this person may score, with their dossier."""
    own = {assignment.pk: assignment for assignment in assignments}
    return [_read(table, own) for table in tables]


def _read(table, own) -> OfflineSheet:
    found = OfflineSheet(table.name)
    try:
        key, person, sha256, version, found.revision = signing.loads(_seal(table), salt=SALT)
    except (signing.BadSignature, ValueError):
        found.refusal = _("This sheet is not a form downloaded here, or its seal was changed.")
        return found
    found.assignment = assignment = own.get(key)
    if assignment is None or assignment.evaluator_id != person:
        found.refusal = _("This form is not yours, or its application is no longer open to you.")
        return found
    evaluation = latest_evaluation(assignment)
    grid = evaluation.grid if evaluation else current_grid(assignment.application.call)
    if evaluation is not None and evaluation.is_submitted:
        found.refusal = _("This evaluation is submitted: it can no longer be changed.")
    elif grid is None or grid_sha256(grid) != sha256:
        found.refusal = _("This form was made on another grid: download it again.")
    else:
        _fill(found, table, evaluation, criteria_of(grid))
        if (version, found.revision) != ((evaluation.version, evaluation.revision) if evaluation else (1, 0)):
            found.refusal = _("The sheet was saved on the portal since this form was downloaded: download it again.")
    return found


def _seal(table) -> str:
    """The seal, wherever blank rows above it went."""
    cells = (row[SEAL] for row in table.rows[:4] if row)
    return next((cell.strip() for cell in cells if cell.count(":") >= 2 and " " not in cell.strip()), "")


def _fill(found, table, evaluation, criteria):
    """Read the cells into the scoring form: the same validation as on the page, each error with its cell."""
    rows = {row[CODE].strip(): (number, row) for number, row in enumerate(table.rows) if row and row[CODE].strip()}
    places = {}
    for criterion in criteria:
        code = criterion.criterion.code
        number, row = rows.get(code, (None, []))
        for name, column in _COLUMNS.items():
            text = row[column].strip() if number is not None and column < len(row) else ""
            places[f"{name}_{code}"] = cell_name(number, column) if number is not None else ""
            if number is not None and (number, column) in table.formulas:
                found.errors.append((places[f"{name}_{code}"], _("This cell holds a formula: type the value itself.")))
                text = ""
            found.data[f"{name}_{code}"] = _mark(text) if name == "mark" else text
    for name in GENERAL:
        number, row = rows.get(name, (None, []))
        found.data[name] = row[WHY].strip() if number is not None and len(row) > WHY else ""
        places[name] = cell_name(number, WHY) if number is not None else ""
    found.form = ScoringForm(criteria, found.data)
    found.form.is_valid()
    for name, messages in found.form.errors.items():
        text = _("“%(typed)s” is not a mark: marks go from 0 to 5 by half points.") % {"typed": found.data[name]}
        found.errors += [(places.get(name, ""), text if name.startswith("mark_") else message) for message in messages]
    found.differing = found.form.differences(ScoringForm.initial_of(evaluation))


def _mark(text) -> str:
    """« 3,5 », "3.50" and "3.0" as the form writes them; anything else as typed, for the form to refuse."""
    plain = text.replace(",", ".").strip()
    if "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return plain if plain in _MARKS else text
