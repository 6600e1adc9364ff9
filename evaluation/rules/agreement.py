"""Agreement between evaluators: Krippendorff's alpha, intraclass correlation, Kendall's W.

Advice only. Everything is computed exactly with ``Fraction`` and turned into a ``float`` once, at the end, so that the order
of the input never changes a digit; these floats are for display and never feed the ranking. A statistic that would mean
nothing is not given: its ``value`` is None and ``hidden`` says why.

Shape of the input everywhere: ``{dossier: {evaluator: mark or None}}``, marks as int, Decimal or Fraction.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import erfc, exp, gamma, sqrt

from django.utils.translation import gettext as _

MIN_DOSSIERS = 5
MIN_EVALUATORS = 2
MIN_FOR_CHI_SQUARE = 8
"""Below, Siegel (1956, p. 236) refers to a table: the chi-square law is too far from the law of W."""

TOO_FEW_DOSSIERS = "too_few_dossiers"
TOO_FEW_EVALUATORS = "too_few_evaluators"
INCOMPLETE = "incomplete"
NO_VARIATION = "no_variation"
DISCONNECTED = "disconnected"
NO_FREEDOM = "no_freedom"

NOMINAL, ORDINAL, INTERVAL, RATIO = "nominal", "ordinal", "interval", "ratio"
LEVELS = (NOMINAL, ORDINAL, INTERVAL, RATIO)

Marks = Mapping[str, Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class Agreement:
    """One statistic. ``n`` dossiers and ``k`` evaluators it rests on; ``value`` is None when ``hidden`` gives a reason code."""

    n: int
    k: int
    value: float | None = None
    hidden: str = ""

    @property
    def reason(self) -> str:
        """Why the statistic is not shown, in the active language; empty when it is shown."""
        return hidden_reason(self.hidden)


@dataclass(frozen=True, slots=True)
class Concordance(Agreement):
    """Kendall's W with its test: ``chi_square`` = m(n−1)W on ``degrees`` = n−1 degrees of freedom."""

    chi_square: float | None = None
    degrees: int = 0

    @property
    def probability(self) -> float | None:
        """Chance of a W at least as high if the orders had nothing in common; None below MIN_FOR_CHI_SQUARE dossiers."""
        if self.chi_square is None or self.n < MIN_FOR_CHI_SQUARE:
            return None
        return chi_square_tail(self.chi_square, self.degrees)


def chi_square_tail(value: float, degrees: int) -> float:
    """P(χ² ≥ value), 0–1, for a whole number of degrees of freedom: the finite sums of Abramowitz & Stegun 26.4.4 and 26.4.5."""
    half = value / 2
    if degrees % 2 == 0:
        return exp(-half) * sum(half**i / gamma(i + 1) for i in range(degrees // 2))
    return erfc(sqrt(half)) + exp(-half) * sum(half ** (i + 0.5) / gamma(i + 1.5) for i in range(degrees // 2))


def hidden_reason(code: str) -> str:
    """The sentence of a reason code, in the active language; empty for no code."""
    sentences = {
        "": "",
        TOO_FEW_DOSSIERS: _("Not shown: there are too few applications for this figure to mean anything."),
        TOO_FEW_EVALUATORS: _("Not shown: at least two evaluators must have marked the same applications."),
        INCOMPLETE: _("Not shown: this figure needs every evaluator to have marked every application."),
        NO_VARIATION: _("Not shown: the marks do not vary enough to measure agreement."),
        DISCONNECTED: _("Not shown: some evaluators share no application with the others, so they cannot be compared."),
        NO_FREEDOM: _("Not shown: there are too few marks to tell the evaluators from chance."),
    }
    return sentences[code]


def exact_marks(marks: Marks) -> dict[str, dict[str, Fraction]]:
    """The marks as fractions without the missing ones, dossiers and evaluators in a fixed order."""
    return {
        dossier: {evaluator: Fraction(row[evaluator]) for evaluator in sorted(row) if row[evaluator] is not None}
        for dossier, row in sorted(marks.items())
    }


def too_small(n: int, k: int, min_dossiers: int = MIN_DOSSIERS) -> str:
    """Reason code when n dossiers or k evaluators are too few, otherwise empty."""
    if n < min_dossiers:
        return TOO_FEW_DOSSIERS
    return TOO_FEW_EVALUATORS if k < MIN_EVALUATORS else ""


# Krippendorff's alpha


def alpha(marks: Marks, level: str = ORDINAL, *, min_dossiers: int = MIN_DOSSIERS) -> Agreement:
    """Krippendorff's alpha = 1 − D_observed / D_expected; 1 is perfect, 0 is chance. Missing marks are allowed.

    Only dossiers with at least two marks count, and ``n`` counts those. ``level`` is one of LEVELS; ``ratio`` needs marks
    that are not negative. Krippendorff, K. (2011), "Computing Krippendorff's Alpha-Reliability", University of
    Pennsylvania. Raises ValueError for an unknown level.
    """
    if level not in LEVELS:
        raise ValueError(f"unknown level of measurement: {level}")
    pairable = {dossier: row for dossier, row in exact_marks(marks).items() if len(row) > 1}
    n, k = len(pairable), len({evaluator for row in pairable.values() for evaluator in row})
    hidden = too_small(n, k, min_dossiers)
    if hidden:
        return Agreement(n, k, hidden=hidden)
    coincidences, totals = _coincidences(pairable)
    difference = _difference(level, totals)
    distances = {pair: difference(*pair) for pair in combinations(sorted(totals), 2)}
    expected = sum((totals[a] * totals[b] * distance for (a, b), distance in distances.items()), Fraction(0))
    if not expected:
        return Agreement(n, k, hidden=NO_VARIATION)
    observed = sum((count * distances[pair] for pair, count in coincidences.items()), Fraction(0))
    return Agreement(n, k, float(1 - (sum(totals.values()) - 1) * observed / expected))


def _coincidences(pairable) -> tuple[dict[tuple[Fraction, Fraction], Fraction], Counter]:
    """Coincidences of each pair of different values (once, smaller value first), and how often each value occurs."""
    coincidences, totals = {}, Counter()
    for row in pairable.values():
        counts = Counter(row.values())
        totals.update(counts)
        for a, b in combinations(sorted(counts), 2):
            share = Fraction(counts[a] * counts[b], len(row) - 1)
            coincidences[a, b] = coincidences.get((a, b), 0) + share
    return coincidences, totals


def _difference(level: str, totals: Counter):
    """The squared difference δ² between two values, smaller first."""
    below, running = {}, 0
    for value in sorted(totals):
        below[value] = running
        running += totals[value]

    def ordinal(a, b):
        # Σ n_g for g from a to b, less half of both ends.
        return (below[b] + totals[b] - below[a] - Fraction(totals[a] + totals[b], 2)) ** 2

    return {
        NOMINAL: lambda a, b: 1,
        ORDINAL: ordinal,
        INTERVAL: lambda a, b: (a - b) ** 2,
        RATIO: lambda a, b: ((a - b) / (a + b)) ** 2,
    }[level]


# Intraclass correlation


def icc_single(marks: Marks, *, min_dossiers: int = MIN_DOSSIERS) -> Agreement:
    """ICC(2,1): reliability of one evaluator taken at random, absolute agreement, two-way random effects.

    Shrout, P. E. & Fleiss, J. L. (1979), "Intraclass correlations: uses in assessing rater reliability", Psychological
    Bulletin 86, 420–428. Needs a complete design.
    """
    return _icc(marks, min_dossiers, lambda n, k, rows, columns, error: rows + (k - 1) * error + k * (columns - error) / n)


def icc_mean(marks: Marks, *, min_dossiers: int = MIN_DOSSIERS) -> Agreement:
    """ICC(2,k): reliability of the mean of these k evaluators. Same source and conditions as ``icc_single``."""
    return _icc(marks, min_dossiers, lambda n, k, rows, columns, error: rows + (columns - error) / n)


def _icc(marks: Marks, min_dossiers: int, denominator) -> Agreement:
    table, n, k, hidden = _complete_table(marks, min_dossiers)
    if hidden:
        return Agreement(n, k, hidden=hidden)
    rows, columns, error = mean_squares(table)
    below = denominator(n, k, rows, columns, error)
    if below <= 0:
        return Agreement(n, k, hidden=NO_VARIATION)
    return Agreement(n, k, float((rows - error) / below))


def mean_squares(table: list[list[Fraction]]) -> tuple[Fraction, Fraction, Fraction]:
    """Two-way analysis of variance without replication: mean squares of the rows, the columns and the residual."""
    n, k = len(table), len(table[0])
    correction = sum((sum(row) for row in table), Fraction(0)) ** 2 / (n * k)
    total = sum((mark * mark for row in table for mark in row), Fraction(0)) - correction
    rows = sum((sum(row) ** 2 for row in table), Fraction(0)) / k - correction
    columns = sum((sum(column) ** 2 for column in zip(*table, strict=True)), Fraction(0)) / n - correction
    return rows / (n - 1), columns / (k - 1), (total - rows - columns) / ((n - 1) * (k - 1))


def _complete_table(marks: Marks, min_dossiers: int):
    """Dossiers × evaluators as a table, its size, and a reason code when it is too small or has a hole."""
    rows = exact_marks(marks)
    evaluators = sorted({evaluator for row in rows.values() for evaluator in row})
    n, k = len(rows), len(evaluators)
    hidden = too_small(n, k, min_dossiers)
    if not hidden and any(len(row) < k for row in rows.values()):
        hidden = INCOMPLETE
    table = [] if hidden else [[row[evaluator] for evaluator in evaluators] for row in rows.values()]
    return table, n, k, hidden


# Kendall's W


def kendall_w(marks: Marks, *, min_dossiers: int = MIN_DOSSIERS) -> Concordance:
    """Kendall's W, agreement on the order of the dossiers, corrected for ties: 1 is the same order, 0 is none.

    W = 12 S / (m²(n³ − n) − m ΣT), T = Σ(t³ − t) over each evaluator's ties. Kendall, M. G. & Babington Smith, B. (1939),
    "The problem of m rankings", Annals of Mathematical Statistics 10, 275–287; ties as in Siegel, S. (1956),
    "Nonparametric Statistics", pp. 229–238. Needs a complete design.
    """
    table, n, m, hidden = _complete_table(marks, min_dossiers)
    if hidden:
        return Concordance(n, m, hidden=hidden)
    sums, ties = [Fraction(0)] * n, 0
    for column in zip(*table, strict=True):
        for position, rank in enumerate(mid_ranks(column)):
            sums[position] += rank
        ties += sum(count**3 - count for count in Counter(column).values())
    denominator = m * m * (n**3 - n) - m * ties
    if not denominator:
        return Concordance(n, m, hidden=NO_VARIATION)
    mean = Fraction(m * (n + 1), 2)
    w = 12 * sum((total - mean) ** 2 for total in sums) / denominator
    return Concordance(n, m, float(w), chi_square=float(m * (n - 1) * w), degrees=n - 1)


def mid_ranks(values) -> list[Fraction]:
    """Ranks from the smallest (1) up, equals sharing the mean of their places."""
    counts, places, start = Counter(values), {}, 0
    for value in sorted(counts):
        places[value] = start + Fraction(counts[value] + 1, 2)
        start += counts[value]
    return [places[value] for value in values]
