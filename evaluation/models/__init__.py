"""Tables of the judging floor, one module per subject."""

from .advice import RankingAdvice
from .assignments import Assignment, ConflictDeclaration
from .ballots import Ballot, BallotOption, Vote
from .consensus import Consensus, ConsensusApproval, ConsensusScore
from .decisions import Decision
from .evaluations import Evaluation, Score
from .grids import Grid, GridCriterion, LevelAnchor
from .rankings import Ranking, RankingLine
from .sessions import AgendaItem, Attendance, CommitteeSession, SessionMember
from .terms import JudgingTerms

__all__ = [
    "AgendaItem",
    "Assignment",
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
    "Grid",
    "GridCriterion",
    "JudgingTerms",
    "LevelAnchor",
    "Ranking",
    "RankingAdvice",
    "RankingLine",
    "Score",
    "SessionMember",
    "Vote",
]
