"""Tables of the judging floor, one module per subject."""

from .advice import RankingAdvice
from .appeals import Appeal, AppealAnswer, AppealOutcome, AppealReply
from .archives import CallArchive
from .assignment_runs import AppliedAssignmentRun, AssignmentRun
from .assignments import Assignment, ConflictDeclaration, LikelyConflict
from .attachments import Attachment
from .ballots import Ballot, BallotOption, Vote
from .consensus import Consensus, ConsensusApproval, ConsensusScore
from .decisions import Decision
from .evaluations import Evaluation, Score
from .grids import Grid, GridCriterion, LevelAnchor
from .letters import Letter, ResultsPublication
from .minutes import Minutes, MinutesSignature
from .observations import FactualFindings, Observation, ObservationStep
from .profiles import EvaluatorProfile
from .rankings import Ranking, RankingLine
from .sessions import AgendaItem, Attendance, CommitteeSession, SessionMember
from .terms import JudgingTerms

__all__ = [
    "AgendaItem",
    "Appeal",
    "AppealAnswer",
    "AppealOutcome",
    "AppealReply",
    "AppliedAssignmentRun",
    "Assignment",
    "AssignmentRun",
    "Attachment",
    "Attendance",
    "Ballot",
    "BallotOption",
    "CallArchive",
    "CommitteeSession",
    "ConflictDeclaration",
    "Consensus",
    "ConsensusApproval",
    "ConsensusScore",
    "Decision",
    "Evaluation",
    "EvaluatorProfile",
    "FactualFindings",
    "Grid",
    "GridCriterion",
    "JudgingTerms",
    "Letter",
    "LevelAnchor",
    "LikelyConflict",
    "Minutes",
    "MinutesSignature",
    "Observation",
    "ObservationStep",
    "Ranking",
    "RankingAdvice",
    "RankingLine",
    "ResultsPublication",
    "Score",
    "SessionMember",
    "Vote",
]
