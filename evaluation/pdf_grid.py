"""The full grid on paper: the official marks and those of every evaluator, dossier by dossier. Reasons would fill a hundred pages:
they are in the evaluation file of each dossier, in the workbook and in the JSON."""

from itertools import groupby

from clusters_portal.lib.bilingual import localized
from clusters_portal.lib.clock import format_moment
from clusters_portal.lib.pdf import render_pdf
from evaluation.exports import exact_mark
from evaluation.exports_grid import Grid, fingerprint


def grid_pdf(grid: Grid, *, lang: str) -> bytes:
    """PDF of the grid in "fr" or "ar", gathered in that language. Raises PdfError."""
    return render_pdf("pdf/full_grid.html", context_of(grid, lang=lang), lang=lang)


def context_of(grid: Grid, *, lang: str) -> dict:
    """What the template prints."""
    marks = {number: list(rows) for number, rows in groupby(grid.marks, key=lambda row: row[0])}
    return {
        "grid": grid,
        "ranking": grid.ranking,
        "created": grid.ranking.created_at,
        "call_title": localized(grid.shortlist.call, "title", lang),
        "run_on": format_moment(grid.ranking.created_at, lang),
        "criteria": [(code, localized(grid.labels[code], "label", lang), grid.weights[code]) for code in grid.codes],
        "dossiers": [_dossier(grid, line, marks) for line in grid.shortlist.lines],
        "sha256": fingerprint(grid),
        "foot": f"{grid.shortlist.call.number_prefix} · {grid.ranking.sha256[:16]}",
    }


def _dossier(grid, line, marks) -> dict:
    number, official = line.application.number, grid.shortlist.criteria[str(line.application_id)]
    return {
        "line": line,
        "official": [exact_mark(official[code]) for code in grid.codes],
        "marks": [(name, [given.get(code) for code in grid.codes]) for _number, name, given in marks.get(number, [])],
    }
