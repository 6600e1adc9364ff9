"""The advice on a run as a workbook, a sheet per table, and as its sealed JSON."""

import json
from decimal import Decimal
from fractions import Fraction
from io import BytesIO

from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from clusters_portal.lib.bilingual import localized
from clusters_portal.lib.clock import CASABLANCA
from clusters_portal.lib.tabular_writing import new_workbook, write_table
from evaluation.exports import exact_mark
from evaluation.queries import AdviceFigures, advice_document
from evaluation.rules.agreement import LEVELS
from evaluation.rules.robustness import ADOPTED, EVALUATORS, UNIFORM
from evaluation.rules.scoring import truncated

SCHEMES = (EVALUATORS, ADOPTED, UNIFORM)


def sealed(figures: AdviceFigures) -> bytes:
    """The sealed text: its SHA-256 is the hash of the advice. Evaluators are the codes of the run's own document."""
    return advice_document(figures.advice).encode()


def workbook(figures: AdviceFigures) -> bytes:
    """XLSX with one sheet per table of the page, the marks behind them, and the hashes."""
    buffer = BytesIO()
    book = new_workbook(buffer)
    # A fixed date: the same advice gives the same file.
    book.set_properties({"title": str(figures.ranking.call), "created": figures.advice.created_at.replace(tzinfo=None)})
    tables = {
        _("Fingerprint"): _seal(figures),
        _("Marks"): _marks(figures),
        _("Spread of the marks"): _spreads(figures),
        _("Agreement"): _agreement(figures),
        _("Severity"): _severity(figures),
        _("Corrected ranks"): _corrected(figures),
        _("Robustness"): _stands(figures),
        _("Rank acceptability"): _acceptability(figures),
        _("Weights"): _critical(figures),
    }
    for title, (heads, rows) in tables.items():
        write_table(book, title, heads, rows, rtl=get_language_bidi())
    book.close()
    return buffer.getvalue()


def scheme_label(scheme: str) -> str:
    """What was drawn, in words."""
    return {EVALUATORS: _("Evaluators drawn again"), ADOPTED: _("Weights within 30 %"), UNIFORM: _("Any weights")}[scheme]


def level_label(level: str) -> str:
    """A level of measurement in words."""
    return {"nominal": _("nominal"), "ordinal": _("ordinal"), "interval": _("interval"), "ratio": _("ratio")}[level]


def _seal(figures):
    advice, ranking = figures.advice, figures.ranking
    rows = [
        (_("Call for projects"), localized(ranking.call, "title")),
        (_("Run of the ranking"), ranking.number),
        (_("SHA-256 of the ranking"), ranking.sha256),
        (_("SHA-256 of this advice (the JSON file)"), advice.sha256),
        (_("Computed on"), advice.created_at.astimezone(CASABLANCA).strftime("%Y-%m-%d %H:%M:%S")),
        (_("Seed of the draws"), str(advice.seed)),
        *((" · ".join((_("Draws"), str(scheme_label(scheme)))), figures.draws[scheme]) for scheme in SCHEMES),
        (_("Version of the rules"), advice.code_version),
        (_("Reminder"), _("Advice never changes a rank.")),
    ]
    return [_("Item"), _("Value")], rows


def _marks(figures):
    heads = [_("Number"), _("Evaluator"), *figures.criteria, _("Weighted score")]
    rows = []
    for dossier in json.loads(figures.ranking.inputs)["dossiers"]:
        for evaluation in dossier["evaluations"]:
            code, points = evaluation["evaluator"], evaluation["half_points"]
            marks = [Decimal(points[criterion]) / 2 for criterion in figures.criteria]
            total = truncated(Fraction(figures.record["totals"][dossier["id"]][code]))
            rows.append((dossier["label"], figures.names[code], *marks, total))
    return heads, sorted(rows, key=lambda row: row[:2])


def _spreads(figures):
    heads = [
        _("Rank"),
        _("Number"),
        _("Subject"),
        _("Evaluations"),
        _("Lowest"),
        _("Highest"),
        _("Range"),
        _("Standard deviation"),
        _("To discuss"),
    ]
    rows = []
    for line in figures.lines:
        found = figures.record["divergence"][str(line.application_id)]
        flagged = {flag["subject"] for flag in found["flags"]}
        for spread in found["spreads"]:
            low, high = Fraction(spread["low"]), Fraction(spread["high"])
            deviation = spread["deviation"] and Decimal(spread["deviation"])
            ends = [exact_mark(f"{value.numerator}/{value.denominator}") for value in (low, high, high - low)]
            yes = _("Yes") if spread["subject"] in flagged else ""
            rows.append((line.rank, line.application.number, figures.subject(spread["subject"]), spread["count"], *ends, deviation, yes))
    return heads, rows


def _agreement(figures):
    alphas = [f"α {level_label(level)}" for level in LEVELS]
    heads = [
        _("Subject"),
        _("Applications"),
        _("Evaluators"),
        _("Marks"),
        *alphas,
        "ICC(2,1)",
        "ICC(2,k)",
        "W",
        "χ²",
        _("Degrees of freedom"),
        "p",
    ]
    rows = [
        (
            row.label, row.alphas[LEVELS[0]].n, row.alphas[LEVELS[0]].k, row.marks,
            *(_shown(row.alphas[level]) for level in LEVELS), _shown(row.icc_single), _shown(row.icc_mean), _shown(row.kendall_w),
            row.chi_square, row.degrees or None, row.probability,
        )
        for row in figures.agreement
    ]  # fmt: skip
    return heads, rows


def _shown(statistic):
    return statistic.reason if statistic.value is None else statistic.value


def _severity(figures):
    heads = [_("Evaluator"), _("Applications read"), _("Effect"), _("Half width of the 95 percent interval"), _("Before shrinking")]
    found = figures.severity
    rows = [(name, e["readings"], e["effect"], e["margin"], e["raw"]) for name, e in found["effects"]]
    return heads, rows or [(found["reason"],)]


def _corrected(figures):
    heads = [_("Rank"), _("Number"), _("Mean of the scores"), _("Rank of the mean"), _("Corrected score"), _("Rank if corrected")]
    rows = [
        (line.rank, line.application.number, row["mean"], row["rank"], row["corrected"], row["corrected_rank"])
        for line, row in figures.severity["lines"]
    ]
    return heads, rows or [(figures.severity["reason"],)]


def _stands(figures):
    heads = [_("Rank"), _("Number"), _("Robustness")]
    for scheme in SCHEMES:
        heads += [
            f"{scheme_label(scheme)} · {part}" for part in (_("in the first places"), _("expected rank"), _("best rank"), _("worst rank"))
        ]
    rows = []
    for row in figures.stands:
        cells = [row.line.rank, row.line.application.number, row.badge.label if row.badge else ""]
        for scheme in SCHEMES:
            stand = row.stands.get(scheme)
            cells += [stand.first, stand.expected, stand.low, stand.high] if stand else [figures.hidden_schemes[scheme], None, None, None]
        rows.append(cells)
    return heads, rows


def _acceptability(figures):
    heads = [_("What is drawn"), _("Rank"), _("Number"), *(str(place) for place in range(1, len(figures.stands) + 1))]
    rows = [
        (scheme_label(scheme), row.line.rank, row.line.application.number, *(share for share, _text, _shade in row.stands[scheme].places))
        for scheme in SCHEMES
        for row in figures.stands
        if scheme in row.stands
    ]
    return heads, rows


def _critical(figures):
    heads = [_("Criterion"), _("Adopted weight"), _("Change that swaps"), _("Loses its place"), _("Takes a place")]
    rows = [
        (
            row["label"],
            row["weight"],
            None if row["delta"] is None else Decimal(row["delta"].numerator) / row["delta"].denominator,
            row["ahead"].application.number if row["delta"] is not None else "",
            row["behind"].application.number if row["delta"] is not None else "",
        )
        for row in figures.critical
    ]
    return heads, rows
