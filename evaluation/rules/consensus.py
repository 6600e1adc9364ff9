"""What a consensus report must hold before approvals are asked, and what the answers of the evaluators amount to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

MARK, TEXT, OUTSIDE = "mark", "text", "outside"
WAITING, UNANIMOUS, MAJORITY, DIVIDED = "waiting", "unanimous", "majority", "divided"


@dataclass(frozen=True, slots=True)
class Agreed:
    """One criterion of the report. ``marks``: those of the evaluators (0–5); ``needed``: characters the reasons must have."""

    code: str
    value: Decimal | None
    text: str
    outside_reason: str
    marks: tuple[Decimal, ...]
    needed: int = 1


def is_outside(value: Decimal | None, marks: Iterable[Decimal]) -> bool:
    """Is the agreed mark below the lowest or above the highest of the evaluators' marks? Equality is inside."""
    marks = tuple(marks)
    return value is not None and bool(marks) and not min(marks) <= value <= max(marks)


def lacking(rows: Iterable[Agreed]) -> tuple[tuple[str, str], ...]:
    """(criterion code, MARK, TEXT or OUTSIDE) for everything missing, in the order given; empty when the report is complete."""
    found = []
    for row in rows:
        if row.value is None:
            found.append((row.code, MARK))
        if len(row.text) < max(row.needed, 1):
            found.append((row.code, TEXT))
        if is_outside(row.value, row.marks) and not row.outside_reason:
            found.append((row.code, OUTSIDE))
    return tuple(found)


def verdict(answers: Mapping[str, bool], expected: Iterable[str]) -> str:
    """What the answers of a round amount to, people by an opaque code: WAITING while one of ``expected`` has not answered.

    UNANIMOUS when all approve, MAJORITY when more than half do, DIVIDED otherwise. Answers of people who no longer count
    are left out.
    """
    expected = tuple(expected)
    given = [answers[person] for person in expected if person in answers]
    if not expected or len(given) < len(expected):
        return WAITING
    approvals = sum(given)
    if approvals == len(expected):
        return UNANIMOUS
    return MAJORITY if 2 * approvals > len(expected) else DIVIDED
