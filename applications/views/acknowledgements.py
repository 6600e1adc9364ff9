"""The acknowledgement of a paper file: the page to print from, the sheet, the second signature, and the decision on a late file."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ..forms.counter import LateDecisionForm
from ..models import PaperDeposit
from ..pdf.acknowledgement import acknowledgement_pdf
from ..permissions import can_countersign, can_decide_late, can_scan, role_on
from ..queries import applications_visible_to, paper_state, reservations, submitted_applications
from ..services.counter import CounterRefused, countersign, decide_late


@require_safe
@login_required
def acknowledgement(request, number):
    paper = _paper_or_404(request.user, number)
    context = {
        "paper": paper,
        "application": paper.application,
        "call": paper.application.call,
        "reservations": reservations(paper),
        "decision": getattr(paper, "late_decision", None),
        "signature": getattr(paper, "countersignature", None),
        "countersigning": can_countersign(request.user, paper),
        "can_decide": bool(can_decide_late(request.user, paper)),
        "can_scan": bool(can_scan(request.user, paper.application)),
        "counts": paper_state(paper.application).paper == paper,
    }
    return render(request, "applications/counter/acknowledgement.html", context)


@require_safe
@login_required
def acknowledgement_document(request, pk, number):
    """The sheet to print, in French and Arabic. The people of the dossier have it once it counts."""
    application = get_object_or_404(applications_visible_to(request.user), pk=pk)
    papers = application.paper_deposits.select_related("agent", "deposit", "countersignature__agent", "late_decision")
    paper = get_object_or_404(papers, receipt_number=number)
    if role_on(request.user, application) and not paper.is_effective:
        raise Http404
    verify_url = request.build_absolute_uri(reverse("applications:verify", args=[application.number]))
    return HttpResponse(
        acknowledgement_pdf(paper, verify_url=verify_url),
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="{paper.receipt_number}.pdf"',
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )


@require_POST
@login_required
def countersign_entry(request, number):
    paper = _paper_or_404(request.user, number)
    permission = can_countersign(request.user, paper)
    if not permission:
        raise PermissionDenied(permission.reason)
    try:
        countersign(paper=paper, actor=request.user)
        messages.success(request, _("Acknowledgement %(number)s counts from now on.") % {"number": number})
    except CounterRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("applications:acknowledgement", number)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def late_decision(request, number):
    """The head of division accepts or refuses a late file, with a written reason."""
    paper = _paper_or_404(request.user, number)
    permission = can_decide_late(request.user, paper)
    if not permission:
        raise PermissionDenied(permission.reason)
    form, status = LateDecisionForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                decide_late(paper=paper, actor=request.user, **form.cleaned_data)
                messages.success(request, _("The decision has been recorded and the association has been told."))
                return redirect("applications:acknowledgement", number)
            except CounterRefused as refusal:
                form.add_error(None, str(refusal))
                status = 409
    context = {"paper": paper, "application": paper.application, "form": form, "reservations": reservations(paper)}
    return render(request, "applications/counter/late_decision.html", context, status=status)


def _paper_or_404(user, number) -> PaperDeposit:
    """An acknowledgement of a dossier this person works on; the same 404 for every other."""
    joined = ("application__call", "application__association", "application__walk_in", "agent", "deposit")
    papers = PaperDeposit.objects.select_related(*joined, "countersignature__agent", "late_decision__decided_by")
    return get_object_or_404(papers, receipt_number=number, application__in=submitted_applications(user).order_by().values("pk"))
