"""Geometry of the marks of one criterion on the 0–5 line. Lengths are SVG units; a table with the same figures stands beside."""

from dataclasses import dataclass

LEFT, LENGTH, WIDTH = 16, 300, 332
STEP, FOOT, RADIUS = 22, 44, 10


@dataclass(frozen=True)
class Dot:
    """One evaluator's mark: where it stands, the number that names it in the table, and its words."""

    x: str
    y: int
    text_y: int
    number: int
    title: str


@dataclass(frozen=True)
class Line:
    """The whole drawing. ``span``: from the lowest to the highest mark; ``agreed``: where the agreed mark stands, or None."""

    width: int
    height: int
    y: int
    ticks: list
    tick_y: int
    dots: list
    span: tuple | None
    agreed: str | None


def _at(value) -> str:
    return f"{LEFT + LENGTH * value / 5:.1f}"


def line_of(marks, agreed) -> Line:
    """``marks``: [(number, name, mark or None)], marks and ``agreed`` as Decimal. Equal marks stand one above the other."""
    given = [(number, name, mark) for number, name, mark in marks if mark is not None]
    values = [mark for _number, _name, mark in given]
    tallest = max((values.count(value) for value in values), default=1)
    y, stacked, dots = tallest * STEP, {}, []
    for number, name, mark in given:
        level = stacked[mark] = stacked.get(mark, -1) + 1
        at = y - level * STEP
        dots.append(Dot(_at(mark), at, at + 4, number, f"{name} – {mark}"))
    span = (_at(min(values)), _at(max(values))) if values else None
    ticks = [(_at(value), value) for value in range(6)]
    return Line(WIDTH, y + FOOT, y, ticks, y + FOOT - 6, dots, span, None if agreed is None else _at(agreed))
