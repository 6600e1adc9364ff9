"""Assigning evaluators to admissible dossiers, by hand or all-read-all; removing them while nothing is scored.

By hand one may assign a pair whose likely conflict is still to be checked: the evaluator declares before any access. What
assigns many pairs at once (all-read-all, automatic, from a file) leaves such pairs out until somebody has looked.
"""

from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from applications.models import Application, Collaborator
from applications.services import lifecycle as applications_lifecycle
from clusters_portal.accounts.roles import Role, has_role
from clusters_portal.audit import journal
from clusters_portal.lib import clock
from clusters_portal.lib.text import clean_text
from evaluation.models import Assignment, ConflictDeclaration, Evaluation
from evaluation.queries import EVALUABLE
from evaluation.queries.likely import to_be_checked
from evaluation.services import conflicts, lifecycle, likely_conflicts
from evaluation.services.assignment_digests import Digest
from evaluation.services.evaluators import evaluators
from evaluation.services.refusals import Refused


@dataclass
class Outcome:
    """What all-read-all did: number of assignments made, and sentences about pairs left out."""

    created: int = 0
    skipped: list[str] = field(default_factory=list)


@transaction.atomic
def assign(*, application, evaluator, actor) -> Assignment:
    """Assign one evaluator to one dossier, and tell them; the first assignment opens its evaluation. Journals.

    Raises Refused: dossier not open to evaluation, person not an evaluator, on the applicant's side, recused or assigned already.
    """
    digest = Digest()
    assignment = assign_in(digest, application=application, evaluator=evaluator, actor=actor)
    digest.send(assignment.application.call)
    return assignment


def assign_in(digest, *, application, evaluator, actor, origin=Assignment.Origin.MANUAL) -> Assignment:
    """As ``assign``, within an act of the caller's transaction that sends its ``digest`` itself. Raises Refused."""
    locked = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    _check_state(locked)
    if not has_role(evaluator, Role.EVALUATOR):
        raise Refused(_("%(person)s is not an evaluator.") % {"person": evaluator}, "not_evaluator")
    if Collaborator.objects.filter(application=locked, user=evaluator).exists():
        raise Refused(_("%(person)s works on this application for the applicant.") % {"person": evaluator}, "collaborator")
    known = Assignment.objects.filter(application=locked, evaluator=evaluator).first()
    if known is not None and known.status != Assignment.Status.RELEASED:
        raise Refused(_("%(person)s is already assigned to this application or has stepped down.") % {"person": evaluator}, "assigned")
    if _recused(locked, evaluator):
        raise Refused(_("%(person)s has a conflict of interest with this application.") % {"person": evaluator}, "conflict")
    assignment = _propose(known, locked, evaluator, origin, actor)
    digest.add(evaluator, locked)
    _open(locked, actor)
    return assignment


def _check_state(application):
    if application.status not in EVALUABLE:
        raise Refused(_("Only an admissible application, not yet before the committee, can be assigned."), "state")


def _recused(application, evaluator):
    confirmed = ConflictDeclaration.Status.CONFIRMED
    return ConflictDeclaration.objects.filter(application=application, evaluator=evaluator, status=confirmed).exists()


def _propose(known, application, evaluator, origin, actor):
    if known is not None:
        again = lifecycle.move_assignment(known, "propose_again", actor=actor, origin=origin, run=None)
        conflicts.follow(again, actor)  # someone whose own declaration is clear need not declare twice
        again.refresh_from_db()
        return again
    assignment = Assignment.objects.create(
        application=application, evaluator=evaluator, origin=origin, created_by=actor, created_at=clock.now()
    )
    journal.record("assignment.create", assignment, actor=actor, after=assignment.status, data={"origin": str(origin)})
    return assignment


def _open(application, actor):
    if application.status == Application.Status.ADMISSIBLE:
        applications_lifecycle.move(application, "start_evaluation", actor=actor)


@transaction.atomic
def assign_all(*, call, actor) -> Outcome:
    """All read all: every evaluator on every admissible dossier of the call. Existing pairs are left as they are; people removed
    by hand, recused, on the applicant's side or with a likely conflict to be checked are reported. One journal entry per
    dossier. Raises Refused when empty.
    """
    applications = list(Application.objects.select_for_update(of=("self",)).filter(call=call, status__in=EVALUABLE).order_by("number"))
    people = list(evaluators())
    if not applications or not people:
        raise Refused(_("There is no admissible application or no evaluator to assign."), "empty")
    likely_conflicts.look(call=call)
    outcome, digest, excluded, likely = Outcome(), Digest(), excluded_pairs(call), to_be_checked(call)
    for application in applications:
        known = {a.evaluator_id: a for a in application.assignments.all()}
        new = []
        for person in people:
            pair = (person.pk, application.pk)
            reason = _reason_left_out(known.get(person.pk), pair in excluded, pair in likely)
            if reason:
                outcome.skipped.append(reason % {"person": person, "dossier": application.number})
            elif person.pk not in known:
                new.append(person)
        create_all(application=application, people=new, actor=actor, digest=digest)
        outcome.created += len(new)
    digest.send(call)
    return outcome


def excluded_pairs(call) -> set:
    """{(person, dossier)} who are on the applicant's side or have a confirmed conflict."""
    confirmed = ConflictDeclaration.objects.filter(application__call=call, status=ConflictDeclaration.Status.CONFIRMED)
    own = Collaborator.objects.filter(application__call=call)
    return set(confirmed.values_list("evaluator_id", "application_id")) | set(own.values_list("user_id", "application_id"))


def _reason_left_out(assignment, excluded, likely):
    if excluded:
        return _("%(dossier)s: %(person)s cannot judge this application.")
    if assignment is not None and assignment.status == Assignment.Status.RELEASED:
        return _("%(dossier)s: %(person)s was removed earlier and was not assigned again.")
    if assignment is None and likely:
        return _("%(dossier)s: a likely conflict of interest of %(person)s is still to be checked.")
    return ""


def create_all(*, application, people, actor, digest, origin=Assignment.Origin.ALL_READ_ALL, run=None) -> None:
    """New assignments of one dossier, none of which exists yet; the first opens its evaluation. One journal entry; the act that
    calls sends the ``digest``."""
    if not people:
        return
    Assignment.objects.bulk_create(
        Assignment(application=application, evaluator=person, origin=origin, run=run, created_by=actor, created_at=clock.now())
        for person in people
    )
    for person in people:
        digest.add(person, application)
    journal.record(f"assignment.{origin}", application, actor=actor, data={"evaluators": [str(person) for person in people]})
    _open(application, actor)


@transaction.atomic
def release(*, assignment, actor, reason="") -> Assignment:
    """Remove an evaluator from a dossier, and tell them. Untouched: no reason asked. A draft needs a reason and is kept. Journals.

    Raises Refused once an evaluation is submitted, or for a draft without a reason; InvalidTransition when not active.
    """
    digest = Digest()
    released = release_in(digest, assignment=assignment, actor=actor, reason=reason)
    digest.send(released.application.call)
    return released


def release_in(digest, *, assignment, actor, reason="") -> Assignment:
    """As ``release``, within an act of the caller's transaction that sends its ``digest`` itself. Raises Refused, InvalidTransition."""
    application = Application.objects.select_for_update(of=("self",)).get(pk=assignment.application_id)
    _check_state(application)
    reason = clean_text(reason or "").strip()
    evaluations = Evaluation.objects.filter(assignment=assignment)
    if evaluations.filter(status=Evaluation.Status.SUBMITTED).exists():
        raise Refused(_("This evaluation is submitted: it can no longer be removed."), "submitted")
    if evaluations.exists() and not reason:
        raise Refused(_("Scoring has begun: state why this evaluator is removed."), "reason")
    digest.remove(assignment.evaluator, application)
    return lifecycle.move_assignment(assignment, "release", actor=actor, note=reason)
