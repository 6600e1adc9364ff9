"""The only place where a status of the judging floor changes. A dossier's status moves through ``applications.services.lifecycle``."""

from clusters_portal.audit.lifecycle import move_all, move_status
from evaluation.workflow import (
    ASSIGNMENT_WORKFLOW,
    BALLOT_WORKFLOW,
    CONFLICT_WORKFLOW,
    CONSENSUS_WORKFLOW,
    EVALUATION_WORKFLOW,
    ITEM_WORKFLOW,
    SESSION_WORKFLOW,
)


def move_conflict(declaration, name, *, actor, note="", **fields):
    """Apply a transition to a declaration, with the author, date and reason of a ruling. Raises InvalidTransition."""
    return move_status(declaration, CONFLICT_WORKFLOW, name, actor=actor, verb="conflict", note=note, extra_fields=fields)


def move_assignment(assignment, name, *, actor, note="", **fields):
    """Apply a transition to an assignment, with where it comes from when it is proposed again. Raises InvalidTransition."""
    return move_status(assignment, ASSIGNMENT_WORKFLOW, name, actor=actor, verb="assignment", note=note, extra_fields=fields)


def move_evaluation(evaluation, name, *, actor, note="", **fields):
    """Apply a transition to an evaluation, with the date and receipt of a submission. Raises InvalidTransition."""
    return move_status(evaluation, EVALUATION_WORKFLOW, name, actor=actor, verb="evaluation", note=note, extra_fields=fields)


def move_consensus(consensus, name, *, actor, note="", **fields):
    """Apply a transition to a consensus report, with its round, or the author and date of its closing. Raises InvalidTransition."""
    return move_status(consensus, CONSENSUS_WORKFLOW, name, actor=actor, verb="consensus", note=note, extra_fields=fields)


def freeze_consensuses(rows, *, actor):
    """Freeze reports locked by the caller's transaction, in a constant number of queries. Raises InvalidTransition."""
    move_all(rows, CONSENSUS_WORKFLOW, "freeze", actor=actor, verb="consensus")


def move_session(session, name, *, actor, note="", **fields):
    """Apply a transition to a session of the committee, with its dates. Raises InvalidTransition."""
    return move_status(session, SESSION_WORKFLOW, name, actor=actor, verb="session", note=note, extra_fields=fields)


def move_item(item, name, *, actor, note="", **fields):
    """Apply a transition to an item of an agenda, with its times, locked by `rooms.lock_item`. Raises InvalidTransition."""
    return move_status(item, ITEM_WORKFLOW, name, actor=actor, verb="agenda_item", note=note, extra_fields=fields, locked=True)


def move_ballot(ballot, name, *, actor, note="", data=None, **fields):
    """Apply a transition to a vote, with its date and result. Raises InvalidTransition."""
    return move_status(ballot, BALLOT_WORKFLOW, name, actor=actor, verb="ballot", note=note, extra_fields=fields, data=data)
