"""The annual indicators of section 7. They are never added up: « annuels et non cumulables ».

A year may therefore be lower than the one before; only two things are checked, and the self-financing rate is
computed from the budget instead of typed.
"""

from applications.rules import facts as f
from applications.rules.budget import self_financing_years
from applications.rules.findings import Finding


def check(facts):
    """I1, companies above members in a year (block); I2, members other than the strategy's forecast (warning)."""
    members = facts.indicators.get(f.ACTIVE_MEMBERS, f.EMPTY)
    companies = facts.indicators.get(f.MEMBER_COMPANIES, f.EMPTY)
    found = []
    for year in range(f.YEARS):
        if companies[year] is not None and members[year] is not None and companies[year] > members[year]:
            found.append(Finding("I1", f.BLOCK, year + 1, "companies", (companies[year], members[year])))
        forecast = facts.members_forecast[year]
        if forecast is not None and members[year] is not None and forecast != members[year]:
            found.append(Finding("I2", f.WARN, year + 1, "forecast", (members[year], forecast)))
    return tuple(found)


def self_financing_series(facts, terms):
    """The computed row « Capacité d'autofinancement »: five percentages truncated at two decimals, None where the total is zero."""
    return tuple(ratio.percent() for ratio in self_financing_years(facts, terms))
