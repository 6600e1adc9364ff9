"""Rank 10,000 dossiers × 5 evaluations × 10 criteria, each with its agreed marks; print time, peak memory and the ratio to a bare sort.

Run: ``.venv/bin/python benchmarks/ranking.py [dossiers] [evaluations]``. Target: at most 2 s and 300 MB.
"""

import random
import resource
import sys
import time
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from evaluation.rules.completeness import Dossier
from evaluation.rules.ranking import Terms, rank
from evaluation.rules.scoring import EvaluationScores, Grid, GridCriterion

CODES = [f"T{n}" for n in range(1, 6)] + [f"Q{n}" for n in range(1, 6)]


def build(dossiers: int, evaluations: int):
    """Seeded marks around 3 of 5, so that ties are as common as in a real call."""
    source = random.Random(20260728)
    marks = [Decimal(n) / 2 for n in range(11)]
    grid = Grid(tuple(GridCriterion(c, "technical" if c[0] == "T" else "qualitative", 10) for c in CODES))
    rows = [
        Dossier(
            id=f"{number:06d}",
            label=f"CL-2026-{number:05d}",
            evaluations=tuple(EvaluationScores(f"e{e}", {c: source.choice(marks[2:]) for c in CODES}) for e in range(evaluations)),
            region=f"MA-{source.randint(1, 12):02d}",
            sector=source.choice("ABCDEFJM"),
            agreed={c: source.choice(marks[2:]) for c in CODES},
        )
        for number in range(dossiers)
    ]
    return grid, rows


def timed(function):
    """Seconds of CPU and the value."""
    start = time.process_time()
    value = function()
    return time.process_time() - start, value


def main():
    """Print one line per measure."""
    dossiers, evaluations = (int(a) for a in (sys.argv[1:] + ["10000", "5"][len(sys.argv) - 1 :])[:2])
    grid, rows = build(dossiers, evaluations)
    seconds, result = timed(lambda: rank(grid, rows, Terms(places=3, min_evaluators=evaluations)))
    totals = [float(line.card.total) for line in result.ranked]
    random.Random(1).shuffle(totals)
    bare, _ = timed(lambda: sorted(totals, reverse=True))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{dossiers} dossiers x {evaluations} evaluations x {len(CODES)} criteria")
    print(f"ranking          {seconds:.3f} s CPU   (target 2 s)   {'ok' if seconds <= 2 else 'TOO SLOW'}")
    print(f"bare sort        {bare:.4f} s CPU   ratio {seconds / max(bare, 1e-6):.0f}")
    print(f"peak memory      {peak:.0f} MB   (target 300 MB)   {'ok' if peak <= 300 else 'TOO LARGE'}")
    print(f"ex aequo lines   {sum(line.ex_aequo for line in result.ranked)}   ladder steps used {len(result.steps)}")


if __name__ == "__main__":
    main()
