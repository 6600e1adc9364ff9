"""Severe and lenient evaluators: a shrunken additive effect per evaluator, and the rank each dossier would have without it.

Advice only, in floats, never fed to the ranking. Model: x_de = μ + θ_d + β_e + ε. The effect β_e is estimated by iterating
β_e = Σ_d (x_de − θ_d) / (n_e + λ) and θ_d = mean of (x_de − β_e), with λ = σ²_ε / σ²_β, so that few readings pull it to 0.
Henderson, C. R. (1975), "Best linear unbiased estimation and prediction under a selection model", Biometrics 31, 423–447;
method of moments for the variances: Searle, S. R., Casella, G. & McCulloch, C. E. (1992), "Variance Components", ch. 5.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import fsum, inf, sqrt

from evaluation.rules.agreement import DISCONNECTED, NO_FREEDOM, exact_marks, hidden_reason, too_small
from evaluation.rules.design import connected_groups

MAX_ROUNDS = 2000
PRECISION = 1e-10
NORMAL_95 = 1.96
SAME = 6
"""Decimals at which two corrected scores count as equal: below, the difference is only rounding of floats."""


@dataclass(frozen=True, slots=True)
class EvaluatorEffect:
    """``effect`` in the unit of the marks: negative is severe, positive lenient. ``raw`` is the same before shrinking."""

    evaluator: str
    readings: int
    effect: float
    raw: float


@dataclass(frozen=True, slots=True)
class CorrectedLine:
    """A dossier's plain mean and its rank, and both once evaluators' effects are taken out (ranks 1, 2, 2, 4)."""

    dossier: str
    mean: float
    rank: int
    corrected: float
    corrected_rank: int


@dataclass(frozen=True, slots=True)
class Severity:
    """Effects by evaluator and lines by corrected rank. ``shrinkage`` is λ (``inf``: no effect can be told from chance).

    ``residual`` is the standard deviation of ε in the unit of the marks. Nothing is given when ``hidden`` has a reason code.
    """

    n: int
    k: int
    effects: tuple[EvaluatorEffect, ...] = ()
    lines: tuple[CorrectedLine, ...] = ()
    shrinkage: float | None = None
    residual: float | None = None
    hidden: str = ""

    def margin(self, effect: EvaluatorEffect) -> float:
        """Half width of the 95 % interval of a shrunken effect: 1.96 σ_ε / √(n_e + λ), the dossiers' scores taken as known.

        0 when no effect can be told from chance.
        """
        weight = effect.readings + self.shrinkage
        return NORMAL_95 * self.residual / sqrt(weight) if weight != inf else 0.0

    @property
    def reason(self) -> str:
        """Why nothing is shown, in the active language; empty otherwise."""
        return hidden_reason(self.hidden)


def severity(marks: Mapping[str, Mapping[str, object]]) -> Severity:
    """Effects and corrected ranks from ``{dossier: {evaluator: total or None}}``; dossiers without a mark are left out."""
    rows = {dossier: {e: float(mark) for e, mark in row.items()} for dossier, row in exact_marks(marks).items() if row}
    by_evaluator = _transposed(rows)
    n, k, readings = len(rows), len(by_evaluator), sum(len(row) for row in rows.values())
    hidden = too_small(n, k)
    if not hidden and len(connected_groups((e, d) for d, row in rows.items() for e in row)) > 1:
        hidden = DISCONNECTED
    freedom = readings - n - k + 1
    if not hidden and freedom < 1:
        hidden = NO_FREEDOM
    if hidden:
        return Severity(n, k, hidden=hidden)
    raw, means = _fit(rows, by_evaluator, 0.0)
    error = fsum((mark - means[d] - raw[e]) ** 2 for d, row in rows.items() for e, mark in row.items()) / freedom
    shrinkage = _shrinkage(raw, by_evaluator, error)
    effects, corrected = _fit(rows, by_evaluator, shrinkage)
    return Severity(
        n,
        k,
        effects=tuple(EvaluatorEffect(e, len(by_evaluator[e]), effects[e], raw[e]) for e in by_evaluator),
        lines=_lines({d: fsum(row.values()) / len(row) for d, row in rows.items()}, corrected),
        shrinkage=shrinkage,
        residual=error**0.5,
    )


def _transposed(rows) -> dict[str, dict[str, float]]:
    """{evaluator: {dossier: mark}}, evaluators in alphabetical order of their codes."""
    evaluators = sorted({evaluator for row in rows.values() for evaluator in row})
    return {e: {d: row[e] for d, row in rows.items() if e in row} for e in evaluators}


def _shrinkage(raw, by_evaluator, error: float) -> float:
    """λ from the least-squares effects: their variance less what chance alone gives them; infinite when nothing is left."""
    chance = error * fsum(1 / len(row) for row in by_evaluator.values()) / len(raw)
    between = fsum(effect * effect for effect in raw.values()) / (len(raw) - 1) - chance
    # Exactly additive marks leave rounding dust in both variances.
    if error < PRECISION:
        return 0.0
    return error / between if between > PRECISION else inf


def _fit(rows, by_evaluator, shrinkage: float) -> tuple[dict[str, float], dict[str, float]]:
    """Evaluator effects (mean 0) and corrected dossier scores, iterated until no effect moves."""
    effects = dict.fromkeys(by_evaluator, 0.0)
    corrected = _corrected(rows, effects)
    if shrinkage == inf:
        return effects, corrected
    for _round in range(MAX_ROUNDS):
        moved = {e: fsum(mark - corrected[d] for d, mark in row.items()) / (len(row) + shrinkage) for e, row in by_evaluator.items()}
        centre = fsum(moved.values()) / len(moved)
        moved = {e: effect - centre for e, effect in moved.items()}
        change = max(abs(moved[e] - effects[e]) for e in moved)
        effects = moved
        corrected = _corrected(rows, effects)
        if change < PRECISION:
            break
    return effects, corrected


def _corrected(rows, effects) -> dict[str, float]:
    return {d: fsum(mark - effects[e] for e, mark in row.items()) / len(row) for d, row in rows.items()}


def _lines(means, corrected) -> tuple[CorrectedLine, ...]:
    before, after = _ranks(means), _ranks(corrected)
    lines = [CorrectedLine(d, means[d], before[d], corrected[d], after[d]) for d in means]
    return tuple(sorted(lines, key=lambda line: (line.corrected_rank, line.dossier)))


def _ranks(scores: Mapping[str, float]) -> dict[str, int]:
    """Standard competition ranks, the highest score first."""
    rounded = {name: round(score, SAME) for name, score in scores.items()}
    ordered = sorted(rounded.values(), reverse=True)
    first = {}
    for position, score in enumerate(ordered, 1):
        first.setdefault(score, position)
    return {name: first[score] for name, score in rounded.items()}
