"""Members from a file or from pasted rows: read, say which column is what, look, accept."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from applications.forms.importing import BY_SECTOR, MappingForm, ModeForm, PasteForm, TableFileForm, tells_sector
from applications.imports.preview import Mapping
from applications.imports.refused import refused_workbook
from applications.imports.source import Source
from applications.models import ImportDraft
from applications.permissions import can_edit
from applications.services.drafts import DraftRefused
from applications.services.imports import ImportRefused, apply_members, keep_members, map_columns, preview_of
from clusters_portal.lib.tabular import TableRefused, read_file, read_pasted
from clusters_portal.lib.uploads import clean_file_name

from .own import frame, own_or_404

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
METHODS = ["GET", "HEAD", "POST"]


@login_required
@require_http_methods(METHODS)
def members_file(request, pk):
    """« Importer des membres »: a workbook or a CSV."""
    form = TableFileForm(request.POST, request.FILES) if request.method == "POST" else TableFileForm()
    return _read(request, pk, form, "applications/imports/file.html")


@login_required
@require_http_methods(METHODS)
def members_paste(request, pk):
    """« Coller depuis un tableur »: rows copied from a spreadsheet."""
    return _read(request, pk, PasteForm(request.POST or None), "applications/imports/paste.html")


def _read(request, pk, form, template):
    application = own_or_404(request.user, pk)
    permission, refusal = can_edit(request.user, application), ""
    if not permission:
        return _closed(request, application, permission.reason)
    if form.is_bound and form.is_valid():
        try:
            keep_members(application=application, source=_source(form), actor=request.user)
            return redirect("applications:members_columns", pk)
        except (TableRefused, ImportRefused, DraftRefused) as refused:
            refusal = str(refused)
    context = {**frame(application), "form": form, "refusal": refusal}
    return render(request, template, context, status=422 if form.is_bound else 200)


def _source(form) -> Source:
    if "text" in form.cleaned_data:
        return Source.of([read_pasted(form.cleaned_data["text"])], _("Pasted rows"))
    file = form.cleaned_data["file"]
    name = clean_file_name(file.name)
    return Source.of(read_file(file, name=name), name)


@login_required
@require_http_methods(METHODS)
def members_columns(request, pk):
    """Which column is what: proposed from the headers and the values, confirmed by the person."""
    application = own_or_404(request.user, pk)
    draft = _draft(request, application)
    source, mapping = Source.from_json(draft.content), Mapping.from_json(draft.mapping)
    form = MappingForm(request.POST or None, headers=source.headers, initial=_initial(mapping))
    if form.is_bound and form.is_valid():
        chosen = Mapping(tuple(form.columns), form.defaults, form.cleaned_data["qualify"])
        try:
            map_columns(draft=draft, mapping=chosen, actor=request.user)
            return redirect("applications:members_preview", pk)
        except DraftRefused as refused:
            return _closed(request, application, str(refused))
    columns = [
        {"field": form[f"column_{index}"], "samples": source.values_of(index)[:3], "guess": guess}
        for index, guess in enumerate(source.guesses())
    ]
    context = {**frame(application), "form": form, "columns": columns, "source": source, "others": _others(form)}
    return render(request, "applications/imports/columns.html", context, status=422 if form.is_bound else 200)


def _initial(mapping):
    columns = {f"column_{index}": name for index, name in enumerate(mapping.columns)}
    # Nobody's answer is taken for granted: companies would be left out of the 60 % without a word.
    qualify = "" if mapping.qualify == BY_SECTOR and not tells_sector(mapping.columns) else mapping.qualify
    return {**columns, **{f"default_{name}": code for name, code in mapping.defaults.items()}, "qualify": qualify}


def _others(form):
    return [form[name] for name in form.fields if not name.startswith("column_")]


@login_required
@require_http_methods(METHODS)
def members_preview(request, pk):
    """Every row with its errors in words; the good ones are written once the person accepts."""
    application = own_or_404(request.user, pk)
    draft = _draft(request, application)
    form, refusal = ModeForm(request.POST or None, initial={"draft": draft.pk}), ""
    if form.is_bound and form.is_valid():
        try:
            wanted = ImportDraft(pk=form.cleaned_data["draft"], application=application)
            done = apply_members(draft=wanted, mode=form.cleaned_data["mode"], actor=request.user)
            messages.success(request, _sentence(done))
            # What was refused stays to be seen and downloaded: the preview shows it.
            return redirect("applications:members_preview", pk) if done.refused else redirect("applications:step", pk, "membres")
        except (ImportRefused, DraftRefused) as refused:
            refusal = str(refused)
    found = preview_of(draft, application)
    context = {**frame(application), "form": form, "found": found, "source": draft.content, "refusal": refusal}
    return render(request, "applications/imports/preview.html", context, status=409 if refusal else 200)


@login_required
@require_safe
def members_refused(request, pk):
    """The rows that cannot be imported, with a column « Erreur », to be corrected and sent again."""
    application = own_or_404(request.user, pk)
    draft = _draft(request, application)
    source, mapping = Source.from_json(draft.content), Mapping.from_json(draft.mapping)
    content = refused_workbook(source, mapping, preview_of(draft, application))
    headers = {
        "Content-Disposition": 'attachment; filename="membres-a-corriger.xlsx"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(content, content_type=XLSX, headers=headers)


def _sentence(done) -> str:
    parts = [ngettext("%(count)d member added.", "%(count)d members added.", done.added) % {"count": done.added}] if done.added else []
    if done.updated:
        parts.append(ngettext("%(count)d member updated.", "%(count)d members updated.", done.updated) % {"count": done.updated})
    if done.deleted:
        parts.append(ngettext("%(count)d member removed.", "%(count)d members removed.", done.deleted) % {"count": done.deleted})
    if done.skipped:
        parts.append(ngettext("%(count)d was already there.", "%(count)d were already there.", done.skipped) % {"count": done.skipped})
    if done.refused:
        parts.append(
            ngettext("%(count)d row was not imported.", "%(count)d rows were not imported.", done.refused) % {"count": done.refused}
        )
    return " ".join(parts if done.changed else [_("No member was added."), *parts])


def _draft(request, application):
    """This person's import in progress; 404 when there is none."""
    return get_object_or_404(ImportDraft, application=application, user=request.user, kind=ImportDraft.Kind.MEMBERS)


def _closed(request, application, reason):
    """The dossier may be read but not changed: said, not discovered by an error."""
    return render(request, "applications/imports/closed.html", {**frame(application), "reason": reason}, status=403)
