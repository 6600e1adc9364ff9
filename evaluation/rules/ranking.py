"""The ranking: weighted sum on an absolute scale, thresholds, tie ladder, standard competition ranks (1, 2, 2, 4).

Pure and deterministic: the order of the input never matters. Adding or withdrawing a dossier never changes another's score.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from evaluation.rules.completeness import AGREED, Dossier, IncompleteRanking, missing
from evaluation.rules.scoring import Grid, ScoreCard, mean_scores, official_scores, score_card
from evaluation.rules.ties import DEFAULT_LADDER, Contender, Ladder, TieStep


@dataclass(frozen=True, slots=True)
class Terms:
    """What the call fixes: number of places, evaluations required per dossier, adopted tie ladder; where marks come from."""

    places: int
    min_evaluators: int = 3
    ladder: tuple[str, ...] = DEFAULT_LADDER
    basis: str = AGREED


@dataclass(frozen=True, slots=True)
class Line:
    """One dossier of the result. ``rank`` is None below a threshold, and ``ex_aequo`` says that the rank is shared."""

    id: str
    rank: int | None
    card: ScoreCard
    ex_aequo: bool = False


@dataclass(frozen=True, slots=True)
class TieToBreak:
    """Equals across the last place: ``group`` shares ``rank`` but only ``seats`` of them can be taken."""

    rank: int
    seats: int
    group: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """Ranked lines best first, lines below a threshold apart, ladder steps used, and the tie left to the committee."""

    ranked: tuple[Line, ...]
    below: tuple[Line, ...]
    steps: tuple[TieStep, ...]
    tie_to_break: TieToBreak | None


def rank(grid: Grid, dossiers: Iterable[Dossier], terms: Terms) -> Result:
    """Rank the dossiers. Raises IncompleteRanking, InvalidScore, UnknownStep; ValueError when a dossier appears twice."""
    dossiers = tuple(dossiers)
    problems = missing(dossiers, grid.codes, terms.min_evaluators, terms.basis)
    if problems:
        raise IncompleteRanking(problems)
    if len({dossier.id for dossier in dossiers}) != len(dossiers):
        raise ValueError("a dossier appears twice")
    contenders = [_contender(grid, dossier, terms.basis) for dossier in dossiers]
    ladder = Ladder(grid, terms.ladder)
    ranked = _place([c for c in contenders if c.card.passes], ladder)
    below = sorted((c for c in contenders if not c.card.passes), key=lambda c: (-c.card.total, c.id))
    return Result(
        ranked=tuple(ranked),
        below=tuple(Line(c.id, None, c.card) for c in below),
        steps=ladder.used,
        tie_to_break=_across_the_line(ranked, terms.places),
    )


def _contender(grid: Grid, dossier: Dossier, basis: str) -> Contender:
    agreed = basis == AGREED
    marks = official_scores(dossier.agreed, grid.codes) if agreed else mean_scores(dossier.evaluations, grid.codes)
    return Contender(dossier.id, score_card(grid, marks), dossier.region, dossier.sector)


def _place(contenders: list[Contender], ladder: Ladder) -> list[Line]:
    lines: list[Line] = []
    ordered = sorted(contenders, key=_total, reverse=True)
    for _total_score, equals in groupby(ordered, key=_total):
        for block in ladder.resolve(list(equals)):
            rank_of_block = len(lines) + 1
            lines += [Line(c.id, rank_of_block, c.card, ex_aequo=len(block) > 1) for c in block]
    return lines


def _total(contender: Contender) -> Fraction:
    return contender.card.total


def _across_the_line(ranked: list[Line], places: int) -> TieToBreak | None:
    """The ex æquo group that starts at or before the last place and ends after it, if there is one."""
    if not 0 < places < len(ranked):
        return None
    shared = ranked[places - 1].rank
    if ranked[places].rank != shared:
        return None
    group = tuple(line.id for line in ranked if line.rank == shared)
    return TieToBreak(rank=shared, seats=places - shared + 1, group=group)
