"""Public pages: no account, nothing personal, nothing of a dossier but the names of published winners."""

from django.conf import settings
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from applications.models import Call
from applications.published import call_context, calls_readable_by, public_calls, results_of, state_of
from clusters_portal.lib import clock
from clusters_portal.privacy.register import REGISTER


@require_safe
def home(request):
    """P1: open calls first, then what is announced, closed, decided."""
    return render(request, "applications/public/home.html", {"calls": public_calls(clock.now())})


@require_safe
def call_detail(request, slug):
    """P2: everything an association must know before it starts."""
    now = clock.now()
    call = get_object_or_404(calls_readable_by(request.user, now), slug=slug)
    return render(
        request,
        "applications/public/call_detail.html",
        {**call_context(call), "state": state_of(call, now), "results": results_of(call, now)},
    )


@require_safe
def specifications(request, slug):
    """The call's rules on one printable page, from its data."""
    call = get_object_or_404(calls_readable_by(request.user, clock.now()), slug=slug)
    return render(request, "applications/public/specifications.html", call_context(call))


@require_safe
def privacy(request):
    return _information(request, "privacy", cndp_reference=settings.CNDP_REFERENCE, register=REGISTER, days=settings.DATA_REQUEST_DAYS)


@require_safe
def accessibility(request):
    return _information(request, "accessibility")


@require_safe
def terms(request):
    return _information(request, "terms")


def _information(request, name, **context):
    """A page about the portal itself; the service to write to is the one of the latest call."""
    contact = Call.objects.published().exclude(is_demonstration=True).order_by("-deadline_at").first()
    return render(request, f"applications/public/{name}.html", {"contact": contact, **context})
