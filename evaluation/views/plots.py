"""Geometry of the plots drawn on the server. Lengths are SVG units; a table with the same figures always stands beside."""

from dataclasses import dataclass

WIDTH, LABEL, BAR, GAP = 740, 126, 18, 10
SCALE = (WIDTH - LABEL - 70) / 100
TOP = 22


@dataclass(frozen=True)
class Bar:
    """One dossier: the two blocks side by side, the rank and number before, the score after."""

    line: object
    y: int
    text_y: int
    technical: str
    qualitative_x: str
    qualitative: str
    score_x: str


@dataclass(frozen=True)
class Bracket:
    """The bracket round an ex æquo group."""

    rank: int
    x: str
    y: int
    height: int


@dataclass(frozen=True)
class Bars:
    """The whole plot; ``cut_y`` is None when the last place is not between two lines of the page."""

    width: int
    height: int
    label: int
    axis: list
    bars: list
    cut_y: int | None
    brackets: list


def ranking_bars(lines, run) -> Bars:
    """Bars of the weighted score split by block, for the lines of one page."""
    bars = [_bar(line, TOP + index * (BAR + GAP)) for index, line in enumerate(lines)]
    height = TOP + len(bars) * (BAR + GAP)
    axis = [(LABEL + _length(value), value) for value in (0, 20, 40, 60, 80, 100)]
    return Bars(WIDTH, height, LABEL, [(f"{x:.1f}", value) for x, value in axis], bars, _cut(bars, run), _brackets(bars))


def _bar(line, y) -> Bar:
    technical, qualitative = _length(line.technical), _length(line.qualitative)
    return Bar(
        line=line,
        y=y,
        text_y=y + 14,
        technical=f"{technical:.1f}",
        qualitative_x=f"{LABEL + technical:.1f}",
        qualitative=f"{qualitative:.1f}",
        score_x=f"{LABEL + technical + qualitative + 6:.1f}",
    )


def _length(points) -> float:
    return float(points) * SCALE


def _cut(bars, run):
    """Between the last line that holds a place and the first that does not; not drawn through a tie to break."""
    if not run.places or run.tie_rank is not None:
        return None
    for before, after in zip(bars, bars[1:], strict=False):
        inside = before.line.rank is not None and before.line.rank <= run.places
        if inside and (after.line.rank is None or after.line.rank > run.places):
            return after.y - GAP // 2
    return None


def _brackets(bars) -> list:
    groups: dict = {}
    for bar in bars:
        if bar.line.ex_aequo:
            groups.setdefault(bar.line.rank, []).append(bar)
    return [_bracket(rank, group) for rank, group in groups.items()]


def _bracket(rank, group) -> Bracket:
    """Just after the scores of the group, which are equal and so end at the same place."""
    x = max(float(bar.score_x) for bar in group) + 50
    return Bracket(rank, f"{x:.1f}", group[0].y - 3, group[-1].y - group[0].y + BAR + 6)
