"""What an applicant keeps of a deposit: the receipt as a PDF, and the frozen application itself."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_safe

from applications.models import Deposit
from applications.pdf.receipt import kept_receipt
from applications.queries import applications_visible_to, own_applications


@require_safe
@login_required
def receipt_document(request, pk, lang, sequence=None):
    """The receipt of the deposit that counts, as a PDF in one language, made from stored data.

    `sequence` names an earlier deposit, for the dossier's own people.
    """
    if lang not in dict(settings.LANGUAGES):
        raise Http404
    deposit = _deposit_or_404(request.user, pk, sequence)
    verify_url = request.build_absolute_uri(reverse("applications:verify", args=[deposit.number]))
    content = kept_receipt(deposit, lang=lang, verify_url=verify_url)
    name = f"accuse-{deposit.number}-{lang}.pdf" if sequence is None else f"accuse-{deposit.number}-{sequence}-{lang}.pdf"
    return _attachment(content, "application/pdf", name)


@require_safe
@login_required
def receipt_snapshot(request, pk, sequence=None):
    """The frozen application, byte for byte what the fingerprint on the receipt was computed from."""
    deposit = _deposit_or_404(request.user, pk, sequence)
    return _attachment(deposit.snapshot.encode("utf-8"), "application/json", f"dossier-{deposit.number}-{deposit.sequence}.json")


def _deposit_or_404(user, pk, sequence=None):
    """The deposit that counts, or an earlier one of one's own dossier: what it replaced is no longer DPTC's to read.

    The same 404 for a stranger's application, an unknown one and one never deposited.
    """
    if sequence is not None:
        return get_object_or_404(Deposit, application__in=own_applications(user).order_by().values("pk"), application=pk, sequence=sequence)
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
