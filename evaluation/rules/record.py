"""Inputs and results as plain dictionaries ready for canonical JSON: strings and whole numbers only, in a fixed order.

Two runs on the same input give the same text, byte for byte, whatever the order in which the rows came.
"""

from decimal import Decimal

from evaluation.rules.completeness import AGREED, MEAN, Dossier
from evaluation.rules.ranking import Line, Result, Terms
from evaluation.rules.scoring import EvaluationScores, Grid, GridCriterion, exact, half_points, truncated

FORMATS = {MEAN: 1, AGREED: 2}
"""Format 2 adds the agreed marks, which are official; in format 1 the mean of the evaluations was. Both are read and computed."""


def inputs_record(grid: Grid, dossiers, terms: Terms) -> dict:
    """Everything the ranking reads, and nothing else. Marks are written in half points (0–10)."""
    return {
        "format": FORMATS[terms.basis],
        "grid": {
            "criteria": [{"code": c.code, "block": c.block, "weight": c.weight, "threshold": _text(c.threshold)} for c in grid.criteria],
            "block_thresholds": {block: _text(limit) for block, limit in sorted(grid.block_thresholds.items())},
            "total_threshold": _text(grid.total_threshold),
        },
        "terms": {"places": terms.places, "min_evaluators": terms.min_evaluators, "ladder": list(terms.ladder)},
        "dossiers": [_dossier(d, grid.codes, terms.basis) for d in sorted(dossiers, key=lambda dossier: dossier.id)],
    }


def _dossier(dossier: Dossier, codes, basis) -> dict:
    evaluations = sorted(dossier.evaluations, key=lambda evaluation: evaluation.evaluator)
    record = {
        "id": dossier.id,
        "label": dossier.label,
        "region": dossier.region,
        "sector": dossier.sector,
        "evaluations": [
            {"evaluator": e.evaluator, "half_points": {code: half_points(e.scores[code]) for code in codes}} for e in evaluations
        ],
    }
    if basis == AGREED:
        record |= {"report": dossier.report, "agreed": {code: half_points(dossier.agreed[code]) for code in codes}}
    return record


def read_inputs(record: dict) -> tuple[Grid, tuple[Dossier, ...], Terms]:
    """The inverse of ``inputs_record``: lets a stored run be computed again from its own text."""
    grid = Grid(
        criteria=tuple(GridCriterion(c["code"], c["block"], c["weight"], _number(c["threshold"])) for c in record["grid"]["criteria"]),
        block_thresholds={b: _number(t) for b, t in record["grid"]["block_thresholds"].items()},
        total_threshold=_number(record["grid"]["total_threshold"]),
    )
    terms = Terms(
        places=record["terms"]["places"],
        min_evaluators=record["terms"]["min_evaluators"],
        ladder=tuple(record["terms"]["ladder"]),
        basis={number: basis for basis, number in FORMATS.items()}[record["format"]],
    )
    return grid, tuple(_read_dossier(row) for row in record["dossiers"]), terms


def _read_dossier(row: dict) -> Dossier:
    evaluations = tuple(EvaluationScores(e["evaluator"], _marks(e["half_points"])) for e in row["evaluations"])
    agreed = _marks(row["agreed"]) if "agreed" in row else None
    return Dossier(
        row["id"], row["label"], evaluations, region=row["region"], sector=row["sector"], agreed=agreed, report=row.get("report", "")
    )


def result_record(result: Result, basis: str = AGREED) -> dict:
    """Ranks and scores: each score both exact ("n/d") and cut at two decimals."""
    tie = result.tie_to_break
    return {
        "format": FORMATS[basis],
        "ranked": [_line(line) for line in result.ranked],
        "below_threshold": [_line(line) for line in result.below],
        "tie_steps": [{"step": s.step, "groups": [list(group) for group in s.groups], "values": list(s.values)} for s in result.steps],
        "tie_to_break": tie and {"rank": tie.rank, "seats": tie.seats, "group": list(tie.group)},
    }


def _line(line: Line) -> dict:
    return {
        "id": line.id,
        "rank": line.rank,
        "ex_aequo": line.ex_aequo,
        "total": exact(line.card.total),
        "total_shown": str(truncated(line.card.total)),
        "blocks": {block: exact(points) for block, points in line.card.blocks.items()},
        "criteria": {code: exact(mark) for code, mark in line.card.criteria.items()},
        "missed": list(line.card.missed),
    }


def _text(value) -> str | None:
    return None if value is None else str(value)


def _number(text):
    return None if text is None else Decimal(text)


def _marks(half: dict) -> dict[str, Decimal]:
    return {code: Decimal(points) / 2 for code, points in half.items()}
