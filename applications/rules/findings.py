"""What a coherence control found, and the sentence that says it, written when read in the active language."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.rules.figures import amount_text, number_text
from applications.rules.verdicts import Verdict

STEP_MEMBERS = "members"
STEP_STRATEGY = "strategy"
STEP_ACTIONS = "actions"
STEP_BUDGET = "budget"
STEP_INDICATORS = "indicators"
STEP_ASSOCIATION = "identity"


@dataclass(frozen=True)
class Finding:
    """One control that did not hold.

    `code`: B1..B9 (domain 1.6), I1, I2 (indicators) or M1 (members). `level`: "block", "warn" or "info".
    `year`: 1..5, None when the control is not about one year. `kind`: which sentence. `figures`: what was found,
    then what it was compared with. `names`: rows concerned. `verdict`: for B4, the threshold that failed.
    """

    code: str
    level: str
    year: int | None
    kind: str
    figures: tuple[int | Decimal, ...] = ()
    names: tuple[str, ...] = ()
    verdict: Verdict | None = None

    @property
    def step(self):
        """The code of the step where it is put right."""
        if self.verdict:
            return THRESHOLD_STEPS.get(self.verdict.rule, STEP_ASSOCIATION)
        return STEPS[self.code, self.kind]

    @property
    def sentence(self):
        """What does not agree, in one sentence."""
        if self.verdict:
            return " ".join(filter(None, (self.verdict.sentence, self.verdict.missing_sentence)))
        return SENTENCES[self.code, self.kind](self)


def _two(finding, text):
    found, expected = finding.figures
    return text % {"year": finding.year, "found": amount_text(found), "expected": amount_text(expected)}


def _numbers(finding, text):
    found, expected = finding.figures
    return text % {"year": finding.year, "found": number_text(found), "expected": number_text(expected)}


def _empty_cells(finding):
    return ngettext(
        "Year %(year)d: %(count)d amount is missing in the budget. Enter 0 where there is nothing.",
        "Year %(year)d: %(count)d amounts are missing in the budget. Enter 0 where there is nothing.",
        finding.figures[0],
    ) % {"year": finding.year, "count": finding.figures[0]}


def _deficit(finding, text):
    return text % {"year": finding.year, "result": amount_text(finding.figures[0])}


SENTENCES = {
    ("B1", "no_budget"): lambda x: _("The budget is not filled in."),
    ("B1", "empty_cells"): _empty_cells,
    ("B2", "other_expenses"): lambda x: _two(
        x, _("Year %(year)d: the rows itemising the other expenses add up to %(found)s; the line says %(expected)s.")
    ),
    ("B2", "other_income"): lambda x: _two(
        x, _("Year %(year)d: the rows itemising the other income add up to %(found)s; the line says %(expected)s.")
    ),
    ("B3", "no_expenses"): lambda x: _("The expenses of year 1 must be above zero."),
    ("B3", "no_income"): lambda x: _("The income of year 1 must be above zero."),
    ("B5", "grant"): lambda x: _two(x, _("Year %(year)d: the State grant (%(found)s) is above the expenses it may cover (%(expected)s).")),
    ("B6", "forecast"): lambda x: _two(
        x, _("Year %(year)d: the fees of the budget (%(found)s) differ from the forecast of the strategy (%(expected)s).")
    ),
    ("B6", "member_fees"): lambda x: _two(
        x, _("Year %(year)d: the fees of the members add up to %(expected)s; the budget says %(found)s.")
    ),
    ("B7", "unexplained"): lambda x: _deficit(
        x, _("Year %(year)d: the result is negative (%(result)s). Explain it in the comment on the budget.")
    ),
    ("B7", "explained"): lambda x: _deficit(x, _("Year %(year)d: the result is negative (%(result)s).")),
    ("B8", "actions"): lambda x: _two(
        x, _("Year %(year)d: the actions cost %(found)s, above the budget line of the action plan (%(expected)s).")
    ),
    ("B9", "base_year"): lambda x: _("Year 1 is %(year)s, the first year of the programme contract.") % {"year": x.figures[0]},
    ("I1", "companies"): lambda x: _numbers(
        x, _("Year %(year)d: there cannot be more member companies (%(found)s) than active members (%(expected)s).")
    ),
    ("I2", "forecast"): lambda x: _numbers(
        x, _("Year %(year)d: the indicator has %(found)s active members; the strategy forecasts %(expected)s.")
    ),
    ("M1", "duplicate"): lambda x: _("These rows are counted as one member: %(names)s.") % {"names": _(", ").join(x.names)},
}
STEPS = dict.fromkeys(SENTENCES, STEP_BUDGET) | {
    ("B6", "member_fees"): STEP_MEMBERS,
    ("B6", "forecast"): STEP_STRATEGY,
    ("B8", "actions"): STEP_ACTIONS,
    ("I1", "companies"): STEP_INDICATORS,
    ("I2", "forecast"): STEP_INDICATORS,
    ("M1", "duplicate"): STEP_MEMBERS,
}
THRESHOLD_STEPS = {"members": STEP_MEMBERS, "qualifying": STEP_MEMBERS, "self_financing": STEP_BUDGET}
