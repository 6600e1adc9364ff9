"""The advice beside a run: its page with plots and tables, its files, and the button for runs that have none yet."""

from decimal import Decimal

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from evaluation import exports_advice, permissions, queries
from evaluation.models import Ranking, RankingAdvice
from evaluation.rules.robustness import ADOPTED, EVALUATORS, MAX_DOSSIERS, UNIFORM
from evaluation.services import advice as service
from evaluation.services.refusals import Refused
from evaluation.views import advice_plots as plots
from evaluation.views.scope import call_or_404, demand
from evaluation.views.shortlists import XLSX

FORMATS = {"xlsx": (XLSX, exports_advice.workbook), "json": ("application/json", exports_advice.sealed)}
SMALLEST = Decimal("0.001")
MAX_HEAT = 40
"""Dossiers beyond which places × dossiers no longer make a table anyone reads; the workbook has them all."""


def _run_or_404(user, slug, number) -> tuple[Ranking, queries.VisibleLines]:
    """A run for someone who may read its ranking and is barred from none of its dossiers: the advice speaks of all of them."""
    call = call_or_404(queries.calls_with_ranking(user), slug)
    run = get_object_or_404(Ranking.objects.select_related("call", "grid", "created_by"), call=call, number=number)
    lines = queries.VisibleLines(user, run)
    if not lines.complete:
        raise Http404
    return run, lines


def _figures(user, run, lines):
    advice = RankingAdvice.objects.filter(ranking=run).first()
    if advice is None:
        return None
    advice.ranking = run
    return queries.AdviceFigures(advice, lines, named=bool(permissions.can_name_evaluators(user)))


@require_safe
@login_required
def advice(request, slug, number):
    """Everything that is said beside a run, or the button to compute it."""
    run, lines = _run_or_404(request.user, slug, number)
    figures = _figures(request.user, run, lines)
    context = {"call": run.call, "run": run, "figures": figures}
    if figures is None:
        context |= {"may_compute": bool(permissions.can_run_ranking(request.user)) and service.is_possible(run), "limit": MAX_DOSSIERS}
    else:
        context |= _parts(figures)
    return render(request, "evaluation/advice.html", context)


def _parts(figures) -> dict:
    """The figures with their plots."""
    agreement, severity = figures.agreement, figures.severity
    stands = figures.stands
    return {
        "spread_plot": plots.spread_plot(figures.spreads),
        "agreement_plot": plots.agreement_plot(agreement),
        "whole": agreement[0],
        "severity_plot": plots.severity_plot(severity["effects"]) if severity["effects"] else None,
        "effects": [(name, e, plots.signed(e["effect"]), plots.signed(e["raw"])) for name, e in severity["effects"]],
        "stand_plot": plots.stand_plot(stands, figures.ranking.places) if stands and figures.record["has_line"] else None,
        "critical_plot": plots.critical_plot(figures.critical) if figures.critical else None,
        "critical_rows": [row | {"shown": plots.shown_change(row["delta"])} for row in figures.critical],
        "smallest": SMALLEST,
        "hidden_reasons": figures.hidden_reasons,
        "schemes": [(scheme, exports_advice.scheme_label(scheme)) for scheme in (EVALUATORS, ADOPTED, UNIFORM)],
        "heat": len(stands) <= MAX_HEAT,
        "firm": sum(row.badge is not None and row.badge.tone == "ok" for row in stands),
    }


@require_POST
@login_required
def compute(request, slug, number):
    """Compute the advice of a run that has none yet."""
    run, _lines = _run_or_404(request.user, slug, number)
    demand(permissions.can_run_ranking(request.user))
    try:
        service.advise(ranking=run, actor=request.user)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("The advice on this run is recorded."))
    return redirect("evaluation:advice", slug, number)


@require_safe
@login_required
def download(request, slug, number, fmt):
    """The advice as a workbook or as its sealed JSON."""
    run, lines = _run_or_404(request.user, slug, number)
    figures = _figures(request.user, run, lines)
    if fmt not in FORMATS or figures is None:
        raise Http404
    content_type, make = FORMATS[fmt]
    response = HttpResponse(make(figures), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="eclairage-{run.call.slug}-{number}.{fmt}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
