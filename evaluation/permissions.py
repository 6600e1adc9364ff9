"""What a person may do on the judging floor with what they can already see (evaluation.md 1.3). Rights say who; the workflow says when.

Seeing is in ``queries``: what is not there answers 404. Here a refusal has its reason in words, for a 403 or a hidden button.
"""

from django.utils.translation import gettext as _

from applications.models import Application
from applications.permissions import ALLOWED, Permission
from clusters_portal.accounts.roles import COMMITTEE_ROLES, Role, has_role
from evaluation.models import Assignment
from evaluation.queries import BEFORE_COMMITTEE, committed


def _only(user, *roles):
    return ALLOWED if has_role(user, *roles) else Permission(False, _("Your role does not allow this action."))


def can_assign(user) -> Permission:
    """Assign evaluators: DPTC's case officers and head."""
    return _only(user, Role.CASE_OFFICER, Role.DIVISION_HEAD)


def can_rule_on_conflicts(user) -> Permission:
    """Lift or confirm a possible conflict: DPTC's head."""
    return _only(user, Role.DIVISION_HEAD)


def can_edit_evaluators(user) -> Permission:
    """Record expertise, loads and the commitment of evaluators: DPTC's case officers and head."""
    return _only(user, Role.CASE_OFFICER, Role.DIVISION_HEAD)


def can_prepare_grid(user) -> Permission:
    """Propose a grid, copy it as a new version, change it before its adoption: DPTC's head."""
    return _only(user, Role.DIVISION_HEAD)


def can_adopt_grid(user) -> Permission:
    """Record the minute by which a grid was adopted: the committee, or DPTC's head who keeps its secretariat."""
    return _only(user, *COMMITTEE_ROLES, Role.DIVISION_HEAD)


def can_reopen(user) -> Permission:
    """Reopen a submitted evaluation: DPTC's head."""
    return _only(user, Role.DIVISION_HEAD)


def can_moderate(user) -> Permission:
    """Open a consensus and name its rapporteur: DPTC's case officers and head."""
    return _only(user, Role.CASE_OFFICER, Role.DIVISION_HEAD)


def can_conclude(user) -> Permission:
    """Validate a consensus, record a disagreement, reopen a report: DPTC's head."""
    return _only(user, Role.DIVISION_HEAD)


def can_write_report(user, consensus) -> Permission:
    """Write the consensus report: its rapporteur, while it is a draft and the dossier under evaluation."""
    if consensus.rapporteur_id != user.pk or not has_role(user, Role.EVALUATOR):
        return Permission(False, _("Only the rapporteur of this application writes its consensus report."))
    if consensus.application.status != Application.Status.UNDER_EVALUATION or not consensus.is_writable:
        return Permission(False, _("Approval is asked or given: take the report back before changing it."))
    return ALLOWED


def can_revise(user, consensus) -> Permission:
    """Take the report back while approval is asked: its rapporteur."""
    rapporteur = consensus.rapporteur_id == user.pk and has_role(user, Role.EVALUATOR)
    return ALLOWED if rapporteur else Permission(False, _("Only the rapporteur of this application writes its consensus report."))


def can_answer(user) -> Permission:
    """Approve a report or dissent: an evaluator; the service asks whether theirs counts on this dossier."""
    return _only(user, Role.EVALUATOR)


def can_run_ranking(user) -> Permission:
    """Run the ranking and bring it before the committee: DPTC's head."""
    return _only(user, Role.DIVISION_HEAD)


def can_name_evaluators(user) -> Permission:
    """Know which evaluator gave which marks, in statistics: DPTC, the committee's chair, auditors (evaluation.md 1.3)."""
    return _only(user, Role.DIVISION_HEAD, Role.CASE_OFFICER, Role.COMMITTEE_CHAIR, Role.AUDITOR)


def can_decide(user) -> Permission:
    """Record the committee's decisions: its chair, or DPTC's head who keeps its secretariat."""
    return _only(user, Role.COMMITTEE_CHAIR, Role.DIVISION_HEAD)


def can_hold_sessions(user) -> Permission:
    """Prepare, convene and hold the committee's sessions: its chair, or DPTC's head who keeps its secretariat."""
    return _only(user, Role.COMMITTEE_CHAIR, Role.DIVISION_HEAD)


def can_run_item(user, presiding) -> Permission:
    """Run an item and its votes, record its decision: who holds sessions, or the member `presiding` over this item."""
    if presiding is not None and presiding.person_id == user.pk:
        return ALLOWED
    return can_hold_sessions(user)


def can_vote(member) -> Permission:
    """Vote in a session: its members with a vote. `member` is the person's own seat, or None."""
    if member is None or not member.votes:
        return Permission(False, _("You attend without a vote."))
    return ALLOWED


def can_cast_deciding_vote(user, presiding) -> Permission:
    """The casting vote: whoever chairs the item."""
    if presiding is None or presiding.person_id != user.pk:
        return Permission(False, _("Only the person who chairs this item has the casting vote."))
    return ALLOWED


def can_draw_minutes(user) -> Permission:
    """Draw up minutes and their corrections: DPTC's head, who keeps the committee's secretariat."""
    return _only(user, Role.DIVISION_HEAD)


def can_issue_letters(user) -> Permission:
    """Notify decisions, publish results, answer appeals: DPTC's head."""
    return _only(user, Role.DIVISION_HEAD)


def can_draft_answer(user) -> Permission:
    """Prepare the answer to an appeal, and the facts put to applicants: DPTC's case officers and head."""
    return _only(user, Role.CASE_OFFICER, Role.DIVISION_HEAD)


def can_open_assigned(user) -> Permission:
    """Open the dossiers one is assigned to, in any form: an evaluator whose commitment of confidentiality is signed. The
    scopes of ``queries`` hold nothing for the others; this says why.
    """
    if not has_role(user, Role.EVALUATOR):
        return Permission(False, _("Your role does not allow this action."))
    if not committed(user).exists():
        return Permission(False, _("The applications assigned to you open once you have signed the commitment of confidentiality."))
    return ALLOWED


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
    return can_open_assigned(user)
