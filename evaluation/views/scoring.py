"""Scoring: the dossier beside the sheet, the total computed by the server, the sheet read back after submission."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clusters_portal.accounts.sessions import seal_of, signed_in
from clusters_portal.lib.clock import format_time
from clusters_portal.lib.wire import refusal, wants_json
from evaluation import permissions, queries
from evaluation.forms.conflicts import ReasonForm
from evaluation.forms.marks import place_of
from evaluation.forms.scoring import ScoringForm
from evaluation.models import Assignment
from evaluation.rules.scoring import running_total, truncated
from evaluation.services import evaluations
from evaluation.services.evaluations import IncompleteSheet, Mark, Sheet, StaleSheet
from evaluation.services.refusals import Refused
from evaluation.views.commitments import after_commitment
from evaluation.views.reading import reading_context
from evaluation.views.scope import demand, posted, version_of


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@after_commitment
def evaluate(request, pk):
    """Score one dossier. A save is refused, with nothing lost, when another save came in between."""
    assignment = get_object_or_404(queries.assignments_of(request.user).select_related("application__call"), application=pk)
    if not queries.applications_for_evaluator(request.user).filter(pk=pk).exists():
        if assignment.status == Assignment.Status.ACCEPTED and not permissions.can_open_assigned(request.user):
            raise Http404
        return redirect("evaluation:declare", pk)
    evaluation = queries.latest_evaluation(assignment)
    if evaluation is not None and evaluation.is_submitted:
        if wants_json(request):
            return refusal("refused", _("This evaluation is submitted: it can no longer be changed."), status=409)
        return redirect("evaluation:sheet", evaluation.pk)
    demand(permissions.can_score(request.user, assignment))
    grid = evaluation.grid if evaluation else queries.current_grid(assignment.application.call)
    page = {"assignment": assignment, "grid": grid, "evaluation": evaluation, "revision": evaluation.revision if evaluation else 0}
    form = ScoringForm(queries.criteria_of(grid), posted(request), initial=ScoringForm.initial_of(evaluation))
    if request.method == "POST":
        answer = _post(request, assignment, form, page)
        if answer is not None:
            return answer
    elif "manque" in request.GET and evaluation:
        page["problems"] = _linked(evaluations.problems_of(evaluation))
    return _scoring_page(request, form, page)


def _scoring_page(request, form, page):
    form = page.get("conflict") or form
    status = page.pop("status", 422 if form.errors else 200)
    page |= {"form": form, "rows": form.rows(), "seal": seal_of(request), **_total(form)}
    context = reading_context(request.user, page["assignment"].application) | page
    return render(request, "evaluation/evaluate.html", context, status=status)


def _post(request, assignment, form, page):
    """Save, and submit when asked. Returns an answer, or None after putting in ``page`` what the person must know."""
    if not form.is_valid():
        said = _("A mark is not on the scale, or a text is too long.")
        return refusal("refused", said, status=422) if wants_json(request) else None
    try:
        saved = evaluations.save_draft(assignment=assignment, sheet=sheet_of(form), revision=version_of(request), actor=request.user)
        page.update(evaluation=saved, revision=saved.revision)
        if request.POST.get("action") == "submit":
            submitted = evaluations.submit(assignment=assignment, revision=saved.revision, actor=request.user)
            messages.success(request, _("Your evaluation is submitted."))
            return _saved(request, submitted, "", reverse("evaluation:sheet", args=[submitted.pk]))
    except StaleSheet as conflict:
        return _stale(request, assignment, form, page, conflict)
    except IncompleteSheet as refused:
        if wants_json(request):
            return _saved(request, saved, "", reverse("evaluation:evaluate", args=[assignment.application_id]) + "?manque=1")
        page.update(status=422, problems=_linked(refused.problems))
    except Refused as refused:
        if wants_json(request):
            return refusal("refused", refused.message, status=409)
        page.update(status=409, refusal=refused.message)
    else:
        said = _("Saved at %(time)s") % {"time": format_time(saved.saved_at)}
        return _saved(request, saved, said, reverse("evaluation:evaluate", args=[assignment.application_id]))
    return None


def _saved(request, saved, said, address):
    """The version now stored and where a person is led, for the script that saves while one types; else the way there."""
    if not wants_json(request):
        if said:
            messages.success(request, said)
        return redirect(address)
    return JsonResponse({"version": saved.revision, "saved_at": saved.saved_at, "said": said, "rows": {}, "errors": [], "url": address})


def _stale(request, assignment, form, page, conflict):
    """Another save came in between: nothing is written; the page shows both values and keeps everything typed."""
    stored = queries.latest_evaluation(assignment) if conflict.current else None
    if wants_json(request):
        sentence = _("Not saved: this sheet was saved elsewhere at %(time)s.") if stored else _("Not saved: this sheet was never saved.")
        return refusal("conflict", sentence % {"time": format_time(stored.saved_at) if stored else ""}, status=409)
    known = ScoringForm.initial_of(stored)
    page.update(status=409, differing=form.differences(known), revision=stored.revision if stored else 0, conflict=form.completed(known))
    return None


def _linked(problems) -> list:
    return [("#id_confidence_0" if field == "confidence" else place_of(field), sentence) for field, sentence in problems]


def sheet_of(form) -> Sheet:
    """A valid form as the services take it."""
    data = form.cleaned_data
    codes = [row.criterion.code for row in form.criteria]
    marks = {code: Mark(data[f"mark_{code}"], data[f"why_{code}"], data[f"seen_{code}"]) for code in codes}
    return Sheet(marks=marks, **{name: data[name] for name in ("strengths", "weaknesses", "confidence", "minutes_spent")})


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
@after_commitment
def sheet(request, pk):
    """A sheet read back: what is stored, with its receipt, and the other versions."""
    evaluation = get_object_or_404(queries.readable_evaluations(request.user).select_related(*queries.SHEET_RELATED), pk=pk)
    form = ScoringForm(queries.criteria_of(evaluation.grid), initial=ScoringForm.initial_of(queries.loaded(evaluation)))
    versions = list(queries.readable_evaluations(request.user).filter(assignment=evaluation.assignment_id).order_by("version"))
    context = {
        "evaluation": evaluation,
        "application": evaluation.assignment.application,
        "rows": form.rows(),
        "versions": versions,
        "own": evaluation.assignment.evaluator_id == request.user.pk,
        "changes": _changes(form, evaluation, versions),
        "can_reopen": bool(permissions.can_reopen(request.user)) and evaluation.is_submitted,
        **_total(form),
    }
    return render(request, "evaluation/sheet.html", context)


def _changes(form, evaluation, versions) -> dict | None:
    """What this version says otherwise than the one before it, when the reader may read that one too."""
    before = next((row for row in reversed(versions) if row.version < evaluation.version), None)
    if before is None:
        return None
    shown = ScoringForm(form.criteria, data=form.initial)
    return {"before": before.version, "rows": shown.differences(ScoringForm.initial_of(queries.loaded(before)))}


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
