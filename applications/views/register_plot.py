"""Geometry of the timeline of one cluster: its periods of support on a scale of years. A table stands beside."""

from dataclasses import dataclass
from datetime import date

WIDTH, SIDE, TOP, ROW, BAR = 740, 30, 30, 34, 18
AT_LEAST = 5
"""Years the scale always holds: a contract-programme lasts five."""
MAX_MARKS = 12


@dataclass(frozen=True)
class Span:
    """One period: place, length, and its words above."""

    x: str
    width: str
    y: int
    text_x: str
    anchor: str
    label: str


@dataclass(frozen=True)
class Timeline:
    """The whole plot; `marks` are [(x, year)], `today_x` is None outside the scale."""

    height: int
    spans: list
    marks: list
    today_x: str | None
    width: int = WIDTH
    top: int = TOP


def timeline_of(cluster, today: date) -> Timeline | None:
    """The periods of a cluster (loaded), one under the other, from the year of the first to five years later at least."""
    periods = list(cluster.periods.all())
    if not periods:
        return None
    start = min(period.starts_on.year for period in periods)
    end = max(*(period.ends_on.year + 1 for period in periods), start + AT_LEAST)
    first, last = date(start, 1, 1), date(end, 1, 1)

    def at(day) -> float:
        return SIDE + (WIDTH - 2 * SIDE) * (day - first).days / (last - first).days

    step = -(-(end - start) // MAX_MARKS)
    marks = [(f"{at(date(year, 1, 1)):.1f}", year) for year in range(start, end + 1, step)]
    spans = [_span(period, index, at) for index, period in enumerate(periods)]
    inside = first <= today <= last
    return Timeline(TOP + len(spans) * ROW + 8, spans, marks, f"{at(today):.1f}" if inside else None)


def _span(period, index, at) -> Span:
    x, end = at(period.starts_on), at(period.ends_on)
    label = str(period)  # figures alone: words of two directions would be turned round in a plot
    late = x > WIDTH / 2
    return Span(
        f"{x:.1f}", f"{max(end - x, 2):.1f}", TOP + index * ROW + 14, f"{end if late else x:.1f}", "end" if late else "start", label
    )
