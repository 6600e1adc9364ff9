"""The controls between the tables of the technical file (domain 1.6, B1 to B9), the members and the indicators."""

from decimal import Decimal

from applications.rules import facts as f
from applications.rules import indicators
from applications.rules.budget import detail_total, line_amount, totals
from applications.rules.eligibility import thresholds
from applications.rules.figures import total
from applications.rules.findings import Finding
from applications.rules.membership import count
from applications.rules.verdicts import NOT_COMPUTABLE

# B6: the fees of the members may differ by this share of the budget line (rounding of fee rules).
FEE_TOLERANCE_PERCENT = 1


def check(facts, terms=None, *, base_year=None):
    """Every control that does not hold, in the order B1..B9, I1, I2, M1.

    With `terms`, failed thresholds appear as B4; leave it out where the verdicts are shown beside. With `base_year`
    (an int), B9 says which calendar year « Année 1 » is.
    """
    found = [*empty_cells(facts), *unitemised(facts), *zero_budget(facts)]
    if terms is not None:
        found += failed_thresholds(facts, terms)
    found += [*grant_too_high(facts), *fees_apart(facts), *deficits(facts), *actions_too_dear(facts)]
    if base_year is not None:
        found.append(Finding("B9", f.INFO, None, "base_year", (base_year,)))
    return (*found, *indicators.check(facts), *duplicates(facts))


def blocking(findings):
    """The findings that forbid the deposit."""
    return tuple(finding for finding in findings if finding.level == f.BLOCK)


def empty_cells(facts):
    """B1: every cell is filled in, zero included, over five years."""
    rows = [row.amounts for row in (*facts.lines, *facts.details)]
    if not facts.lines or all(cell is None for row in rows for cell in row):
        return (Finding("B1", f.BLOCK, None, "no_budget"),)
    missing = ((year, sum(row[year - 1] is None for row in rows)) for year in range(1, f.YEARS + 1))
    return tuple(Finding("B1", f.BLOCK, year, "empty_cells", (number,)) for year, number in missing if number)


def unitemised(facts):
    """B2: a heading « à préciser » equals the sum of the rows that itemise it."""
    return tuple(
        Finding("B2", f.BLOCK, year + 1, "other_income" if line.side == f.INCOME else "other_expenses", (itemised, amount))
        for line in facts.lines
        if line.needs_detail
        for year in range(f.YEARS)
        if (itemised := detail_total(facts, line.code, year)) != (amount := line.amounts[year] or Decimal(0))
    )


def zero_budget(facts):
    """B3: year 1 has income and expenses."""
    first = totals(facts, 0)
    sides = (("no_expenses", first.expenses), ("no_income", first.income))
    return tuple(Finding("B3", f.BLOCK, 1, kind, (amount,)) for kind, amount in sides if amount <= 0)


def failed_thresholds(facts, terms):
    """B4: the thresholds of clause 3.3, each as hard as the call makes it."""
    return tuple(
        Finding(
            "B4",
            f.BLOCK if verdict.status == NOT_COMPUTABLE else verdict.severity,
            1 if verdict.rule == "self_financing" else None,
            "threshold",
            verdict=verdict,
        )
        for verdict in thresholds(facts, terms)
        if not verdict.passed
    )


def grant_too_high(facts):
    """B5: the State grant covers unstarred expenses only (clause 6.2)."""
    years = ((year + 1, totals(facts, year)) for year in range(f.YEARS))
    return tuple(
        Finding("B5", f.WARN, year, "grant", (sums.state_grant, sums.state_fundable))
        for year, sums in years
        if sums.state_grant > sums.state_fundable
    )


def fees_apart(facts):
    """B6: fees of the budget against the strategy's forecast, and in year 1 against the members' own fees (±1 %)."""
    found = []
    for year, forecast in enumerate(facts.fees_forecast):
        fees = line_amount(facts, f.MEMBERSHIP_FEES, year)
        if forecast is not None and forecast != fees:
            found.append(Finding("B6", f.WARN, year + 1, "forecast", (fees, forecast)))
    declared = [member.fee for member in facts.members if member.engagement == f.ENGAGED and member.fee is not None]
    fees, paid = line_amount(facts, f.MEMBERSHIP_FEES, 0), total(declared)
    if declared and 100 * abs(paid - fees) > FEE_TOLERANCE_PERCENT * fees:
        found.append(Finding("B6", f.WARN, 1, "member_fees", (fees, paid)))
    return tuple(found)


def deficits(facts):
    """B7: a negative result is allowed, flagged, and must be explained in the comment on the budget."""
    explained = bool(facts.budget_comment.strip())
    results = ((year + 1, totals(facts, year).result) for year in range(f.YEARS))
    level, kind = (f.WARN, "explained") if explained else (f.BLOCK, "unexplained")
    return tuple(Finding("B7", level, year, kind, (result,)) for year, result in results if result < 0)


def actions_too_dear(facts):
    """B8: the costed actions fit in the budget line of the action plan."""
    years = (
        (year + 1, total(costs[year] for costs in facts.action_costs), line_amount(facts, f.ACTION_PLAN_COSTS, year))
        for year in range(f.YEARS)
    )
    return tuple(Finding("B8", f.WARN, year, "actions", (cost, line)) for year, cost, line in years if cost > line)


def duplicates(facts):
    """M1: rows of the members table that are one legal person (X12)."""
    return tuple(Finding("M1", f.WARN, None, "duplicate", (len(names),), names) for names in count(facts.members).duplicates)
