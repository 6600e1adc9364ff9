"""Declarations of interest: made before any access, ruled on by the head of division; recusal beats every role."""

from django.db import transaction
from django.utils.translation import gettext as _

from clusters_portal.lib import clock
from clusters_portal.lib.text import clean_text
from evaluation.models import Assignment, ConflictDeclaration
from evaluation.queries import ACTIVE
from evaluation.services import lifecycle
from evaluation.services.refusals import Refused

_NAMES = {
    ConflictDeclaration.Interest.NONE: "clear",
    ConflictDeclaration.Interest.POTENTIAL: "hold",
    ConflictDeclaration.Interest.DISQUALIFYING: "recuse",
}
_WEIGHT = {ConflictDeclaration.Interest.NONE: 0, ConflictDeclaration.Interest.POTENTIAL: 1, ConflictDeclaration.Interest.DISQUALIFYING: 2}


@transaction.atomic
def declare(*, application, interest, actor, kind="", text="") -> ConflictDeclaration:
    """Declare one's interest in a dossier one is assigned to. No interest opens access; a possible one waits for a ruling;
    a disqualifying one recuses at once. A later declaration may only add an interest. Journals.

    Raises Refused: not assigned, no explanation, or an attempt to take back an interest.
    """
    assignment = Assignment.objects.select_for_update().filter(evaluator=actor, application=application, status__in=ACTIVE).first()
    if assignment is None:
        raise Refused(_("You are not assigned to this application."), "not_assigned")
    text = clean_text(text or "").strip()
    if interest not in _NAMES:
        raise Refused(_("Choose one of the three declarations."), "interest")
    if interest != ConflictDeclaration.Interest.NONE and not (kind and text):
        raise Refused(_("Say what kind of interest it is and explain it."), "explanation")
    declaration = _recorded(assignment, interest, kind if interest != ConflictDeclaration.Interest.NONE else "", text, actor)
    _follow(assignment, declaration, actor)
    return declaration


def _recorded(assignment, interest, kind, text, actor) -> ConflictDeclaration:
    """The row of this person and dossier, created or strengthened, in the status its interest calls for."""
    fields = {"interest": interest, "kind": kind, "text": text, "declared_at": clock.now()}
    known = ConflictDeclaration.objects.select_for_update().filter(evaluator=actor, application=assignment.application).first()
    if known is None:
        created = ConflictDeclaration.objects.create(evaluator=actor, application=assignment.application, **fields)
        return lifecycle.move_conflict(created, _NAMES[interest], actor=actor, note=text)
    if _WEIGHT[interest] <= _WEIGHT[known.interest]:
        raise Refused(_("Your declaration is already recorded; you can only declare a further interest."), "already_declared")
    return lifecycle.move_conflict(known, _NAMES[interest], actor=actor, note=text, **fields)


def _follow(assignment, declaration, actor):
    """Bring the assignment in line with the declaration."""
    status = ConflictDeclaration.Status(declaration.status)
    if status in (ConflictDeclaration.Status.CLEAR, ConflictDeclaration.Status.LIFTED):
        if assignment.status == Assignment.Status.PROPOSED:
            lifecycle.move_assignment(assignment, "accept", actor=actor)
    elif status == ConflictDeclaration.Status.CONFIRMED:
        lifecycle.move_assignment(assignment, "recuse", actor=actor)
    elif assignment.status == Assignment.Status.ACCEPTED:
        lifecycle.move_assignment(assignment, "suspend", actor=actor)


@transaction.atomic
def rule(*, declaration, lift, reason, actor) -> ConflictDeclaration:
    """Rule on a possible conflict: lift it (access opens) or confirm it (the evaluator is recused). Journals.

    Raises Refused without a reason or on one's own declaration; InvalidTransition when it is ruled on already.
    """
    reason = clean_text(reason or "").strip()
    if not reason:
        raise Refused(_("State the reason of the ruling."), "reason")
    if declaration.evaluator_id == actor.pk:
        raise Refused(_("Nobody rules on their own declaration."), "own")
    ruled = lifecycle.move_conflict(
        declaration,
        "lift" if lift else "recuse",
        actor=actor,
        note=reason,
        ruled_by=actor,
        ruled_at=clock.now(),
        ruling_reason=reason,
    )
    assignment = (
        Assignment.objects.select_for_update()
        .filter(evaluator=ruled.evaluator_id, application=ruled.application_id, status__in=ACTIVE)
        .first()
    )
    if assignment is not None:
        _follow(assignment, ruled, actor)
    return ruled
