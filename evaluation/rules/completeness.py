"""What is missing before a ranking may run, in sentences. Never a partial ranking, never a guess."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evaluation.rules.scoring import EvaluationScores

AGREED, MEAN = "agreed", "mean"
"""Where official marks come from: the consensus report; or, in runs kept before there were any, the mean of the evaluations."""

NO_DOSSIER = "no_dossier"
TOO_FEW = "too_few_evaluations"
NOT_SUBMITTED = "not_submitted"
MISSING_SCORE = "missing_score"
UNRESOLVED_CONFLICT = "unresolved_conflict"
UNDECIDED = "admissibility_undecided"
NO_CONSENSUS = "consensus_not_open"
CONSENSUS_OPEN = "consensus_not_closed"
CONSENSUS_STALE = "consensus_stale"
MISSING_AGREED = "missing_agreed_score"


@dataclass(frozen=True, slots=True)
class Dossier:
    """What the ranking needs of one dossier.

    ``id`` is opaque and stable; ``label`` is only for sentences. ``pending`` names evaluators assigned who have not
    submitted, ``conflicts`` those whose declared interest nobody has ruled on. ``undecided``: deposited, but nobody has
    decided whether it is admissible. ``agreed``: the mark per criterion of the closed consensus report named by ``report``;
    None with the reason in ``consensus`` (NO_CONSENSUS, CONSENSUS_OPEN or CONSENSUS_STALE).
    """

    id: str
    label: str
    evaluations: tuple[EvaluationScores, ...]
    region: str = ""
    sector: str = ""
    pending: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()
    undecided: bool = False
    agreed: Mapping[str, Decimal | None] | None = None
    report: str = ""
    consensus: str = NO_CONSENSUS


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason why the ranking cannot run. Comparable and sortable, so that the list does not depend on input order."""

    dossier: str
    code: str
    person: str = ""
    criterion: str = ""
    count: int = 0
    needed: int = 0

    def sentence(self) -> str:
        """The reason in words, in the active language."""
        facts = {
            "dossier": self.dossier,
            "person": self.person,
            "criterion": self.criterion,
            "count": self.count,
            "needed": self.needed,
        }
        return _sentence(self.code, self.count) % facts


def _sentence(code: str, count: int) -> str:
    if code == TOO_FEW:
        return ngettext(
            "%(dossier)s has %(count)d submitted evaluation out of the %(needed)d required.",
            "%(dossier)s has %(count)d submitted evaluations out of the %(needed)d required.",
            count,
        )
    return {
        NO_DOSSIER: _("No dossier is under evaluation in this call."),
        NOT_SUBMITTED: _("%(dossier)s: %(person)s has not submitted an evaluation yet."),
        MISSING_SCORE: _("%(dossier)s: %(person)s gave no mark for criterion %(criterion)s."),
        UNDECIDED: _("%(dossier)s: its admissibility has not been decided yet."),
        NO_CONSENSUS: _("%(dossier)s: its consensus has not been opened yet."),
        CONSENSUS_OPEN: _("%(dossier)s: its consensus is neither validated nor recorded as a disagreement."),
        CONSENSUS_STALE: _("%(dossier)s: its evaluations changed since its consensus was closed; reopen the consensus."),
        MISSING_AGREED: _("%(dossier)s: the consensus gives no mark for criterion %(criterion)s."),
        UNRESOLVED_CONFLICT: _("%(dossier)s: the interest declared by %(person)s has not been ruled on."),
    }[code]


class IncompleteRanking(Exception):
    """The ranking cannot run; ``problems`` names everything that is missing."""

    def __init__(self, problems: tuple[Problem, ...]):
        self.problems = problems
        super().__init__(f"{len(problems)} missing")

    def sentences(self) -> list[str]:
        """Every reason in words, in the active language."""
        return [problem.sentence() for problem in self.problems]


def missing(dossiers: Iterable[Dossier], codes: tuple[str, ...], min_evaluators: int, basis: str = AGREED) -> tuple[Problem, ...]:
    """All reasons not to rank, sorted by dossier label; empty when the input is complete.

    While a dossier lacks evaluations its consensus cannot be open, which is then not said on top.
    """
    dossiers = tuple(dossiers)
    if not dossiers:
        return (Problem("", NO_DOSSIER),)
    problems = []
    for dossier in dossiers:
        if dossier.undecided:
            problems.append(Problem(dossier.label, UNDECIDED))
            continue
        found = _of_evaluations(dossier, codes, min_evaluators)
        problems += found or (_of_consensus(dossier, codes) if basis == AGREED else ())
    return tuple(sorted(problems, key=lambda p: (p.dossier, p.code, p.person, p.criterion)))


def _of_evaluations(dossier: Dossier, codes, min_evaluators) -> list[Problem]:
    problems = [Problem(dossier.label, UNRESOLVED_CONFLICT, person=person) for person in dossier.conflicts]
    problems += [Problem(dossier.label, NOT_SUBMITTED, person=person) for person in dossier.pending]
    count = len(dossier.evaluations)
    if count < min_evaluators or not count:
        problems.append(Problem(dossier.label, TOO_FEW, count=count, needed=max(min_evaluators, 1)))
    for evaluation in dossier.evaluations:
        get = evaluation.scores.get
        problems += [
            Problem(dossier.label, MISSING_SCORE, person=evaluation.name or evaluation.evaluator, criterion=code)
            for code in codes
            if get(code) is None
        ]
    return problems


def _of_consensus(dossier: Dossier, codes) -> list[Problem]:
    if dossier.agreed is None:
        return [Problem(dossier.label, dossier.consensus)]
    get = dossier.agreed.get
    return [Problem(dossier.label, MISSING_AGREED, criterion=code) for code in codes if get(code) is None]
