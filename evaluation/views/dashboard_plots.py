"""Geometry of the dashboard's plots: bars of counts, and deposits over time. A table with the same figures stands beside each.

Lengths are SVG units. A bar is drawn in parts of different tones, and the words after it say the same.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate

WIDTH, LABEL, AFTER = 740, 250, 120
TOP, ROW, BAR = 24, 28, 16
MAX_LABEL = 34
TALL, BOTTOM, SIDE, LINE = 240, 30, 46, 16
MAX_TICKS = 5


@dataclass(frozen=True)
class Part:
    """One part of a bar: its tone (done, begun, left), place and length."""

    tone: str
    x: str
    length: str


@dataclass(frozen=True)
class Bar:
    """One line: a label before, the parts, words after."""

    label: str
    title: str
    y: int
    text_y: int
    parts: list
    after: str
    after_x: str


@dataclass(frozen=True)
class Bars:
    """A whole plot of bars; `ticks` are [(x, number)]."""

    height: int
    bars: list
    ticks: list
    width: int = WIDTH
    left: int = LABEL
    label_x: int = LABEL - 10


@dataclass(frozen=True)
class Curve:
    """Dossiers over time: the sums submitted and begun, `columns` of those submitted per day [(x, y, width, height, title)], the deadline.

    `sums` are [(tone, path, x and y of its last point, total)]: "done" submitted, "begun" begun.
    """

    sums: list
    columns: list
    levels: list
    days: list
    deadline_x: str
    deadline_anchor: str
    total: int
    height: int = TALL + BOTTOM
    width: int = WIDTH
    base: int = TALL
    left: int = SIDE
    right: int = WIDTH - AFTER


def step_of(largest: int) -> int:
    """The distance between the marks of an axis up to `largest`: 1, 2 or 5 with zeros, at most MAX_TICKS marks."""
    size = 1
    while True:
        for step in (size, 2 * size, 5 * size):
            if largest <= step * MAX_TICKS:
                return step
        size *= 10


def bars(rows) -> Bars | None:
    """Bars of `rows`: [(label, [(tone, number)], words after)]. None when there is nothing to draw."""
    largest = max((sum(number for _tone, number in parts) for _label, parts, _after in rows), default=0)
    if not largest:
        return None
    step = step_of(largest)
    scale = (WIDTH - LABEL - AFTER) / (-(-largest // step) * step)
    drawn = [_bar(TOP + index * ROW, scale, *row) for index, row in enumerate(rows)]
    ticks = [(f"{LABEL + value * scale:.1f}", value) for value in range(0, largest + step, step)]
    return Bars(TOP + len(drawn) * ROW, drawn, ticks)


def _bar(y, scale, label, parts, after) -> Bar:
    ends = list(accumulate((number for _tone, number in parts), initial=0))
    drawn = [
        Part(tone, f"{LABEL + start * scale:.1f}", f"{number * scale:.1f}")
        for (tone, number), start in zip(parts, ends, strict=False)
        if number
    ]
    label = str(label)
    short = label if len(label) <= MAX_LABEL else f"{label[: MAX_LABEL - 1]}…"
    return Bar(short, label, y + 4, y + 17, drawn, str(after), f"{LABEL + ends[-1] * scale + 8:.1f}")


def curve(deposited: dict, begun: dict, *, opens: date, deadline: date, today: date, name_of_day) -> Curve | None:
    """Dossiers submitted and begun ({day: how many}) from the opening to the deadline or the last day. None without any.

    The sums end with today: nobody knows the days after it.
    """
    if not (deposited or begun):
        return None
    first, last = min(opens, *deposited, *begun), max(deadline, *deposited, *begun)
    total = max(sum(deposited.values()), sum(begun.values()))
    step = step_of(total)
    wide = (WIDTH - SIDE - AFTER) / ((last - first).days + 1)
    high = (TALL - TOP) / (-(-total // step) * step)

    def across(day) -> float:
        return SIDE + (day - first).days * wide

    columns = [
        (
            f"{across(day):.1f}",
            f"{TALL - count * high:.1f}",
            f"{max(wide - 0.5, 0.5):.1f}",
            f"{count * high:.1f}",
            f"{name_of_day(day)}: {count}",
        )
        for day, count in sorted(deposited.items())
    ]
    marked, known = across(deadline) + wide, min(max(today, *deposited, *begun), last)
    return Curve(
        sums=_sums(deposited, begun, across, wide, high, across(known) + wide), columns=columns, total=sum(deposited.values()),
        levels=[(f"{TALL - value * high:.1f}", value) for value in range(0, total + step, step)],
        days=[(f"{across(day):.1f}", name_of_day(day)) for day in _days_to_name(first, last, deadline)],
        deadline_x=f"{marked:.1f}", deadline_anchor="end" if marked > WIDTH / 2 else "start",
    )  # fmt: skip


def _sums(deposited, begun, across, wide, high, end) -> list:
    """The two stairs, up to `end`. Where they end at the same height, the words of the second stand below those of the first."""
    found, taken = [], None
    for tone, days in (("begun", begun), ("done", deposited)):
        path, so_far = [f"M {SIDE} {TALL}"], 0
        for day in sorted(days):
            so_far += days[day]
            path.append(f"H {across(day) + wide:.1f} V {TALL - so_far * high:.1f}")
        path.append(f"H {end:.1f}")
        y = TALL - so_far * high + 4
        y = taken + LINE if taken is not None and abs(y - taken) < LINE else y
        found.append((tone, " ".join(path), f"{end + 6:.1f}", f"{y:.1f}", so_far))
        taken = y
    return found


def _days_to_name(first, last, deadline) -> list:
    """The opening, and days between it and the end, far enough apart to be read."""
    span = (last - first).days
    return [first, first + timedelta(days=span // 3), first + timedelta(days=2 * span // 3)] if span >= 9 else [first]
