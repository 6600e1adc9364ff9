"""The automatic assignment as a problem stated in plain values: who may read what, and which rules a proposal must keep.

Hard rules: every dossier has at least ``min_evaluators``; nobody reads a dossier from which a conflict, a refusal or their own
employer excludes them; everybody stays within their load; at most one evaluator per employer on a dossier; at least one expert
of the sector on each dossier whose sector is known. ``services/auto_assignment.py`` solves it.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from evaluation.rules.design import connected_groups

FORMAT = 1
ALL_READ_ALL_UP_TO = 20

Pair = tuple[str, str]
"""(evaluator id, dossier id)"""


class InvalidProblem(ValueError):
    """Identifiers that appear twice or are unknown, or a load that cannot be read."""


@dataclass(frozen=True, slots=True)
class Evaluator:
    """Who reads. ``expertise``: sector codes. ``max_load`` None: no limit. ``name`` is for sentences, ``employer`` may be empty."""

    id: str
    name: str
    employer: str = ""
    expertise: frozenset[str] = frozenset()
    min_load: int = 0
    max_load: int | None = None


@dataclass(frozen=True, slots=True)
class Dossier:
    """What is read. ``label`` is its number, for sentences; ``organisations`` are those of the applicant's side."""

    id: str
    label: str
    sector: str = ""
    organisations: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Problem:
    """Everything an assignment depends on. Raises InvalidProblem.

    ``excluded``: pairs with a conflict or a refusal. ``existing``: pairs of today, kept unless a hard rule forbids them;
    ``started`` those of them where marks are already given, which are the last to be given up. The order of nothing matters.
    """

    dossiers: tuple[Dossier, ...]
    evaluators: tuple[Evaluator, ...]
    min_evaluators: int = 3
    excluded: frozenset[Pair] = frozenset()
    existing: frozenset[Pair] = frozenset()
    started: frozenset[Pair] = frozenset()
    sector_expert: bool = True
    one_per_employer: bool = True
    seed: int = 0
    _allowed: Mapping[str, tuple[str, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self):
        object.__setattr__(self, "dossiers", tuple(sorted(self.dossiers, key=lambda d: d.id)))
        object.__setattr__(self, "evaluators", tuple(sorted(self.evaluators, key=lambda e: e.id)))
        for rows in (self.dossiers, self.evaluators):
            if len({row.id for row in rows}) != len(rows):
                raise InvalidProblem("an identifier appears twice")
        people, files = {e.id for e in self.evaluators}, {d.id for d in self.dossiers}
        if any(e not in people or d not in files for e, d in self.excluded | self.existing | self.started):
            raise InvalidProblem("a pair names an unknown evaluator or dossier")
        if self.min_evaluators < 1 or any(e.min_load < 0 or (e.max_load or 0) < 0 for e in self.evaluators):
            raise InvalidProblem("a number of readings is never negative, and every dossier is read")
        allowed = {d.id: tuple(e.id for e in self.evaluators if self._may_read(e, d)) for d in self.dossiers}
        object.__setattr__(self, "_allowed", allowed)

    def _may_read(self, evaluator: Evaluator, dossier: Dossier) -> bool:
        own = normalised(evaluator.employer)
        side = {normalised(name) for name in dossier.organisations}
        return (evaluator.id, dossier.id) not in self.excluded and not (own and own in side)

    def readers(self, dossier: str) -> tuple[str, ...]:
        """Evaluators whom nothing keeps from this dossier."""
        return self._allowed[dossier]

    def readable(self, evaluator: str) -> tuple[str, ...]:
        """Dossiers from which nothing keeps this evaluator."""
        return tuple(d.id for d in self.dossiers if evaluator in self._allowed[d.id])

    def capacity(self, evaluator: Evaluator) -> int:
        """The most dossiers this evaluator can read: the lower of the load allowed and of what is open to them."""
        possible = len(self.readable(evaluator.id))
        return possible if evaluator.max_load is None else min(evaluator.max_load, possible)

    def experts(self, dossier: Dossier) -> tuple[str, ...] | None:
        """Possible readers who know the sector; None when no expert is required (rule off, or sector unknown)."""
        if not self.sector_expert or not dossier.sector:
            return None
        know = {e.id for e in self.evaluators if dossier.sector in e.expertise}
        return tuple(e for e in self.readers(dossier.id) if e in know)

    def employers(self, dossier: str) -> dict[str, tuple[str, ...]]:
        """Employers with two possible readers or more of this dossier, of whom only one may read it."""
        if not self.one_per_employer:
            return {}
        groups: dict[str, list[str]] = {}
        employer = {e.id: normalised(e.employer) for e in self.evaluators}
        for reader in self.readers(dossier):
            if employer[reader]:
                groups.setdefault(employer[reader], []).append(reader)
        return {name: tuple(group) for name, group in groups.items() if len(group) > 1}


def normalised(name: str) -> str:
    """An organisation's name for comparison: compatibility form, one space between words, case folded."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def violations(problem: Problem, pairs: Iterable[Pair]) -> list[str]:
    """Codes of the hard rules that the pairs break, each followed by whom it concerns; empty for a valid assignment."""
    pairs = set(pairs)
    found = [f"excluded {e} {d}" for e, d in sorted(pairs) if e not in problem.readers(d)]
    loads = Counter(e for e, _d in pairs)
    for evaluator in problem.evaluators:
        load = loads[evaluator.id]
        if load < evaluator.min_load or (evaluator.max_load is not None and load > evaluator.max_load):
            found.append(f"load {evaluator.id}")
    for dossier in problem.dossiers:
        found += dossier_violations(problem, dossier, {e for e, d in pairs if d == dossier.id})
    return found


def dossier_violations(problem: Problem, dossier: Dossier, readers: set[str]) -> list[str]:
    """The same for the readers of one dossier: coverage, expert of the sector, one per employer."""
    found = []
    if len(readers) < problem.min_evaluators:
        found.append(f"coverage {dossier.id}")
    experts = problem.experts(dossier)
    if experts is not None and not readers & set(experts):
        found.append(f"expert {dossier.id}")
    if any(len(readers & set(group)) > 1 for group in problem.employers(dossier.id).values()):
        found.append(f"employer {dossier.id}")
    return found


def is_connected(pairs: Iterable[Pair]) -> bool:
    """True when shared dossiers link all the evaluators who read something, so that they can be compared."""
    return len(connected_groups(pairs)) < 2


def everybody_can_read_everything(problem: Problem) -> bool:
    """True when « all read all » is the better choice: few dossiers, nobody's load in the way."""
    size = len(problem.dossiers)
    return size <= ALL_READ_ALL_UP_TO and all(e.max_load is None or e.max_load >= size for e in problem.evaluators)


def inputs_record(problem: Problem) -> dict:
    """Everything the solver reads, as plain values in a fixed order, ready for canonical JSON and its hash."""
    return {
        "format": FORMAT,
        "rules": {
            "min_evaluators": problem.min_evaluators,
            "sector_expert": problem.sector_expert,
            "one_per_employer": problem.one_per_employer,
        },
        "seed": problem.seed,
        "dossiers": [{"id": d.id, "sector": d.sector, "organisations": sorted(d.organisations)} for d in problem.dossiers],
        "evaluators": [
            {"id": e.id, "employer": e.employer, "expertise": sorted(e.expertise), "min_load": e.min_load, "max_load": e.max_load}
            for e in problem.evaluators
        ],
        "excluded": sorted(map(list, problem.excluded)),
        "existing": sorted(map(list, problem.existing)),
        "started": sorted(map(list, problem.started)),
    }
