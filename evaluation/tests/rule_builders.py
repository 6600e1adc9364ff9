"""Small builders for the pure rules: a grid, an evaluation, a dossier, in one line each."""

from decimal import Decimal

from evaluation.rules.completeness import Dossier
from evaluation.rules.ranking import Terms
from evaluation.rules.scoring import QUALITATIVE, TECHNICAL, EvaluationScores, Grid, GridCriterion

CODES = ("T1", "T2", "T3", "T4", "T5", "Q1", "Q2", "Q3", "Q4", "Q5")
NO_COVERAGE = ("technical_block", "highest_minimum", "criteria_order")


def grid(weights=None, thresholds=None, **limits):
    """Ten criteria, ten percent each unless told."""
    weights, thresholds = weights or {}, thresholds or {}
    return Grid(
        criteria=tuple(
            GridCriterion(code, TECHNICAL if code.startswith("T") else QUALITATIVE, weights.get(code, 10), thresholds.get(code))
            for code in CODES
        ),
        **limits,
    )


def small_grid(*weights, **limits):
    """Technical criteria T1, T2… with these weights."""
    return Grid(criteria=tuple(GridCriterion(f"T{n}", TECHNICAL, w) for n, w in enumerate(weights, 1)), **limits)


def marks(*values, codes=CODES):
    """Marks in the order of the codes; a single value fills them all."""
    if len(values) == 1:
        values = values * len(codes)
    return {code: None if v is None else Decimal(str(v)) for code, v in zip(codes, values, strict=True)}


def dossier(name, *evaluations, **facts):
    """A dossier whose evaluations are mappings of marks, by evaluators e1, e2…; the first one's are agreed unless told."""
    given = tuple(EvaluationScores(f"e{n}", scores) for n, scores in enumerate(evaluations, 1))
    return Dossier(id=name, label=name, evaluations=given, **{"agreed": evaluations[0] if evaluations else None} | facts)


def terms(places=3, min_evaluators=1, **more):
    """Three places, one evaluation enough."""
    return Terms(places=places, min_evaluators=min_evaluators, **more)


def ranks(result):
    """[(id, rank), …] in the order shown."""
    return [(line.id, line.rank) for line in result.ranked]
