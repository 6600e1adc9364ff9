"""Reading consensus reports: who sees them, who judges a dossier now, what is waited for from whom."""

from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from applications.models import Application, Call
from clusters_portal.accounts.roles import COMMITTEE_ROLES, Role, has_role
from evaluation.models import Assignment, ConflictDeclaration, Consensus, ConsensusApproval, ConsensusScore, Evaluation, Score
from evaluation.queries.access import applications_heard, barred_applications
from evaluation.queries.states import ACTIVE, BEFORE_COMMITTEE, DECIDED, JUDGED

_SCORES = Prefetch("scores", Score.objects.select_related("criterion__criterion"))
_AGREED = Prefetch("scores", ConsensusScore.objects.select_related("criterion__criterion"))
_ANSWERS = Prefetch("approvals", ConsensusApproval.objects.select_related("evaluator"))
RELATED = ("application__call", "grid", "rapporteur", "moderator", "closed_by")


# Rights


def readable_consensuses(user) -> QuerySet:
    """Reports this person may read: DPTC and auditors; the committee at deliberation; an evaluator of the dossier whose own
    evaluation stands submitted. An interest declared on the dossier beats every role."""
    if not user.is_authenticated or not user.is_active:
        return Consensus.objects.none()
    scope = Q(pk__in=[])
    if sees_whole_calls(user):
        scope |= Q(application__status__in=JUDGED)
    if has_role(user, *COMMITTEE_ROLES):
        scope |= Q(application__status__in=BEFORE_COMMITTEE)
    if has_role(user, Role.EVALUATOR):
        scope |= Q(application__in=applications_heard(user))
    return Consensus.objects.filter(scope).exclude(application__in=barred_applications(user))


def sees_whole_calls(user) -> bool:
    """Does this person read the consensus of every dossier in judgement, opened or not: DPTC and auditors?"""
    return has_role(user, Role.DIVISION_HEAD, Role.CASE_OFFICER, Role.AUDITOR)


def calls_with_consensus(user) -> QuerySet:
    """Calls whose list of consensus this person may read."""
    calls = Call.objects.published()
    if sees_whole_calls(user):
        return calls
    return calls.filter(pk__in=readable_consensuses(user).values("application__call"))


# Who judges


@dataclass
class Panel:
    """Who judges one dossier now. ``evaluations`` count (last version submitted, marks and evaluator loaded), in the order
    of their assignments; ``awaited`` are evaluators who have not submitted; ``held`` those with a conflict not ruled on."""

    evaluations: list = field(default_factory=list)
    awaited: list = field(default_factory=list)
    held: list = field(default_factory=list)

    @property
    def people(self) -> list:
        """Evaluators whose evaluation counts."""
        return [evaluation.assignment.evaluator for evaluation in self.evaluations]

    def of(self, user) -> Evaluation | None:
        """This person's evaluation, when it counts."""
        return next((e for e in self.evaluations if e.assignment.evaluator_id == user.pk), None)

    def is_ready(self, minimum: int) -> bool:
        """Can a consensus be discussed: nobody awaited, nobody held, enough evaluations?"""
        return not self.awaited and not self.held and len(self.evaluations) >= max(minimum, 1)


def panels_of(applications) -> dict[UUID, Panel]:
    """The panel of each dossier, in four queries whatever their number."""
    panels = {application.pk: Panel() for application in applications}
    assignments = Assignment.objects.filter(application__in=panels, status__in=ACTIVE).select_related("evaluator").order_by("pk")
    versions = Evaluation.objects.filter(assignment__in=assignments.values("pk")).prefetch_related(_SCORES)
    last = {row.assignment_id: row for row in versions.order_by("version")}
    pending = ConflictDeclaration.objects.filter(application__in=panels, status=ConflictDeclaration.Status.PENDING)
    held = set(pending.values_list("evaluator_id", "application_id"))
    for assignment in assignments:
        panel, evaluation = panels[assignment.application_id], last.get(assignment.pk)
        if (assignment.evaluator_id, assignment.application_id) in held:
            panel.held.append(assignment.evaluator)
        elif evaluation is not None and evaluation.is_submitted and assignment.status == Assignment.Status.ACCEPTED:
            evaluation.assignment = assignment
            panel.evaluations.append(evaluation)
        else:
            panel.awaited.append(assignment.evaluator)
    return panels


def panel_of(application: Application) -> Panel:
    """The panel of one dossier."""
    return panels_of([application])[application.pk]


# Reports


def with_report(rows: QuerySet) -> QuerySet:
    """Reports with their agreed marks and every answer given, in two further queries."""
    return rows.select_related(*RELATED).prefetch_related(_AGREED, _ANSWERS)


def answers_of(consensus: Consensus) -> dict[int, ConsensusApproval]:
    """{evaluator: answer} of the current round; ``approvals`` should be loaded."""
    return {answer.evaluator_id: answer for answer in consensus.approvals.all() if answer.round == consensus.round}


def is_stale(consensus: Consensus, evaluations: set[int]) -> bool:
    """Did the evaluations that count change since the answers of this round were given? ``evaluations``: their numbers."""
    return {answer.evaluation_id for answer in answers_of(consensus).values()} != evaluations


def agreed_marks(consensus: Consensus) -> dict:
    """{criterion code: agreed mark or None}; ``scores`` should be loaded."""
    return {score.criterion.criterion.code: score.value for score in consensus.scores.all()}


def consensuses_of(call: Call) -> dict[UUID, Consensus]:
    """Every report of a call by dossier, marks and answers loaded, in three queries."""
    return {row.application_id: row for row in with_report(Consensus.objects.filter(application__call=call))}


def consensus_for_applicant(application: Application) -> Consensus | None:
    """The report as the letter of a notified decision quotes it: agreed marks and texts, never who gave them.

    None until the dossier is decided. The caller asks only once the decision is notified, and shows of it ``scores``
    (``criterion``, ``value``, ``text``) and ``text`` alone.
    """
    if application.status not in DECIDED:
        return None
    closed = Consensus.objects.filter(application=application, status=Consensus.Status.FROZEN)
    return closed.prefetch_related(_AGREED).first()
