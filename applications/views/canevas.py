"""The workbook of a dossier: download empty or filled, send back, look at the differences, accept."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from applications.canevas.reading import read_workbook
from applications.canevas.writing import file_name, workbook_of
from applications.forms.importing import AcceptForm, WorkbookForm
from applications.models import Application, Association, ImportDraft
from applications.permissions import can_edit
from applications.published import calls_readable_by
from applications.queries import Dossier, whole_dossier
from applications.services.canevas import apply_workbook, comparison_of, keep_workbook
from applications.services.drafts import DraftRefused
from applications.services.imports import ImportRefused
from clusters_portal.lib import clock
from clusters_portal.lib.tabular import TableRefused, read_file
from clusters_portal.lib.uploads import clean_file_name

from .own import frame, own_or_404, steps_url

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
METHODS = ["GET", "HEAD", "POST"]


@require_safe
def empty_workbook(request, slug):
    """The call's blank workbook, without an account (P2)."""
    call = get_object_or_404(calls_readable_by(request.user, clock.now()), slug=slug)
    dossier = Dossier(Application(call=call, association=Association()))
    return _attachment(workbook_of(dossier, identified=False), file_name(call))


@require_safe
@login_required
def filled_workbook(request, pk):
    """One's own dossier as it stands, ready to be changed and sent back."""
    application = own_or_404(request.user, pk)
    return _attachment(workbook_of(whole_dossier(application), identified=True), file_name(application.call, application))


@login_required
@require_http_methods(METHODS)
def workbook(request, pk):
    """Download, fill offline, send back."""
    application = own_or_404(request.user, pk)
    permission, refusal = can_edit(request.user, application), ""
    if not permission:
        return render(request, "applications/imports/closed.html", {**frame(application), "reason": permission.reason}, status=403)
    form = WorkbookForm(request.POST, request.FILES) if request.method == "POST" else WorkbookForm()
    if form.is_bound and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            book = read_workbook(read_file(file), name=clean_file_name(file.name))
            keep_workbook(application=application, book=book, actor=request.user)
            return redirect("applications:workbook_changes", pk)
        except (TableRefused, ImportRefused, DraftRefused) as refused:
            refusal = str(refused)
    context = {**frame(application), "form": form, "refusal": refusal}
    return render(request, "applications/imports/workbook.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(METHODS)
def workbook_changes(request, pk):
    """Every difference, old beside new, step by step; the chosen steps are saved once accepted."""
    application = own_or_404(request.user, pk)
    draft = get_object_or_404(ImportDraft, application=application, user=request.user, kind=ImportDraft.Kind.WORKBOOK)
    form, refusal = AcceptForm(request.POST or None), ""
    if form.is_bound and form.is_valid():
        wanted = ImportDraft(pk=form.cleaned_data["draft"], application=application)
        try:
            count = apply_workbook(draft=wanted, slugs=request.POST.getlist("step"), digest=form.cleaned_data["digest"], actor=request.user)
            messages.success(request, ngettext("%(count)d change saved.", "%(count)d changes saved.", count) % {"count": count})
            return redirect(steps_url(application))
        except (ImportRefused, DraftRefused) as refused:
            refusal = str(refused)
    context = {**frame(application), "draft": draft, "found": comparison_of(draft, application), "refusal": refusal}
    return render(request, "applications/imports/workbook_changes.html", context, status=409 if form.is_bound else 200)


def _attachment(content, name):
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(content, content_type=XLSX, headers=headers)
