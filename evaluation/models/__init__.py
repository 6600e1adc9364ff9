"""Tables of the judging floor, one module per subject."""

from .advice import RankingAdvice
from .assignments import Assignment, ConflictDeclaration
from .decisions import Decision
from .evaluations import Evaluation, Score
from .grids import Grid, GridCriterion, LevelAnchor
from .rankings import Ranking, RankingLine

__all__ = [
    "Assignment",
    "ConflictDeclaration",
    "Decision",
    "Evaluation",
    "Grid",
    "GridCriterion",
    "LevelAnchor",
    "Ranking",
    "RankingAdvice",
    "RankingLine",
    "Score",
]
