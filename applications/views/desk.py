"""Acts of DPTC's desk: views kept of the list, its columns, one act on several applications, exports (S1)."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from clusters_portal.lib import clock

from ..exports.worklist import KINDS, csv_of, xlsx_of
from ..forms.desk import BatchForm, ViewForm
from ..models import Batch, SavedView
from ..permissions import can_annotate
from ..queries import submitted_applications
from ..queries.desk import with_desk
from ..services import batches, saved_views
from ..services.worklist_export import note_export
from .worklist import CHOSEN, desk_or_404, listed_for, page_of_list, query_of

Act = Batch.Act


@require_POST
@login_required
def view_save(request):
    """Keep the filters of the address under a name."""
    desk_or_404(request.user)
    form = ViewForm(request.POST)
    if form.is_valid():
        try:
            saved_views.save_view(query=query_of(request), actor=request.user, **form.cleaned_data)
            messages.success(request, _("The view “%(name)s” has been saved.") % form.cleaned_data)
            return redirect(_list_url(query_of(request)))
        except saved_views.ViewRefused as refused:
            form.add_error("name", str(refused))
    return page_of_list(request, status=422, view_form=form)


@require_POST
@login_required
def view_change(request, pk):
    """Rename or delete one's own view; somebody else's shared view is seen and not touched."""
    desk_or_404(request.user)
    view = get_object_or_404(SavedView, pk=pk, owner=request.user)
    try:
        if request.POST.get("act") == "delete":
            saved_views.delete_view(view=view, actor=request.user)
            messages.success(request, _("The view “%(name)s” has been deleted.") % {"name": view.name})
        else:
            form = ViewForm(request.POST)
            if not form.is_valid():
                return page_of_list(request, status=422, view_form=form)
            saved_views.rename_view(view=view, actor=request.user, **form.cleaned_data)
            messages.success(request, _("The view is now called “%(name)s”.") % form.cleaned_data)
    except saved_views.ViewRefused as refused:
        messages.error(request, str(refused))
    return redirect(_list_url(query_of(request)))


@require_POST
@login_required
def list_columns(request):
    """The columns this person sees from now on."""
    desk_or_404(request.user)
    asked = request.POST.getlist("column")
    saved_views.choose_columns(codes=[code for code, _label in CHOSEN if code in asked], actor=request.user)
    return redirect(_list_url(query_of(request)))


@require_POST
@login_required
def batch(request):
    """Act on what was ticked, then show what became of each on a page of its own: a reload of it repeats nothing."""
    desk_or_404(request.user)
    permission = can_annotate(request.user)
    if not permission:
        raise PermissionDenied(permission.reason)
    listed, keys = listed_for(request), _keys(request)
    form = BatchForm(request.POST, officers=listed.officers, labels=listed.labels.values())
    if form.is_valid():
        try:
            made = _act(form, keys, request.user)
            query = query_of(request)
            return redirect(reverse("applications:batch_report", args=[made.pk]) + (f"?{query}" if query else ""))
        except batches.BatchRefused as refused:
            form.add_error(None, str(refused))
    return page_of_list(request, status=422, ticked=keys, batch=form)


@require_safe
@login_required
def batch_report(request, pk):
    """What one's own batch did, line by line; without the lines of what may no longer be seen."""
    desk_or_404(request.user)
    made = get_object_or_404(Batch, pk=pk, actor=request.user)
    keys = [line["application"] for line in made.outcome if line["application"]]
    seen = {str(key) for key in submitted_applications(request.user).filter(pk__in=keys).values_list("pk", flat=True)}
    lines = [line for line in made.outcome if not line["application"] or line["application"] in seen]
    counts = {result: sum(line["result"] == result for line in lines) for result in (batches.DONE, batches.UNCHANGED, batches.REFUSED)}
    context = {"batch": made, "lines": lines, "counts": counts, "query": query_of(request)}
    return render(request, "applications/staff/batch_report.html", context)


@require_POST
@login_required
def worklist_export(request, kind):
    """The filtered list, or what was ticked in it, as a file. A download: nothing is sent again by a reload."""
    desk_or_404(request.user)
    if kind not in KINDS:
        raise Http404
    listed, keys = listed_for(request), _keys(request)
    deposits = listed.qs.filter(application__in=keys) if keys else listed.qs
    note_export(kind=kind, query=query_of(request), count=deposits.count(), actor=request.user)
    chunks = (xlsx_of if kind == "xlsx" else csv_of)(with_desk(deposits, request.user), language=get_language())
    headers = {
        "Content-Disposition": f'attachment; filename="dossiers-{clock.today():%Y-%m-%d}.{kind}"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    return StreamingHttpResponse(chunks, content_type=KINDS[kind], headers=headers)


def _act(form, keys, actor) -> Batch:
    act = form.cleaned_data["act"]
    if act == Act.ASSIGN:
        return batches.assign_many(keys=keys, assignee=form.chosen_officer, actor=actor)
    if act == Act.WRITE:
        return batches.write_many(keys=keys, body=form.cleaned_data["body"], actor=actor)
    return (batches.add_label if act == Act.LABEL else batches.remove_label)(keys=keys, label=form.chosen_label, actor=actor)


def _keys(request) -> list:
    """What was ticked, or the whole list when that was asked for."""
    if request.POST.get("whole"):
        return list(listed_for(request).qs.values_list("application_id", flat=True)[: batches.MOST + 1])
    found = []
    for text in request.POST.getlist("pk"):
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


def _list_url(query):
    return reverse("applications:worklist") + (f"?{query}" if query else "")
