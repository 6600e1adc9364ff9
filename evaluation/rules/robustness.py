"""Would the order hold with other weights, or with other evaluators? Shares of seeded random draws.

Advice only: shares are floats for display, never fed to the ranking. The same seed and input give the same shares, and the
order in which dossiers come never matters. Dossiers that a draw leaves equal share the places they cover, so that over
all dossiers the shares of one place sum to 1, and the shares of "in the first n" sum to n.

Shape of the input: official marks ``{dossier: {criterion: Fraction}}`` of the dossiers that are ranked.
"""

import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate, groupby
from math import lcm
from operator import mul

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

DRAWS = 5000
RESAMPLES = 2000
AROUND = Fraction(30, 100)
"""Adopted weights are moved by at most 30 % of themselves, either way."""

UNIFORM, ADOPTED, EVALUATORS = "uniform", "adopted", "evaluators"

SOLID, LIKELY, SENSITIVE = "solid", "likely", "sensitive"
SOLID_FROM, LIKELY_FROM = 0.9, 0.6

TOO_FEW_DOSSIERS, TOO_FEW_EVALUATIONS, TOO_MANY_DOSSIERS = "too_few_dossiers", "too_few_evaluations", "too_many_dossiers"
MAX_DOSSIERS = 500
"""Beyond, thousands of draws would hold a page for long, and places × dossiers would fill the memory."""


@dataclass(frozen=True, slots=True)
class Acceptability:
    """``ranks[dossier][r]`` is the share of draws (0–1) in which the dossier takes place r+1; ``first`` that of the first n.

    ``scheme`` says what was drawn (UNIFORM, ADOPTED or EVALUATORS). Both are empty when ``hidden`` has a reason code.
    """

    scheme: str
    seed: int
    draws: int
    places: int
    ranks: Mapping[str, tuple[float, ...]]
    first: Mapping[str, float]
    hidden: str = ""

    @property
    def reason(self) -> str:
        """Why nothing is shown, in the active language; empty otherwise."""
        return {
            "": "",
            TOO_FEW_DOSSIERS: _("Not shown: at least two applications are needed to compare ranks."),
            TOO_FEW_EVALUATIONS: _("Not shown: every application needs at least two evaluations to see what others would change."),
            TOO_MANY_DOSSIERS: _("Not shown: this figure is made for calls of at most %(count)d applications.") % {"count": MAX_DOSSIERS},
        }[self.hidden]


# Weights


def simplex_weights(source: random.Random, count: int) -> list[float]:
    """Weights drawn uniformly among all that are positive and sum to 1: Dirichlet(1, …, 1), the gaps of sorted uniforms."""
    cuts = sorted(source.random() for _cut in range(count - 1))
    return [high - low for low, high in zip([0.0, *cuts], [*cuts, 1.0], strict=True)]


def nearby_weights(source: random.Random, adopted: list[float], around: float) -> list[float]:
    """Adopted weights, each times a factor drawn uniformly in [1 − around, 1 + around], brought back to a sum of 1."""
    moved = [weight * (1 - around + 2 * around * source.random()) for weight in adopted]
    total = sum(moved)
    return [weight / total for weight in moved]


def rank_acceptability(
    marks: Mapping[str, Mapping[str, Fraction]],
    weights: Mapping[str, int],
    *,
    places: int,
    seed: int,
    scheme: str = UNIFORM,
    draws: int = DRAWS,
    around: Fraction = AROUND,
) -> Acceptability:
    """Rank acceptability b_d^r: share of weight draws in which dossier d has rank r. Hidden outside 2 to MAX_DOSSIERS.

    UNIFORM: nothing is known of the weights. ADOPTED: within ± ``around`` of the ``weights`` (percent per criterion).
    Lahdelma, R. & Salminen, P. (2001), "SMAA-2", Operations Research 49, 444–454; Tervonen, T. & Lahdelma, R. (2007),
    European Journal of Operational Research 178, 500–513. Raises ValueError for an unknown scheme.
    """
    if scheme not in (UNIFORM, ADOPTED):
        raise ValueError(f"unknown scheme: {scheme}")
    hidden = _out_of_size(len(marks))
    if hidden:
        return Acceptability(scheme, seed, 0, places, {}, {}, hidden=hidden)
    names, codes, source = sorted(marks), tuple(weights), random.Random(seed)
    rows = [[float(marks[name][code]) for code in codes] for name in names]
    adopted = [weights[code] / sum(weights.values()) for code in codes]

    def totals():
        drawn = simplex_weights(source, len(codes)) if scheme == UNIFORM else nearby_weights(source, adopted, float(around))
        return [sum(map(mul, drawn, row)) for row in rows]

    return _acceptability(scheme, seed, names, places, (totals() for _draw in range(draws)))


# Evaluators


def bootstrap(totals: Mapping[str, Mapping[str, Fraction]], *, places: int, seed: int, draws: int = RESAMPLES) -> Acceptability:
    """P(in the first n) when evaluators are drawn again, with replacement, inside each dossier; the score is their mean.

    ``totals``: weighted total per dossier and evaluator. Hidden when a dossier has fewer than two evaluations, which could
    not vary. Efron, B. (1979), "Bootstrap methods: another look at the jackknife", Annals of Statistics 7, 1–26.
    """
    hidden = _out_of_size(len(totals))
    if not hidden and min(len(row) for row in totals.values()) < 2:
        hidden = TOO_FEW_EVALUATIONS
    if hidden:
        return Acceptability(EVALUATORS, seed, 0, places, {}, {}, hidden=hidden)
    names, source = sorted(totals), random.Random(seed)
    # Whole numbers on one scale: equal means are equal, whatever the number of evaluators.
    common = lcm(*(Fraction(total).denominator * len(row) for row in totals.values() for total in row.values()))
    rows = [[int(Fraction(totals[name][e]) * common / len(totals[name])) for e in sorted(totals[name])] for name in names]
    sampled = ([sum(source.choices(row, k=len(row))) for row in rows] for _draw in range(draws))
    return _acceptability(EVALUATORS, seed, names, places, sampled)


# Counting


def _out_of_size(dossiers: int) -> str:
    if dossiers < 2:
        return TOO_FEW_DOSSIERS
    return TOO_MANY_DOSSIERS if dossiers > MAX_DOSSIERS else ""


def _acceptability(scheme: str, seed: int, names: list[str], places: int, drawn: Iterable[list]) -> Acceptability:
    """Count the places taken in every draw (one list of totals per draw, in the order of the names)."""
    size, draws, positions = len(names), 0, range(len(names))
    counts = [[0.0] * size for _name in names]
    for totals in drawn:
        draws += 1
        order = sorted(positions, key=totals.__getitem__, reverse=True)
        if len(set(totals)) == size:
            for place, position in enumerate(order):
                counts[position][place] += 1
        else:
            _share(counts, order, totals)
    ranks = {name: tuple(count / draws for count in row) for name, row in zip(names, counts, strict=True)}
    first = {name: sum(row[:places]) / draws for name, row in zip(names, counts, strict=True)}
    return Acceptability(scheme, seed, draws, places, ranks, first)


def _share(counts, order, totals) -> None:
    """Equals share the places they cover."""
    start = 0
    for _total, group in groupby(order, key=totals.__getitem__):
        equals = list(group)
        share = 1 / len(equals)
        for position in equals:
            row = counts[position]
            for place in range(start, start + len(equals)):
                row[place] += share
        start += len(equals)


def expected_rank(shares: tuple[float, ...]) -> float:
    """Mean place of a dossier over the draws (1 is first)."""
    return sum(place * share for place, share in enumerate(shares, 1))


def rank_interval(shares: tuple[float, ...], level: float = 0.9) -> tuple[int, int]:
    """Places between which the dossier falls in ``level`` of the draws, the same share cut on both sides."""
    tail = (1 - level) / 2
    running = list(accumulate(shares))
    low = next((place for place, share in enumerate(running, 1) if share > tail + 1e-12), len(shares))
    high = next((place for place, share in enumerate(running, 1) if share >= 1 - tail - 1e-12), len(shares))
    return low, high


# Badge


def badge(probability: float, *, inside: bool = True) -> str:
    """How firmly a dossier sits on its side of the line: SOLID from 0.9, LIKELY from 0.6, SENSITIVE below.

    ``probability`` is that of being in the first n; for a dossier placed after the line (``inside`` False) the complement counts.
    """
    held = probability if inside else 1 - probability
    # 1 − 0.1 is a hair under 0.9 in floats.
    held = round(held, 9)
    if held >= SOLID_FROM:
        return SOLID
    return LIKELY if held >= LIKELY_FROM else SENSITIVE


def badge_label(code: str) -> str:
    """The badge in words, in the active language."""
    return {
        SOLID: pgettext("robustness of a rank", "Solid"),
        LIKELY: pgettext("robustness of a rank", "Likely"),
        SENSITIVE: pgettext("robustness of a rank", "Sensitive"),
    }[code]
