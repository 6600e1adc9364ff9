"""The evaluation file of one dossier, as one reader may know it: nothing here that the pages would not show him.

Evaluations are those of `readable_evaluations`, the last submitted version of each assignment. Names follow
`permissions.can_name_evaluators`; without them evaluators are numbered in an order drawn from the deposit's hash.
"""

from dataclasses import dataclass, field

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from applications.models import AdmissibilityCheck, Application, Deposit
from clusters_portal.accounts.roles import COMMITTEE_ROLES, Role, has_role
from clusters_portal.lib.canonical import sha256_hex
from evaluation.models import ConflictDeclaration, Consensus, Decision, Evaluation, Grid, Score
from evaluation.queries.access import readable_evaluations
from evaluation.queries.consensus import readable_consensuses, with_report
from evaluation.queries.pages import criteria_of

DPTC = (Role.DIVISION_HEAD, Role.CASE_OFFICER, Role.AUDITOR)
READS_INTERESTS = (*DPTC, Role.COMMITTEE_CHAIR)
_MARKS = Prefetch("scores", Score.objects.select_related("criterion__criterion"))


@dataclass
class Opinion:
    """One evaluation with what its evaluator is called here; `marks` is {criterion code: (mark, justification)}."""

    name: str
    evaluation: Evaluation
    marks: dict


@dataclass
class Pack:
    """Everything the file prints. `check`, `consensus`, `decision` are None where there is none, or none for this reader."""

    application: Application
    deposit: Deposit
    named: bool
    grid: Grid | None
    criteria: list
    opinions: list = field(default_factory=list)
    interests: list = field(default_factory=list)
    check: AdmissibilityCheck | None = None
    consensus: Consensus | None = None
    agreed: dict = field(default_factory=dict)
    decision: Decision | None = None


def pack_of(user, application: Application, *, named: bool) -> Pack:
    """The file of a dossier this person can already read, in a constant number of queries. It has a deposit."""
    deposit = application.current_deposit
    evaluations = _evaluations(user, application)
    consensus = consensus_of(user, application)
    grid = evaluations[0].grid if evaluations else (consensus.grid if consensus else None)
    pack = Pack(application, deposit, named, grid, criteria_of(grid), consensus=consensus)
    pack.opinions = _opinions(user, evaluations, deposit, named)
    pack.interests = _interests(user, application, deposit, named)
    pack.check = AdmissibilityCheck.objects.filter(deposit__application=application, validated_at__isnull=False).first()
    if consensus:
        pack.agreed = {score.criterion.criterion.code: score for score in consensus.scores.all()}
    if has_role(user, *DPTC) or has_role(user, *COMMITTEE_ROLES):
        pack.decision = Decision.objects.filter(application=application).select_related("decided_by").first()
    return pack


def consensus_of(user, application: Application) -> Consensus | None:
    """The closed report of a dossier, where this person may read it."""
    closed = with_report(readable_consensuses(user)).filter(application=application, closed_at__isnull=False)
    return closed.first()


def _evaluations(user, application) -> list[Evaluation]:
    """The last submitted version of each assignment, none of an assignment that was reopened since."""
    rows = readable_evaluations(user).filter(assignment__application=application).order_by("version")
    reopened = set(
        Evaluation.objects.filter(assignment__application=application, status=Evaluation.Status.DRAFT).values_list("assignment", flat=True)
    )
    submitted = rows.filter(status=Evaluation.Status.SUBMITTED).select_related("assignment__evaluator", "grid").prefetch_related(_MARKS)
    last = {row.assignment_id: row for row in submitted if row.assignment_id not in reopened}
    return list(last.values())


def _drawn(deposit, kind, pk) -> str:
    """A place in an order that tells nothing of anybody."""
    return sha256_hex(f"{deposit.sha256} {kind} {pk}")


def _opinions(user, evaluations, deposit, named) -> list[Opinion]:
    if named:
        ordered = sorted(evaluations, key=lambda row: (str(row.assignment.evaluator), row.pk))
    else:
        ordered = sorted(evaluations, key=lambda row: _drawn(deposit, "evaluation", row.assignment_id))
    return [
        Opinion(
            str(row.assignment.evaluator)
            if named or row.assignment.evaluator_id == user.pk
            else _("Evaluator %(number)d") % {"number": number},
            row,
            {score.criterion.criterion.code: (score.value, score.justification) for score in row.scores.all()},
        )
        for number, row in enumerate(ordered, 1)
    ]


def _interests(user, application, deposit, named) -> list[tuple]:
    """[(who, declaration)] for who may read declarations: their state, never their words."""
    if not has_role(user, *READS_INTERESTS):
        return []
    rows = list(ConflictDeclaration.objects.filter(application=application).select_related("evaluator").order_by("declared_at", "pk"))
    if not named:
        rows.sort(key=lambda row: _drawn(deposit, "interest", row.pk))
    return [(str(row.evaluator) if named else _("Person %(number)d") % {"number": number}, row) for number, row in enumerate(rows, 1)]
