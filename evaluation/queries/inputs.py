"""The one adapter from rows to the pure rules."""

from django.db.models import Q

from applications.models import Application, Call
from evaluation.models import Assignment, ConflictDeclaration, Evaluation, Grid, Score
from evaluation.queries.consensus import agreed_marks, consensuses_of, is_stale
from evaluation.queries.rows import with_deposit
from evaluation.queries.states import ACTIVE, EVALUABLE
from evaluation.rules import scoring
from evaluation.rules.completeness import CONSENSUS_OPEN, CONSENSUS_STALE, Dossier
from evaluation.rules.ranking import Terms


def rules_grid(grid: Grid) -> scoring.Grid:
    """The grid as the pure rules read it. Raises scoring.InvalidGrid."""
    blocks = {scoring.TECHNICAL: grid.threshold_technical, scoring.QUALITATIVE: grid.threshold_qualitative}
    return scoring.Grid(
        criteria=_criteria(grid.criteria.select_related("criterion")),
        block_thresholds={block: limit for block, limit in blocks.items() if limit is not None},
        total_threshold=grid.threshold_total,
    )


def _criteria(rows) -> tuple[scoring.GridCriterion, ...]:
    return tuple(scoring.GridCriterion(row.criterion.code, row.criterion.block, row.weight, row.threshold) for row in rows)


def rules_criteria(rows) -> scoring.Grid:
    """A grid without thresholds from criteria in memory: enough for a running total. Raises scoring.InvalidGrid."""
    return scoring.Grid(criteria=_criteria(rows))


def rules_terms(call: Call, grid: Grid) -> Terms:
    """Places, required evaluations and ladder; a call without an announced number of places has no cut line."""
    return Terms(places=call.places or 0, min_evaluators=call.min_evaluators, ladder=tuple(grid.tie_ladder))


def rules_dossiers(call: Call) -> tuple[Dossier, ...]:
    """Every dossier the ranking must account for, in a constant number of queries."""
    applications = with_deposit(call.applications.filter(status__in=(Application.Status.DEPOSITED, *EVALUABLE)))
    assignments = Assignment.objects.filter(application__call=call, status__in=ACTIVE).select_related("evaluator")
    pending_conflicts = set(
        ConflictDeclaration.objects.filter(application__call=call, status=ConflictDeclaration.Status.PENDING).values_list(
            "evaluator_id", "application_id"
        )
    )
    by_application: dict = {}
    for assignment in assignments:
        by_application.setdefault(assignment.application_id, []).append(assignment)
    scores = submitted_scores(Q(evaluation__assignment__application__call=call))
    latest = latest_submitted(Q(assignment__application__call=call))
    reports = consensuses_of(call)
    return tuple(
        _dossier(application, by_application.get(application.pk, ()), latest, scores, pending_conflicts, reports.get(application.pk))
        for application in applications
    )


def latest_submitted(scope: Q) -> dict[int, int]:
    """Evaluation counting per assignment: {assignment id: evaluation id} where the last version is submitted."""
    rows = Evaluation.objects.filter(scope).order_by("version").values_list("assignment_id", "pk", "status")
    last = {assignment: (pk, status) for assignment, pk, status in rows}
    return {assignment: pk for assignment, (pk, status) in last.items() if status == Evaluation.Status.SUBMITTED}


def submitted_scores(scope: Q) -> dict[int, dict]:
    """{evaluation id: {criterion code: mark or None}} for submitted evaluations."""
    rows = Score.objects.filter(scope, evaluation__status=Evaluation.Status.SUBMITTED)
    marks: dict[int, dict] = {}
    for evaluation, code, value in rows.order_by().values_list("evaluation_id", "criterion__criterion__code", "value"):
        marks.setdefault(evaluation, {})[code] = value
    return marks


def _dossier(application, assignments, latest, scores, pending_conflicts, report) -> Dossier:
    held = {a.pk for a in assignments if (a.evaluator_id, a.application_id) in pending_conflicts}
    given = [a for a in assignments if a.pk in latest and a.status == Assignment.Status.ACCEPTED and a.pk not in held]
    counted = {a.pk for a in given} | held
    return Dossier(
        id=str(application.pk),
        label=application.number or "",
        evaluations=tuple(
            scoring.EvaluationScores(f"E{a.evaluator_id}", scores.get(latest[a.pk], {}), name=str(a.evaluator)) for a in given
        ),
        region=application.region or "",
        sector=application.nma_section or "",
        pending=tuple(str(a.evaluator) for a in assignments if a.pk not in counted),
        conflicts=tuple(str(a.evaluator) for a in assignments if a.pk in held),
        undecided=application.status == Application.Status.DEPOSITED,
        **_agreed(report, {latest[a.pk] for a in given}),
    )


def _agreed(report, evaluations) -> dict:
    """The agreed marks of a closed report that rests on these very evaluations, or why there are none."""
    if report is None:
        return {}
    if not report.is_closed:
        return {"consensus": CONSENSUS_OPEN}
    if is_stale(report, evaluations):
        return {"consensus": CONSENSUS_STALE}
    return {"agreed": agreed_marks(report), "report": f"{report.pk}.{report.round}"}
