"""Groups of states that rights and services ask about."""

from applications.models import Application
from evaluation.models import Assignment, ConflictDeclaration

_STATUS = Application.Status
DECIDED = (
    _STATUS.SELECTED,
    _STATUS.SELECTED_WITH_RESERVATIONS,
    _STATUS.WAITING_LIST,
    _STATUS.DEFERRED,
    _STATUS.NOT_SELECTED,
)
BEFORE_COMMITTEE = (_STATUS.IN_COMMITTEE, *DECIDED)
EVALUABLE = (_STATUS.ADMISSIBLE, _STATUS.UNDER_EVALUATION)
JUDGED = (*EVALUABLE, *BEFORE_COMMITTEE)
ACTIVE = (Assignment.Status.PROPOSED, Assignment.Status.ACCEPTED)
BARRING = (ConflictDeclaration.Status.DECLARED, ConflictDeclaration.Status.PENDING, ConflictDeclaration.Status.CONFIRMED)
CLEARED = (ConflictDeclaration.Status.CLEAR, ConflictDeclaration.Status.LIFTED)
