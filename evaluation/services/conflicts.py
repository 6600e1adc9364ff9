"""Interests: declared before any access, raised by the applicant or found by DPTC, ruled on by the head of division.

Recusal beats every role. One row per person, dossier and source: what somebody else raised never overwrites one's own words.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from applications.models import Application
from clusters_portal.accounts.models import User
from clusters_portal.accounts.roles import Role, has_role
from clusters_portal.lib import clock
from clusters_portal.lib.text import clean_text
from evaluation.models import Assignment, ConflictDeclaration
from evaluation.queries import ACTIVE, CLEARED, JUDGED
from evaluation.services import lifecycle
from evaluation.services.assignment_digests import Digest
from evaluation.services.refusals import Refused

Interest, Source, Status = ConflictDeclaration.Interest, ConflictDeclaration.Source, ConflictDeclaration.Status
_NAMES = {Interest.NONE: "clear", Interest.POTENTIAL: "hold", Interest.DISQUALIFYING: "recuse"}
# Who reads dossiers in judgement, beside the committee: its members step down from an item of a session themselves.
CONCERNED = (Role.EVALUATOR, Role.CASE_OFFICER, Role.DIVISION_HEAD, Role.COUNTER_AGENT, Role.AUDITOR)
_WEIGHT = {Interest.NONE: 0, Interest.POTENTIAL: 1, Interest.DISQUALIFYING: 2}


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
    if interest != Interest.NONE and not (kind and text):
        raise Refused(_("Say what kind of interest it is and explain it."), "explanation")
    fields = {"interest": interest, "kind": kind if interest != Interest.NONE else "", "text": text}
    declaration = _recorded(assignment.application, actor, Source.SELF, fields, actor)
    follow(assignment, actor)
    return declaration


def concerned():
    """Active people about whom an interest may be recorded, by name."""
    people = User.objects.filter(is_active=True, groups__name__in=CONCERNED).distinct()
    return people.order_by("last_name", "first_name", "pk")


@transaction.atomic
def record(*, application, evaluator, source, interest, kind, text, actor) -> ConflictDeclaration:
    """Record an interest the person did not declare: the applicant's objection, or what DPTC found, with its reason. A
    possible one waits for a ruling and suspends access; a disqualifying one recuses at once, assigned or not. Journals.

    Raises Refused: dossier not in judgement, no part in it, own case, unknown source, no explanation, or recorded already.
    """
    application = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    text = clean_text(text or "").strip()
    if application.status not in JUDGED:
        raise Refused(_("This application is not in judgement."), "state")
    if not has_role(evaluator, *CONCERNED):
        raise Refused(_("%(person)s has no part in the judgement.") % {"person": evaluator}, "no_part")
    if evaluator == actor:
        raise Refused(_("Declare your own interests yourself."), "own")
    if source not in (Source.APPLICANT, Source.DETECTED) or interest not in (Interest.POTENTIAL, Interest.DISQUALIFYING):
        raise Refused(_("Say who raised the interest, and whether it is possible or disqualifying."), "interest")
    if not (kind and text):
        raise Refused(_("Say what kind of interest it is and explain it."), "explanation")
    fields = {"interest": interest, "kind": kind, "text": text, "recorded_by": actor}
    declaration = _recorded(application, evaluator, source, fields, actor)
    _follow_active(declaration, actor)
    return declaration


def _recorded(application, evaluator, source, fields, actor) -> ConflictDeclaration:
    """The row of this person, dossier and source, created or strengthened, in the status its interest calls for."""
    fields = fields | {"declared_at": clock.now()}
    key = {"evaluator": evaluator, "application": application, "source": source}
    known = ConflictDeclaration.objects.select_for_update().filter(**key).first()
    name, text = _NAMES[fields["interest"]], fields["text"]
    if known is None:
        return lifecycle.move_conflict(ConflictDeclaration.objects.create(**key, **fields), name, actor=actor, note=text)
    if _WEIGHT[fields["interest"]] <= _WEIGHT[known.interest]:
        if source == Source.SELF:
            raise Refused(_("Your declaration is already recorded; you can only declare a further interest."), "already_declared")
        raise Refused(_("This interest is already recorded; only a graver one can be added."), "already_declared")
    return lifecycle.move_conflict(known, name, actor=actor, note=text, **fields)


def _follow_active(declaration, actor):
    """Bring the assignment of a declaration somebody else decided on in line with it, when there is one, and tell the evaluator
    that the dossier is no longer theirs, or open to them."""
    rows = Assignment.objects.select_for_update().filter(evaluator=declaration.evaluator_id, application=declaration.application_id)
    assignment = rows.filter(status__in=ACTIVE).select_related("application__call", "evaluator").first()
    if assignment is None:
        return
    before, digest = assignment.status, Digest()
    follow(assignment, actor)
    assignment.refresh_from_db(fields=["status"])
    if assignment.status == Assignment.Status.RECUSED:
        digest.remove(assignment.evaluator, assignment.application)
    elif (before, assignment.status) == (Assignment.Status.PROPOSED, Assignment.Status.ACCEPTED):
        digest.clear(assignment.evaluator, assignment.application)
    digest.send(assignment.application.call)


def follow(assignment, actor):
    """Bring the assignment in line with everything declared: the gravest counts, and access asks for one's own declaration."""
    rows = ConflictDeclaration.objects.filter(evaluator=assignment.evaluator_id, application=assignment.application_id)
    by_source = dict(rows.values_list("source", "status"))
    if Status.CONFIRMED in by_source.values():
        lifecycle.move_assignment(assignment, "recuse", actor=actor)
    elif Status.PENDING in by_source.values():
        if assignment.status == Assignment.Status.ACCEPTED:
            lifecycle.move_assignment(assignment, "suspend", actor=actor)
    elif by_source.get(Source.SELF) in CLEARED and assignment.status == Assignment.Status.PROPOSED:
        lifecycle.move_assignment(assignment, "accept", actor=actor)


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
    _follow_active(ruled, actor)
    return ruled
