"""DPTC's page of assignments: evaluators × dossiers, all-read-all, by hand, and rulings on declared interests."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clusters_portal.accounts.roles import Role
from clusters_portal.lib.workflow import InvalidTransition
from evaluation import permissions, queries
from evaluation.forms.assignments import AssignmentForm
from evaluation.forms.conflicts import RulingForm
from evaluation.models import Assignment
from evaluation.queries.likely import likely_conflicts_of
from evaluation.queries.pages import loads_of
from evaluation.services import assignments, conflicts
from evaluation.services.refusals import Refused
from evaluation.views.scope import call_or_404, demand, only, posted

READERS = (Role.CASE_OFFICER, Role.DIVISION_HEAD, Role.COMMITTEE_CHAIR, Role.AUDITOR)
PER_PAGE = 50


@require_safe
@login_required
def index(request):
    """Calls whose assignments one may read."""
    only(request.user, *READERS)
    return render(request, "evaluation/calls.html", {"calls": queries.calls_with_assignments(request.user), "page_kind": "assignments"})


@require_safe
@login_required
def matrix(request, slug):
    """The matrix of one call."""
    call = call_or_404(queries.calls_with_assignments(request.user), slug)
    page = Paginator(queries.assignable_applications(request.user, call), PER_PAGE).get_page(request.GET.get("page"))
    people, standing = list(assignments.evaluators()), list(queries.standing_conflicts(request.user, call))
    likely = set(likely_conflicts_of(request.user, call).values_list("evaluator_id", "application_id"))
    rows = queries.matrix_rows(page.object_list, people, standing, likely)
    context = {
        "call": call,
        "page": page,
        "people": people,
        "rows": rows,
        "loads": loads_of(rows, people),
        "likely": len(likely),
        "pending": [row for row in standing if row.status == row.Status.PENDING],
        "may_assign": bool(permissions.can_assign(request.user)),
        "may_rule": bool(permissions.can_rule_on_conflicts(request.user)),
    }
    return render(request, "evaluation/assignments.html", context)


@require_POST
@login_required
def add(request, slug):
    """Assign one evaluator to one dossier."""
    call = call_or_404(queries.calls_with_assignments(request.user), slug)
    demand(permissions.can_assign(request.user))
    # A button of the matrix says both at once; without it, two fields.
    pair = dict(zip(("application", "evaluator"), request.POST.get("pair", "").split(":"), strict=False))
    data = pair if "evaluator" in pair else request.POST
    form = AssignmentForm(data, people=assignments.evaluators(), applications=queries.assignable_applications(request.user, call))
    if not form.is_valid():
        messages.error(request, _("Choose an application and an evaluator."))
        return redirect("evaluation:call_assignments", slug)
    _tell(request, assignments.assign, _("The evaluator is assigned."), actor=request.user, **form.cleaned_data)
    return redirect("evaluation:call_assignments", slug)


@require_POST
@login_required
def everyone(request, slug):
    """All read all."""
    call = call_or_404(queries.calls_with_assignments(request.user), slug)
    demand(permissions.can_assign(request.user))
    try:
        outcome = assignments.assign_all(call=call, actor=request.user)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        done = ngettext("%(count)d assignment made.", "%(count)d assignments made.", outcome.created) % {"count": outcome.created}
        messages.success(request, " ".join([done, *outcome.skipped]))
    return redirect("evaluation:call_assignments", slug)


@require_POST
@login_required
def remove(request, slug, pk):
    """Remove an evaluator from a dossier."""
    call = call_or_404(queries.calls_with_assignments(request.user), slug)
    demand(permissions.can_assign(request.user))
    visible = queries.assignable_applications(request.user, call)
    assignment = get_object_or_404(Assignment, pk=pk, application__in=visible.values("pk"))
    _tell(
        request, assignments.release, _("The evaluator is removed."),
        assignment=assignment, actor=request.user, reason=request.POST.get("reason", ""),
    )  # fmt: skip
    return redirect("evaluation:call_assignments", slug)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def rule(request, slug, pk):
    """Rule on a possible conflict of interest."""
    call = call_or_404(queries.calls_with_assignments(request.user), slug)
    declaration = get_object_or_404(queries.pending_conflicts(request.user, call), pk=pk)
    demand(permissions.can_rule_on_conflicts(request.user))
    form = RulingForm(posted(request))
    if request.method == "POST" and form.is_valid():
        lift = form.cleaned_data["ruling"] == "lift"
        try:
            conflicts.rule(declaration=declaration, lift=lift, reason=form.cleaned_data["reason"], actor=request.user)
        except (Refused, InvalidTransition) as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The ruling is recorded."))
            return redirect("evaluation:call_assignments", slug)
    context = {"call": call, "declaration": declaration, "form": form}
    return render(request, "evaluation/rule.html", context, status=422 if form.errors else 200)


def _tell(request, service, done, **arguments):
    """Run a service and say what came of it."""
    try:
        service(**arguments)
    except (Refused, InvalidTransition) as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, done)
