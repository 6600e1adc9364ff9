"""How far one weight must move before two dossiers change places, and weights deduced from an order of criteria.

Exact: marks and weights are ``Fraction`` or whole numbers, and so are the answers. Advice only.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

Marks = Mapping[str, Fraction]


@dataclass(frozen=True, slots=True)
class CriticalChange:
    """The change of one weight that makes ``ahead`` and ``behind`` equal; any further and they swap.

    ``delta`` in points of percent, positive to raise the weight, the other weights keeping their proportions. None when no
    weight of this criterion, from 0 to 100, brings them level.
    """

    criterion: str
    ahead: str
    behind: str
    delta: Fraction | None


def critical_change(weights: Mapping[str, int], criterion: str, ahead: Marks, behind: Marks) -> Fraction | None:
    """Solve S_ahead(w') = S_behind(w') for δ, with w'_c = w_c + δ and the others times (1 − w_c − δ)/(1 − w_c).

    In points of percent; 0 when they are level already; None outside [−w_c, 100 − w_c], or when c has the whole weight.
    Triantaphyllou, E. & Sánchez, A. (1997), "A sensitivity analysis approach for some deterministic multi-criteria
    decision-making methods", Decision Sciences 28, 151–194 (there with weights renormalised).
    """
    whole = sum(weights.values())
    weight = Fraction(weights[criterion], whole)
    gap = sum((Fraction(weights[c], whole) * (ahead[c] - behind[c]) for c in weights), Fraction(0))
    if not gap:
        return Fraction(0)
    if weight == 1:
        return None
    own = ahead[criterion] - behind[criterion]
    others = (gap - weight * own) / (1 - weight)
    if own == others:
        return None
    delta = gap / (others - own)
    return 100 * delta if -weight <= delta <= 1 - weight else None


def critical_changes(weights: Mapping[str, int], marks: Mapping[str, Marks], ahead: str, behind: str) -> tuple[CriticalChange, ...]:
    """One critical change per criterion, in the order of the weights, for two dossiers."""
    return tuple(CriticalChange(c, ahead, behind, critical_change(weights, c, marks[ahead], marks[behind])) for c in weights)


def line_changes(weights: Mapping[str, int], marks: Mapping[str, Marks], order: Sequence[str], places: int) -> tuple[CriticalChange, ...]:
    """Per criterion, the smallest change that brings some dossier after the line level with one before it.

    ``order``: dossiers best first. Not only the n-th and the (n+1)-th: with other weights another pair may cross first.
    Equal changes keep the pair nearest the line. Empty when nobody is on one side of the line.
    """
    before, after = list(reversed(order[:places])), list(order[places:])
    if not before or not after:
        return ()
    return tuple(
        min((CriticalChange(c, i, j, critical_change(weights, c, marks[i], marks[j])) for i in before for j in after), key=_size)
        for c in weights
    )


def smallest(changes: Sequence[CriticalChange]) -> CriticalChange | None:
    """The change with the smallest size, the first one among equals; None when no criterion can swap anything."""
    possible = [change for change in changes if change.delta is not None]
    return min(possible, key=_size, default=None)


def _size(change: CriticalChange) -> tuple[bool, Fraction]:
    return (change.delta is None, abs(change.delta or 0))


def moved_weights(weights: Mapping[str, int], criterion: str, delta: Fraction) -> dict[str, Fraction]:
    """The weights in percent after moving one by ``delta`` points, the others keeping their proportions; they sum to 100.

    Raises ValueError when the weight would leave 0–100, or has the whole weight already.
    """
    whole = sum(weights.values())
    percent = {c: Fraction(100 * weight, whole) for c, weight in weights.items()}
    rest = 100 - percent[criterion]
    if not rest or not 0 <= percent[criterion] + delta <= 100:
        raise ValueError("a weight stays between 0 and 100 percent")
    return {c: percent[c] + delta if c == criterion else percent[c] * (rest - delta) / rest for c in weights}


def roc_weights(count: int) -> tuple[Fraction, ...]:
    """Rank-order centroid weights, most important first: w_i = (1/K) Σ_{k=i..K} 1/k; they sum to 1.

    Barron, F. H. & Barrett, B. E. (1996), "Decision quality using ranked attribute weights", Management Science 42, 1515–1523.
    """
    return tuple(sum((Fraction(1, k) for k in range(i, count + 1)), Fraction(0)) / count for i in range(1, count + 1))
