"""The only place where a status of the judging floor changes. A dossier's status moves through ``applications.services.lifecycle``."""

from clusters_portal.audit.lifecycle import move_status
from evaluation.workflow import ASSIGNMENT_WORKFLOW, CONFLICT_WORKFLOW, CONSENSUS_WORKFLOW, EVALUATION_WORKFLOW


def move_conflict(declaration, name, *, actor, note="", **fields):
    """Apply a transition to a declaration, with the author, date and reason of a ruling. Raises InvalidTransition."""
    return move_status(declaration, CONFLICT_WORKFLOW, name, actor=actor, verb="conflict", note=note, extra_fields=fields)


def move_assignment(assignment, name, *, actor, note=""):
    """Apply a transition to an assignment. Raises InvalidTransition."""
    return move_status(assignment, ASSIGNMENT_WORKFLOW, name, actor=actor, verb="assignment", note=note)


def move_evaluation(evaluation, name, *, actor, note="", **fields):
    """Apply a transition to an evaluation, with the date and receipt of a submission. Raises InvalidTransition."""
    return move_status(evaluation, EVALUATION_WORKFLOW, name, actor=actor, verb="evaluation", note=note, extra_fields=fields)


def move_consensus(consensus, name, *, actor, note="", **fields):
    """Apply a transition to a consensus report, with its round, or the author and date of its closing. Raises InvalidTransition."""
    return move_status(consensus, CONSENSUS_WORKFLOW, name, actor=actor, verb="consensus", note=note, extra_fields=fields)
