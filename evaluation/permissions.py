"""What a person may do on the judging floor with what they can already see (evaluation.md 1.3). Rights say who; the workflow says when.

Seeing is in ``queries``: what is not there answers 404. Here a refusal has its reason in words, for a 403 or a hidden button.
"""

from django.utils.translation import gettext as _

from applications.models import Application
from applications.permissions import ALLOWED, Permission
from clusters_portal.accounts.roles import Role, has_role
from evaluation.models import Assignment
from evaluation.queries import BEFORE_COMMITTEE


def _only(user, *roles):
    return ALLOWED if has_role(user, *roles) else Permission(False, _("Your role does not allow this action."))


def can_assign(user) -> Permission:
    """Assign evaluators: DPTC's case officers and head."""
    return _only(user, Role.CASE_OFFICER, Role.DIVISION_HEAD)


def can_rule_on_conflicts(user) -> Permission:
    """Lift or confirm a possible conflict: DPTC's head."""
    return _only(user, Role.DIVISION_HEAD)


def can_reopen(user) -> Permission:
    """Reopen a submitted evaluation: DPTC's head."""
    return _only(user, Role.DIVISION_HEAD)


def can_run_ranking(user) -> Permission:
    """Run the ranking and bring it before the committee: DPTC's head."""
    return _only(user, Role.DIVISION_HEAD)


def can_name_evaluators(user) -> Permission:
    """Know which evaluator gave which marks, in statistics: DPTC, the committee's chair, auditors (evaluation.md 1.3)."""
    return _only(user, Role.DIVISION_HEAD, Role.CASE_OFFICER, Role.COMMITTEE_CHAIR, Role.AUDITOR)


def can_decide(user) -> Permission:
    """Record the committee's decisions: its chair, or DPTC's head who keeps its secretariat."""
    return _only(user, Role.COMMITTEE_CHAIR, Role.DIVISION_HEAD)


def can_score(user, assignment) -> Permission:
    """Write marks: the evaluator, on an accepted assignment, while the dossier is under evaluation."""
    if assignment.evaluator_id != user.pk or not has_role(user, Role.EVALUATOR):
        return Permission(False, _("Your role does not allow this action."))
    if assignment.status != Assignment.Status.ACCEPTED:
        return Permission(False, _("Declare your interests before opening this application."))
    if assignment.application.status in BEFORE_COMMITTEE:
        return Permission(False, _("The evaluation of this application is closed."))
    if assignment.application.status != Application.Status.UNDER_EVALUATION:
        return Permission(False, _("The evaluation of this application is not open."))
    return ALLOWED
