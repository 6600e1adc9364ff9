"""The scoring grid as people read it: versions, what differs between two, its copy and its adoption by a dated minute."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clusters_portal.accounts.reauthentication import confirmed
from evaluation import permissions
from evaluation.forms.grids import AdoptionForm
from evaluation.queries import grids as reading
from evaluation.services import grids
from evaluation.services.refusals import Refused
from evaluation.views.scope import call_or_404, demand, only, posted


@require_safe
@login_required
def index(request):
    """Calls whose grid one may read."""
    only(request.user, *reading.READERS)
    return render(request, "evaluation/grids/index.html", {"calls": reading.calls_with_grid(request.user)})


@require_safe
@login_required
def call_grid(request, slug):
    """The grid of a call: the adopted version, otherwise the last; or the way to propose a first one."""
    call = call_or_404(reading.calls_with_grid(request.user), slug)
    versions = list(reading.readable_grids(request.user).filter(call=call))
    shown = next((grid for grid in versions if grid.adopted_on), versions[0] if versions else None)
    return _page(request, call, versions, shown)


@require_safe
@login_required
def version(request, slug, version):
    """One version."""
    call = call_or_404(reading.calls_with_grid(request.user), slug)
    versions = list(reading.readable_grids(request.user).filter(call=call))
    return _page(request, call, versions, _chosen(versions, version))


def _chosen(versions, number):
    for grid in versions:
        if grid.version == number:
            return grid
    raise Http404


def _page(request, call, versions, grid):
    may_prepare = bool(permissions.can_prepare_grid(request.user))
    context = {
        "call": call, "versions": versions, "grid": grid, "may_prepare": may_prepare, "may_edit": may_prepare and request.user.is_staff,
        "may_adopt": bool(permissions.can_adopt_grid(request.user)), "why_not_copy": grids.why_not_copy(call) if may_prepare else "",
    }  # fmt: skip
    if grid is not None:
        context |= {
            **reading.shown(grid),
            "intact": reading.grid_sha256(grid) == grid.sha256 if grid.sha256 else None,
            "earlier": [other for other in versions if other.version < grid.version],
        }
    return render(request, "evaluation/grids/grid.html", context)


@require_POST
@login_required
def create(request, slug):
    """Propose the default grid."""
    call = call_or_404(reading.calls_with_grid(request.user), slug)
    demand(permissions.can_prepare_grid(request.user))
    return _made(request, slug, grids.create_default_grid, call=call)


@require_POST
@login_required
def copy(request, slug, version):
    """Copy a version as the next one."""
    call = call_or_404(reading.calls_with_grid(request.user), slug)
    grid = get_object_or_404(reading.readable_grids(request.user), call=call, version=version)
    demand(permissions.can_prepare_grid(request.user))
    return _made(request, slug, grids.copy, grid=grid)


def _made(request, slug, service, **arguments):
    try:
        made = service(actor=request.user, **arguments)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("evaluation:call_grid", slug)
    messages.success(request, _("Version %(version)d is made: change it, then have it adopted.") % {"version": made.version})
    return redirect("evaluation:grid_version", slug, made.version)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def adopt(request, slug, version):
    """Record the minute of the adoption: it binds, so that one proves again who one is."""
    call = call_or_404(reading.calls_with_grid(request.user), slug)
    grid = get_object_or_404(reading.readable_grids(request.user), call=call, version=version)
    demand(permissions.can_adopt_grid(request.user))
    if request.method != "POST" and grid.adopted_on:
        return redirect("evaluation:grid_version", slug, version)  # it says when, and by which minute
    return _adoption(request, call, grid)


@confirmed
def _adoption(request, call, grid):
    form = AdoptionForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            grids.adopt(grid=grid, actor=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Version %(version)d is adopted and sealed.") % {"version": grid.version})
            return redirect("evaluation:grid_version", call.slug, grid.version)
    context = {"call": call, "grid": grid, "form": form, **reading.shown(grid)}
    return render(request, "evaluation/grids/adopt.html", context, status=422 if form.errors else 200)


@require_safe
@login_required
def differences(request, slug, version, other):
    """What a version changes of an earlier one."""
    call = call_or_404(reading.calls_with_grid(request.user), slug)
    versions = list(reading.readable_grids(request.user).filter(call=call))
    after, before = _chosen(versions, version), _chosen(versions, other)
    context = {"call": call, "before": before, "after": after, "rows": reading.differences(before, after)}
    return render(request, "evaluation/grids/differences.html", context)
