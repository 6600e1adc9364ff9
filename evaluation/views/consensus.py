"""The consensus of a dossier read and written, and the list of a call with what each one waits for."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from applications.models import Application
from clusters_portal.accounts.roles import COMMITTEE_ROLES, Role
from clusters_portal.accounts.sessions import signed_in
from clusters_portal.lib.clock import format_time
from clusters_portal.lib.wire import refusal, wants_json
from evaluation import permissions, queries
from evaluation.forms.consensus import ConsensusForm
from evaluation.services import consensus as service
from evaluation.services.consensus import AgreedMark, IncompleteReport, Report, StaleReport
from evaluation.services.refusals import Refused
from evaluation.views.commitments import after_commitment
from evaluation.views.consensus_page import list_rows, render_page
from evaluation.views.scope import call_or_404, demand, only, version_of

READERS = (Role.CASE_OFFICER, Role.DIVISION_HEAD, Role.EVALUATOR, Role.AUDITOR, *COMMITTEE_ROLES)
PER_PAGE = 50


def consensus_or_404(user, pk):
    """The report of a dossier among those this person may read, with its marks and answers."""
    return get_object_or_404(queries.with_report(queries.readable_consensuses(user)), application=pk)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@after_commitment
def report(request, pk):
    """The report. Its rapporteur saves it in any state, and asks for approval once it is complete."""
    consensus = consensus_or_404(request.user, pk)
    if request.method != "POST":
        return render_page(request, consensus, checked="manque" in request.GET)
    permission = permissions.can_write_report(request.user, consensus)
    if not permission and wants_json(request):
        return refusal("refused", permission.reason, status=403)
    demand(permission)
    form = ConsensusForm(queries.criteria_of(consensus.grid), request.POST)
    if not form.is_valid():
        if wants_json(request):
            return refusal("refused", _("A mark is not on the scale, or a text is too long."), status=422)
        return render_page(request, consensus, status=422, form=form)
    return _write(request, consensus, form)


def _write(request, consensus, form):
    try:
        saved = service.save(consensus=consensus, report=_report(form), revision=version_of(request), actor=request.user)
    except StaleReport:
        return _conflict(request, consensus, form)
    except Refused as refused:
        if wants_json(request):
            return refusal("refused", refused.message, status=409)
        fresh = consensus_or_404(request.user, consensus.application_id)
        return render_page(request, fresh, status=409, form=form, refusal=refused.message)
    if request.POST.get("action") == "ask":
        return _ask(request, saved, form)
    return _saved(request, saved, _("Saved at %(time)s") % {"time": format_time(saved.saved_at)})


def _ask(request, saved, form):
    """The report is stored; approval is asked, or the page says what it still lacks."""
    try:
        service.ask_approval(consensus=saved, revision=saved.revision, actor=request.user)
    except (IncompleteReport, StaleReport):
        if wants_json(request):
            return _saved(request, saved, "", query="?manque=1")
        fresh = consensus_or_404(request.user, saved.application_id)
        return render_page(request, fresh, status=422, form=form, checked=True)
    except Refused as refused:
        messages.error(request, refused.message)
        return _saved(request, saved, "")
    messages.success(request, _("Approval is asked from every evaluator of this application."))
    return _saved(request, saved, "")


def _saved(request, saved, said, query=""):
    """The version now stored and where a person is led, for the script; else the way there."""
    address = reverse("evaluation:consensus", args=[saved.application_id]) + query
    if not wants_json(request):
        if said:
            messages.success(request, said)
        return redirect(address)
    return JsonResponse({"version": saved.revision, "saved_at": saved.saved_at, "said": said, "rows": {}, "errors": [], "url": address})


def _conflict(request, consensus, form):
    """Somebody saved meanwhile: nothing is written, both values are shown and everything typed is kept."""
    fresh = consensus_or_404(request.user, consensus.application_id)
    if wants_json(request):
        sentence = _("Not saved: this report was saved elsewhere at %(time)s.") % {"time": format_time(fresh.saved_at)}
        return refusal("conflict", sentence, status=409)
    stored = ConsensusForm.initial_of(fresh)
    return render_page(request, fresh, status=409, form=form.completed(stored), differing=form.differences(stored), conflict=True)


def _report(form) -> Report:
    data = form.cleaned_data
    codes = [row.criterion.code for row in form.criteria]
    return Report({c: AgreedMark(data[f"mark_{c}"], data[f"text_{c}"], data[f"outside_{c}"]) for c in codes}, data["text"])


@require_safe
@login_required
def index(request):
    """Calls whose consensus one may read."""
    only(request.user, *READERS)
    return render(request, "evaluation/calls.html", {"calls": queries.calls_with_consensus(request.user), "page_kind": "consensus"})


@require_safe
@login_required
def of_call(request, slug):
    """Every dossier of a call, its report and what it waits for; evaluators and committee see those they may read."""
    call = call_or_404(queries.calls_with_consensus(request.user), slug)
    may_open = bool(permissions.can_moderate(request.user))
    rows = queries.readable_applications(request.user).filter(call=call).exclude(status=Application.Status.ADMISSIBLE)
    if not queries.sees_whole_calls(request.user):
        rows = rows.filter(pk__in=queries.readable_consensuses(request.user).values("application"))
    page = Paginator(queries.with_deposit(rows).order_by("number"), PER_PAGE).get_page(request.GET.get("page"))
    shown = list_rows(call, page.object_list, may_open=may_open)
    context = {"call": call, "page": page, "rows": shown, "may_open": may_open}
    context["ready"] = sum(row.consensus is None and not row.blocked for row in shown)
    return render(request, "evaluation/consensus_list.html", context)
