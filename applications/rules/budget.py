"""The five-year budget of clause 6.2: totals, result, State-fundable expenses, own resources, self-financing rate.

A cell that is still empty counts as zero here, so that the live panel can follow someone typing; control B1 is what
keeps an unfinished budget from being deposited. Years are 0..4.
"""

from decimal import Decimal
from typing import NamedTuple

from applications.rules import facts as f
from applications.rules.figures import Ratio, total


class YearTotals(NamedTuple):
    """One year of the budget, in DH. `result` is income minus expenses and may be negative."""

    expenses: Decimal
    income: Decimal
    result: Decimal
    state_fundable: Decimal
    own_resources: Decimal
    state_grant: Decimal


def totals(facts, year):
    """The computed figures of one year (0..4)."""
    expenses, income = side_total(facts, f.EXPENSE, year), side_total(facts, f.INCOME, year)
    return YearTotals(
        expenses=expenses,
        income=income,
        result=income - expenses,
        state_fundable=state_fundable_expenses(facts, year),
        own_resources=own_resources(facts, year),
        state_grant=line_amount(facts, f.STATE_GRANT, year),
    )


def all_totals(facts):
    """The computed figures of the five years, in order."""
    return tuple(totals(facts, year) for year in range(f.YEARS))


def side_total(facts, side, year):
    """Total of the expenses or of the income of one year."""
    return total(line.amounts[year] for line in facts.lines if line.side == side)


def line_amount(facts, code, year):
    """Amount of one heading in one year, zero when empty or absent from the call."""
    return total(line.amounts[year] for line in facts.lines if line.code == code)


def detail_total(facts, code, year):
    """Sum of the rows itemising one heading."""
    return total(detail.amounts[year] for detail in facts.details if detail.code == code)


def state_fundable_expenses(facts, year):
    """Expenses without a star: the most the State grant may cover (clause 6.2)."""
    return total(line.amounts[year] for line in facts.lines if line.side == f.EXPENSE and line.state_fundable)


def own_resources(facts, year):
    """Fees, paid services and the private part of the other income, in DH (domain T3).

    The private part never exceeds its own heading: rows that itemise more than the heading cannot raise the rate.
    """
    heading = line_amount(facts, f.OWN_RESOURCE_DETAILED_LINE, year)
    private = total(
        detail.amounts[year]
        for detail in facts.details
        if detail.code == f.OWN_RESOURCE_DETAILED_LINE and detail.nature == f.OWN_RESOURCE_NATURE
    )
    return sum((line_amount(facts, code, year) for code in f.OWN_RESOURCE_LINES), min(private, heading))


def self_financing(facts, terms, year):
    """The self-financing rate of one year as an exact Ratio against the threshold of the call, by its formula."""
    side = f.EXPENSE if terms.self_financing_formula == f.OWN_OVER_EXPENSES else f.INCOME
    return Ratio(own_resources(facts, year), side_total(facts, side, year), terms.min_self_financing_percent)


def self_financing_years(facts, terms):
    """The five rates, in order. Only the first is judged; the others are shown and feed the indicator of section 7."""
    return tuple(self_financing(facts, terms, year) for year in range(f.YEARS))
