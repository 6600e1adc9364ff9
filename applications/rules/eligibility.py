"""Who may be a candidate: the thresholds of clause 3.3 and the conditions around them (domain 1.2).

The same functions judge the self-test, the live panel, the deposit and the recevabilité. Nothing is rounded: 97
companies out of 162 are 59,87 % and fail a threshold of 60 %.
"""

from fractions import Fraction
from math import ceil

from applications.rules import facts as f
from applications.rules import verdicts as v
from applications.rules.budget import self_financing, self_financing_years
from applications.rules.deadline import local_day
from applications.rules.figures import Ratio, cents_up
from applications.rules.membership import count
from applications.rules.support import support_received
from applications.rules.verdicts import FAIL, NOT_COMPUTABLE, PASS, Verdict

__all__ = ["Verdict", "blocking", "evaluate", "self_financing_years", "thresholds"]


def evaluate(facts, terms, *, deadline=None):
    """Every rule of the call applied to one file, in the order they are shown.

    `deadline` is an aware datetime; without one (self-test) dates are only checked for presence.
    """
    verdicts = [*thresholds(facts, terms), applicant_type(facts, terms)]
    if facts.applicant_type == f.EXISTING and terms.existing_min_support_years is not None:
        verdicts.append(support_years(facts, terms, deadline=deadline))
    verdicts += [legal_form(facts), constitution_date(facts, deadline=deadline)]
    return tuple(verdicts)


def thresholds(facts, terms):
    """The three thresholds of clause 3.3 alone: members, share of companies, self-financing."""
    counted = count(facts.members)
    return enough_members(counted, terms), enough_companies(counted, terms), enough_own_resources(facts, terms)


def blocking(verdicts):
    """The verdicts that forbid the deposit."""
    return tuple(verdict for verdict in verdicts if verdict.blocks)


def enough_members(counted, terms):
    """T1: engaged members, each legal person once."""
    missing = max(terms.min_members - counted.engaged, 0)
    return Verdict(
        v.MEMBERS,
        FAIL if missing else PASS,
        terms.members_severity,
        "3.3",
        Ratio(counted.engaged, 1, terms.min_members),
        missing or None,
    )


def enough_companies(counted, terms):
    """T2: industrial, technological or specific companies among all engaged members."""
    ratio = Ratio(counted.qualifying, counted.engaged, terms.min_qualifying_percent)
    status, missing = _status(ratio), None
    if status == FAIL:
        missing = _companies_missing(ratio)
    return Verdict(v.QUALIFYING, status, terms.qualifying_severity, "3.3, 5", ratio, missing)


def enough_own_resources(facts, terms):
    """T3: own resources of year 1 over the income or the expenses of year 1, as the call decides."""
    ratio = self_financing(facts, terms, 0)
    status, missing = _status(ratio), None
    if status == FAIL:
        missing = _own_resources_missing(ratio, grows_with_income=terms.self_financing_formula == f.OWN_OVER_INCOME)
    return Verdict(v.SELF_FINANCING, status, terms.self_financing_severity, "3.3", ratio, missing)


def applicant_type(facts, terms):
    """Whether this edition takes new clusters, existing ones, or both (clause 1.3)."""
    allowed = {f.NEW: terms.new_allowed, f.EXISTING: terms.existing_allowed}
    if allowed.get(facts.applicant_type, False):
        return Verdict(v.APPLICANT_TYPE, PASS, f.BLOCK, "1.3")
    open_to = [kind for kind, is_open in allowed.items() if is_open]
    return Verdict(v.APPLICANT_TYPE, FAIL, f.BLOCK, "1.3", reason=f"{open_to[0]}_only" if len(open_to) == 1 else "")


def support_years(facts, terms, *, deadline=None):
    """Existing clusters: support strictly longer than the years of the call, counted up to the deadline."""
    support = support_received(facts.support_periods, until=deadline)
    if support is None:
        return Verdict(v.SUPPORT_YEARS, NOT_COMPUTABLE, f.BLOCK, "1.3")
    enough = (support.years, support.extra_days) > (terms.existing_min_support_years, 0)
    figures = Ratio(support.years, support.extra_days, terms.existing_min_support_years)
    return Verdict(v.SUPPORT_YEARS, PASS if enough else FAIL, f.BLOCK, "1.3", figures)


def legal_form(facts):
    """T4: the applicant is an association."""
    return Verdict(v.LEGAL_FORM, PASS if facts.legal_form_is_association else FAIL, f.BLOCK, "3.1")


def constitution_date(facts, *, deadline=None):
    """T4: founded on the day of the deadline at the latest, in Morocco."""
    if facts.constitution_date is None:
        return Verdict(v.CONSTITUTION_DATE, NOT_COMPUTABLE, f.BLOCK, "3.1")
    late = deadline is not None and facts.constitution_date > local_day(deadline)
    return Verdict(v.CONSTITUTION_DATE, FAIL if late else PASS, f.BLOCK, "3.1")


def _status(ratio):
    if ratio.denominator <= 0:
        return NOT_COMPUTABLE
    return PASS if ratio.reached() else FAIL


def _companies_missing(ratio):
    """How many qualifying companies must still join: each one adds to both sides. None when no number would do."""
    room = 100 - Fraction(ratio.threshold)
    if room <= 0:
        return None
    return ceil((Fraction(ratio.threshold) * ratio.denominator - 100 * ratio.numerator) / room)


def _own_resources_missing(ratio, *, grows_with_income):
    """DH of own resources still to find: as new income they also raise the total income, never the expenses."""
    room = 100 - Fraction(ratio.threshold) if grows_with_income else Fraction(100)
    if room <= 0:
        return None
    gap = Fraction(ratio.threshold) * Fraction(ratio.denominator) - 100 * Fraction(ratio.numerator)
    return cents_up(gap / room)
