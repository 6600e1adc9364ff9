"""The answer of a rule: what was judged, with which figures, and the sentences that say it.

A verdict holds codes and exact figures only; its sentences are written when they are read, in the language active
then. A verdict kept with a deposit can therefore be shown in French, Arabic and English years later.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.rules.facts import BLOCK
from applications.rules.figures import Ratio, amount_text, percent_text, threshold_text

PASS, FAIL, NOT_COMPUTABLE = "pass", "fail", "not_computable"

MEMBERS = "members"
QUALIFYING = "qualifying"
SELF_FINANCING = "self_financing"
APPLICANT_TYPE = "applicant_type"
SUPPORT_YEARS = "support_years"
LEGAL_FORM = "legal_form"
CONSTITUTION_DATE = "constitution_date"


@dataclass(frozen=True)
class Verdict:
    """One rule applied to one file.

    `rule`: one of the codes above. `status`: "pass", "fail" or "not_computable". `severity`: "block" or "warn".
    `figures`: Ratio(numerator, denominator, threshold), exact; for the members count the denominator is 1, for the
    support the numerator and denominator are years and days over them. `clause`: section of the call document.
    `missing`: members, companies or DH still needed; None when nothing is missing or when it cannot be told.
    """

    rule: str
    status: str
    severity: str
    clause: str
    figures: Ratio | None = None
    missing: int | Decimal | None = None
    reason: str = ""

    @property
    def passed(self):
        """Whether the rule is met."""
        return self.status == PASS

    @property
    def blocks(self):
        """Whether this verdict alone forbids the deposit. What cannot be computed always does (domain 1.2)."""
        return self.status == NOT_COMPUTABLE or (self.status == FAIL and self.severity == BLOCK)

    @property
    def percent(self):
        """The rate of a percentage rule, truncated at two decimals; None for the other rules."""
        return self.figures.percent() if self.figures and self.rule in (QUALIFYING, SELF_FINANCING) else None

    @property
    def percent_text(self):
        """« 59,87 % », truncated and never rounded up to a threshold; "" for the other rules."""
        return percent_text(self.percent)

    @property
    def title(self):
        """The name of the rule."""
        return TITLES[self.rule]()

    @property
    def sentence(self):
        """What was found, in one sentence."""
        return SENTENCES[self.rule](self)

    @property
    def missing_sentence(self):
        """What would be enough, in one sentence; "" when nothing is missing."""
        return MISSING[self.rule](self) if self.missing and self.rule in MISSING else ""


def _members(verdict):
    count, _one, least = verdict.figures
    return ngettext(
        "%(count)d engaged member counted; at least %(least)d are required.",
        "%(count)d engaged members counted; at least %(least)d are required.",
        count,
    ) % {"count": count, "least": least}


def _qualifying(verdict):
    if verdict.status == NOT_COMPUTABLE:
        return _("The share of companies cannot be computed: no engaged member is recorded.")
    companies, members, least = verdict.figures
    text = _(
        "Industrial, technological or specific companies: %(rate)s of members (%(companies)d/%(members)d); at least %(least)s is required."
    )
    return text % {"rate": verdict.percent_text, "companies": companies, "members": members, "least": threshold_text(least)}


def _self_financing(verdict):
    if verdict.status == NOT_COMPUTABLE:
        return _("The self-financing rate of year 1 cannot be computed: the budget of year 1 is empty or zero.")
    own, base, least = verdict.figures
    text = _("Self-financing in year 1: %(rate)s (%(own)s out of %(base)s); at least %(least)s is required.")
    return text % {"rate": verdict.percent_text, "own": amount_text(own), "base": amount_text(base), "least": threshold_text(least)}


def _applicant_type(verdict):
    if verdict.passed:
        return _("This call is open to this kind of cluster.")
    if verdict.reason == "new_only":
        return _("This call is open to new clusters only.")
    if verdict.reason == "existing_only":
        return _("This call is open to existing clusters only.")
    return _("This call is not open to this kind of cluster.")


def _support_years(verdict):
    if verdict.status == NOT_COMPUTABLE:
        return _("The length of the State's support cannot be computed: no period of support is recorded.")
    years, days, least = verdict.figures
    return _("State support received: %(years)s and %(days)s; strictly more than %(least)s are required.") % {
        "years": _years(years),
        "days": ngettext("%(count)d day", "%(count)d days", days) % {"count": days},
        "least": _years(least),
    }


def _years(number):
    return ngettext("%(count)d year", "%(count)d years", number) % {"count": number}


def _legal_form(verdict):
    if verdict.passed:
        return _("The applicant is an association.")
    return _("The applicant must be an association governed by law no. 75-00.")


def _constitution_date(verdict):
    if verdict.status == NOT_COMPUTABLE:
        return _("The date on which the association was founded is missing.")
    if verdict.passed:
        return _("The association was founded before the deadline.")
    return _("The association must be founded on the day of the deadline at the latest.")


def _missing_members(verdict):
    return ngettext("%(missing)d member is missing.", "%(missing)d members are missing.", verdict.missing) % {"missing": verdict.missing}


def _missing_companies(verdict):
    return ngettext(
        "%(missing)d industrial, technological or specific company is missing.",
        "%(missing)d industrial, technological or specific companies are missing.",
        verdict.missing,
    ) % {"missing": verdict.missing}


def _missing_amount(verdict):
    return _("%(missing)s of own resources are missing in year 1.") % {"missing": amount_text(verdict.missing)}


TITLES = {
    MEMBERS: lambda: _("Number of members"),
    QUALIFYING: lambda: _("Industrial, technological or specific companies"),
    SELF_FINANCING: lambda: _("Self-financing in year 1"),
    APPLICANT_TYPE: lambda: _("Kind of cluster"),
    SUPPORT_YEARS: lambda: _("Length of the State's support"),
    LEGAL_FORM: lambda: _("Legal form"),
    CONSTITUTION_DATE: lambda: _("Date of foundation"),
}
SENTENCES = {
    MEMBERS: _members,
    QUALIFYING: _qualifying,
    SELF_FINANCING: _self_financing,
    APPLICANT_TYPE: _applicant_type,
    SUPPORT_YEARS: _support_years,
    LEGAL_FORM: _legal_form,
    CONSTITUTION_DATE: _constitution_date,
}
MISSING = {MEMBERS: _missing_members, QUALIFYING: _missing_companies, SELF_FINANCING: _missing_amount}
