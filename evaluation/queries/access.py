"""Who sees which rows of the judging floor. What is not here answers 404, like what does not exist."""

from django.db.models import Q, QuerySet

from applications.models import Application, Call
from clusters_portal.accounts.roles import COMMITTEE_ROLES, Role, has_role
from evaluation.models import Assignment, ConflictDeclaration, Consensus, Evaluation, EvaluatorProfile, Ranking
from evaluation.queries.states import ACTIVE, BARRING, BEFORE_COMMITTEE, CLEARED, JUDGED


def barred_applications(user) -> QuerySet:
    """Identifiers of dossiers this person must not know more about, whatever the role: interest declared and not lifted."""
    return ConflictDeclaration.objects.filter(evaluator=user, status__in=BARRING).values("application_id")


def committed(user) -> QuerySet:
    """The profile of an evaluator who signed the commitment of confidentiality; empty as long as it is not signed."""
    return EvaluatorProfile.objects.filter(user=user, confidentiality_signed_on__isnull=False)


def applications_for_evaluator(user) -> QuerySet:
    """Dossiers an evaluator may read: commitment of confidentiality signed, accepted assignment, after an own declaration
    without interest or a lifted one, and nothing raised by somebody else that bars access.
    """
    accepted = Assignment.objects.filter(evaluator=user, status=Assignment.Status.ACCEPTED, evaluator__in=committed(user).values("user"))
    assigned = accepted.values("application_id")
    own = ConflictDeclaration.objects.filter(evaluator=user, status__in=CLEARED, source=ConflictDeclaration.Source.SELF)
    rows = Application.objects.filter(pk__in=assigned).filter(pk__in=own.values("application_id")).filter(status__in=JUDGED)
    return rows.exclude(pk__in=barred_applications(user))


def readable_applications(user) -> QuerySet:
    """Dossiers this person may read on this floor, by role and state; a declared interest beats every role."""
    if not user.is_authenticated or not user.is_active:
        return Application.objects.none()
    scope = Q(pk__in=[])
    if has_role(user, Role.DIVISION_HEAD, Role.CASE_OFFICER, Role.AUDITOR):
        scope |= Q(status__in=JUDGED)
    if has_role(user, *COMMITTEE_ROLES):
        scope |= Q(status__in=BEFORE_COMMITTEE)
    if has_role(user, Role.EVALUATOR):
        scope |= Q(pk__in=applications_for_evaluator(user).values("pk"))
    return Application.objects.filter(scope).exclude(pk__in=barred_applications(user))


def assignments_of(user) -> QuerySet:
    """An evaluator's own dossiers to declare on or to score; recused and removed ones are as if they never were."""
    if not has_role(user, Role.EVALUATOR):
        return Assignment.objects.none()
    return Assignment.objects.filter(evaluator=user, status__in=ACTIVE, application__status__in=JUDGED).exclude(
        application__in=ConflictDeclaration.objects.filter(evaluator=user, status=ConflictDeclaration.Status.CONFIRMED).values(
            "application"
        )
    )


def readable_evaluations(user) -> QuerySet:
    """Evaluations this person may read: own ones; submitted ones for DPTC and auditors; for the committee at deliberation; those
    of peers, once one's own is submitted and the consensus open."""
    if not user.is_authenticated or not user.is_active:
        return Evaluation.objects.none()
    submitted = Q(status=Evaluation.Status.SUBMITTED, assignment__status=Assignment.Status.ACCEPTED)
    scope = Q(pk__in=[])
    if has_role(user, Role.EVALUATOR):
        own = applications_for_evaluator(user).values("pk")
        scope |= Q(assignment__evaluator=user, assignment__status=Assignment.Status.ACCEPTED, assignment__application__in=own)
        scope |= submitted & Q(
            assignment__application__in=Consensus.objects.filter(application__in=applications_heard(user)).values("application")
        )
    if has_role(user, Role.DIVISION_HEAD, Role.CASE_OFFICER, Role.AUDITOR):
        scope |= submitted
    if has_role(user, *COMMITTEE_ROLES):
        scope |= submitted & Q(assignment__application__status__in=BEFORE_COMMITTEE)
    return Evaluation.objects.filter(scope).exclude(assignment__application__in=barred_applications(user))


def applications_heard(user) -> QuerySet:
    """Identifiers of the dossiers whose last own evaluation is submitted: what peers gave may be seen once consensus is open."""
    own = Evaluation.objects.filter(assignment__evaluator=user, assignment__status=Assignment.Status.ACCEPTED)
    begun = own.filter(status=Evaluation.Status.DRAFT).values("assignment__application")
    heard = own.filter(status=Evaluation.Status.SUBMITTED).values("assignment__application")
    return applications_for_evaluator(user).filter(pk__in=heard).exclude(pk__in=begun).values("pk")


def calls_with_assignments(user) -> QuerySet:
    """Calls whose assignments this person may read."""
    if not has_role(user, Role.DIVISION_HEAD, Role.CASE_OFFICER, Role.COMMITTEE_CHAIR, Role.AUDITOR):
        return Call.objects.none()
    return Call.objects.published()


def calls_with_ranking(user) -> QuerySet:
    """Calls whose ranking this person may read: DPTC's head and auditors always, case officers after a run, the committee
    once the dossiers are before it."""
    calls = Call.objects.published()
    if has_role(user, Role.DIVISION_HEAD, Role.AUDITOR):
        return calls
    scope = Q(pk__in=[])
    if has_role(user, Role.CASE_OFFICER):
        scope |= Q(pk__in=Ranking.objects.values("call_id"))
    if has_role(user, *COMMITTEE_ROLES):
        scope |= Q(pk__in=Application.objects.filter(status__in=BEFORE_COMMITTEE).values("call_id"))
    return calls.filter(scope)


def calls_before_committee(user) -> QuerySet:
    """Calls whose deliberation this person may read."""
    if not has_role(user, *COMMITTEE_ROLES, Role.DIVISION_HEAD, Role.AUDITOR):
        return Call.objects.none()
    return Call.objects.published().filter(pk__in=Application.objects.filter(status__in=BEFORE_COMMITTEE).values("call_id"))
