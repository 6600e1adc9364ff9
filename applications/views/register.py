"""The register of labelled clusters (S8): its list, one cluster with its periods, and what DPTC's head changes in it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clusters_portal.accounts.roles import has_role
from clusters_portal.lib import clock

from ..exports.register import KINDS, written
from ..forms.register import SORTS, ClusterForm, PeriodForm, RegisterFilter
from ..models import LabelledCluster, RegisteredPeriod
from ..permissions import can_keep_register
from ..queries.register import READERS, YEARS, day_exceeded, entry_of, registered_clusters
from ..services import register as service
from .register_plot import timeline_of

PER_PAGE = 50
FORMS = ["GET", "HEAD", "POST"]


def clusters_or_404(user):
    """The register for whoever may read it; for anyone else it does not exist."""
    if not has_role(user, *READERS):
        raise Http404
    return registered_clusters(user)


def keeper_or_403(user):
    """The register for who may change it; a reader is told why not."""
    found, permission = clusters_or_404(user), can_keep_register(user)
    if not permission:
        raise PermissionDenied(permission.reason)
    return found


@require_safe
@login_required
def register(request):
    """The list under the filters of the address, each cluster with its support up to today."""
    rows, form, sort = _listed(request)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    today = clock.today()
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "page": page,
        "entries": [entry_of(cluster, today) for cluster in page.object_list],
        "form": form,
        "is_filtered": any(value for name, value in request.GET.items() if name in form.fields),
        "sorts": [(name, label, sort == name, sort == f"-{name}") for name, label in _columns()],
        "query": query.urlencode(),
        "years": YEARS,
        "may_keep": bool(can_keep_register(request.user)),
    }
    return render(request, "applications/register/list.html", context)


def _columns():
    return [("name", _("Cluster")), ("region", _("Region")), ("first", _("First day")), ("last", _("Last day"))]


def _listed(request):
    """(rows, filter form, sort) as the address asks; what it asks wrongly filters nothing."""
    rows, form, today = clusters_or_404(request.user), RegisterFilter(request.GET or None), clock.today()
    asked = form.cleaned_data if form.is_bound and (form.is_valid() or True) else {}
    if asked.get("q"):
        rows = rows.filter(Q(name_fr__icontains=asked["q"]) | Q(name_ar__icontains=asked["q"]) | Q(acronym__icontains=asked["q"]))
    if asked.get("region"):
        rows = rows.filter(region=asked["region"])
    if asked.get("sector"):
        rows = rows.filter(nma_section=asked["sector"])
    current = RegisteredPeriod.objects.filter(starts_on__lte=today, ends_on__gte=today).values("cluster")
    if asked.get("state"):
        rows = rows.filter(pk__in=current) if asked["state"] == "supported" else rows.exclude(pk__in=current).filter(last__lt=today)
    sort = request.GET.get("sort", "")
    name = sort.removeprefix("-")
    order = SORTS.get(name, SORTS["name"])
    rows = rows.order_by(*(f"-{column}" for column in order) if sort.startswith("-") and name in SORTS else order, "pk")
    return rows, form, sort or "name"


@require_safe
@login_required
def register_export(request, kind):
    """The filtered list as XLSX or CSV."""
    rows, _form, _sort = _listed(request)
    if kind not in KINDS:
        raise Http404
    today = clock.today()
    response = HttpResponse(written(kind, [entry_of(cluster, today) for cluster in rows]), content_type=KINDS[kind])
    response["Content-Disposition"] = f'attachment; filename="registre-{today:%Y-%m-%d}.{kind}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
@login_required
def cluster(request, pk):
    """One cluster: its support up to today, drawn and in a table."""
    found = get_object_or_404(clusters_or_404(request.user), pk=pk)
    today = clock.today()
    context = {
        "cluster": found,
        "entry": entry_of(found, today),
        "today": today,
        "years": YEARS,
        "exceeds_on": day_exceeded(found),
        "plot": timeline_of(found, today),
        "may_keep": bool(can_keep_register(request.user)),
    }
    return render(request, "applications/register/cluster.html", context)


@login_required
@require_http_methods(FORMS)
def cluster_form(request, pk=None):
    """Enter a cluster, or change one."""
    rows = keeper_or_403(request.user)
    found = get_object_or_404(rows, pk=pk) if pk else None
    initial = {name: getattr(found, name) for name in service.COLUMNS} | {"seen": service.seen_of(found)} if found else {}
    form, conflict = ClusterForm(request.POST if request.method == "POST" else None, initial=initial), None
    if request.method == "POST" and form.is_valid():
        try:
            kept = service.save_cluster(actor=request.user, cluster=found, **form.cleaned_data)
        except service.RegisterConflict as refusal:
            conflict, form = refusal, form.met(refusal, service.seen_of(refusal.kept))
        except service.RegisterRefused as refusal:
            form.add_error(refusal.field or None, str(refusal))
        else:
            messages.success(request, _("The register is up to date."))
            return redirect("applications:register_cluster", kept.pk)
    status = 409 if conflict else 422 if form.errors else 200
    return render(request, "applications/register/cluster_form.html", {"form": form, "cluster": found}, status=status)


@login_required
@require_http_methods(FORMS)
def period_form(request, pk, period=None):
    """Enter a period of support of a cluster, or change one."""
    found = get_object_or_404(keeper_or_403(request.user), pk=pk)
    kept = get_object_or_404(RegisteredPeriod, pk=period, cluster=found) if period else None
    initial = {name: getattr(kept, name) for name in service.OF_PERIOD} | {"call": kept.call, "seen": service.seen_of(kept)} if kept else {}
    form, conflict = PeriodForm(request.POST if request.method == "POST" else None, initial=initial), None
    if request.method == "POST" and form.is_valid():
        try:
            service.save_period(cluster=found, actor=request.user, period=kept, **form.cleaned_data)
        except service.RegisterConflict as refusal:
            conflict, form = refusal, form.met(refusal, service.seen_of(refusal.kept))
        except service.RegisterRefused as refusal:
            form.add_error(refusal.field or None, str(refusal))
        else:
            messages.success(request, _("The register is up to date."))
            return redirect("applications:register_cluster", pk)
    status = 409 if conflict else 422 if form.errors else 200
    return render(request, "applications/register/period_form.html", {"form": form, "cluster": found, "period": kept}, status=status)


@require_POST
@login_required
def period_remove(request, pk, period):
    """Take a period entered by mistake out; the journal keeps it."""
    found = get_object_or_404(keeper_or_403(request.user), pk=pk)
    service.remove_period(period=get_object_or_404(RegisteredPeriod, pk=period, cluster=found), actor=request.user)
    messages.success(request, _("The period is no longer in the register."))
    return redirect("applications:register_cluster", pk)


def known_spans() -> dict:
    """{name: periods} of the whole register, to compare an import with."""
    from_rows: dict = {}
    for row in LabelledCluster.objects.prefetch_related("periods"):
        from_rows[row.name_fr] = tuple((period.starts_on, period.ends_on) for period in row.periods.all())
    return from_rows
