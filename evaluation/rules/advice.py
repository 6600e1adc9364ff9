"""Everything that is said beside a ranking, as plain values ready for canonical JSON. It never changes a rank.

The statistics are in ``agreement``, ``divergence``, ``severity``, ``robustness`` and ``sensitivity``; here they are put
together from the very inputs of one run. Numbers that came from floats are kept as text with six decimals.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import inf

from evaluation.rules import agreement, robustness
from evaluation.rules.completeness import Dossier
from evaluation.rules.design import connected_groups
from evaluation.rules.divergence import TOTAL_SUBJECT, divergences, spreads
from evaluation.rules.scoring import Grid, exact, half_points, score_card
from evaluation.rules.sensitivity import line_changes
from evaluation.rules.severity import severity

FORMAT = 1
SCHEMES = (robustness.UNIFORM, robustness.ADOPTED, robustness.EVALUATORS)


@dataclass(frozen=True)
class Run:
    """One run of the ranking: its grid, its dossiers with their evaluations, and what it found.

    ``official``: official mark (0–5) per ranked dossier and criterion. ``ranks``: rank per ranked dossier, best first.
    """

    grid: Grid
    dossiers: Sequence[Dossier]
    official: Mapping[str, Mapping[str, Fraction]]
    ranks: Mapping[str, int]
    places: int

    @property
    def has_line(self) -> bool:
        """Is there a last place, with somebody on either side of it?"""
        return 0 < self.places < len(self.ranks)


def advise(run: Run, *, seed: int) -> dict:
    """The whole advice of a run. The same run and seed give the same values, whatever the order of the dossiers."""
    totals = totals_of(run.grid, run.dossiers)
    ranked = {dossier: totals[dossier] for dossier in run.ranks}
    return {
        "format": FORMAT,
        "seed": seed,
        "places": run.places,
        "has_line": run.has_line,
        "totals": {dossier: {e: exact(total) for e, total in row.items()} for dossier, row in totals.items()},
        "groups": [{"evaluators": sorted(e), "dossiers": sorted(d)} for e, d in connected_groups(_pairs(totals))],
        "divergence": {dossier.id: _divergence(run.grid, dossier) for dossier in sorted(run.dossiers, key=_id)},
        "agreement": [_agreement(subject, marks) for subject, marks in _by_subject(run, totals)],
        "severity": _severity(totals),
        "acceptability": [_acceptability(run, ranked, scheme, seed) for scheme in SCHEMES],
        "critical": _critical(run),
    }


def badges_of(run: Run, record: dict) -> dict[str, list]:
    """{dossier: [badge, probability of being in the first n]} from the redrawn evaluators; empty without a line or a draw."""
    first = record["acceptability"][SCHEMES.index(robustness.EVALUATORS)]["first"]
    if not run.has_line:
        return {}
    return {dossier: [robustness.badge(float(share), inside=run.ranks[dossier] <= run.places), share] for dossier, share in first.items()}


def totals_of(grid: Grid, dossiers: Iterable[Dossier]) -> dict[str, dict[str, Fraction]]:
    """Each evaluator's own weighted total (0–100) of each dossier, exact; an evaluation with a missing mark is left out."""
    totals: dict[str, dict[str, Fraction]] = {}
    for dossier in sorted(dossiers, key=_id):
        totals[dossier.id] = {}
        for evaluation in sorted(dossier.evaluations, key=lambda evaluation: evaluation.evaluator):
            if all(evaluation.scores.get(code) is not None for code in grid.codes):
                marks = {code: Fraction(half_points(evaluation.scores[code]), 2) for code in grid.codes}
                totals[dossier.id][evaluation.evaluator] = score_card(grid, marks).total
    return totals


def _id(dossier: Dossier) -> str:
    return dossier.id


def _pairs(totals):
    return ((evaluator, dossier) for dossier, row in totals.items() for evaluator in row)


def _by_subject(run: Run, totals):
    """The totals, then each criterion, as {dossier: {evaluator: mark}}."""
    yield TOTAL_SUBJECT, totals
    for code in run.grid.codes:
        yield code, {d.id: {e.evaluator: e.scores.get(code) for e in d.evaluations} for d in run.dossiers}


def _number(value: float | None) -> Decimal | None:
    """Six decimals, never minus zero."""
    return None if value is None or value == inf else Decimal(f"{value:.6f}") + 0


# The parts


def _divergence(grid: Grid, dossier: Dossier) -> dict:
    return {
        "spreads": [
            {"subject": s.subject, "count": s.count, "low": exact(s.low), "high": exact(s.high), "deviation": _number(s.deviation)}
            for s in spreads(grid, dossier.evaluations)
        ],
        "flags": [
            {"kind": f.kind, "subject": f.subject, "low": exact(f.low), "high": exact(f.high), "limit": exact(f.limit)}
            for f in divergences(grid, dossier.evaluations)
        ],
    }


def _agreement(subject: str, marks) -> dict:
    concordance = agreement.kendall_w(marks)
    return {
        "subject": subject,
        "marks": sum(mark is not None for row in marks.values() for mark in row.values()),
        "alpha": {level: _statistic(agreement.alpha(marks, level)) for level in agreement.LEVELS},
        "icc_single": _statistic(agreement.icc_single(marks)),
        "icc_mean": _statistic(agreement.icc_mean(marks)),
        "kendall_w": _statistic(concordance)
        | {
            "chi_square": _number(concordance.chi_square),
            "degrees": concordance.degrees,
            "probability": _number(concordance.probability),
        },
    }


def _statistic(found: agreement.Agreement) -> dict:
    return {"n": found.n, "k": found.k, "value": _number(found.value), "hidden": found.hidden}


def _severity(totals) -> dict:
    found = severity(totals)
    return {
        "n": found.n,
        "k": found.k,
        "hidden": found.hidden,
        # No number: the effects cannot be told from chance, λ is infinite.
        "shrinkage": _number(found.shrinkage),
        "residual": _number(found.residual),
        "effects": [
            {
                "evaluator": e.evaluator,
                "readings": e.readings,
                "effect": _number(e.effect),
                "raw": _number(e.raw),
                "margin": _number(found.margin(e)),
            }
            for e in found.effects
        ],
        "lines": [
            {
                "dossier": line.dossier,
                "mean": _number(line.mean),
                "rank": line.rank,
                "corrected": _number(line.corrected),
                "corrected_rank": line.corrected_rank,
            }
            for line in found.lines
        ],
    }


def _acceptability(run: Run, totals, scheme: str, seed: int) -> dict:
    if scheme == robustness.EVALUATORS:
        found = robustness.bootstrap(totals, places=run.places, seed=seed)
    else:
        weights = {criterion.code: criterion.weight for criterion in run.grid.criteria}
        found = robustness.rank_acceptability(run.official, weights, places=run.places, seed=seed, scheme=scheme)
    return {
        "scheme": scheme,
        "draws": found.draws,
        "hidden": found.hidden,
        "first": {dossier: _number(share) for dossier, share in found.first.items()},
        # Places never taken are left out.
        "ranks": {d: {str(place): _number(s) for place, s in enumerate(shares, 1) if s} for d, shares in found.ranks.items()},
        "expected": {dossier: _number(robustness.expected_rank(shares)) for dossier, shares in found.ranks.items()},
        "interval": {dossier: list(robustness.rank_interval(shares)) for dossier, shares in found.ranks.items()},
    }


def _critical(run: Run) -> list[dict]:
    weights = {criterion.code: criterion.weight for criterion in run.grid.criteria}
    # Equals across the line all hold a place here: their own tie is the committee's, and would answer 0 to everything.
    holders = sum(rank <= run.places for rank in run.ranks.values())
    changes = line_changes(weights, run.official, list(run.ranks), holders) if run.has_line else ()
    return [
        {
            "criterion": change.criterion,
            "weight": weights[change.criterion],
            "ahead": change.ahead,
            "behind": change.behind,
            "delta": None if change.delta is None else exact(change.delta),
        }
        for change in changes
    ]
