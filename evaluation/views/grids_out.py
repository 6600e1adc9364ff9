"""Downloads of the full grid of a call: official and individual marks, named or numbered as the reader's right says."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.utils.translation import get_language, override
from django.views.decorators.http import require_safe

from evaluation import exports_grid, permissions, queries
from evaluation.pdf_grid import grid_pdf
from evaluation.views.scope import call_or_404
from evaluation.views.shortlists import XLSX

# Address: (content type, extension, language of the document or None for the reader's, maker of the bytes)
FORMATS = {
    "xlsx": (XLSX, "xlsx", None, exports_grid.workbook),
    "json": ("application/json", "json", None, exports_grid.canonical),
    "pdf-fr": ("application/pdf", "pdf", "fr", lambda grid: grid_pdf(grid, lang="fr")),
    "pdf-ar": ("application/pdf", "pdf", "ar", lambda grid: grid_pdf(grid, lang="ar")),
}


@require_safe
@login_required
def full_grid(request, slug, fmt):
    """The grid of the last run in one format, for those who may read the deliberation and see every dossier of it.

    `?anonyme=1` numbers the evaluators for those who may know their names too.
    """
    call = call_or_404(queries.calls_before_committee(request.user), slug)
    ranking = queries.latest_ranking(call)
    if fmt not in FORMATS or ranking is None or not queries.VisibleLines(request.user, ranking).complete:
        raise Http404
    content_type, extension, language, make = FORMATS[fmt]
    named = bool(permissions.can_name_evaluators(request.user)) and "anonyme" not in request.GET
    with override(language or get_language()):
        content = make(exports_grid.grid_of(ranking, named=named))
    response = HttpResponse(bytes(content), content_type=content_type)
    suffix = "-ar" if fmt == "pdf-ar" else ""
    response["Content-Disposition"] = f'attachment; filename="grille-{call.slug}{suffix}.{extension}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
