"""Loads of a proposal as bars: what each evaluator keeps, then what is new; the table beside has the same figures."""

from dataclasses import dataclass

WIDTH, LABEL, BAR, GAP, TOP = 740, 200, 18, 10, 22


@dataclass(frozen=True)
class LoadBar:
    """One evaluator. Lengths are SVG units, as text; ``marks`` are the positions of the least and greatest load, or None."""

    load: object
    y: int
    text_y: int
    kept: str
    added_x: str
    added: str
    value_x: str
    mark_y: int
    least_x: str | None
    greatest_x: str | None


@dataclass(frozen=True)
class LoadBars:
    width: int
    height: int
    label: int
    bar: int
    axis: list
    bars: list


def load_bars(loads) -> LoadBars | None:
    """The plot of ``queries.run_pages.Load`` rows; None when nobody reads anything."""
    longest = max([1, *(load.total for load in loads), *(load.greatest or 0 for load in loads), *(load.least for load in loads)])
    if not loads or not any(load.total for load in loads):
        return None
    unit = (WIDTH - LABEL - 50) / longest
    step = max(1, -(-longest // 8))
    axis = [(f"{LABEL + value * unit:.1f}", value) for value in range(0, longest + 1, step)]
    bars = [_bar(load, TOP + index * (BAR + GAP), unit) for index, load in enumerate(loads)]
    return LoadBars(WIDTH, TOP + len(bars) * (BAR + GAP), LABEL, BAR, axis, bars)


def _bar(load, y, unit) -> LoadBar:
    return LoadBar(
        load=load,
        y=y,
        text_y=y + 14,
        kept=f"{load.kept * unit:.1f}",
        added_x=f"{LABEL + load.kept * unit:.1f}",
        added=f"{load.added * unit:.1f}",
        value_x=f"{LABEL + load.total * unit + 6:.1f}",
        mark_y=y + BAR + 3,
        least_x=f"{LABEL + load.least * unit:.1f}" if load.least else None,
        greatest_x=f"{LABEL + load.greatest * unit:.1f}" if load.greatest is not None else None,
    )
