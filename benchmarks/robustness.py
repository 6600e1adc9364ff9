"""Rank acceptability of 30 dossiers × 10 criteria over 5,000 weight draws; print times and the ratio to a bare loop.

Run: ``.venv/bin/python benchmarks/robustness.py [dossiers] [draws]``. Target: 5,000 draws within a second.
"""

import random
import sys
import time
from fractions import Fraction
from operator import mul
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from evaluation.rules.robustness import ADOPTED, UNIFORM, bootstrap, rank_acceptability
from evaluation.rules.sensitivity import line_changes

CODES = [f"T{n}" for n in range(1, 6)] + [f"Q{n}" for n in range(1, 6)]
WEIGHTS = dict.fromkeys(CODES, 10)


def build(dossiers: int):
    """Seeded official marks by half points, and five totals per dossier."""
    source = random.Random(20260728)
    marks = {f"{n:04d}": {code: Fraction(source.randint(4, 10), 2) for code in CODES} for n in range(dossiers)}
    totals = {name: {f"e{e}": Fraction(source.randint(40, 100)) for e in range(5)} for name in marks}
    return marks, totals


def bare_loop(marks, draws: int) -> None:
    """The arithmetic alone: as many weighted sums, and nothing else."""
    rows = [[float(mark) for mark in row.values()] for row in marks.values()]
    weights = [0.1] * len(CODES)
    for _draw in range(draws):
        for row in rows:
            sum(map(mul, weights, row))


def timed(function) -> float:
    """Seconds of CPU."""
    start = time.process_time()
    function()
    return time.process_time() - start


def main():
    """Print one line per measure."""
    dossiers, draws = (int(a) for a in (sys.argv[1:] + ["30", "5000"][len(sys.argv) - 1 :])[:2])
    marks, totals = build(dossiers)
    order = sorted(marks, key=lambda name: -sum(marks[name].values()))
    bare = timed(lambda: bare_loop(marks, draws))
    measures = {
        "any weights": lambda: rank_acceptability(marks, WEIGHTS, places=3, seed=1, scheme=UNIFORM, draws=draws),
        "weights ± 30 %": lambda: rank_acceptability(marks, WEIGHTS, places=3, seed=1, scheme=ADOPTED, draws=draws),
        "bootstrap of 2,000": lambda: bootstrap(totals, places=3, seed=1),
        "critical changes": lambda: line_changes(WEIGHTS, marks, order, 3),
    }
    target = max(1, dossiers * draws / 150_000)
    print(f"{dossiers} dossiers x {len(CODES)} criteria, {draws} draws")
    print(f"{'bare loop':20}{bare:.3f} s CPU")
    for name, measure in measures.items():
        seconds = timed(measure)
        verdict = "ok" if seconds <= target else "TOO SLOW"
        print(f"{name:20}{seconds:.3f} s CPU   (target {target:.0f} s)   ratio {seconds / bare:.1f}   {verdict}")


if __name__ == "__main__":
    main()
