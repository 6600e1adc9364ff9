"""After a deposit (A12): the draft behind it, what differs from it, going back to it, withdrawing it."""

import json

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from applications.forms.withdrawal import WithdrawalForm
from applications.models import Application, Collaborator
from applications.permissions import can_deposit, can_edit, can_withdraw, role_on
from applications.queries import whole_dossier
from applications.recap import differences_between
from applications.services.drafts import DraftRefused
from applications.services.restore import give_up as go_back
from applications.services.withdrawal import WithdrawalRefused
from applications.services.withdrawal import withdraw as take_back
from applications.snapshots import is_changed, snapshot_of
from clusters_portal.lib.canonical import canonical_json

from .own import frame, own_or_404
from .panel import is_ready, panel_context, progress_context


@require_safe
@login_required
def modify(request, pk):
    """« Modifier »: the steps of the draft behind the deposit, which nobody else sees."""
    application = own_or_404(request.user, pk, whole=True)
    if application.is_draft or not can_edit(request.user, application):
        return redirect("applications:task_list", pk)
    dossier = whole_dossier(application)
    changed = is_changed(dossier)
    context = {
        **panel_context(dossier),
        **progress_context(dossier),
        **frame(application, ready=is_ready(dossier), changed=changed),
        "changed": changed,
        "is_open": True,
        "deposit": application.current_deposit,
    }
    return render(request, "applications/dossier/task_list.html", context)


@require_safe
@login_required
def changes(request, pk):
    """What the draft says that the last deposit does not; after the deadline, what was not taken into account."""
    application = own_or_404(request.user, pk, whole=True)
    if application.current_deposit is None:
        raise Http404
    return render(request, "applications/dossier/changes.html", _changes_context(request, application))


def _changes_context(request, application):
    dossier = whole_dossier(application)
    changed = is_changed(dossier)
    return {
        **frame(application, changed=changed),
        "changed": changed,
        "deposit": application.current_deposit,
        "sections": differences_of(dossier) if changed else [],
        "kept": application.kept_drafts.select_related("kept_by").defer("content"),
        "may_edit": can_edit(request.user, application),
        "may_deposit": can_deposit(request.user, application),
    }


def differences_of(dossier):
    """What changed since the last deposit, section by section."""
    # Read back as the snapshot will be: what is shown here is what would be frozen.
    present = json.loads(canonical_json(snapshot_of(dossier)))
    return differences_between(dossier.application.current_deposit.content, present, dossier.call)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def give_up(request, pk):
    """« Abandonner mes modifications »: ask once; what is given up stays downloadable."""
    application, refusal = own_or_404(request.user, pk, whole=True), ""
    if application.current_deposit is None:
        raise Http404
    if request.method == "POST":
        try:
            kept = go_back(application=application, actor=request.user)
            said = _("Your answers and files are again those of the deposit.") if kept else _("There was no change to give up.")
            messages.success(request, said)
            return redirect("applications:changes", pk)
        except DraftRefused as refused:
            refusal = str(refused)
    elif not can_edit(request.user, application):
        return redirect("applications:changes", pk)
    context = {**_changes_context(request, application), "refusal": refusal}
    return render(request, "applications/dossier/give_up.html", context, status=409 if refusal else 200)


@require_safe
@login_required
def kept_draft(request, pk, kept_id):
    """Answers that were given up, as JSON, in the shape of the frozen dossier."""
    kept = get_object_or_404(own_or_404(request.user, pk).kept_drafts, pk=kept_id)
    headers = {
        "Content-Disposition": f'attachment; filename="modifications-{kept.kept_at:%Y%m%d-%H%M}.json"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(kept.content, content_type="application/json", headers=headers)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request, pk):
    """Withdraw what was deposited: the page names it, the person ticks a box and may say why."""
    application, refusal = own_or_404(request.user, pk), ""
    deposit = application.current_deposit
    if deposit is None:
        raise Http404
    if application.status == Application.Status.WITHDRAWN:
        return redirect("applications:task_list", pk)
    permission, late = can_withdraw(request.user, application), role_on(request.user, application) == Collaborator.Role.MANDATARY
    if not permission and not (late and request.method == "POST"):  # a click one second late is told on its own page
        raise PermissionDenied(permission.reason)
    form = WithdrawalForm(request.POST if request.method == "POST" else None, initial={"seen": deposit.sequence})
    if request.method == "POST" and form.is_valid():
        read = form.cleaned_data
        try:
            take_back(application=application, actor=request.user, reason=read["reason"], seen=read["seen"])
            messages.success(request, _("The application has been withdrawn."))
            return redirect("applications:task_list", pk)
        except WithdrawalRefused as refused:
            refusal = str(refused)
    context = {**frame(application), "form": form, "deposit": deposit, "refusal": refusal}
    status = 409 if refusal else 422 if form.is_bound else 200
    return render(request, "applications/dossier/withdraw.html", context, status=status)
