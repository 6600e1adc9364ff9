"""Facts for the tests of the rules, and the reader of the sample files."""

from datetime import date
from decimal import Decimal

from applications.demonstration.samples import read_sample
from applications.rules.facts import DetailFacts, Facts, LineFacts, MemberFacts, Terms

STARRED = {"rent", "capex", "other_expenses"}
DETAILED = {"other_expenses", "other_income"}
TERMS = Terms()


def member(name="Société 1", category="company", engagement="engaged", qualifies=True, ice="", fee=None):
    return MemberFacts(name, category, engagement, qualifies, ice, fee)


def members(companies=0, research=0, others=0, potential=0):
    """Distinct members: qualifying companies, research bodies, others, and companies only potentially interested."""
    return (
        *(member(f"Entreprise {i}") for i in range(companies)),
        *(member(f"Laboratoire {i}", "research_training", qualifies=False) for i in range(research)),
        *(member(f"Agence {i}", "other", qualifies=False) for i in range(others)),
        *(member(f"Entreprise intéressée {i}", engagement="potential") for i in range(potential)),
    )


def years(first, *rest):
    """Five Decimals; a missing year repeats the last one."""
    values = (first, *rest)
    return tuple(Decimal(values[min(year, len(values) - 1)]) for year in range(5))


def line(code, *amounts, side="expense"):
    return LineFacts(code, side, code not in STARRED, code in DETAILED, years(*amounts))


def income(fees=0, grant=0, services=0, other=0):
    return tuple(
        line(code, amount, side="income")
        for code, amount in (("membership_fees", fees), ("state_grant", grant), ("paid_services", services), ("other_income", other))
    )


def expenses(staff=0, rent=0, capex=0, actions=0, other=0):
    codes = ("staff_costs", "rent", "capex", "action_plan_costs", "other_expenses")
    return tuple(line(code, amount) for code, amount in zip(codes, (staff, rent, capex, actions, other), strict=True))


def detail(code, *amounts, nature="private"):
    return DetailFacts(code, "Détail", nature, years(*amounts))


def eligible_facts(**changes):
    """A file that meets every rule: 9 companies out of 15, 40 % of own resources, a balanced budget."""
    values = {
        "constitution_date": date(2024, 5, 16),
        "members": members(9, 4, 2),
        "lines": (*expenses(staff=600_000, actions=400_000), *income(fees=300_000, grant=600_000, services=100_000)),
        **changes,
    }
    return Facts(**values)


def sample(name):
    """The sample file `name` as (Facts, its « expected » block)."""
    data = read_sample(name)
    budget, strategy = data["budget"], data["strategy"]
    lines = [line(code, *amounts) for code, amounts in budget["expenses_mad"].items()]
    lines += [line(code, *amounts, side="income") for code, amounts in budget["income_mad"].items()]
    facts = Facts(
        constitution_date=date.fromisoformat(data["association"]["constitution_date"]),
        members=tuple(_member(row) for row in data["members"]),
        lines=tuple(lines),
        details=tuple(
            DetailFacts(code, row["label"], row.get("nature", ""), years(*row["amounts_mad"]))
            for code, rows in data["budget_details"].items()
            for row in rows
        ),
        action_costs=tuple(years(*action["costs_mad"]) for action in data["actions"]),
        members_forecast=years(*strategy["members_forecast"]),
        fees_forecast=years(*strategy["fees_forecast_mad"]),
        indicators={code: years(*values) for code, values in data["indicators"].items()},
        budget_comment=data.get("budget_comment", ""),
    )
    return facts, data["expected"]


def _member(row):
    return MemberFacts(row["name_fr"], row["category"], row["engagement"], row["qualifies_60"], row["ice"], Decimal(row["fee_mad"]))
