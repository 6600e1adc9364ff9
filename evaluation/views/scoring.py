"""Scoring: the dossier beside the sheet, the total computed by the server, the sheet read back after submission."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clusters_portal.lib.clock import format_time
from evaluation import permissions, queries
from evaluation.forms.conflicts import ReasonForm
from evaluation.forms.scoring import ScoringForm
from evaluation.rules.scoring import running_total, truncated
from evaluation.services import evaluations
from evaluation.services.evaluations import IncompleteSheet, Mark, Sheet, StaleSheet
from evaluation.services.refusals import Refused
from evaluation.views.reading import reading_context
from evaluation.views.scope import demand, posted


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def evaluate(request, pk):
    """Score one dossier. A save is refused, with nothing lost, when another save came in between."""
    assignment = get_object_or_404(queries.assignments_of(request.user).select_related("application__call"), application=pk)
    if not queries.applications_for_evaluator(request.user).filter(pk=pk).exists():
        return redirect("evaluation:declare", pk)
    evaluation = queries.latest_evaluation(assignment)
    if evaluation is not None and evaluation.is_submitted:
        return redirect("evaluation:sheet", evaluation.pk)
    demand(permissions.can_score(request.user, assignment))
    grid = evaluation.grid if evaluation else queries.current_grid(assignment.application.call)
    page = {"assignment": assignment, "grid": grid, "evaluation": evaluation, "revision": evaluation.revision if evaluation else 0}
    form = ScoringForm(queries.criteria_of(grid), posted(request), initial=ScoringForm.initial_of(evaluation))
    if request.method == "POST" and form.is_valid():
        answer = _write(request, assignment, form, page)
        if answer is not None:
            return answer
    return _scoring_page(request, form, page)


def _scoring_page(request, form, page):
    status = page.pop("status", 422 if form.errors else 200)
    context = reading_context(request.user, page["assignment"].application) | page | {"form": form, "rows": form.rows(), **_total(form)}
    return render(request, "evaluation/evaluate.html", context, status=status)


def _write(request, assignment, form, page):
    """Save, and submit when asked. Returns a redirect, or None after putting in ``page`` what the person must know."""
    arguments = {"assignment": assignment, "actor": request.user}
    try:
        saved = evaluations.save_draft(sheet=_sheet(form), revision=_revision(request), **arguments)
        page.update(evaluation=saved, revision=saved.revision)
        if request.POST.get("action") != "submit":
            messages.success(request, _("Saved at %(time)s.") % {"time": format_time(saved.saved_at)})
            return redirect("evaluation:evaluate", assignment.application_id)
        submitted = evaluations.submit(revision=saved.revision, **arguments)
    except StaleSheet as conflict:
        stored = queries.latest_evaluation(assignment) if conflict.current else None
        differing = form.differences(ScoringForm.initial_of(stored))
        page.update(status=409, differing=differing, revision=stored.revision if stored else 0, conflict=True)
    except IncompleteSheet as refusal:
        page.update(status=422, problems=[(_anchor(field), sentence) for field, sentence in refusal.problems])
    except Refused as refusal:
        page.update(status=409, refusal=refusal.message)
    else:
        messages.success(request, _("Your evaluation is submitted."))
        return redirect("evaluation:sheet", submitted.pk)
    return None


def _anchor(field) -> str:
    return "#id_confidence_0" if field == "confidence" else f"#criterion-{field}"


def _revision(request) -> int:
    typed = request.POST.get("revision", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else -1


def _sheet(form) -> Sheet:
    data = form.cleaned_data
    marks = {row.criterion.code: Mark(data[f"mark_{row.criterion.code}"], data[f"why_{row.criterion.code}"]) for row in form.criteria}
    return Sheet(marks=marks, strengths=data["strengths"], weaknesses=data["weaknesses"], confidence=data["confidence"])


def _total(form) -> dict:
    """The running total of what is on the page; an unbound page counts what is stored."""
    if not form.criteria:
        return {"total": None, "marked": 0, "of": 0}
    counted = form if form.is_bound else ScoringForm(form.criteria, form.initial)
    points, marked = running_total(queries.rules_criteria(form.criteria), counted.marks())
    return {"total": truncated(points), "marked": marked, "of": len(form.criteria)}


@require_POST
@login_required
def total(request, pk):
    """The total of the sheet being filled in. Writes nothing."""
    assignment = get_object_or_404(queries.assignments_of(request.user).select_related("application__call"), application=pk)
    demand(permissions.can_score(request.user, assignment))
    evaluation = queries.latest_evaluation(assignment)
    grid = evaluation.grid if evaluation else queries.current_grid(assignment.application.call)
    return render(request, "evaluation/_total.html", _total(ScoringForm(queries.criteria_of(grid), request.POST)))


@require_safe
@login_required
def sheet(request, pk):
    """A sheet read back: what is stored, with its receipt, and the other versions."""
    evaluation = get_object_or_404(queries.readable_evaluations(request.user).select_related(*queries.SHEET_RELATED), pk=pk)
    form = ScoringForm(queries.criteria_of(evaluation.grid), initial=ScoringForm.initial_of(queries.loaded(evaluation)))
    versions = queries.readable_evaluations(request.user).filter(assignment=evaluation.assignment_id).order_by("version")
    context = {
        "evaluation": evaluation,
        "application": evaluation.assignment.application,
        "rows": form.rows(),
        "versions": versions,
        "own": evaluation.assignment.evaluator_id == request.user.pk,
        "can_reopen": bool(permissions.can_reopen(request.user)) and evaluation.is_submitted,
        **_total(form),
    }
    return render(request, "evaluation/sheet.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def reopen(request, pk):
    """Reopen a submitted sheet, with a reason."""
    evaluation = get_object_or_404(queries.readable_evaluations(request.user).select_related(*queries.SHEET_RELATED), pk=pk)
    demand(permissions.can_reopen(request.user))
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            evaluations.reopen(evaluation=evaluation, reason=form.cleaned_data["reason"], actor=request.user)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The evaluation is reopened: its evaluator can change and submit it again."))
            return redirect("evaluation:call_assignments", evaluation.assignment.application.call.slug)
    return render(request, "evaluation/reopen.html", {"evaluation": evaluation, "form": form}, status=422 if form.errors else 200)
