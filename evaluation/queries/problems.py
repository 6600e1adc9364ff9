"""The automatic assignment's one adapter: from rows to the problem stated in plain values."""

from dataclasses import asdict, dataclass

from django.db.models import QuerySet

from applications.models import Application, Call, Collaborator
from clusters_portal.lib.canonical import canonical_json
from evaluation.models import Assignment, AssignmentRun, ConflictDeclaration, Evaluation, EvaluatorProfile
from evaluation.queries.access import barred_applications
from evaluation.queries.likely import to_be_checked
from evaluation.queries.rows import with_deposit
from evaluation.queries.states import ACTIVE, BARRING, EVALUABLE, JUDGED
from evaluation.rules.assignment import Dossier, Evaluator, Problem


@dataclass(frozen=True, slots=True)
class Parameters:
    """What a person chooses before an automatic run."""

    min_evaluators: int
    sector_expert: bool = True
    one_per_employer: bool = True
    seed: int = 0

    def canonical(self) -> str:
        """As kept with the run."""
        return canonical_json(asdict(self))


def problem_of(call: Call, people, parameters: Parameters) -> Problem:
    """The call's dossiers open to evaluation and these evaluators, in seven queries.

    Forbidden for good: a confirmed conflict, the applicant's side, whoever stepped down or was removed. Forbidden for new pairs
    only: a conflict that waits for a ruling or a likely one to be checked; such a pair that exists already stays, for people to
    settle.
    """
    rows = list(with_deposit(Application.objects.filter(call=call, status__in=EVALUABLE)))
    profiles = {profile.user_id: profile for profile in EvaluatorProfile.objects.filter(user__in=people)}
    inside = {(str(person.pk), str(row.pk)) for person in people for row in rows}
    assigned = Assignment.objects.filter(application__call=call).values_list("evaluator_id", "application_id", "status")
    existing = {_pair(e, d) for e, d, status in assigned if status in ACTIVE} & inside
    gone = {_pair(e, d) for e, d, status in assigned if status not in ACTIVE}
    scored = Evaluation.objects.filter(assignment__application__call=call, assignment__status__in=ACTIVE)
    started = {_pair(e, d) for e, d in scored.values_list("assignment__evaluator_id", "assignment__application_id")}
    barred, waiting = _declared(call)
    likely = {_pair(e, d) for e, d in to_be_checked(call)}
    own = {_pair(u, d) for u, d in Collaborator.objects.filter(application__call=call).values_list("user_id", "application_id")}
    return Problem(
        dossiers=tuple(Dossier(str(row.pk), row.number or "", sector=row.nma_section or "") for row in rows),
        evaluators=tuple(_evaluator(person, profiles.get(person.pk)) for person in people),
        min_evaluators=parameters.min_evaluators,
        excluded=frozenset((barred | own | gone | ((waiting | likely) - existing)) & inside),
        existing=frozenset(existing),
        started=frozenset(started & existing),
        sector_expert=parameters.sector_expert,
        one_per_employer=parameters.one_per_employer,
        seed=parameters.seed,
    )


def _pair(evaluator, dossier) -> tuple[str, str]:
    return str(evaluator), str(dossier)


def _declared(call) -> tuple[set, set]:
    """Pairs with a confirmed conflict, and pairs with one that waits for a ruling."""
    rows = ConflictDeclaration.objects.filter(application__call=call, status__in=BARRING)
    found = list(rows.values_list("evaluator_id", "application_id", "status"))
    confirmed = {_pair(e, d) for e, d, status in found if status == ConflictDeclaration.Status.CONFIRMED}
    return confirmed, {_pair(e, d) for e, d, _status in found} - confirmed


def _evaluator(person, profile) -> Evaluator:
    known = profile or EvaluatorProfile()
    return Evaluator(str(person.pk), str(person), person.employer, frozenset(known.expertise), known.min_load, known.max_load)


def is_barred_in(user, call: Call) -> bool:
    """Whether a declared interest keeps this person from a dossier of the call in judgement: then from every run as well, whose
    loads and lists would tell where it stands.
    """
    return call.applications.filter(status__in=JUDGED, pk__in=barred_applications(user)).exists()


def assignment_runs(user, call: Call) -> QuerySet:
    """The call's automatic runs, newest first, without their long texts; none for a person barred from one of its dossiers."""
    if is_barred_in(user, call):
        return AssignmentRun.objects.none()
    runs = AssignmentRun.objects.filter(call=call).select_related("created_by", "applied__applied_by")
    return runs.defer("inputs", "result").order_by("-number")
