"""What each sheet of the workbook holds, read from the steps: a slot per input of the pages, with its field and its text."""

from dataclasses import dataclass, field

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import override

from applications.forms.grids import ArgumentsPart, GridPart
from applications.forms.rows import MAX_ROWS, RowsPart
from applications.forms.single import FormPart
from applications.models import Action, BudgetDetail
from applications.models.years import YEAR_FIELDS
from applications.steps import STEPS
from clusters_portal.lib.fields import AmountField, CleanTextField, CodeListFormField, CountField, DayField, PercentField

FORM, TABLE, GRID = "form", "table", "grid"
VALUE = "value"
SPARE_ROWS = 25
# Yearly costs add up under their columns; indicators are annual and never do (clause 6, section 7).
SUMMED = (Action, BudgetDetail)
LANGUAGES = ("fr", "ar", "en")


@dataclass(frozen=True)
class Slot:
    """One cell to fill: the name of its input in the step's page, its form field, and the text stored today."""

    name: str
    field: object
    text: object = ""

    @property
    def kind(self) -> str:
        return kind_of(self.field)


@dataclass(frozen=True)
class Line:
    """One line of a sheet. `code` is the field, the grid row or the row's key in the database ("" for a new one)."""

    code: str
    label: str
    slots: dict
    group: str = ""
    starred: bool = False


@dataclass
class Sheet:
    """`columns` are (code, label, help). A table's lines are its rows and `blank` the slots of a new one."""

    step: object
    part: object
    kind: str
    columns: list
    lines: list
    blank: dict = field(default_factory=dict)

    @property
    def key(self) -> str:
        return f"{self.step.slug}/{self.part.key}"

    @property
    def title(self) -> str:
        return f"{self.step.number} {self.part.title or self.step.label}"

    @property
    def spare(self) -> int:
        """How many blank lines a table offers."""
        return MAX_ROWS - len(self.lines) if self.part.paged else SPARE_ROWS

    @property
    def is_summed(self) -> bool:
        return self.kind == TABLE and self.part.model in SUMMED


def sheets_of(dossier) -> list[Sheet]:
    """Every sheet of a dossier, in the order of the steps. Pieces are files: they have none."""
    return [sheet for step in STEPS for part in step.parts if (sheet := _sheet(step, part, dossier)) is not None]


def kind_of(field) -> str:
    """How a field is shown in a workbook."""
    for kind, classes in (
        ("choices", (CodeListFormField, forms.MultipleChoiceField)),
        ("choice", forms.ChoiceField),
        ("yes_no", forms.BooleanField),
        ("count", CountField),
        ("percent", PercentField),
        ("amount", AmountField),
        ("day", DayField),
        ("long", CleanTextField),
    ):
        if isinstance(field, classes):
            return kind
    return "text"


def choices_of(field) -> list:
    """[(code, label)] of a choice in the active language, groups flattened, without the empty one."""
    found = []
    for code, label in field.choices:
        found += [(str(c), str(text)) for c, text in label] if isinstance(label, (list, tuple)) else [(str(code), str(label))]
    return [(code, label) for code, label in found if code]


def codes_by_label(field) -> dict:
    """{label in any of the three languages, or the code itself: code}."""
    known = {}
    for language in LANGUAGES:
        with override(language):
            known |= {label.casefold(): code for code, label in choices_of(field)}
    return known | {code.casefold(): code for code, _label in choices_of(field)}


def shown(slot_field, value) -> str:
    """An input as people read it: labels for codes, yes or no for a box."""
    kind = kind_of(slot_field)
    if kind == "yes_no":
        return _("Yes") if value else _("No")
    if kind in ("choice", "choices"):
        labels = dict(choices_of(slot_field))
        values = value if isinstance(value, (list, tuple)) else [value]
        return "; ".join(labels.get(str(code), str(code)) for code in values if code not in ("", None))
    return "" if value is None else str(value)


def _sheet(step, part, dossier):
    if isinstance(part, GridPart):
        return _grid(step, part, part.bind(dossier))
    if isinstance(part, RowsPart):
        return _table(step, part, part.bind(dossier))
    if isinstance(part, (FormPart, ArgumentsPart)):
        return _form(step, part, part.bind(dossier).form)
    return None


def _form(step, part, form):
    lines = [Line(name, str(field.label), {VALUE: _slot(form, name)}) for name, field in form.fields.items()]
    return Sheet(step, part, FORM, [(VALUE, _("Your answer"), "")], lines)


def _grid(step, part, bound):
    lines = [
        Line(row.code, str(row.label), {year: _slot(bound.form, f"{row.code}_{year}") for year in YEAR_FIELDS}, row.group, row.starred)
        for row in bound.rows
    ]
    first = bound.dossier.call.base_year
    columns = [
        (year, _("Year %(number)d (%(year)d)") % {"number": number, "year": first + number - 1}, "")
        for number, year in enumerate(YEAR_FIELDS, start=1)
    ]
    return Sheet(step, part, GRID, columns, lines)


def _table(step, part, bound):
    columns = [(name, str(field.label), str(field.help_text)) for name, field in bound.empty_form.fields.items()]
    lines = [
        Line(str(form.row_id), str(form.instance), {name: _slot(form, name) for name in form.fields})
        for form in bound.row_forms
        if form.row_id
    ]
    blank = {name: Slot(name, field) for name, field in bound.empty_form.fields.items()}
    return Sheet(step, part, TABLE, columns, lines, blank)


def _slot(form, name):
    key = form.add_prefix(name)
    return Slot(key, form.fields[name], form.data.get(key))
