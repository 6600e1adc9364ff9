"""The committee's page: proposed and adopted rank side by side; the decision on the dossier in progress in its session."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from clusters_portal.accounts.reauthentication import confirmed
from clusters_portal.accounts.roles import COMMITTEE_ROLES, Role
from evaluation import permissions, queries
from evaluation.models import Decision
from evaluation.queries.sessions import application_in_progress, item_in_progress, room_of
from evaluation.services import committee
from evaluation.services.refusals import Refused
from evaluation.views.decision_form import decision_context
from evaluation.views.scope import call_or_404, demand, only, posted

READERS = (*COMMITTEE_ROLES, Role.DIVISION_HEAD, Role.AUDITOR)


@require_safe
@login_required
def index(request):
    """Calls before the committee."""
    only(request.user, *READERS)
    return render(request, "evaluation/calls.html", {"calls": queries.calls_before_committee(request.user), "page_kind": "committee"})


@require_safe
@login_required
def board(request, slug):
    """Every dossier of the run with what is decided, and how many places are taken."""
    call = call_or_404(queries.calls_before_committee(request.user), slug)
    ranking = queries.latest_ranking(call)
    visible = queries.VisibleLines(request.user, ranking) if ranking else None
    lines = list(visible) if visible is not None else []
    context = {
        "call": call,
        "ranking": ranking,
        "lines": lines,
        "complete": visible is not None and visible.complete,
        "names_evaluators": bool(permissions.can_name_evaluators(request.user)),
        "counts": queries.decision_counts(lines, ranking and ranking.tie_rank),
        "may_decide": bool(permissions.can_decide(request.user)),
        "in_progress": application_in_progress(call),
    }
    return render(request, "evaluation/committee.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def decide(request, slug, pk):
    """Read what was decided on a dossier, or decide while its item is in progress."""
    call = call_or_404(queries.calls_before_committee(request.user), slug)
    ranking = queries.latest_ranking(call)
    if ranking is None:
        raise Http404
    line = queries.VisibleLines(request.user, ranking).of(pk)
    if line is None:
        raise Http404
    decision = Decision.objects.filter(application=pk).select_related("decided_by", "item__session", "ballot").first()
    context = {"call": call, "ranking": ranking, "line": line, "decision": decision}
    if decision is not None and request.method != "POST":
        return render(request, "evaluation/decision.html", context)
    item = item_in_progress(pk)
    demand(permissions.can_run_item(request.user, item and room_of(item.session).presiding(item)))
    return _to_decide(request, context | {"item": item})


@confirmed
def _to_decide(request, context):
    """The form of a decision, in the context of `decide`, and what becomes of it."""
    call, line, item = context["call"], context["line"], context["item"]
    context |= decision_context(request.user, call, line.application_id, item, posted(request))
    form = context["form"]
    if request.method == "POST" and form.is_valid() and _decided(request, line.application, form):
        return redirect("evaluation:session", call.slug, item.session.number)
    refused = 409 if context["decision"] else 422  # somebody decided meanwhile: what was typed stays to be read
    return render(request, "evaluation/decide.html", context, status=refused if form.errors else 200)


def _decided(request, application, form) -> bool:
    """Record the decision, or put each refusal on its field."""
    try:
        committee.decide(application=application, actor=request.user, **form.cleaned_data)
    except committee.DecisionRefused as refusal:
        for field, sentences in refusal.by_field().items():
            for sentence in sentences:
                form.add_error(field, sentence)
        return False
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return False
    messages.success(request, _("The decision on %(number)s is recorded.") % {"number": application.number})
    return True
