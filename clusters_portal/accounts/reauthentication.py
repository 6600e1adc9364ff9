"""Proving again who one is, just before an act that binds: deciding, signing, notifying, giving a role."""

from functools import wraps
from urllib.parse import urlencode, urlsplit

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY, is_reauthentication_required
from allauth.core.internal.httpkit import deserialize_request, serialize_request
from django.contrib.auth import REDIRECT_FIELD_NAME as NEXT
from django.http import QueryDict
from django.shortcuts import redirect
from django.urls import resolve
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from ..lib.wire import refusal, wants_json

# Forms sent and not confirmed yet, in the session: {token: form}. Each tab has its own, so that confirming in one never does
# what was typed in another; allauth itself keeps only the last.
SENT, TOKEN, MOST = "sent_unconfirmed", "sent", 8
WAITING = {"callback": f"{__name__}.resume", "state": {}}


def is_confirmed(request) -> bool:
    """Was the sign-in confirmed within ACCOUNT_REAUTHENTICATION_TIMEOUT, by password or second factor?"""
    return not is_reauthentication_required(request, app="")


def confirmed(view):
    """The sign-in must have been confirmed lately (`is_confirmed`) for what the view does on POST. It goes after what asks
    who may act: nobody is asked for a password to be refused. The whole view runs again once confirmed.

    Otherwise the person is asked, then what was sent is done as it was sent: nothing typed is lost. A file is not kept: its
    form comes back filled in, without it. What is refused then is shown on an address that is not the form's own, so the
    form must say its own: `action="{{ request.path }}"`. A script is told in JSON (403, `reauthenticate`).
    """

    @wraps(view)
    def wrapper(request, *args, **kwargs):
        if request.method in ("GET", "HEAD") or is_confirmed(request):
            return view(request, *args, **kwargs)
        if wants_json(request):
            return refusal("reauthenticate", _("Confirm that it is you before this act."), status=403)
        return asked(request)

    return wrapper


def asked(request):
    """Keep what was sent, and ask who it is: `resume` does it afterwards."""
    token = get_random_string(12)
    kept = list(request.session.get(SENT, {}).items())[1 - MOST :]
    request.session[SENT] = {**dict(kept), token: serialize_request(request)}
    request.session[STATE_SESSION_KEY] = WAITING
    address = get_adapter(request).get_reauthentication_methods(request.user)[0]["url"]
    return redirect(f"{address}?{urlencode({NEXT: f'{request.path}?{TOKEN}={token}'})}")


def resume(request, _state):
    """Called by allauth once the person is confirmed: does what was sent. None when it was done already: back to its page."""
    came_from = request.POST.get(NEXT) or request.GET.get(NEXT, "")
    kept = request.session.get(SENT, {})
    sent = kept.pop(QueryDict(urlsplit(came_from).query).get(TOKEN, ""), None)
    request.session[SENT] = kept
    if kept:
        request.session[STATE_SESSION_KEY] = WAITING
    if sent is None:
        return None
    again = deserialize_request(sent, request)
    again.resolver_match = match = resolve(again.path_info)
    return match.func(again, *match.args, **match.kwargs)
