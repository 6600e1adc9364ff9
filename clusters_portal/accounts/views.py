"""Landing page and profile of the signed-in person."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from clusters_portal.lib.wire import wants_json

from . import sessions
from .forms import ProfileForm
from .navigation import landing_url
from .personal import held_about
from .second_factor import is_missing


@require_safe
@login_required
def landing(request):
    return redirect(landing_url(request.user))


@login_required
def profile(request):
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Your details have been saved."))
        return redirect("accounts:profile")
    return render(request, "account/profile.html", {"form": form})


@require_safe
@login_required
def second_factor(request):
    """Why a role needs a second step at sign-in, and the two ways to add one."""
    return render(request, "account/second_factor.html", {"missing": is_missing(request)})


@require_safe
@login_required
def my_data(request):
    """What the portal holds about the account."""
    return render(request, "account/my_data.html", {"held": held_about(request.user)})


@require_safe
@login_required
def my_data_file(request):
    """The same, whole, as a file a machine reads."""
    response = JsonResponse(held_about(request.user), json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = 'attachment; filename="mes-donnees.json"'
    response["Cache-Control"] = "private, no-store"
    return response


@sessions.silent
@never_cache
@require_safe
def session_status(request):
    """Who is signed in and for how long, without prolonging it; and the token of this session for a page of an earlier one."""
    return JsonResponse(_status(request))


@require_POST
@sessions.signed_in
def session_extend(request):
    """« Rester connecté »: JSON for the script, back to the page without it."""
    sessions.touch(request, at_once=True)
    if wants_json(request):
        return JsonResponse(_status(request))
    back = request.POST.get("next", "")
    if not back.startswith("/") or not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = "accounts:landing"
    return redirect(back)


def _status(request):
    known = request.user.is_authenticated
    left = sessions.seconds_left(request) if known else 0
    return {"user": str(request.user.pk) if known else "", "seconds": left, "csrf": get_token(request)}
