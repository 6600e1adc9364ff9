"""Exact scores on the adopted grid.

Every number is an ``int``, a ``Decimal`` or a ``Fraction``; a ``float`` is refused. Shapes and units: criterion scores run
from 0 to 5 by half points, weights are integer percents whose sum is 100, the weighted score runs from 0 to 100.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from math import lcm

SCALE_MAX = 5
TECHNICAL = "technical"
QUALITATIVE = "qualitative"
BLOCKS = (TECHNICAL, QUALITATIVE)

_HALF_POINTS = {Decimal(n) / 2: n for n in range(2 * SCALE_MAX + 1)}

HALF_POINT_SCALE = tuple(_HALF_POINTS)
"""The eleven marks an evaluator may give, from 0 to 5, as ``Decimal``."""


class InvalidScore(ValueError):
    """The value is not a half point between 0 and 5, or is a float."""


class InvalidGrid(ValueError):
    """Weights that do not add up to 100, a repeated criterion, an unknown block."""


@dataclass(frozen=True, slots=True)
class GridCriterion:
    """One criterion of the grid. ``weight`` in percent; ``threshold`` on the 0–5 scale, reached when score ≥ threshold."""

    code: str
    block: str
    weight: int
    threshold: Decimal | None = None


@dataclass(frozen=True)
class Grid:
    """The criteria in their published order of priority, which is also the order of the tie step ``criteria_order``.

    ``block_thresholds`` are in weighted points of the block (0 to the sum of its weights), ``total_threshold`` in points of
    the total (0–100). Raises InvalidGrid.
    """

    criteria: tuple[GridCriterion, ...]
    block_thresholds: Mapping[str, Decimal] = field(default_factory=dict)
    total_threshold: Decimal | None = None

    def __post_init__(self):
        codes = [criterion.code for criterion in self.criteria]
        if len(set(codes)) != len(codes):
            raise InvalidGrid("a criterion appears twice")
        if any(criterion.block not in BLOCKS for criterion in self.criteria):
            raise InvalidGrid("unknown block")
        if any(not isinstance(criterion.weight, int) or criterion.weight < 0 for criterion in self.criteria):
            raise InvalidGrid("a weight is a whole number of percent, never negative")
        if sum(criterion.weight for criterion in self.criteria) != 100:
            raise InvalidGrid("weights must add up to 100")

    @property
    def codes(self) -> tuple[str, ...]:
        """Criterion codes in order of priority."""
        return tuple(criterion.code for criterion in self.criteria)


@dataclass(frozen=True, slots=True)
class EvaluationScores:
    """One submitted evaluation: a stable code of who gave it, a mark (or None) per criterion code, a name for sentences."""

    evaluator: str
    scores: Mapping[str, Decimal | None]
    name: str = ""


@dataclass(frozen=True, slots=True)
class ScoreCard:
    """What the grid says of one dossier. ``criteria`` on 0–5; ``blocks`` and ``total`` in weighted points (0–100)."""

    criteria: Mapping[str, Fraction]
    blocks: Mapping[str, Fraction]
    total: Fraction
    missed: tuple[str, ...]

    @property
    def passes(self) -> bool:
        """True when every adopted threshold is reached."""
        return not self.missed


def half_points(value) -> int:
    """The mark as a whole number of half points, 0 to 10. Raises InvalidScore."""
    if isinstance(value, (float, bool)):
        raise InvalidScore("a mark is exact: give a Decimal, never a float")
    try:
        return _HALF_POINTS[value]
    except (KeyError, TypeError) as error:
        raise InvalidScore(f"{value!r} is not a half point between 0 and {SCALE_MAX}") from error


def official_scores(agreed: Mapping[str, Decimal | None], codes: tuple[str, ...]) -> dict[str, Fraction]:
    """The official mark per criterion: the one agreed in the consensus report, a half point. Raises InvalidScore.

    With whole percents the weighted score then has exactly one decimal: w × (h/2) / 5 = w × h / 10.
    """
    return {code: Fraction(half_points(agreed[code]), 2) for code in codes}


def mean_scores(evaluations: tuple[EvaluationScores, ...], codes: tuple[str, ...]) -> dict[str, Fraction]:
    """The exact mean of the submitted marks: official in runs kept before there were consensus reports (format 1)."""
    divisor = 2 * len(evaluations)
    marks = [evaluation.scores for evaluation in evaluations]
    return {code: Fraction(sum([half_points(mark[code]) for mark in marks]), divisor) for code in codes}


def weighted(criteria: tuple[GridCriterion, ...], scores: Mapping[str, Fraction]) -> Fraction:
    """Σ weight × score / 5 over the given criteria, exact. One common denominator keeps ten thousand dossiers cheap."""
    common = lcm(*[scores[criterion.code].denominator for criterion in criteria])
    total = 0
    for criterion in criteria:
        score = scores[criterion.code]
        total += criterion.weight * score.numerator * (common // score.denominator)
    return Fraction(total, SCALE_MAX * common)


def blocks_of(grid: Grid) -> dict[str, tuple[GridCriterion, ...]]:
    """The criteria of each block, in order of priority; a block without criteria is absent."""
    blocks = {block: tuple(c for c in grid.criteria if c.block == block) for block in BLOCKS}
    return {block: criteria for block, criteria in blocks.items() if criteria}


def score_card(grid: Grid, scores: Mapping[str, Fraction]) -> ScoreCard:
    """Block scores, total and missed thresholds from the official marks. A threshold is reached at equality."""
    blocks = {block: weighted(criteria, scores) for block, criteria in blocks_of(grid).items()}
    total = sum(blocks.values(), Fraction(0))
    missed = [c.code for c in grid.criteria if c.threshold is not None and scores[c.code] < Fraction(c.threshold)]
    missed += [b for b, limit in sorted(grid.block_thresholds.items()) if blocks.get(b, 0) < Fraction(limit)]
    if grid.total_threshold is not None and total < Fraction(grid.total_threshold):
        missed.append("total")
    return ScoreCard(criteria=scores, blocks=blocks, total=total, missed=tuple(missed))


def running_total(grid: Grid, scores: Mapping[str, Decimal | None]) -> tuple[Fraction, int]:
    """Weighted points of the criteria already marked by one evaluator, and how many are marked."""
    marked = tuple(c for c in grid.criteria if scores.get(c.code) is not None)
    if not marked:
        return Fraction(0), 0
    exact = {c.code: Fraction(half_points(scores[c.code]), 2) for c in marked}
    return weighted(marked, exact), len(marked)


def truncated(value: Fraction, places: int = 2) -> Decimal:
    """The value cut (never rounded up) after ``places`` decimals, so that a display never lifts a score over a line."""
    scale = 10**places
    return Decimal(int(value * scale)).scaleb(-places)


def exact(value: Fraction) -> str:
    """The value as ``"numerator/denominator"`` in lowest terms (``"73/1"`` for a whole number)."""
    return f"{value.numerator}/{value.denominator}"
