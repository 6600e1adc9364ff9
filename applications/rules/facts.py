"""What the rules are told: frozen values, no ORM, no clock.

`queries.facts_of(application)` builds `Facts` and `queries.terms_of(call)` builds `Terms`; the eligibility self-test
builds both from a form. Money is `Decimal` in DH, years are relative (index 0 is « Année 1 »), a cell not filled in
yet is `None` and an empty text is "".
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

YEARS = 5

BLOCK, WARN, INFO = "block", "warn", "info"

NEW, EXISTING = "new", "existing"
COMPANY, RESEARCH_TRAINING, OTHER = "company", "research_training", "other"
ENGAGED, POTENTIAL, MAJOR_PARTNER = "engaged", "potential", "major_partner"
EXPENSE, INCOME = "expense", "income"
PRIVATE, PUBLIC_STATE, PUBLIC_LOCAL = "private", "public_state", "public_local"
INTERNATIONAL_DONOR, IN_KIND = "international_donor", "in_kind"
OWN_OVER_INCOME, OWN_OVER_EXPENSES = "own_over_income", "own_over_expenses"

# The only budget headings the law names by their role; every other heading is data of the call (clause 6.2).
STATE_GRANT = "state_grant"
ACTION_PLAN_COSTS = "action_plan_costs"
MEMBERSHIP_FEES = "membership_fees"
# Own resources: these lines whole, plus the details of that line whose nature is private (domain T3).
OWN_RESOURCE_LINES = (MEMBERSHIP_FEES, "paid_services")
OWN_RESOURCE_DETAILED_LINE = "other_income"
OWN_RESOURCE_NATURE = PRIVATE

# Indicators the rules compare; the self-financing one is computed from the budget, never typed.
ACTIVE_MEMBERS = "active_members"
MEMBER_COMPANIES = "member_companies"
SELF_FINANCING = "self_financing"

Cell = Decimal | None
Series = tuple[Cell, Cell, Cell, Cell, Cell]
EMPTY: Series = (None,) * YEARS


@dataclass(frozen=True)
class Terms:
    """Thresholds of one edition and how hard each one is. Percentages are 0..100; a severity is "block" or "warn"."""

    min_members: int = 15
    min_qualifying_percent: Decimal = Decimal(60)
    min_self_financing_percent: Decimal = Decimal(40)
    members_severity: str = BLOCK
    qualifying_severity: str = BLOCK
    self_financing_severity: str = BLOCK
    self_financing_formula: str = OWN_OVER_INCOME
    new_allowed: bool = True
    existing_allowed: bool = False
    existing_min_support_years: int | None = None


@dataclass(frozen=True)
class MemberFacts:
    """One row of the members table. `qualifies`: industrial, technological or specific (T2). `ice`: 15 digits or ""."""

    name: str
    category: str
    engagement: str
    qualifies: bool = False
    ice: str = ""
    fee: Decimal | None = None


@dataclass(frozen=True)
class LineFacts:
    """One budget heading over five years. `state_fundable` is False for the starred expenses of clause 6.2."""

    code: str
    side: str
    state_fundable: bool = True
    needs_detail: bool = False
    amounts: Series = EMPTY


@dataclass(frozen=True)
class DetailFacts:
    """One row itemising a heading « à préciser ». `code` is that heading; `nature` matters for income only."""

    code: str
    label: str
    nature: str = ""
    amounts: Series = EMPTY


@dataclass(frozen=True)
class Facts:
    """Everything the rules may know about one application. `support_periods` are (first day, last day), both included."""

    applicant_type: str = NEW
    support_periods: tuple[tuple[date, date], ...] = ()
    legal_form_is_association: bool = True
    constitution_date: date | None = None
    members: tuple[MemberFacts, ...] = ()
    lines: tuple[LineFacts, ...] = ()
    details: tuple[DetailFacts, ...] = ()
    action_costs: tuple[Series, ...] = ()
    members_forecast: Series = EMPTY
    fees_forecast: Series = EMPTY
    indicators: dict[str, Series] = field(default_factory=dict)
    budget_comment: str = ""
