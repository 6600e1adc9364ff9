"""What follows the validation: the result as its applicants read it, the letter; and what waits for the reader's validation."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from clusters_portal.accounts.roles import has_role

from ..models import AdmissibilityCheck
from ..pdf.admissibility_letter import LANGUAGES, letter_pdf
from ..permissions import MAY_CHECK
from ..queries import applications_visible_to, submitted_applications
from ..services.admissibility import proposals
from .own import frame, own_or_404

PAGE = 50


@require_safe
@login_required
def admissibility_told(request, pk):
    """The outcome with its reasons and each line that is not conforming, for the people of the dossier."""
    application = own_or_404(request.user, pk)
    check = _validated_or_404(application)
    titles = {line.item: line for line in proposals(check.deposit, check.companies)}
    failed = [(titles.get(line.item), line) for line in check.lines.filter(finding="non_conforming")]
    context = {**frame(application), "check": check, "deposit": check.deposit, "failed": failed}
    return render(request, "applications/dossier/admissibility.html", context)


@require_safe
@login_required
def admissibility_letter(request, pk, lang):
    """The letter, for DPTC, auditors and the people of the dossier, once it is validated."""
    check = _validated_or_404(get_object_or_404(applications_visible_to(request.user), pk=pk))
    if lang not in LANGUAGES:
        raise Http404
    return HttpResponse(
        letter_pdf(check, lang=lang),
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="recevabilite-{check.deposit.number}-{lang}.pdf"',
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )


@require_safe
@login_required
def admissibility_queue(request):
    """The proposals of others that wait for my validation, the oldest first, then my own that wait for somebody else's."""
    if not has_role(request.user, *MAY_CHECK):
        raise Http404
    seen = submitted_applications(request.user).order_by()
    waiting = AdmissibilityCheck.objects.filter(
        proposed_at__isnull=False, validated_at=None, deposit__application__in=seen.values("pk")
    ).select_related("deposit__application__call", "proposed_by")
    waiting = waiting.defer("deposit__snapshot").order_by("proposed_at", "pk")
    page = Paginator(waiting.exclude(proposed_by=request.user), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "mine": waiting.filter(proposed_by=request.user)[:PAGE]}
    return render(request, "applications/staff/admissibility_queue.html", context)


def _validated_or_404(application) -> AdmissibilityCheck:
    """The validated check of a dossier; the same 404 while nothing is decided."""
    found = AdmissibilityCheck.objects.filter(validated_at__isnull=False).select_related("deposit__application__call")
    return get_object_or_404(found, deposit__application=application)
