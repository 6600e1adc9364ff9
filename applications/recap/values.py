"""One value of a snapshot, as a reader sees it: choices by their label, places by their name, dates in words."""

from datetime import date
from decimal import Decimal

from django.db import models
from django.utils.translation import gettext as _

from clusters_portal.lib.clock import format_day
from clusters_portal.lib.code_list import CodeListField, split_codes
from clusters_portal.lib.fields import format_phone

from ..models import Action, BudgetDetail
from ..models.years import YEAR_FIELDS
from .blocks import CODE, LONG, NUMBER, PERCENT, TEXT, Cell

# Columns that point at a row of the call: the snapshot holds its code.
CALL_ROWS = {(Action, "category"): "action_categories", (BudgetDetail, "heading"): "headings"}
LEFT_TO_RIGHT = ("ice", "phone", "email", "website", "nma_division", "trade_register", "receipt_number")


def cell_of(model, name, raw, labels) -> Cell:
    """The cell of column `name` of `model`. `raw` is what JSON gave back: text, number, list or None."""
    if raw is None or raw == "" or raw == []:
        return Cell()
    if (model, name) in CALL_ROWS:
        return Cell(labels.label_of(CALL_ROWS[model, name], raw))
    column = model._meta.get_field(name)
    if isinstance(column, models.BooleanField):
        return Cell(_("Yes") if raw else _("No"))
    if isinstance(column, CodeListField):
        names = {code: str(label) for code, label in column.choices_provider()}
        return Cell(_(", ").join(names.get(code, code) for code in split_codes(raw)))
    if column.choices:
        return Cell(str(dict(column.flatchoices).get(raw, raw)))
    if isinstance(column, models.DateField):
        return Cell(format_day(date.fromisoformat(raw)))
    if isinstance(column, models.DecimalField):
        return number(raw)
    # A phone is kept as +212… and read as 06 12 34 56 78.
    return Cell(format_phone(raw) if name == "phone" else str(raw), kind=_kind(column))


def number(raw, kind=NUMBER) -> Cell:
    """A figure, or an empty cell."""
    return Cell(kind=kind) if raw in (None, "") else Cell(number=Decimal(str(raw)), kind=kind)


def series(values, kind=NUMBER) -> tuple[Cell, ...]:
    """Five annual cells."""
    kept = PERCENT if kind == "percent" else NUMBER
    filled = [*(values or ()), *[None] * len(YEAR_FIELDS)][: len(YEAR_FIELDS)]
    return tuple(number(value, kept) for value in filled)


def _kind(column):
    if isinstance(column, models.TextField):
        return LONG
    return CODE if column.name in LEFT_TO_RIGHT else TEXT
