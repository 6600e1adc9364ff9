"""The ranking: its run, its lines with their bars, its history, and the sealed document of each run."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from clusters_portal.accounts.roles import COMMITTEE_ROLES, Role
from evaluation import permissions, queries
from evaluation.models import Ranking
from evaluation.rules.completeness import IncompleteRanking
from evaluation.rules.ties import STEP_SENTENCES
from evaluation.services import committee, rankings
from evaluation.services.refusals import Refused
from evaluation.views import plots
from evaluation.views.scope import call_or_404, demand, only

READERS = (Role.DIVISION_HEAD, Role.CASE_OFFICER, *COMMITTEE_ROLES, Role.AUDITOR)
PER_PAGE = 50


@require_safe
@login_required
def index(request):
    """Calls whose ranking one may read."""
    only(request.user, *READERS)
    return render(request, "evaluation/calls.html", {"calls": queries.calls_with_ranking(request.user), "page_kind": "ranking"})


@require_safe
@login_required
def ranking(request, slug, number=None):
    """One run, the last unless told. What prevents the next run is computed when asked for, or when there is no run yet."""
    call = call_or_404(queries.calls_with_ranking(request.user).select_related("judging_terms"), slug)
    return _page(request, call, number=number, check="verifier" in request.GET)


def _page(request, call, *, number=None, check=False, status=200):
    runs = queries.runs_of(call)
    shown = _chosen(runs, number)
    may_run = bool(permissions.can_run_ranking(request.user))
    in_committee = may_run and queries.is_before_committee(call)
    context = {
        "may_act": may_run and not in_committee,
        "call": call, "runs": runs, "run": shown, "may_run": may_run, "is_last": bool(runs) and shown == runs[0],
        "missing": rankings.what_is_missing(call) if may_run and (check or not runs) else None, "checked": check or not runs,
    }  # fmt: skip
    if shown:
        lines = queries.VisibleLines(request.user, shown, total=shown.line_count)
        page = Paginator(lines, PER_PAGE).get_page(request.GET.get("page"))
        context |= {
            "page": page,
            "lines": page.object_list,
            "bars": plots.ranking_bars(page.object_list, shown),
            "complete": lines.complete,
            # Beside the ranking, never inside it; like the sealed document, not for someone barred from one of its dossiers.
            "badges": queries.read_badges(shown.kept_badges) if lines.complete else None,
            "ladder": _ladder(shown, page.object_list) if lines.complete and page.paginator.num_pages == 1 else {},
        }
    return render(request, "evaluation/ranking.html", context, status=status)


def _ladder(shown, lines) -> dict:
    """{dossier: the steps that separated it from its equals, in words}; read from the sealed result only when there are such."""
    ranks: dict = {}
    for line in lines:
        ranks.setdefault(line.exact_total, set()).add(line.rank)
    if all(len(found) == 1 for found in ranks.values()):
        return {}
    return {UUID(dossier): [STEP_SENTENCES[step] for step in steps] for dossier, steps in queries.ladder_of(shown).items()}


def _chosen(runs, number):
    if number is None:
        return runs[0] if runs else None
    for run_ in runs:
        if run_.number == number:
            return run_
    raise Http404


@require_POST
@login_required
def run(request, slug):
    """Run the ranking now. Incomplete input answers with the list of what is missing, and nothing is written."""
    call = call_or_404(queries.calls_with_ranking(request.user), slug)
    demand(permissions.can_run_ranking(request.user))
    try:
        made = rankings.run(call=call, actor=request.user)
    except IncompleteRanking:
        return _page(request, call, check=True, status=409)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Run %(number)d of the ranking is recorded.") % {"number": made.number})
    return redirect("evaluation:ranking", slug)


@require_POST
@login_required
def submit(request, slug):
    """Bring the dossiers of the last run before the committee."""
    call = call_or_404(queries.calls_with_ranking(request.user), slug)
    demand(permissions.can_run_ranking(request.user))
    number = request.POST.get("number", "")
    shown = get_object_or_404(Ranking, call=call, number=int(number) if number.isascii() and number.isdigit() and len(number) < 9 else 0)
    try:
        committee.submit_to_committee(ranking=shown, actor=request.user)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("evaluation:ranking", slug)
    messages.success(request, _("The applications are before the committee."))
    return redirect("evaluation:committee", slug)


@require_safe
@login_required
def document(request, slug, number):
    """The sealed text of a run: the SHA-256 of this file is the hash of the run. Not for someone barred from one of its dossiers."""
    call = call_or_404(queries.calls_with_ranking(request.user), slug)
    shown = get_object_or_404(Ranking.objects.filter(call=call), number=number)
    if not queries.VisibleLines(request.user, shown).complete:
        raise Http404
    response = HttpResponse(queries.document_of(shown).encode(), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="classement-{call.slug}-{number}.json"'
    response["Cache-Control"] = "private, no-store"
    return response
