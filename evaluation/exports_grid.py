"""The full grid of a run: the official marks, every evaluator's marks and reasons, as a workbook and as canonical JSON (C3).

Marks are those the run was computed from, so that the file and the ranking's hash say the same. Reasons are read from the
evaluations that counted. Without the right to names evaluators are numbered, in an order drawn from the run's hash.
"""

import json
from dataclasses import dataclass, replace
from decimal import Decimal
from io import BytesIO
from operator import attrgetter

from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from clusters_portal.lib.bilingual import localized
from clusters_portal.lib.canonical import canonical_json, sha256_hex
from clusters_portal.lib.clock import CASABLANCA
from clusters_portal.lib.tabular_writing import new_workbook, write_table
from evaluation.exports import Shortlist, exact_mark, shortlist_of
from evaluation.models import Score
from evaluation.queries.advice import evaluator_names


@dataclass(frozen=True)
class Grid:
    """A run with the marks of everyone: `marks` [(dossier number, evaluator's name, {code: mark})], `reasons` likewise with texts."""

    shortlist: Shortlist
    named: bool
    weights: dict
    labels: dict
    marks: list
    reasons: list

    @property
    def ranking(self):
        """The run."""
        return self.shortlist.ranking

    @property
    def codes(self) -> list:
        """Codes of the criteria in their order."""
        return self.shortlist.codes


def grid_of(ranking, *, named: bool) -> Grid:
    """Gather the grid of a run in its own order, in a constant number of queries. Names are written in the active language."""
    names, inputs = evaluator_names(ranking, named=named), json.loads(ranking.inputs)
    order = {name: number for number, name in enumerate(names.values())}
    marks = [
        (dossier["label"], names[given["evaluator"]], {code: Decimal(half) / 2 for code, half in given["half_points"].items()})
        for dossier in inputs["dossiers"]
        for given in dossier["evaluations"]
    ]
    criteria = list(ranking.grid.criteria.select_related("criterion"))
    shortlist = shortlist_of(ranking)
    return Grid(
        shortlist=replace(shortlist, lines=sorted(shortlist.lines, key=attrgetter("position"))),
        named=named,
        weights={row.criterion.code: row.weight for row in criteria},
        labels={row.criterion.code: row.criterion for row in criteria},
        marks=sorted(marks, key=lambda row: (row[0], order[row[1]])),
        reasons=_reasons(ranking, inputs, names, order),
    )


def _reasons(ranking, inputs, names, order) -> list:
    """[(dossier number, evaluator's name, criterion code, mark, reason)] of the evaluations this run counted."""
    counted = {(dossier["label"], given["evaluator"]) for dossier in inputs["dossiers"] for given in dossier["evaluations"]}
    columns = (
        "evaluation__assignment__application__number", "evaluation__assignment__evaluator", "criterion__criterion__code",
        "criterion__position", "value", "justification", "evaluation__version",
    )  # fmt: skip
    submitted = Score.objects.filter(
        evaluation__assignment__application__call=ranking.call_id,
        evaluation__status="submitted",
        evaluation__submitted_at__lte=ranking.created_at,
    )
    last = {}
    for number, evaluator, code, position, value, text, _version in submitted.order_by("evaluation__version").values_list(*columns):
        if (number, f"E{evaluator}") in counted:
            last[number, f"E{evaluator}", position, code] = (value, text)
    rows = [(number, names[who], code, *said) for (number, who, _position, code), said in sorted(last.items())]
    return sorted(rows, key=lambda row: (row[0], order[row[1]]))


# JSON


def content(grid: Grid) -> dict:
    """The grid as plain values: official marks exact ("n/d"), individual marks in points."""
    return {
        "format": 1,
        "call": grid.shortlist.call.slug,
        "ranking": {"number": grid.ranking.number, "sha256": grid.ranking.sha256},
        "named": grid.named,
        "weights": grid.weights,
        "official": {
            line.application.number: {
                "name_fr": line.name_fr, "name_ar": line.name_ar, "rank": line.rank, "total": line.exact_total,
                "criteria": grid.shortlist.criteria[str(line.application_id)],
            }
            for line in grid.shortlist.lines
        },
        "individual": [{"number": number, "evaluator": name, "marks": marks} for number, name, marks in grid.marks],
        "reasons": [
            {"number": number, "evaluator": name, "criterion": code, "mark": mark, "reason": text}
            for number, name, code, mark, text in grid.reasons
        ],
    }  # fmt: skip


def fingerprint(grid: Grid) -> str:
    """SHA-256 of the canonical JSON of the grid's content."""
    return sha256_hex(canonical_json(content(grid)))


def canonical(grid: Grid) -> bytes:
    """``{"content": …, "sha256": …}`` where the hash is that of the canonical JSON of ``content``."""
    return canonical_json({"content": content(grid), "sha256": fingerprint(grid)}).encode()


# Workbook


def workbook(grid: Grid) -> bytes:
    """XLSX: criteria and weights, official marks, individual marks, reasons, hash. Texts never become formulas."""
    buffer = BytesIO()
    book = new_workbook(buffer)
    # A fixed date: the same run gives the same file.
    book.set_properties({"title": str(grid.shortlist.call), "created": grid.ranking.created_at.replace(tzinfo=None)})
    tables = {
        _("Criteria"): _criteria(grid),
        _("Official marks"): _official(grid),
        _("Individual marks"): _individual(grid),
        _("Reasons"): ([_("Number"), _("Evaluator"), _("Criterion"), _("Mark"), _("Reason")], grid.reasons, [16, 28, 12, 8, 100]),
        _("Fingerprint"): _seal(grid),
    }
    for title, (heads, rows, widths) in tables.items():
        write_table(book, title, heads, rows, rtl=get_language_bidi(), widths=widths)
    book.close()
    return buffer.getvalue()


def _criteria(grid):
    rows = [(code, localized(grid.labels[code], "label"), grid.weights[code]) for code in grid.codes]
    return [_("Criterion"), _("Label"), _("Weight (percent)")], rows, [12, 70, 12]


def _official(grid):
    heads = [
        _("Rank"),
        _("Number"),
        _("Name (French)"),
        _("Name (Arabic)"),
        *grid.codes,
        _("Technical block"),
        _("Qualitative block"),
        _("Weighted score"),
        _("Exact weighted score"),
    ]
    rows = [
        (
            line.rank, line.application.number, line.name_fr, line.name_ar,
            *(exact_mark(grid.shortlist.criteria[str(line.application_id)][code]) for code in grid.codes),
            line.technical, line.qualitative, line.total, line.exact_total,
        )
        for line in grid.shortlist.lines
    ]  # fmt: skip
    return heads, rows, [8, 16, 40, 40, *[8] * len(grid.codes), 12, 12, 12, 16]


def _individual(grid):
    rows = [(number, name, *(marks.get(code) for code in grid.codes)) for number, name, marks in grid.marks]
    return [_("Number"), _("Evaluator"), *grid.codes], rows, [16, 28, *[8] * len(grid.codes)]


def _seal(grid):
    rows = [
        (_("Call for projects"), localized(grid.shortlist.call, "title")),
        (_("Run of the ranking"), str(grid.ranking.number)),
        (_("Run on"), grid.ranking.created_at.astimezone(CASABLANCA).strftime("%Y-%m-%d %H:%M:%S")),
        (_("Evaluators"), _("named") if grid.named else _("not named")),
        (_("SHA-256 of the ranking"), grid.ranking.sha256),
        (_("SHA-256 of this grid (content of the JSON file)"), fingerprint(grid)),
    ]
    return [_("Item"), _("Value")], rows, [50, 80]
