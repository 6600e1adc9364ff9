"""The tie ladder, as data: a tuple of step codes applied in order inside a group of dossiers with the same weighted score.

Deposit time, amounts, alphabetical order and chance are not steps and never decide. What the ladder leaves equal is ex æquo.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from django.utils.translation import gettext_lazy as _

from evaluation.rules.scoring import TECHNICAL, Grid, ScoreCard, exact

TECHNICAL_BLOCK = "technical_block"
HIGHEST_MINIMUM = "highest_minimum"
CRITERIA_ORDER = "criteria_order"
COVERAGE = "coverage"
DEFAULT_LADDER = (TECHNICAL_BLOCK, HIGHEST_MINIMUM, CRITERIA_ORDER, COVERAGE)


STEP_SENTENCES = {
    TECHNICAL_BLOCK: _("The higher score on the technical block."),
    HIGHEST_MINIMUM: _("The higher of the lowest marks: no weak point."),
    CRITERIA_ORDER: _("The higher mark criterion by criterion, in the published order of priority."),
    COVERAGE: _("A region or a sector that no better ranked application covers."),
}
"""Each step in words, for whoever reads or chooses the ladder."""


class UnknownStep(ValueError):
    """The ladder names a step that does not exist."""


@dataclass(frozen=True, slots=True)
class Contender:
    """A dossier in the race: its identifier, score card, region and sector (empty when unknown)."""

    id: str
    card: ScoreCard
    region: str = ""
    sector: str = ""


@dataclass(frozen=True, slots=True)
class TieStep:
    """One use of the ladder: ``step`` separated ``groups`` (best first); ``values`` are what was compared, one per group."""

    step: str
    groups: tuple[tuple[str, ...], ...]
    values: tuple[str, ...]


class Coverage:
    """Regions and sectors of the dossiers already placed. The only step that depends on the other dossiers."""

    def __init__(self, regions=(), sectors=()):
        self._regions, self._sectors = set(regions), set(sectors)

    def copy(self) -> "Coverage":
        """An independent copy, to look ahead without placing anything."""
        return Coverage(self._regions, self._sectors)

    def add(self, contenders: Iterable[Contender]):
        """Count these dossiers' regions and sectors as covered."""
        for contender in contenders:
            self._regions.add(contender.region)
            self._sectors.add(contender.sector)

    def novelty(self, contender: Contender) -> int:
        """0 to 2: one point for a region, one for a sector that no better placed dossier has. Unknown is never new."""
        region = bool(contender.region) and contender.region not in self._regions
        sector = bool(contender.sector) and contender.sector not in self._sectors
        return int(region) + int(sector)


def _minimum(card: ScoreCard, codes) -> Fraction:
    return min(card.criteria[code] for code in codes)


STATIC_STEPS = {
    TECHNICAL_BLOCK: lambda card, codes: (card.blocks.get(TECHNICAL, Fraction(0)),),
    HIGHEST_MINIMUM: lambda card, codes: (_minimum(card, codes),),
    CRITERIA_ORDER: lambda card, codes: tuple(card.criteria[code] for code in codes),
}


def check_ladder(ladder: tuple[str, ...]) -> None:
    """Raise UnknownStep for a code that is not a step, or a step written twice."""
    if len(set(ladder)) != len(ladder):
        raise UnknownStep("a step appears twice")
    for step in ladder:
        if step != COVERAGE and step not in STATIC_STEPS:
            raise UnknownStep(step)


class Ladder:
    """Resolves groups of equals from the best down, remembering what is covered and which steps were used."""

    def __init__(self, grid: Grid, steps: tuple[str, ...]):
        check_ladder(steps)
        self.codes, self.steps = grid.codes, steps
        self.coverage, self._used = Coverage(), {}

    @property
    def used(self) -> tuple[TieStep, ...]:
        """Every separation made so far, in the order it was made, each once."""
        return tuple(self._used)

    def resolve(self, group: list[Contender]) -> list[list[Contender]]:
        """Split equals into ordered ex æquo groups (of one, most often), and count them as placed."""
        group = sorted(group, key=lambda contender: contender.id)
        placed = [group] if len(group) == 1 else self._split(group, self.steps, self.coverage)
        for block in placed:
            self.coverage.add(block)
        return placed

    def _split(self, group, steps, coverage) -> list[list[Contender]]:
        if len(group) == 1 or not steps:
            return [group]
        if steps[0] == COVERAGE:
            return self._split_by_coverage(group, steps[1:], coverage)
        key = STATIC_STEPS[steps[0]]
        buckets = _descending(group, lambda contender: key(contender.card, self.codes))
        if len(buckets) > 1:
            self._note(steps[0], buckets)
        # A later coverage step must see the dossiers of the better buckets as placed already.
        seen, result = coverage.copy(), []
        for _value, bucket in buckets:
            blocks = self._split(bucket, steps[1:], seen)
            for block in blocks:
                seen.add(block)
            result += blocks
        return result

    def _split_by_coverage(self, group, later, coverage) -> list[list[Contender]]:
        """Place the newest first, then look again at who is left: each placement changes what is covered."""
        seen, left, result = coverage.copy(), group, []
        while left:
            buckets = _descending(left, lambda contender: (Fraction(seen.novelty(contender)),))
            if len(buckets) > 1:
                self._note(COVERAGE, buckets)
            best = self._split(buckets[0][1], later, seen)[0]
            result.append(best)
            seen.add(best)
            gone = {contender.id for contender in best}
            left = [contender for contender in left if contender.id not in gone]
        return result

    def _note(self, step, buckets):
        groups = tuple(tuple(contender.id for contender in bucket) for _value, bucket in buckets)
        values = tuple(" ".join(exact(part) for part in value) for value, _bucket in buckets)
        self._used.setdefault(TieStep(step, groups, values))


def _descending(group, key) -> list[tuple[tuple[Fraction, ...], list[Contender]]]:
    """Group by value, highest first; inside a value the order is the identifiers' (it says nothing about merit)."""
    ordered = sorted(group, key=lambda contender: contender.id)
    ordered.sort(key=key, reverse=True)
    return [(value, list(bucket)) for value, bucket in groupby(ordered, key=key)]
