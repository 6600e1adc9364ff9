"""Reading the contradictory step: the facts put to applicants and what they answered."""

from django.db.models import QuerySet

from applications.models import Application, Call
from clusters_portal.accounts.roles import Role, has_role
from evaluation.models import Consensus, FactualFindings, Observation, ObservationStep
from evaluation.queries.access import barred_applications
from evaluation.queries.rows import with_deposit

READERS = (Role.CASE_OFFICER, Role.DIVISION_HEAD, Role.AUDITOR)
S = Application.Status


def calls_with_observations(user) -> QuerySet:
    """Calls whose rules ask for observations, for those who prepare or audit them."""
    if not has_role(user, *READERS):
        return Call.objects.none()
    return Call.objects.published().filter(judging_terms__observations_enabled=True)


def step_of(call) -> ObservationStep | None:
    """The step of a call, once it is open."""
    return ObservationStep.objects.filter(call=call).first()


def heard_applications(call) -> QuerySet:
    """The dossiers to which facts are put: those under evaluation."""
    return Application.objects.filter(call=call, status=S.UNDER_EVALUATION)


def rows_of(user, call) -> list[Application]:
    """Dossiers of the step this person may know of, with their ``findings``, observations and the names of the deposit."""
    shown = heard_applications(call) if step_of(call) is None else Application.objects.filter(findings__step__call=call)
    rows = shown.exclude(pk__in=barred_applications(user)).select_related("findings__observation", "findings__saved_by")
    return list(with_deposit(rows).order_by("number"))


def findings_sent(application) -> FactualFindings | None:
    """The facts put to one applicant; None before the step opens."""
    rows = FactualFindings.objects.filter(application=application, step__isnull=False)
    return rows.select_related("step", "application__call", "observation__sent_by").first()


def observation_sent(application) -> Observation | None:
    """What the applicant answered, once it is sent."""
    return Observation.objects.filter(findings__application=application, sent_at__isnull=False).select_related("findings").first()


def text_to_start_from(application) -> str:
    """What the consensus says, as a first text of the facts to put: officers keep the facts of it and strike out the rest."""
    consensus = Consensus.objects.filter(application=application, closed_at__isnull=False).first()
    if consensus is None:
        return ""
    scores = consensus.scores.select_related("criterion__criterion").order_by("criterion__position")
    return "\n".join([consensus.text, *(f"{score.criterion.criterion} : {score.text}" for score in scores if score.text)]).strip()
