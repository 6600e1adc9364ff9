"""My applications (A2), opening one, and its task list (A4)."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Max, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from applications.forms.creation import CreateForm
from applications.models import AdmissibilityCheck, Application, Call, Deposit, Message
from applications.permissions import can_deposit, can_edit, can_withdraw
from applications.queries import (
    closed_files,
    dossiers_of,
    own_applications,
    unread_counts,
    whole_dossier,
    with_single_rows,
)
from applications.recap import sections_of
from applications.services.drafts import AlreadyStarted, DraftRefused, create_application
from applications.snapshots import is_changed
from applications.steps import STEPS
from clusters_portal.lib import clock

from .own import frame, own_or_404, standing_complements, wording_of
from .panel import is_ready, panel_context, progress_context

S = Application.Status
REQUIRED_STEPS = [step.slug for step in STEPS if not step.optional]


@require_safe
@login_required
def my_applications(request):
    """A2: state, reference and deadline of each of my applications, then the calls that are open."""
    mine = list(_with_progress(own_applications(request.user)))
    ready, changed = _ready_among(mine), _changed_among(mine)
    for application in mine:
        application.may_change = bool(not application.is_draft and can_edit(request.user, application))
    lines = [(a, wording_of(a, ready=a.pk in ready, changed=a.pk in changed)) for a in mine]
    unread = unread_counts(request.user, [a.pk for a in mine if not a.is_draft], side=Message.Side.APPLICANT)
    context = {
        "complements": standing_complements(mine),
        "unread": unread,
        "lines": lines,
        "open_calls": Call.objects.open_at(clock.now()),
        "steps_total": len(REQUIRED_STEPS),
    }
    return render(request, "applications/dossier/my_applications.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def application_create(request, slug):
    """Open a draft in a call. Posted twice, it leads to the same draft."""
    call = get_object_or_404(Call.objects.published(), slug=slug)
    if request.user.roles:
        raise PermissionDenied(_("People who work on the call cannot apply to it with the same account."))
    form = CreateForm(request.POST or None)
    refusal = ""
    if request.method == "POST" and form.is_valid():
        try:
            made = create_application(call=call, association_name=form.cleaned_data["name"], actor=request.user)
            return redirect("applications:task_list", made.pk)
        except AlreadyStarted as twin:
            messages.info(request, str(twin))
            return redirect("applications:task_list", twin.application.pk)
        except DraftRefused as refused:
            refusal = str(refused)
    context = {"call": call, "form": form, "refusal": refusal, "is_open": call.is_open(clock.now())}
    return render(request, "applications/dossier/create.html", context, status=409 if refusal else 200)


@require_safe
@login_required
def task_list(request, pk):
    """A4: every step with its state and what it lacks; a submitted dossier is shown as it was received."""
    application = own_or_404(request.user, pk, whole=True)
    if not application.is_draft:
        return _submitted(request, application)
    dossier = whole_dossier(application)
    context = {**panel_context(dossier), **progress_context(dossier), "is_open": application.call.is_open(clock.now())}
    return render(request, "applications/dossier/task_list.html", {**context, **frame(application, ready=is_ready(dossier))})


def _submitted(request, application):
    """What was received, its receipt, and until the deadline the ways to change it or to withdraw it."""
    dossier, deposit = whole_dossier(application), application.current_deposit
    changed = is_changed(dossier)
    context = {
        **frame(application, changed=changed),
        "deposit": deposit,
        "changed": changed,
        "sections": sections_of(deposit.content, application.call),
        "closed": closed_files(request.user, application, deposit.content["documents"]),
        "may_edit": can_edit(request.user, application),
        "may_withdraw": can_withdraw(request.user, application),
        "may_deposit": can_deposit(request.user, application),
        "admissibility": AdmissibilityCheck.objects.filter(deposit=deposit, validated_at__isnull=False).first(),
    }
    return render(request, "applications/dossier/submitted.html", context)


def _with_progress(applications):
    saved = Q(step_states__slug__in=REQUIRED_STEPS)
    counted = applications.annotate(
        steps_saved=Count("step_states", filter=saved, distinct=True),
        kept_inputs=Count("rejected_inputs", distinct=True),
        last_saved=Max("step_states__saved_at"),
    )
    return counted.order_by("-call__deadline_at", "-created_at")


def _ready_among(applications) -> set:
    """Keys of the drafts that could be deposited. Only those with every step saved are worth the full check."""
    candidates = [a for a in applications if a.is_draft and a.steps_saved == len(REQUIRED_STEPS) and not a.kept_inputs]
    if not candidates:
        return set()
    # Read again, whole: joined to the list and its counts, the single rows would be grouped column by column.
    again = Application.objects.filter(pk__in=[a.pk for a in candidates]).select_related("call", "association")
    return {dossier.application.pk for dossier in dossiers_of(with_single_rows(again)) if is_ready(dossier)}


def _changed_among(applications) -> set:
    """Keys of the deposited dossiers whose draft says something else. Only those saved since are worth the comparison."""
    now = clock.now()
    candidates = [a for a in applications if a.status == S.DEPOSITED and a.last_saved > a.deposited_at and a.call.is_open(now)]
    if not candidates:
        return set()
    last = {deposit.application_id: deposit for deposit in Deposit.objects.filter(application__in=candidates).order_by("sequence")}
    for application in candidates:
        application.current_deposit = last[application.pk]
    return {dossier.application.pk for dossier in dossiers_of(candidates) if is_changed(dossier)}
