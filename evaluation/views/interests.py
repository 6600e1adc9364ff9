"""The interests of a call: what was declared or raised, what is likely and to be checked, and the acts of the head of division."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clusters_portal.accounts.roles import Role, has_role
from clusters_portal.lib.workflow import InvalidTransition
from evaluation import permissions, queries
from evaluation.forms.conflicts import InterestForm, ReasonForm
from evaluation.queries.likely import interests_of, likely_conflicts_of
from evaluation.services import conflicts, likely_conflicts
from evaluation.services.refusals import Refused
from evaluation.views.scope import call_or_404, demand, posted

PER_PAGE = 50


@require_safe
@login_required
def index(request, slug):
    """Everything declared, raised or likely in a call."""
    call = call_or_404(queries.calls_with_assignments(request.user), slug)
    context = {
        "call": call,
        "page": Paginator(interests_of(request.user, call), PER_PAGE).get_page(request.GET.get("page")),
        "likely": list(likely_conflicts_of(request.user, call)),
        "may_rule": bool(permissions.can_rule_on_conflicts(request.user)),
        # What an evaluator wrote is promised to the head of division and auditors only.
        "may_read_words": has_role(request.user, Role.DIVISION_HEAD, Role.AUDITOR),
        "may_assign": bool(permissions.can_assign(request.user)),
        "pending": set(queries.pending_conflicts(request.user, call).values_list("pk", flat=True)),
    }
    return render(request, "evaluation/assign/interests.html", context)


@require_POST
@login_required
def look(request, slug):
    """Compare evaluators and dossiers again."""
    call = call_or_404(queries.calls_with_assignments(request.user), slug)
    demand(permissions.can_assign(request.user))
    found = likely_conflicts.look(call=call)
    done = ngettext("%(count)d new likely conflict to be checked.", "%(count)d new likely conflicts to be checked.", found)
    messages.success(request, done % {"count": found} if found else _("No new likely conflict."))
    return redirect("evaluation:interests", slug)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def record(request, slug):
    """Record an interest raised by the applicant or found by DPTC."""
    call = call_or_404(queries.calls_with_assignments(request.user), slug)
    demand(permissions.can_rule_on_conflicts(request.user))
    applications = queries.assignable_applications(request.user, call)
    initial = {name: request.GET.get(name) for name in ("application", "evaluator", "source", "kind") if name in request.GET}
    form = InterestForm(posted(request), people=conflicts.concerned(), applications=applications, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            conflicts.record(actor=request.user, **form.cleaned_data)
        except (Refused, InvalidTransition) as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The interest is recorded."))
            return redirect("evaluation:interests", slug)
    context = {"call": call, "form": form}
    return render(request, "evaluation/assign/record.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def dismiss(request, slug, pk):
    """Say why a likely conflict is none."""
    call = call_or_404(queries.calls_with_assignments(request.user), slug)
    likely = get_object_or_404(likely_conflicts_of(request.user, call), pk=pk)
    demand(permissions.can_rule_on_conflicts(request.user))
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            likely_conflicts.dismiss(likely=likely, reason=form.cleaned_data["reason"], actor=request.user)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The likely conflict is dismissed."))
            return redirect("evaluation:interests", slug)
    context = {"call": call, "likely": likely, "form": form}
    return render(request, "evaluation/assign/dismiss.html", context, status=422 if form.errors else 200)
