"""The panel beside every step: the thresholds with their exact figures, what is missing, what does not agree.

Everything is computed by the rules that judge at deposit; this module only chooses words and tones.
"""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from applications.models import Call
from applications.queries import Dossier, facts_of, terms_of
from applications.rules import budget, coherence, eligibility
from applications.rules.facts import BLOCK, INFO, YEARS
from applications.rules.figures import percent_text, threshold_text
from applications.rules.verdicts import MEMBERS, NOT_COMPUTABLE, QUALIFYING, SELF_FINANCING
from applications.services.deposit import obstacles_of
from applications.steps import STEPS_BY_CODE, progress_of


@dataclass(frozen=True)
class Gauge:
    """One rule as a line of the panel. `tone`: pass, fail, warn or na; `figures` exact, "" when the sentence says all."""

    tone: str
    title: str
    figures: str
    sentence: str
    missing: str
    clause: str
    formula: str = ""


@dataclass(frozen=True)
class Remark:
    """A control that does not hold, with the step where it is put right."""

    tone: str
    sentence: str
    step: object


@dataclass(frozen=True)
class YearLine:
    number: int
    expenses: object
    income: object
    result: object
    rate: str


def panel_context(dossier: Dossier) -> dict:
    """Gauges, remarks and yearly totals of what is stored, or of what is being typed once it is laid over."""
    facts, terms = facts_of(dossier), terms_of(dossier.call)
    verdicts = eligibility.evaluate(facts, terms, deadline=dossier.call.deadline_at)
    remarks = [_remark(finding) for finding in coherence.check(facts, base_year=dossier.call.base_year)]
    return {
        "application": dossier.application,
        "call": dossier.call,
        "gauges": [_gauge(v, terms) for v in verdicts if v.rule in FIGURES or not v.passed],
        "blocking_remarks": [r for r in remarks if r.tone == "fail"],
        "remarks": [r for r in remarks if r.tone == "warn"],
        "notes": [r for r in remarks if r.tone == "na"],
        "years": year_lines(facts, terms),
    }


def progress_context(dossier: Dossier) -> dict:
    """How far the dossier is: lines of the task list, what is left, whether it could be deposited."""
    progress = progress_of(dossier)
    unfinished = [line for line in progress if line.problems]
    return {
        "progress": progress,
        "unfinished": [line for line in unfinished if line.step.code != "documents"],
        "missing_pieces": sum(len(line.problems) for line in unfinished if line.step.code == "documents"),
        "done": sum(line.is_complete for line in progress if not line.step.optional),
        "total": sum(not line.step.optional for line in progress),
    }


def is_ready(dossier: Dossier) -> bool:
    """Complete and eligible: nothing in the dossier forbids the deposit."""
    return not obstacles_of(dossier)


def year_lines(facts, terms) -> list[YearLine]:
    """Expenses, income, result and self-financing of each year, as the rules compute them."""
    rates = budget.self_financing_years(facts, terms)
    return [
        YearLine(number, sums.expenses, sums.income, sums.result, percent_text(rates[number - 1].percent()))
        for number, sums in zip(range(1, YEARS + 1), budget.all_totals(facts), strict=True)
    ]


def problem_url(application, step, problem) -> str:
    """Where a problem is put right: the step, at the control."""
    return reverse("applications:step", args=[application.pk, step.slug]) + (f"#{problem.input_id}" if problem.input_id else "")


def _remark(finding):
    tone = {BLOCK: "fail", INFO: "na"}.get(finding.level, "warn")
    return Remark(tone, finding.sentence, STEPS_BY_CODE.get(finding.step))


def _gauge(verdict, terms):
    if verdict.passed:
        tone = "pass"
    elif verdict.blocks:
        tone = "na" if verdict.status == NOT_COMPUTABLE else "fail"
    else:
        tone = "warn"
    figures = FIGURES[verdict.rule](verdict) if verdict.rule in FIGURES and verdict.status != NOT_COMPUTABLE else ""
    return Gauge(tone, verdict.title, figures, verdict.sentence, verdict.missing_sentence, verdict.clause, _formula(verdict.rule, terms))


def _members(verdict):
    count, _one, least = verdict.figures
    return _("%(count)d/%(least)d members") % {"count": count, "least": least}


def _qualifying(verdict):
    companies, members, least = verdict.figures
    return f"{companies}/{members} = {verdict.percent_text} / {threshold_text(least)}"


def _self_financing(verdict):
    return f"{verdict.percent_text} / {threshold_text(verdict.figures.threshold)}"


FIGURES = {MEMBERS: _members, QUALIFYING: _qualifying, SELF_FINANCING: _self_financing}


def _formula(rule, terms):
    if rule == MEMBERS:
        return _("Engaged members of the table, each legal person once. Potential members and major partners do not count.")
    if rule == QUALIFYING:
        return _("Industrial, technological or specific companies ÷ engaged members × 100. Nothing is rounded.")
    if rule == SELF_FINANCING and terms.self_financing_formula == Call.SelfFinancingFormula.OWN_OVER_EXPENSES:
        return _("(Membership fees + paid services + private part of other income) ÷ total expenses of year 1 × 100. Nothing is rounded.")
    if rule == SELF_FINANCING:
        return _("(Membership fees + paid services + private part of other income) ÷ total income of year 1 × 100. Nothing is rounded.")
    return ""
