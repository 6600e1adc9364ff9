"""Addresses for machines that watch the portal, and the page where an administrator sees what does not go."""

from functools import wraps
from hmac import compare_digest

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from ..accounts.roles import Role, has_role
from ..notifications import outbox
from ..notifications.models import OutgoingMail
from . import failures, metrics, probes
from .models import FailedTask

SHOWN = 50


@never_cache
@require_safe
def healthz(request):
    """This process answers. Nothing else is asked: a database that is away is no reason to kill it."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def readyz(request):
    """Whether this server can serve people (503 when not). Names only: why is in the logs, on the status page and in `doctor`."""
    found = [probes.run(probe) for probe in probes.READY]
    ready = all(finding.well for finding in found if finding.vital)
    checks = {finding.name: "ok" if finding.well else "failed" if finding.vital else "late" for finding in found}
    return JsonResponse({"status": "ready" if ready else "not ready", "checks": checks}, status=200 if ready else 503)


@never_cache
@require_safe
def prometheus(request):
    """For whoever shows METRICS_TOKEN; to everybody else there is no such page."""
    shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not settings.METRICS_TOKEN or not compare_digest(shown.encode(), settings.METRICS_TOKEN.encode()):
        raise Http404
    return HttpResponse(metrics.text(), content_type="text/plain; version=0.0.4; charset=utf-8")


def administrators(view):
    """For administrators; to everybody else there is no such page."""

    @login_required
    @wraps(view)
    def wrapper(request, *args, **kwargs):
        if not (has_role(request.user, Role.ADMINISTRATOR) or request.user.is_superuser):
            raise Http404
        return view(request, *args, **kwargs)

    return wrapper


@require_safe
@administrators
def status(request):
    """What the portal stands on, mails that were refused, tasks that failed. Without subjects: they tell of dossiers."""
    context = {
        "findings": [probes.run(probe) for probe in probes.STATUS],
        "mails": OutgoingMail.objects.filter(state=OutgoingMail.State.FAILED).defer("subject", "body")[:SHOWN],
        "tasks": FailedTask.objects.filter(retried_at=None)[:SHOWN],
    }
    return render(request, "operations/status.html", context)


@require_POST
@administrators
def mail_again(request, pk):
    mail = get_object_or_404(OutgoingMail, pk=pk)
    try:
        outbox.send_again(mail=mail, actor=request.user)
    except outbox.NotFailed:
        messages.warning(request, _("Somebody else was faster: there was nothing left to do."))
    else:
        messages.success(request, _("The mail is sent again."))
    return redirect("operations:status")


@require_POST
@administrators
def task_again(request, pk):
    task = get_object_or_404(FailedTask, pk=pk)
    try:
        failures.run_again(task=task, actor=request.user)
    except failures.AlreadyRetried:
        messages.warning(request, _("Somebody else was faster: there was nothing left to do."))
    except failures.QueueAway:
        messages.error(request, _("The queue of the tasks does not answer: nothing was started. The task stays in this list."))
    else:
        messages.success(request, _("The task is run again."))
    return redirect("operations:status")
