"""Scoring without a connection: the form to download, and the filled one read, looked at, then applied as drafts."""

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clusters_portal.accounts.roles import Role
from clusters_portal.lib.tabular import Table, TableRefused, read_file
from evaluation import exports_offline, permissions, queries
from evaluation.imports import read_sheets
from evaluation.models import Assignment
from evaluation.services import evaluations
from evaluation.services.evaluations import StaleSheet
from evaluation.services.refusals import Refused
from evaluation.views.commitments import after_commitment
from evaluation.views.scope import only, posted
from evaluation.views.scoring import sheet_of
from evaluation.views.shortlists import XLSX

SALT, AGE = "evaluation.offline.preview", 24 * 3600


class OfflineForm(forms.Form):
    """The filled workbook."""

    file = forms.FileField(label=gettext_lazy("Filled form (XLSX)"))


def _open_assignments(user):
    """Assignments this person may score now, with what the form shows of their dossier. Raises Http404 before the commitment."""
    if not permissions.can_open_assigned(user):
        raise Http404
    rows = queries.assignments_of(user).filter(status=Assignment.Status.ACCEPTED, application__status="under_evaluation")
    rows = rows.filter(application__in=queries.applications_for_evaluator(user).values("pk"))
    return rows.select_related("application__call", "evaluator").order_by("application__number")


@require_safe
@login_required
@after_commitment
def download(request, pk=None):
    """The form of one dossier, or of all of one's dossiers still to submit."""
    only(request.user, Role.EVALUATOR)
    rows = _open_assignments(request.user)
    rows = list(rows.filter(application=pk) if pk else rows)
    if pk and not rows:
        raise Http404
    rows = exports_offline.to_fill(rows)
    if not rows:
        messages.info(request, _("There is nothing to mark: your evaluations are submitted, or no grid is adopted yet."))
        return redirect("evaluation:offline")
    response = HttpResponse(exports_offline.workbook(rows), content_type=XLSX)
    name = f"notation-{rows[0][0].application.number}" if pk else "notation"
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@after_commitment
def upload(request):
    """Read a filled form and show what it would change, cell by cell. Writes nothing."""
    only(request.user, Role.EVALUATOR)
    form, own = OfflineForm(posted(request), request.FILES or None), _open_assignments(request.user)
    context, status = {}, 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                tables = read_file(form.cleaned_data["file"], name=form.cleaned_data["file"].name)
            except TableRefused as refused:
                form.add_error("file", str(refused))
            else:
                sheets = read_sheets(tables, own)
                ready = sum(sheet.is_applicable for sheet in sheets)
                context, status = {"sheets": sheets, "ready": ready}, 200 if ready else 422
                context["seal"] = signing.dumps([[t.name, t.rows, sorted(t.formulas)] for t in tables], salt=SALT, compress=True)
    return render(request, "evaluation/offline.html", {"form": form, **context}, status=status)


@require_POST
@login_required
@after_commitment
def apply(request):
    """Apply what was looked at as drafts, never as submissions. Read against what is stored now: a sheet saved since is refused."""
    only(request.user, Role.EVALUATOR)
    try:
        kept = signing.loads(request.POST.get("seal", ""), salt=SALT, max_age=AGE)
    except signing.BadSignature:
        messages.error(request, _("This preview is too old or was changed: choose the file again."))
        return redirect("evaluation:offline")
    tables = [Table(name, rows, frozenset(map(tuple, formulas))) for name, rows, formulas in kept]
    saved, lines = 0, []
    for sheet in read_sheets(tables, _open_assignments(request.user)):
        if sheet.is_applicable:
            refusal = _save(sheet, request.user)
            saved += not refusal
            if refusal:
                lines.append((sheet.name, refusal))
        elif sheet.refusal or sheet.errors:
            lines.append((sheet.name, sheet.refusal or _("some cells are to be corrected.")))
    for name, reason in lines:
        messages.error(request, _("%(sheet)s: %(reason)s") % {"sheet": name, "reason": reason})
    if saved:
        said = ngettext("%(count)d draft saved, not submitted.", "%(count)d drafts saved, not submitted.", saved)
        messages.success(request, said % {"count": saved})
    return redirect("evaluation:my_evaluations")


def _save(sheet, user) -> str:
    """Why the sheet could not be saved, or ""."""
    try:
        evaluations.save_draft(assignment=sheet.assignment, sheet=sheet_of(sheet.form), revision=sheet.revision, actor=user)
    except StaleSheet:
        return _("saved elsewhere meanwhile.")
    except Refused as refused:
        return str(refused.message)
    return ""
