"""Which dossiers the evaluators see differently, so that they are discussed before the ranking.

Exact arithmetic; advice only. Discussing discordant dossiers first: Giraudeau, B. et al. (2011), "Peer review of grant
applications: a simple method to identify proposals with discordant reviews", PLoS ONE 6(11), e27557.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import sqrt

from evaluation.rules.scoring import EvaluationScores, Grid, half_points, score_card

CRITERION_RANGE = Fraction(2)
"""Points on the 0–5 scale between the lowest and the highest mark of a criterion from which it is flagged."""

TOTAL_RANGE = Fraction(20)
"""Points out of 100 between the lowest and the highest total from which the dossier is flagged."""

CRITERION, TOTAL, SPLIT = "criterion", "total", "threshold_split"
TOTAL_SUBJECT = "total"


@dataclass(frozen=True, slots=True)
class Spread:
    """Marks of one criterion, or totals: how many, lowest, highest, and the sample standard deviation (float, display only)."""

    subject: str
    count: int
    low: Fraction
    high: Fraction
    deviation: float | None

    @property
    def range(self) -> Fraction:
        """Highest minus lowest."""
        return self.high - self.low


@dataclass(frozen=True, slots=True)
class Divergence:
    """One flag. ``kind`` is CRITERION, TOTAL or SPLIT; ``subject`` a criterion code, a block code or ``total``.

    ``low`` and ``high`` are marks on 0–5 for a criterion, points out of 100 otherwise. For a SPLIT, ``limit`` is the
    threshold that some evaluators reach and others do not; for the others it is the range from which the flag is raised.
    """

    kind: str
    subject: str
    low: Fraction
    high: Fraction
    limit: Fraction


def spreads(grid: Grid, evaluations: Iterable[EvaluationScores]) -> tuple[Spread, ...]:
    """One spread per criterion that has a mark, in the order of the grid, then the total of the complete evaluations."""
    values = _values(grid, tuple(evaluations))
    return tuple(_spread(subject, values[subject]) for subject in (*grid.codes, TOTAL_SUBJECT) if values.get(subject))


def divergences(
    grid: Grid,
    evaluations: Iterable[EvaluationScores],
    *,
    criterion_range: Fraction = CRITERION_RANGE,
    total_range: Fraction = TOTAL_RANGE,
) -> tuple[Divergence, ...]:
    """Flags of one dossier: criteria, total, then thresholds that split the evaluators. A range is flagged at equality.

    A missing mark is left out of its criterion, and an incomplete evaluation out of blocks and total.
    """
    values = _values(grid, tuple(evaluations))
    limits = dict.fromkeys(grid.codes, criterion_range) | {TOTAL_SUBJECT: total_range}
    flags = []
    for subject, limit in limits.items():
        found = values.get(subject)
        if found and max(found) - min(found) >= limit:
            flags.append(Divergence(TOTAL if subject == TOTAL_SUBJECT else CRITERION, subject, min(found), max(found), Fraction(limit)))
    for subject, limit in _thresholds(grid).items():
        found = values.get(subject)
        if found and min(found) < limit <= max(found):
            flags.append(Divergence(SPLIT, subject, min(found), max(found), limit))
    return tuple(flags)


def _values(grid: Grid, evaluations) -> dict[str, list[Fraction]]:
    """Every evaluator's value per criterion, block and total."""
    values: dict[str, list[Fraction]] = {}
    for evaluation in evaluations:
        marks = _marks(evaluation.scores, grid.codes)
        for code, mark in marks.items():
            values.setdefault(code, []).append(mark)
        if len(marks) == len(grid.codes):
            card = score_card(grid, marks)
            for subject, points in (*card.blocks.items(), (TOTAL_SUBJECT, card.total)):
                values.setdefault(subject, []).append(points)
    return values


def _marks(scores: Mapping[str, Decimal | None], codes) -> dict[str, Fraction]:
    return {code: Fraction(half_points(scores[code]), 2) for code in codes if scores.get(code) is not None}


def _thresholds(grid: Grid) -> dict[str, Fraction]:
    limits = {c.code: Fraction(c.threshold) for c in grid.criteria if c.threshold is not None}
    limits |= {block: Fraction(limit) for block, limit in sorted(grid.block_thresholds.items())}
    if grid.total_threshold is not None:
        limits[TOTAL_SUBJECT] = Fraction(grid.total_threshold)
    return limits


def _spread(subject: str, values: list[Fraction]) -> Spread:
    count, deviation = len(values), None
    if count > 1:
        mean = sum(values, Fraction(0)) / count
        deviation = sqrt(sum((value - mean) ** 2 for value in values) / (count - 1))
    return Spread(subject, count, min(values), max(values), deviation)
