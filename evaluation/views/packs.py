"""The evaluation file of one dossier as a PDF, for whoever reads the dossier on this floor: it holds what his pages show."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import override
from django.views.decorators.http import require_safe

from evaluation import permissions, queries
from evaluation.pdf_pack import LANGUAGES, pack_pdf
from evaluation.queries.pack import pack_of
from evaluation.views.commitments import after_commitment


@require_safe
@login_required
@after_commitment
def pack(request, pk, lang):
    """The file in French or Arabic. `?anonyme=1` leaves the names of evaluators out for those who may know them too."""
    application = get_object_or_404(queries.readable_applications(request.user).select_related("call"), pk=pk)
    if lang not in LANGUAGES or application.current_deposit is None:
        raise Http404
    named = bool(permissions.can_name_evaluators(request.user)) and "anonyme" not in request.GET
    verify_url = request.build_absolute_uri(reverse("applications:verify", args=[application.number]))
    with override(lang):
        content = pack_pdf(pack_of(request.user, application, named=named), lang=lang, verify_url=verify_url)
    response = HttpResponse(bytes(content), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="evaluation-{application.number}-{lang}.pdf"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
