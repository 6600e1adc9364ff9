"""Scoring: drafts in any state with an optimistic revision, submission with a receipt, reopening as a new version."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.models import Application
from clusters_portal.audit import journal
from clusters_portal.lib import clock
from clusters_portal.lib.canonical import canonical_json, sha256_hex
from clusters_portal.lib.text import clean_text
from clusters_portal.notifications import outbox
from evaluation.models import Assignment, Evaluation, Score
from evaluation.queries import committed, current_grid, latest_evaluation
from evaluation.rules.scoring import half_points
from evaluation.services import consensus_closing, grids, lifecycle
from evaluation.services.refusals import Refused


@dataclass(frozen=True)
class Mark:
    """What was given for one criterion: a half point from 0 to 5 or None, its justification, and where in the dossier it is seen."""

    value: Decimal | None = None
    justification: str = ""
    evidence: str = ""


@dataclass(frozen=True)
class Sheet:
    """A whole scoring sheet as typed: marks by criterion code, and the general remarks. ``confidence`` 1 to 3 or None;
    ``minutes_spent`` 0 to 6,000 or None."""

    marks: Mapping[str, Mark] = field(default_factory=dict)
    strengths: str = ""
    weaknesses: str = ""
    confidence: int | None = None
    minutes_spent: int | None = None


class StaleSheet(Exception):
    """Someone (most often the same person in another tab) saved since this sheet was opened. ``current`` is what is stored."""

    def __init__(self, current):
        self.current = current
        super().__init__("stale revision")


class IncompleteSheet(Exception):
    """The sheet cannot be submitted. ``problems`` is a list of (field, sentence)."""

    def __init__(self, problems):
        self.problems = problems
        super().__init__(f"{len(problems)} missing")


@transaction.atomic
def save_draft(*, assignment, sheet, revision, actor) -> Evaluation:
    """Store the sheet as it is, complete or not. The first save locks the grid. Marks left out of ``sheet`` are emptied.

    ``revision`` is the one the page was opened with (0 for a first save); a save whose answer was lost and that comes again
    with its old revision is recognised by its content, and writes nothing. Raises StaleSheet, Refused, InvalidScore.
    """
    assignment = _writable(assignment, actor)
    evaluation = _draft_of(assignment, sheet, revision, actor)
    if evaluation.revision != revision:
        return evaluation
    evaluation.strengths = clean_text(sheet.strengths)
    evaluation.weaknesses = clean_text(sheet.weaknesses)
    evaluation.confidence, evaluation.minutes_spent = sheet.confidence, sheet.minutes_spent
    evaluation.revision += 1
    evaluation.saved_at = clock.now()
    evaluation.save(update_fields=["strengths", "weaknesses", "confidence", "minutes_spent", "revision", "saved_at"])
    _write_marks(evaluation, sheet)
    return evaluation


def _writable(assignment, actor):
    """The locked assignment, if its evaluator may still write. Access is asked again here: it may have ended since the page."""
    locked = Assignment.objects.select_for_update(of=("self",)).select_related("application__call").get(pk=assignment.pk)
    if locked.evaluator_id != actor.pk or locked.status != Assignment.Status.ACCEPTED or not committed(actor).exists():
        raise Refused(_("This evaluation is no longer open to you."), "closed")
    if locked.application.status != Application.Status.UNDER_EVALUATION:
        raise Refused(_("The evaluation of this application is closed."), "state")
    return locked


def _draft_of(assignment, sheet, revision, actor) -> Evaluation:
    evaluation = latest_evaluation(assignment)
    if evaluation is not None and evaluation.is_submitted:
        raise Refused(_("This evaluation is submitted: it can no longer be changed."), "submitted")
    if evaluation is not None:
        if evaluation.revision != revision and not _holds(evaluation, sheet):
            raise StaleSheet(evaluation)
        return evaluation
    if revision != 0:
        raise StaleSheet(None)
    grid = current_grid(assignment.application.call)
    if grid is None:
        raise Refused(_("No scoring grid has been adopted for this call yet."), "no_grid")
    grids.lock(grid=grid, actor=actor)
    evaluation = Evaluation.objects.create(assignment=assignment, grid=grid, saved_at=clock.now())
    journal.record("evaluation.start", evaluation, actor=actor)
    return evaluation


def _holds(evaluation, sheet) -> bool:
    """Is this sheet what is stored?"""
    stored = {s.criterion.criterion.code: (s.value, s.justification, s.evidence) for s in evaluation.scores.all()}
    marks = {code: sheet.marks.get(code, Mark()) for code in stored}
    sent = {code: (mark.value, clean_text(mark.justification), clean_text(mark.evidence)) for code, mark in marks.items()}
    general = (evaluation.strengths, evaluation.weaknesses, evaluation.confidence, evaluation.minutes_spent)
    return stored == sent and general == (clean_text(sheet.strengths), clean_text(sheet.weaknesses), sheet.confidence, sheet.minutes_spent)


def _write_marks(evaluation, sheet):
    known = {score.criterion_id: score for score in evaluation.scores.all()}
    changed, new = [], []
    for row in evaluation.grid.criteria.select_related("criterion"):
        mark = sheet.marks.get(row.criterion.code, Mark())
        if mark.value is not None:
            half_points(mark.value)
        score = known.get(row.pk) or Score(evaluation=evaluation, criterion=row)
        score.value, score.justification, score.evidence = mark.value, clean_text(mark.justification), clean_text(mark.evidence)
        (changed if score.pk else new).append(score)
    Score.objects.bulk_update(changed, ["value", "justification", "evidence"])
    Score.objects.bulk_create(new)


def problems_of(evaluation) -> list[tuple[str, str]]:
    """What prevents submission: (field, sentence), in the order of the grid; the field is mark_… or why_… and the
    criterion's code, or "confidence"."""
    scores = {score.criterion_id: score for score in evaluation.scores.all()}
    problems = []
    for row in evaluation.grid.criteria.select_related("criterion"):
        code, score = row.criterion.code, scores.get(row.pk)
        if score is None or score.value is None:
            problems.append((f"mark_{code}", _("%(criterion)s: give a mark.") % {"criterion": code}))
        length = len(score.justification) if score else 0
        if length < max(row.min_justification, 1):
            problems.append((f"why_{code}", _too_short(code, max(row.min_justification, 1), length)))
    if evaluation.confidence is None:
        problems.append(("confidence", _("Say how sure you are of your judgement.")))
    return problems


def _too_short(code, needed, length) -> str:
    sentence = ngettext(
        "%(criterion)s: justify the mark in at least %(needed)d character; there are %(length)d.",
        "%(criterion)s: justify the mark in at least %(needed)d characters; there are %(length)d.",
        needed,
    )
    return sentence % {"criterion": code, "needed": needed, "length": length}


@transaction.atomic
def submit(*, assignment, revision, actor) -> Evaluation:
    """Submit the stored draft: ten marks, each justified, and a confidence. Nothing of it changes afterwards. Raises IncompleteSheet,
    StaleSheet, Refused.

    Side effects: journal, a receipt by mail; a consensus whose approval was asked goes back to a draft report.
    """
    assignment = _writable(assignment, actor)
    evaluation = latest_evaluation(assignment)
    if evaluation is None:
        raise Refused(_("There is nothing to submit yet: save your marks first."), "nothing")
    if evaluation.is_submitted:
        raise Refused(_("This evaluation is submitted: it can no longer be changed."), "submitted")
    if evaluation.revision != revision:
        raise StaleSheet(evaluation)
    problems = problems_of(evaluation)
    if problems:
        raise IncompleteSheet(problems)
    moment = clock.now()
    receipt = sha256_hex(canonical_json(content_of(evaluation, moment)))
    submitted = lifecycle.move_evaluation(evaluation, "submit", actor=actor, note=receipt, submitted_at=moment, receipt_sha256=receipt)
    consensus_closing.evaluation_moved(assignment.application, actor=actor, note=_("A further evaluation was submitted."))
    _tell(actor, "evaluation_submitted", submitted, assignment, {"receipt": receipt, "moment": moment})
    return submitted


def _tell(person, kind, evaluation, assignment, context):
    """A notice and a mail about one's own sheet: its number and version, never its marks."""
    facts = {"number": assignment.application.number, "version": evaluation.version, **context}
    outbox.tell(person, kind=kind, context=facts, url=reverse("evaluation:sheet", args=[evaluation.pk]))


def content_of(evaluation, submitted_at) -> dict:
    """Everything the receipt's hash covers."""
    scores = evaluation.scores.select_related("criterion__criterion")
    return {
        "application": evaluation.assignment.application.number,
        "evaluator": evaluation.assignment.evaluator_id,
        "grid": [evaluation.grid.call_id, evaluation.grid.version],
        "version": evaluation.version,
        "submitted_at": submitted_at,
        "scores": {s.criterion.criterion.code: [str(s.value), s.justification, *filter(None, [s.evidence])] for s in scores},
        "strengths": evaluation.strengths,
        "weaknesses": evaluation.weaknesses,
        "confidence": evaluation.confidence,
        # Absent when not given: receipts older than this field still hold.
        **({} if evaluation.minutes_spent is None else {"minutes_spent": evaluation.minutes_spent}),
    }


def receipt_holds(evaluation) -> bool:
    """Does the stored receipt still match the stored evaluation?"""
    return evaluation.receipt_sha256 == sha256_hex(canonical_json(content_of(evaluation, evaluation.submitted_at)))


@transaction.atomic
def reopen(*, evaluation, reason, actor) -> Evaluation:
    """Reopen a submitted evaluation: a new draft version with the same marks; the submitted one is kept. Journals, tells its
    evaluator; a consensus whose approval was asked goes back to a draft report, and approvals are asked again.

    Raises Refused without a reason, when it is not the last submitted version, or once the dossier is before the committee.
    """
    reason = clean_text(reason or "")
    if not reason:
        raise Refused(_("State why the evaluation is reopened."), "reason")
    rows = Assignment.objects.select_for_update(of=("self",)).select_related("application", "evaluator")
    assignment = rows.get(pk=evaluation.assignment_id)
    last = latest_evaluation(assignment)
    if last.pk != evaluation.pk or not last.is_submitted:
        raise Refused(_("Only the last submitted version can be reopened."), "not_last")
    if assignment.application.status != Application.Status.UNDER_EVALUATION or assignment.status != Assignment.Status.ACCEPTED:
        raise Refused(_("The evaluation of this application is closed."), "state")
    draft = Evaluation.objects.create(
        assignment=assignment,
        grid=last.grid,
        version=last.version + 1,
        revision=0,
        saved_at=clock.now(),
        strengths=last.strengths,
        weaknesses=last.weaknesses,
        confidence=last.confidence,
        minutes_spent=last.minutes_spent,
        reopened_by=actor,
        reopening_reason=reason,
    )
    Score.objects.bulk_create(
        Score(evaluation=draft, criterion_id=s.criterion_id, value=s.value, justification=s.justification, evidence=s.evidence)
        for s in last.scores.all()
    )
    journal.record("evaluation.reopen", draft, actor=actor, before=f"v{last.version}", after=f"v{draft.version}", note=reason)
    consensus_closing.evaluation_moved(assignment.application, actor=actor, note=reason)
    _tell(assignment.evaluator, "evaluation_reopened", draft, assignment, {"reason": reason})
    return draft
