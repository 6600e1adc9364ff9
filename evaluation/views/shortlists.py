"""Downloads of the shortlist."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from evaluation import exports, pdf, queries
from evaluation.views.scope import call_or_404

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

# Address: (content type, extension, maker of the bytes from the shortlist)
FORMATS = {
    "xlsx": (XLSX, "xlsx", exports.workbook),
    "json": ("application/json", "json", exports.canonical),
    "pdf": ("application/pdf", "pdf", lambda shortlist: pdf.shortlist(shortlist, lang="fr")),
    "pdf-fr": ("application/pdf", "pdf", lambda shortlist: pdf.shortlist(shortlist, lang="fr")),
    "pdf-ar": ("application/pdf", "pdf", lambda shortlist: pdf.shortlist(shortlist, lang="ar")),
}


@require_safe
@login_required
def download(request, slug, fmt):
    """The shortlist of a call in one format, for those who may read its deliberation and see every dossier of it."""
    call = call_or_404(queries.calls_before_committee(request.user), slug)
    ranking = queries.latest_ranking(call)
    if fmt not in FORMATS or ranking is None or not queries.VisibleLines(request.user, ranking).complete:
        raise Http404
    content_type, extension, make = FORMATS[fmt]
    response = HttpResponse(make(exports.shortlist_of(ranking)), content_type=content_type)
    suffix = "-ar" if fmt == "pdf-ar" else ""
    response["Content-Disposition"] = f'attachment; filename="liste-{call.slug}{suffix}.{extension}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
