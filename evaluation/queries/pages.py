"""What the pages show, each in a constant number of queries."""

from dataclasses import dataclass, field

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery, prefetch_related_objects
from django.utils.translation import gettext as _

from applications.models import Application, Call
from evaluation.models import Assignment, ConflictDeclaration, Consensus, Evaluation, Grid, Score
from evaluation.queries.access import assignments_of, barred_applications
from evaluation.queries.rows import with_deposit
from evaluation.queries.states import ACTIVE, EVALUABLE, JUDGED
from evaluation.rules import decisions

SHEET_RELATED = ("assignment__application__call", "assignment__application__association", "assignment__evaluator", "grid", "reopened_by")
Status = ConflictDeclaration.Status
_SCORES = Prefetch("scores", Score.objects.select_related("criterion__criterion"))


# Scoring


def latest_evaluation(assignment: Assignment) -> Evaluation | None:
    """The last version, submitted or not, with its grid and marks."""
    versions = Evaluation.objects.filter(assignment=assignment).select_related("grid").prefetch_related(_SCORES)
    return versions.order_by("-version").first()


def loaded(evaluation: Evaluation) -> Evaluation:
    """The same evaluation with its marks in memory."""
    return Evaluation.objects.select_related("grid").prefetch_related(_SCORES).get(pk=evaluation.pk)


def criteria_of(grid: Grid | None) -> list:
    """The grid's criteria with labels and anchors; empty without a grid."""
    return [] if grid is None else list(grid.criteria.select_related("criterion").prefetch_related("anchors"))


@dataclass
class Worklist:
    """An evaluator's dossiers by what is to be done, each row an Assignment with ``state``, ``marked`` and ``due_on``."""

    rows: list = field(default_factory=list)

    @property
    def total(self) -> int:
        """Dossiers in all."""
        return len(self.rows)

    @property
    def submitted(self) -> int:
        """How many are submitted."""
        return sum(row.state == "submitted" for row in self.rows)


def worklist_of(user) -> Worklist:
    """The evaluator's work, in five queries whatever the number of dossiers."""
    assignments = with_deposit(assignments_of(user), "application_id").select_related("application__call", "application__consensus")
    versions = Evaluation.objects.order_by("version").prefetch_related(_SCORES)
    rows = list(assignments.prefetch_related(Prefetch("evaluations", versions)).order_by("application__call_id", "application__number"))
    declared = _declared_by(user)
    calls = {row.application.call_id for row in rows}
    due = dict(Grid.objects.adopted().filter(call__in=calls).order_by("version").values_list("call_id", "due_on"))
    for row in rows:
        last = list(row.evaluations.all())[-1:]
        row.last = last[0] if last else None
        row.marked = sum(score.value is not None for score in row.last.scores.all()) if row.last else 0
        row.state = _state(row, declared.get(row.application_id))
        row.due_on = due.get(row.application.call_id)
    _with_consensus(rows, user)
    return Worklist(rows)


def _with_consensus(rows, user) -> None:
    """Put ``consensus`` (or None) on each row, and ``asked``: "write" for its rapporteur, "answer" for who must answer, else ""."""
    for row in rows:
        row.consensus, row.asked = getattr(row.application, "consensus", None) if row.state == "submitted" else None, ""
    reports = [row.consensus for row in rows if row.consensus is not None]
    prefetch_related_objects(reports, "approvals")
    for row in rows:
        if row.consensus is None:
            continue
        answered = {(answer.evaluator_id, answer.round) for answer in row.consensus.approvals.all()}
        if row.consensus.is_writable and row.consensus.rapporteur_id == user.pk:
            row.asked = "write"
        elif row.consensus.status == Consensus.Status.APPROVING and (user.pk, row.consensus.round) not in answered:
            row.asked = "answer"


def _declared_by(user) -> dict:
    """{dossier: status} of what is known of this person's interests; what waits for a ruling hides the rest."""
    rows = ConflictDeclaration.objects.filter(evaluator=user).values_list("application_id", "status")
    return dict(sorted(rows, key=lambda row: row[1] == ConflictDeclaration.Status.PENDING))


def _state(row, declared) -> str:
    if row.last is not None and row.last.is_submitted and row.status == Assignment.Status.ACCEPTED:
        return "submitted"
    if declared == ConflictDeclaration.Status.PENDING:
        return "waiting"
    if row.status == Assignment.Status.PROPOSED:
        return "declare"
    if row.application.status != Application.Status.UNDER_EVALUATION:
        return "closed"
    return "score"


# Assignments


@dataclass(frozen=True)
class Cell:
    """One evaluator on one dossier: state in words, tone of its tag, and what may be done."""

    label: str = ""
    tone: str = "neutral"
    assignment: Assignment | None = None
    sheet: int | None = None
    removable: bool = False
    begun: bool = False
    evaluator: object = None
    likely: bool = False


def assignable_applications(user, call: Call) -> QuerySet:
    """The call's dossiers in judgement, without those barred to this person."""
    rows = call.applications.filter(status__in=JUDGED).exclude(pk__in=barred_applications(user))
    return with_deposit(rows).order_by("number")


def matrix_rows(applications, people, standing, likely=frozenset()) -> list[tuple]:
    """[(dossier, [cell per person])], in one query; each dossier gets ``readers``, how many are assigned.

    ``standing`` are the declarations of ``standing_conflicts``, ``likely`` the (person, dossier) pairs to be checked.
    """
    applications = list(applications)
    last = Evaluation.objects.filter(assignment=OuterRef("pk")).order_by("-version")
    held = Assignment.objects.filter(application__in=[row.pk for row in applications]).annotate(
        sheet=Subquery(last.values("pk")[:1]),
        sheet_submitted_at=Subquery(last.values("submitted_at")[:1]),
        sheet_version=Subquery(last.values("version")[:1]),
    )
    assignments = {(a.application_id, a.evaluator_id): a for a in held}
    facts = _MatrixFacts(assignments, _pairs(standing, Status.PENDING), _pairs(standing, Status.CONFIRMED), likely)
    for row in applications:
        row.readers = sum(a.application_id == row.pk and a.status in ACTIVE for a in assignments.values())
    return [(row, [_cell(row, person, facts) for person in people]) for row in applications]


@dataclass(frozen=True)
class _MatrixFacts:
    """What the cells are made of, by pair or by assignment."""

    assignments: dict
    pending: set
    recused: set
    likely: frozenset


def _cell(application, person, facts) -> Cell:
    assignment, pair = facts.assignments.get((application.pk, person.pk)), (application.pk, person.pk)
    open_, likely = application.status in EVALUABLE, (person.pk, application.pk) in facts.likely
    if assignment is None or assignment.status == Assignment.Status.RELEASED:
        label, tone = _barred(pair in facts.pending, pair in facts.recused)
        return Cell(label, tone, evaluator=person, likely=likely)
    label, tone = _wording(assignment, pair in facts.pending)
    begun, submitted = assignment.sheet is not None, assignment.sheet_submitted_at is not None
    return Cell(
        label=label,
        tone=tone,
        assignment=assignment,
        sheet=assignment.sheet if submitted and assignment.status == Assignment.Status.ACCEPTED else None,
        removable=open_ and assignment.status in ACTIVE and (not begun or (not submitted and assignment.sheet_version == 1)),
        begun=begun,
        evaluator=person,
        likely=likely,
    )


def loads_of(rows, people) -> list[int]:
    """How many of the dossiers shown are assigned to each person, from the rows of the matrix."""
    active = [cell.evaluator.pk for _row, cells in rows for cell in cells if cell.assignment and cell.assignment.status in ACTIVE]
    return [active.count(person.pk) for person in people]


def _pairs(standing, status) -> set:
    return {(row.application_id, row.evaluator_id) for row in standing if row.status == status}


def _barred(pending, recused) -> tuple[str, str]:
    """What is said of somebody who is not assigned and cannot be; "" for who can."""
    if recused:
        return _("Recused"), "danger"
    return (_("Ruling awaited"), "warn") if pending else ("", "neutral")


def _wording(assignment, pending) -> tuple[str, str]:
    if assignment.status == Assignment.Status.RECUSED:
        return _("Recused"), "danger"
    if pending:
        return _("Ruling awaited"), "warn"
    if assignment.status == Assignment.Status.PROPOSED:
        return _("Declaration awaited"), "neutral"
    if assignment.sheet is None:
        return _("To be scored"), "neutral"
    if assignment.sheet_submitted_at is not None:
        return _("Evaluation submitted"), "ok"
    return (_("Reopened"), "warn") if assignment.sheet_version > 1 else (_("In progress"), "info")


def pending_conflicts(user, call: Call) -> QuerySet:
    """Declarations that wait for a ruling, without one's own and those on dossiers barred to this person."""
    return standing_conflicts(user, call).filter(status=Status.PENDING)


def standing_conflicts(user, call: Call) -> QuerySet:
    """Declarations that keep somebody from a dossier: those that wait for a ruling, and the confirmed ones, as above."""
    rows = ConflictDeclaration.objects.filter(application__call=call, status__in=(Status.PENDING, Status.CONFIRMED))
    rows = rows.exclude(evaluator=user).exclude(application__in=barred_applications(user))
    return with_deposit(rows, "application_id").select_related("evaluator", "application").order_by("declared_at")


# Committee


def decision_of(line):
    """The decision on a line's dossier, or None."""
    return getattr(line.application, "decision", None)


def decision_counts(lines, tie_rank=None) -> dict[str, int]:
    """How many are decided, favourable and left among the lines one sees, and left of a tie across the last place.

    Puts ``decision`` on each line.
    """
    for line in lines:
        line.decision = decision_of(line)
    taken = [line.decision for line in lines if line.decision]
    return {
        "decided": len(taken),
        "favourable": sum(decision.outcome in decisions.FAVOURABLE for decision in taken),
        "left": len(lines) - len(taken),
        "tied": sum(tie_rank is not None and line.rank == tie_rank and not line.decision for line in lines),
        "all": len(lines),
    }
