"""From a snapshot to sections. Steps, parts and labels are those of `steps.STEPS`: nothing is listed a second time."""

from django.db import models
from django.utils.translation import gettext as _

from ..forms.grids import ArgumentsPart, GridPart
from ..forms.pieces import PiecesPart
from ..forms.rows import RowsPart
from ..forms.single import FormPart
from ..models import BudgetLine, IndicatorValue
from ..models.years import YEAR_FIELDS
from ..steps import STEPS
from . import budget
from .blocks import LONG, Block, Cell, Document, Field, Item, Line, Section
from .labels import CallLabels
from .values import cell_of, series


def sections_of(snapshot: dict, call) -> list[Section]:
    """Every step of the snapshot, in order. `snapshot` is `deposit.content`, or `json.loads(canonical_json(snapshot_of(d)))`.

    One query: the labels of the call. A code the call no longer has is shown as it is.
    """
    labels = CallLabels(call)
    return [
        Section(
            slug=step.slug,
            number=str(step.number),
            label=str(step.label),
            optional=step.optional,
            blocks=tuple(block_of(part, snapshot, step, labels) for part in step.parts),
        )
        for step in STEPS
    ]


def block_of(part, snapshot, step, labels) -> Block:
    """What the snapshot says of one part; `labels` are the call's (CallLabels)."""
    stored = snapshot["steps"].get(step.slug, {}).get(part.key)
    for kind, build in BUILDERS.items():
        if isinstance(part, kind):
            return build(part, stored, snapshot, labels)
    raise TypeError(f"no recap is written for {type(part).__name__}")


def _heading(part) -> dict:
    return {"key": part.key, "title": str(part.title), "help": str(part.help)}


def _form(part, stored, snapshot, labels):
    return Block("fields", fields=fields_of(part.form_class, stored or {}, labels), **_heading(part))


def fields_of(form_class, row, labels, without=()) -> tuple[Field, ...]:
    model = form_class._meta.model
    return tuple(
        Field(labels.of_field(form_class, name), cell_of(model, name, row.get(name), labels))
        for name in form_class.base_fields
        if name not in without
    )


def _rows(part, stored, snapshot, labels):
    rows, form_class = stored or [], part.form_class
    if set(YEAR_FIELDS) <= set(form_class.base_fields):
        return _yearly_rows(part, rows, labels)
    if any(_is_long(form_class, name) for name in form_class.base_fields):
        return Block("items", items=tuple(_item(form_class, row, labels) for row in rows), **_heading(part))
    table = [fields_of(form_class, row, labels) for row in rows]
    shown = [
        at
        for at, name in enumerate(form_class.base_fields)
        if name not in form_class.optional or any(not row[at].cell.is_empty for row in table)
    ]
    return Block(
        "table",
        columns=tuple(fields_of(form_class, {}, labels)[at] for at in shown),
        rows=tuple(tuple(row[at] for at in shown) for row in table),
        **_heading(part),
    )


def _is_long(form_class, name):
    return isinstance(form_class._meta.model._meta.get_field(name), models.TextField)


def _item(form_class, row, labels):
    title, *others = fields_of(form_class, row, labels)
    return Item(title.cell, tuple(others))


def _yearly_rows(part, rows, labels):
    """Rows with five annual amounts: a grid, their other columns as notes under the name of the row."""
    form_class = part.form_class
    name = "title" if "title" in form_class.base_fields else "label"
    lines = tuple(
        Line(
            cell_of(form_class._meta.model, name, row.get(name), labels).text,
            series([row.get(year) for year in YEAR_FIELDS]),
            notes=tuple(note for note in fields_of(form_class, row, labels, without=(name, *YEAR_FIELDS)) if not note.cell.is_empty),
        )
        for row in rows
    )
    return Block("grid", lines=lines, **_heading(part))


def _grid(part, stored, snapshot, labels):
    values = stored or {}
    lines = [Line(row.label, series(values.get(row.code), row.kind), starred=row.starred) for row in part.rows_of(labels)]
    star_note = ""
    if part.model is BudgetLine:
        lines = budget.with_totals(part.rows_of(labels), lines, snapshot, labels)
        star_note = _("* Not paid by the State's grant (clause 6.2).")
    elif part.model is IndicatorValue:
        lines += budget.computed_indicators(snapshot, labels)
    return Block("grid", lines=tuple(lines), star_note=star_note if any(line.starred for line in lines) else "", **_heading(part))


def _arguments(part, stored, snapshot, labels):
    texts = stored or {}
    fields = tuple(Field(str(row), Cell(texts.get(row.code, ""), kind=LONG)) for row in labels.criteria)
    return Block("fields", fields=fields, **_heading(part))


def _pieces(part, stored, snapshot, labels):
    by_piece = {}
    for document in snapshot["documents"]:
        by_piece.setdefault(document["requirement"], []).append(document)
    documents = tuple(Document(str(row), row.required, tuple(by_piece.get(row.code, ()))) for row in labels.requirements)
    return Block("documents", documents=documents, **_heading(part))


BUILDERS = {FormPart: _form, RowsPart: _rows, GridPart: _grid, ArgumentsPart: _arguments, PiecesPart: _pieces}
