"""The matrix of assignments as a file: taken away, sent back, looked at, applied."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clusters_portal.lib.tabular import TableRefused, read_file
from clusters_portal.lib.uploads import clean_file_name
from clusters_portal.lib.workflow import InvalidTransition
from evaluation import exports_assignments, permissions, queries
from evaluation.forms.assignments import MatrixFileForm, WishesForm
from evaluation.services import assignment_sheets
from evaluation.services.evaluators import evaluators
from evaluation.services.refusals import Refused
from evaluation.views.scope import call_or_404, demand, posted


@require_safe
@login_required
def download(request, slug):
    """Today's matrix, without the dossiers barred to this person."""
    call = call_or_404(queries.calls_with_assignments(request.user), slug)
    text = exports_assignments.matrix_csv(queries.assignable_applications(request.user, call), list(evaluators()))
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="affectations-{call.number_prefix}.csv"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def upload(request, slug):
    """Send the matrix back: every row is shown with what would change or what is wrong; nothing is applied."""
    call = call_or_404(queries.calls_with_assignments(request.user), slug)
    demand(permissions.can_assign(request.user))
    form = MatrixFileForm(request.POST, request.FILES) if request.method == "POST" else MatrixFileForm()
    if form.is_bound and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            sheet = _read(request.user, call, file, form.cleaned_data["blank"] == "remove")
        except TableRefused as refused:
            form.add_error("file", str(refused))
        else:
            return _preview(request, call, sheet, clean_file_name(file.name))
    return render(request, "evaluation/assign/file.html", {"call": call, "form": form}, status=422 if form.errors else 200)


def _read(user, call, file, remove_blank):
    table, rows = read_file(file, name=clean_file_name(file.name))[0], queries.assignable_applications(user, call)
    return assignment_sheets.read(call=call, table=table, applications=rows, people=list(evaluators()), remove_blank=remove_blank)


def _preview(request, call, sheet, name):
    wishes = WishesForm(initial={"wishes": sheet.wishes()})
    context = {
        "call": call, "sheet": sheet, "name": name, "form": wishes,
        "added": sum(len(row.add) for row in sheet.changes), "removed": sum(len(row.remove) for row in sheet.changes),
    }  # fmt: skip
    return render(request, "evaluation/assign/file_preview.html", context)


@require_POST
@login_required
def apply(request, slug):
    """Apply what a preview showed, as a whole or not at all."""
    call = call_or_404(queries.calls_with_assignments(request.user), slug)
    demand(permissions.can_assign(request.user))
    form, applications = WishesForm(posted(request)), queries.assignable_applications(request.user, call)
    refusal = _("Choose a file first.")
    if form.is_valid() and isinstance(form.cleaned_data["wishes"], dict):
        try:
            added, removed = assignment_sheets.apply(
                call=call, wishes=form.cleaned_data["wishes"], applications=applications, people=list(evaluators()), actor=request.user
            )
        except (Refused, InvalidTransition) as refused:
            refusal = refused.message
        else:
            done = _("%(added)d assignments made, %(removed)d removed.") % {"added": added, "removed": removed}
            messages.success(request, done)
            return redirect("evaluation:call_assignments", slug)
    context = {"call": call, "form": MatrixFileForm(), "refusal": refusal}
    return render(request, "evaluation/assign/file.html", context, status=409)
