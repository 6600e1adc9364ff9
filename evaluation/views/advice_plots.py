"""Geometry of the plots of the advice. Lengths are SVG units; a table with the same figures always stands beside.

One kind of plot serves all: rows with a label before, marks on a line, a word after. Shapes differ, never colours alone.
"""

from dataclasses import dataclass, field
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

from django.utils.formats import number_format

from evaluation.queries.advice import NBSP
from evaluation.rules.agreement import ORDINAL
from evaluation.rules.robustness import ADOPTED, EVALUATORS, UNIFORM

WIDTH, TOP, BOTTOM = 740, 24, 8
MAX_LABEL = 30
TOUCHING = Decimal("1.9")
"""Scores out of 100 nearer than this would be drawn one over the other."""
CIRCLE, HOLLOW, SQUARE, DIAMOND, TICK = "circle", "hollow", "square", "diamond", "tick"
SHAPES = {EVALUATORS: (CIRCLE, -6), ADOPTED: (SQUARE, 0), UNIFORM: (DIAMOND, 6)}


@dataclass(frozen=True)
class Mark:
    """One mark: its shape, its place, and its words for whoever points at it."""

    shape: str
    x: str
    y: str
    title: str


@dataclass
class Row:
    """One line of the plot. ``span``: both ends of a thin line under the marks; ``flagged`` adds a triangle before the label."""

    label: str
    y: int
    text_y: int
    after: str = ""
    flagged: bool = False
    marks: list = field(default_factory=list)
    span: tuple | None = None


@dataclass(frozen=True)
class Plot:
    """The whole plot. ``ticks``: [(x, label, strong)]; ``ends``: words at both ends of the axis."""

    width: int
    height: int
    left: int
    right: str
    label_x: int
    after_x: str
    rows: list
    ticks: list
    cut_y: int | None = None


class Axis:
    """A straight scale from ``low`` to ``high`` between a column of labels and a column of words."""

    def __init__(self, low, high, *, left=170, after=86):
        self.low, self.high, self.left = Decimal(low), Decimal(high), left
        self.right = WIDTH - after

    def at(self, value) -> str:
        """Where a value stands; what is outside stands at the end."""
        inside = min(max(Decimal(value), self.low), self.high)
        return f"{self.left + (self.right - self.left) * (inside - self.low) / (self.high - self.low):.1f}"

    def plot(self, rows, ticks, *, step, cut_y=None) -> Plot:
        """The plot of these rows; ``ticks``: [(value, label, strong)]."""
        height = TOP + len(rows) * step + BOTTOM
        drawn = [(self.at(value), label, strong) for value, label, strong in ticks]
        return Plot(WIDTH, height, self.left, f"{self.right}", self.left - 12, f"{self.right + 10}", rows, drawn, cut_y)


def _row(index, step, label, **more) -> Row:
    y = TOP + index * step + step // 2
    return Row(label if len(label) <= MAX_LABEL else f"{label[: MAX_LABEL - 1]}…", y, y + 4, **more)


def _dossier(line) -> str:
    return f"{line.rank} · {line.application.number}" if line.rank else line.application.number


def _number(value, decimals) -> str:
    """Rounded like the tables, which is not what number_format does alone, with a real minus."""
    return number_format(Decimal(value).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP), decimals).replace("-", "−")


def spread_plot(rows) -> Plot:
    """Strip plot: the weighted score each evaluator gives each dossier, with the mean; equal scores stand one over the other."""
    step, axis, drawn = 32, Axis(0, 100), []
    for index, row in enumerate(rows):
        line = _row(index, step, _dossier(row.line), flagged=bool(row.flags))
        placed: list = []
        for name, total in row.totals:
            if total is not None:
                line.marks.append(Mark(CIRCLE, axis.at(total), f"{line.y + _stacked(placed, total)}", f"{name}{NBSP}: {_number(total, 2)}"))
        if row.total:
            line.span = (axis.at(row.total.low), axis.at(row.total.high))
            line.after = f"{_number(row.total.low, 1)} – {_number(row.total.high, 1)}"
            line.marks.insert(0, Mark(TICK, axis.at(row.mean), f"{line.y}", _number(row.mean, 2)))
        drawn.append(line)
    return axis.plot(drawn, [(value, str(value), False) for value in range(0, 101, 20)], step=step)


def _stacked(placed: list, total) -> int:
    """How far from the line a dot stands so that it hides none of those already placed; beyond three, they do overlap."""
    taken = {shift for value, shift in placed if abs(value - total) < TOUCHING}
    shift = next((shift for shift in (0, -9, 9) if shift not in taken), 0)
    placed.append((total, shift))
    return shift


def agreement_plot(rows) -> Plot:
    """Krippendorff's ordinal alpha of the weighted score and of each criterion, with the usual reference points."""
    values = [row.alphas[ORDINAL].value for row in rows if row.alphas[ORDINAL].value is not None]
    low = min([Decimal("-0.2"), *((value * 5).to_integral_value(ROUND_FLOOR) / 5 for value in values)])
    step, axis, drawn = 26, Axis(low, 1, left=230, after=70), []
    for index, row in enumerate(rows):
        value = row.alphas[ORDINAL].value
        line = _row(index, step, row.label, after="–" if value is None else _number(value, 2))
        if value is not None:
            line.marks.append(Mark(CIRCLE, axis.at(value), f"{line.y}", line.after))
        drawn.append(line)
    references = [(value, _number(Decimal(value), digits), True) for value, digits in (("0", 0), ("0.667", 3), ("0.8", 3), ("1", 0))]
    return axis.plot(drawn, [(low, _number(low, 1), False), *references], step=step)


def severity_plot(effects) -> Plot:
    """Each evaluator's effect in points out of 100: shrunken with its 95 % interval, and before shrinking (hollow)."""
    reach = max([Decimal(5), *(abs(e["effect"]) + e["margin"] for _n, e in effects), *(abs(e["raw"]) for _n, e in effects)])
    reach = (reach / 5).to_integral_value(ROUND_CEILING) * 5
    step, axis, drawn = 28, Axis(-reach, reach), []
    for index, (name, effect) in enumerate(effects):
        line = _row(index, step, name, after=signed(effect["effect"]))
        line.span = (axis.at(effect["effect"] - effect["margin"]), axis.at(effect["effect"] + effect["margin"]))
        line.marks = [
            Mark(HOLLOW, axis.at(effect["raw"]), f"{line.y}", signed(effect["raw"])),
            Mark(CIRCLE, axis.at(effect["effect"]), f"{line.y}", line.after),
        ]
        drawn.append(line)
    ticks = [(-reach, signed(-reach, 0), False), (-reach / 2, signed(-reach / 2), False), (0, "0", True)]
    return axis.plot(drawn, [*ticks, (reach / 2, signed(reach / 2), False), (reach, signed(reach, 0), False)], step=step)


def signed(value, decimals=1) -> str:
    """With its sign, a real minus: +2.1, −0.4, 0.0."""
    text = _number(abs(value), decimals)
    zero = not any(char in "123456789" for char in text)
    return text if zero else f"{'−' if value < 0 else '+'}{text}"


def stand_plot(rows, places) -> Plot:
    """Share of the draws in which each dossier is in the first n: three shapes for three ways of drawing."""
    step, axis, drawn = 30, Axis(0, 100, after=60), []
    cut = None
    for index, row in enumerate(rows):
        line = _row(index, step, _dossier(row.line), after=row.badge.text if row.badge else "")
        shares = [stand.first * 100 for stand in row.stands.values()]
        line.span = (axis.at(min(shares)), axis.at(max(shares)))
        line.marks = [
            Mark(shape, axis.at(row.stands[scheme].first * 100), f"{line.y + shift}", row.stands[scheme].text)
            for scheme, (shape, shift) in SHAPES.items()
            if scheme in row.stands
        ]
        if cut is None and index and row.line.rank > places >= rows[index - 1].line.rank:
            cut = TOP + index * step
        drawn.append(line)
    ticks = [(value, f"{value}{NBSP}%", value == 50) for value in (0, 25, 50, 75, 100)]
    return axis.plot(drawn, ticks, step=step, cut_y=cut)


def critical_plot(rows) -> Plot:
    """Per criterion: the adopted weight (a bar) and the weight at which somebody crosses the line (a dot), from 0 to 100 %."""
    step, axis, drawn = 26, Axis(0, 100, left=230, after=70), []
    for index, row in enumerate(rows):
        line = _row(index, step, row["label"], after="–")
        line.marks.append(Mark(TICK, axis.at(row["weight"]), f"{line.y}", f"{row['weight']}{NBSP}%"))
        if row["delta"] is not None:
            reached = Decimal(row["weight"]) + as_decimal(row["delta"])
            line.after = shown_change(row["delta"])
            line.span = (axis.at(row["weight"]), axis.at(reached))
            line.marks.append(Mark(CIRCLE, axis.at(reached), f"{line.y}", f"{_number(reached, 1)}{NBSP}%"))
        drawn.append(line)
    return axis.plot(drawn, [(value, f"{value}{NBSP}%", False) for value in (0, 20, 40, 60, 80, 100)], step=step)


def shown_change(delta) -> str:
    """A change of weight in points of percent; nothing when there is none."""
    return "" if delta is None else signed(as_decimal(delta))


def as_decimal(value) -> Decimal:
    """A fraction for display."""
    return Decimal(value.numerator) / Decimal(value.denominator)
