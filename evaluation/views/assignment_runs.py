"""The automatic assignment: ask for a proposal, look at it, apply it."""

import json

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clusters_portal.lib.workflow import InvalidTransition
from evaluation import permissions, queries
from evaluation.forms.assignments import RunForm
from evaluation.queries.likely import likely_conflicts_of
from evaluation.queries.problems import Parameters, assignment_runs, is_barred_in
from evaluation.queries.run_pages import shown_run
from evaluation.services import assignment_runs as service
from evaluation.services.refusals import Refused
from evaluation.views.assignment_plots import load_bars
from evaluation.views.scope import call_or_404, demand, posted


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def ask(request, slug):
    """Choose the rules and compute a proposal; earlier ones are listed."""
    call = call_or_404(queries.calls_with_assignments(request.user), slug)
    if request.method == "POST":
        demand(permissions.can_assign(request.user))
    form = RunForm(posted(request), initial={"min_evaluators": call.min_evaluators, "seed": call.year})
    if request.method == "POST" and form.is_valid():
        try:
            run = service.preview(call=call, actor=request.user, parameters=Parameters(**form.cleaned_data))
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            return redirect("evaluation:assignment_run", slug, run.number)
    context = {
        "call": call, "form": form, "runs": assignment_runs(request.user, call), "barred": is_barred_in(request.user, call),
        "may_assign": bool(permissions.can_assign(request.user)), "likely": likely_conflicts_of(request.user, call).count(),
    }  # fmt: skip
    return render(request, "evaluation/assign/ask.html", context, status=422 if form.errors else 200)


def _run_or_404(request, slug, number):
    call = call_or_404(queries.calls_with_assignments(request.user), slug)
    return call, get_object_or_404(assignment_runs(request.user, call).defer(None), number=number)


@require_safe
@login_required
def run(request, slug, number):
    """One proposal: who reads what, loads, what could not be met."""
    call, found = _run_or_404(request, slug, number)
    return _page(request, call, found)


def _page(request, call, found, refusal="", status=200):
    result = json.loads(found.result)
    shown = shown_run(found, result)
    context = {
        "call": call,
        "run": found,
        "shown": shown,
        "parameters": json.loads(found.parameters),
        "obstacles": [row.sentence() for row in service.obstacles_in(result["obstacles"])],
        "unmet": [row.sentence() for row in service.obstacles_in(result.get("unmet", ()))],
        "bars": load_bars(shown.loads),
        "applied": getattr(found, "applied", None),
        "may_assign": bool(permissions.can_assign(request.user)),
        "refusal": refusal,
    }
    return render(request, "evaluation/assign/run.html", context, status=status)


@require_POST
@login_required
def apply(request, slug, number):
    """Assign as proposed; refused with its reason when anything has changed."""
    call, found = _run_or_404(request, slug, number)
    demand(permissions.can_assign(request.user))
    try:
        done = service.apply(run=found, actor=request.user)
    except (Refused, InvalidTransition) as refusal:
        return _page(request, call, found, refusal=refusal.message, status=409)
    text = _("Run %(number)d is applied: %(added)d assignments made, %(removed)d removed.")
    messages.success(request, text % {"number": found.number, "added": done.added, "removed": done.removed})
    return redirect("evaluation:call_assignments", slug)


@require_safe
@login_required
def document(request, slug, number):
    """The sealed text of a run: whoever has it can compute the run again."""
    call, found = _run_or_404(request, slug, number)
    response = HttpResponse(service.document_of(found), content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="affectation-{call.number_prefix}-{found.number}.json"'
    response["Cache-Control"] = "private, no-store"
    return response
