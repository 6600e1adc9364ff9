"""What an applicant keeps of a deposit: the receipt as a PDF, and the frozen application itself."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_safe

from applications.pdf.receipt import receipt_pdf
from applications.queries import applications_visible_to


@require_safe
@login_required
def receipt_document(request, pk, lang):
    """The receipt of the deposit that counts, as a PDF in one language, made from stored data at each download."""
    if lang not in dict(settings.LANGUAGES):
        raise Http404
    deposit = _deposit_or_404(request.user, pk)
    verify_url = request.build_absolute_uri(reverse("applications:verify", args=[deposit.number]))
    content = receipt_pdf(deposit, lang=lang, verify_url=verify_url)
    return _attachment(content, "application/pdf", f"accuse-{deposit.number}-{lang}.pdf")


@require_safe
@login_required
def receipt_snapshot(request, pk):
    """The frozen application, byte for byte what the fingerprint on the receipt was computed from."""
    deposit = _deposit_or_404(request.user, pk)
    return _attachment(deposit.snapshot.encode("utf-8"), "application/json", f"dossier-{deposit.number}-{deposit.sequence}.json")


def _deposit_or_404(user, pk):
    """The deposit that counts. The same 404 for a stranger's application, an unknown one and one never deposited."""
    deposit = get_object_or_404(applications_visible_to(user), pk=pk).current_deposit
    if deposit is None:
        raise Http404
    return deposit


def _attachment(content, content_type, name):
    return HttpResponse(
        content,
        content_type=content_type,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )
