"""Reading a dossier and its files on this floor: evaluators after their declaration, the committee at deliberation, DPTC."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from applications.models import Document
from applications.permissions import can_open
from applications.queries import closed_files
from applications.recap import sections_of
from evaluation import queries


def reading_context(user, application) -> dict:
    """The dossier as deposited, as this person may read it. Raises Http404 when nothing was deposited."""
    deposit = application.current_deposit
    if deposit is None:
        raise Http404
    content = deposit.content
    sections = sections_of(content, application.call)
    return {
        "application": application,
        "deposit": deposit,
        "sections": sections,
        "by_slug": {section.slug: section for section in sections},
        "documents": content.get("documents", []),
        "closed": closed_files(user, application, content.get("documents", [])),
        "piece_of": _piece_of(sections),
    }


def _piece_of(sections) -> dict[str, str]:
    """{id of a file: label of the piece it answers}: a file's own name often says nothing."""
    pieces = (piece for section in sections for block in section.blocks for piece in block.documents)
    return {file["id"]: piece.label for piece in pieces for file in piece.files}


@require_safe
@login_required
def dossier(request, pk):
    """The whole dossier on one page."""
    application = get_object_or_404(queries.readable_applications(request.user).select_related("call", "association"), pk=pk)
    return render(request, "evaluation/dossier.html", reading_context(request.user, application))


@require_safe
@login_required
def document(request, pk, document):
    """A clean file of the deposit, as an attachment. Files added or replaced since the deposit are not part of it."""
    application = get_object_or_404(queries.readable_applications(request.user), pk=pk)
    deposit = application.current_deposit
    if deposit is None or str(document) not in {row["id"] for row in deposit.content.get("documents", [])}:
        raise Http404
    found = get_object_or_404(Document.objects.select_related("application"), pk=document, application=application)
    permission = can_open(request.user, found)
    if not permission:
        raise PermissionDenied(permission.reason)
    response = FileResponse(found.file.open("rb"), as_attachment=True, filename=found.original_name, content_type=found.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
