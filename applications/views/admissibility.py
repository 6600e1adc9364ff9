"""Recevabilité (S3): DPTC checks one deposit, line by line, and decides once."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ..filters import received_by
from ..forms.admissibility import AdmissibilityForm
from ..models import AdmissibilityCheck
from ..permissions import can_check_admissibility
from ..queries import closed_files, submitted_applications
from ..queries.shared_members import shared_members
from ..services.admissibility import AdmissibilityRefused, decide, proposals


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def admissibility(request, pk):
    """The form until it is decided, then what was decided, to read."""
    application = get_object_or_404(submitted_applications(request.user), pk=pk)
    deposit = application.current_deposit
    check = AdmissibilityCheck.objects.filter(deposit=deposit).exclude(outcome="").select_related("checked_by").first()
    if check and request.method != "POST":
        return _result(request, application, check)
    permission = can_check_admissibility(request.user, application)
    if not permission:
        raise PermissionDenied(permission.reason)
    form = AdmissibilityForm(request.POST or None, proposals=proposals(deposit))
    if request.method == "POST" and form.is_valid() and _decided(form, application, request.user):
        messages.success(request, _("The decision has been recorded and the applicant has been told."))
        return redirect("applications:admissibility", pk=pk)
    context = {
        "application": application, "deposit": deposit, "form": form, "groups": _groups(form, deposit),
        "closed": closed_files(request.user, application, deposit.content["documents"]),
        "shared": shared_members(deposit, received_by(request.user)),
    }  # fmt: skip
    return render(request, "applications/staff/admissibility.html", context)


def _groups(form, deposit) -> list:
    """[(title, lines)]: the pieces with their files, then what the rules judged."""
    files = {}
    for document in deposit.content["documents"]:
        files.setdefault(f"piece:{document['requirement']}", []).append(document)
    lines = [(*line, files.get(line[0].item, [])) for line in form.lines()]
    groups = [
        (_("Documents of the file"), [line for line in lines if line[0].item.startswith("piece:")]),
        (_("Thresholds and conditions"), [line for line in lines if line[0].item.startswith("rule:")]),
        (_("Paper file"), [line for line in lines if line[0].item.startswith("paper:")]),
    ]
    return [(title, lines) for title, lines in groups if lines]


def _decided(form, application, actor) -> bool:
    """Ask the service; a refusal puts its sentences in the form."""
    read = form.cleaned_data
    try:
        decide(
            application=application,
            outcome=read["outcome"],
            findings=form.findings(),
            reasons_fact=read["reasons_fact"],
            reasons_law=read["reasons_law"],
            actor=actor,
        )
    except AdmissibilityRefused as refusal:
        form.refuse(refusal.errors)
        return False
    return True


def _result(request, application, check):
    titles = {line.item: line.title for line in proposals(check.deposit)}
    lines = [(titles.get(line.item, line.item), line) for line in check.lines.all()]
    context = {"application": application, "deposit": check.deposit, "check": check, "lines": lines}
    return render(request, "applications/staff/admissibility_result.html", context)
