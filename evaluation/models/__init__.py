"""Tables of the judging floor, one module per subject."""

from .advice import RankingAdvice
from .assignment_runs import AppliedAssignmentRun, AssignmentRun
from .assignments import Assignment, ConflictDeclaration, LikelyConflict
from .ballots import Ballot, BallotOption, Vote
from .consensus import Consensus, ConsensusApproval, ConsensusScore
from .decisions import Decision
from .evaluations import Evaluation, Score
from .grids import Grid, GridCriterion, LevelAnchor
from .profiles import EvaluatorProfile
from .rankings import Ranking, RankingLine
from .sessions import AgendaItem, Attendance, CommitteeSession, SessionMember
from .terms import JudgingTerms

__all__ = [
    "AgendaItem",
    "AppliedAssignmentRun",
    "Assignment",
    "AssignmentRun",
    "Attendance",
    "Ballot",
    "BallotOption",
    "CommitteeSession",
    "ConflictDeclaration",
    "Consensus",
    "ConsensusApproval",
    "ConsensusScore",
    "Decision",
    "Evaluation",
    "EvaluatorProfile",
    "Grid",
    "GridCriterion",
    "JudgingTerms",
    "LevelAnchor",
    "LikelyConflict",
    "Ranking",
    "RankingAdvice",
    "RankingLine",
    "Score",
    "SessionMember",
    "Vote",
]
