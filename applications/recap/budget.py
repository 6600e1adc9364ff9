"""Computed lines of the budget and of the indicators, by the rules that judge the deposit."""

from dataclasses import fields
from decimal import Decimal

from django.utils.translation import gettext as _

from ..models import BudgetHeading
from ..rules import budget
from ..rules.facts import DetailFacts, Facts, LineFacts, Terms
from .blocks import NUMBER, PERCENT, Cell, Line

TOTALS = {BudgetHeading.Side.EXPENSE: "expenses", BudgetHeading.Side.INCOME: "income"}


def with_totals(rows, lines, snapshot, labels) -> list[Line]:
    """The budget grouped by side, each side with its total, then the operating result."""
    years = budget.all_totals(_facts(snapshot, labels))
    names = {"expenses": _("Total expenses"), "income": _("Total income")}
    found = []
    for side, total in TOTALS.items():
        found.append(Line(str(side.label), kind="group"))
        found += [line for row, line in zip(rows, lines, strict=True) if row.group == side]
        found.append(Line(names[total], tuple(Cell(number=getattr(year, total), kind=NUMBER) for year in years), kind="total"))
    result = tuple(Cell(number=year.result, kind=NUMBER) for year in years)
    return [*found, Line(_("Operating result (income minus expenses)"), result, kind="result")]


def computed_indicators(snapshot, labels) -> list[Line]:
    """The indicators nobody types: the self-financing rate of each year, cut at two decimals and never rounded up."""
    rates = budget.self_financing_years(_facts(snapshot, labels), _terms(snapshot))
    cells = tuple(Cell(number=rate.percent(), kind=PERCENT) for rate in rates)
    return [Line(str(row), cells, kind="total") for row in labels.indicators if row.computed]


def _facts(snapshot, labels) -> Facts:
    stored = snapshot["steps"].get("budget", {})
    amounts = stored.get("lines", {})
    return Facts(
        lines=tuple(LineFacts(row.code, row.side, row.state_fundable, amounts=_decimals(amounts.get(row.code))) for row in labels.headings),
        details=tuple(
            DetailFacts(row["heading"], row["label"], row["nature"] or "", _decimals([row[f"y{year}"] for year in range(1, 6)]))
            for row in stored.get("details", [])
            if row["heading"]
        ),
    )


def _decimals(values) -> tuple:
    return tuple(None if value is None else Decimal(value) for value in values or [None] * 5)


def _terms(snapshot) -> Terms:
    """The terms the dossier was judged by; percentages come back from JSON as text."""
    kept = snapshot["call"]["terms"]
    return Terms(**{f.name: _value(kept[f.name]) if "percent" in f.name else kept[f.name] for f in fields(Terms) if f.name in kept})


def _value(percent):
    return Decimal(str(percent))
