"""Proving again who one is, just before an act that binds: deciding, signing, giving a role."""

from functools import wraps

from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from allauth.core.exceptions import ReauthenticationRequired
from django.utils.translation import gettext as _

from ..lib.wire import refusal, wants_json


def confirmed(view):
    """The sign-in must have been confirmed within ACCOUNT_REAUTHENTICATION_TIMEOUT, by password or second factor.

    Otherwise the person is asked, then what was sent is done as it was sent: nothing typed is lost. A script is told in
    JSON (403, `reauthenticate`). For a view that only acts on POST, reading the page asks for nothing.
    """

    @wraps(view)
    def wrapper(request, *args, **kwargs):
        if request.method not in ("GET", "HEAD") and is_reauthentication_required(request, app=""):
            if wants_json(request):
                return refusal("reauthenticate", _("Confirm that it is you before this act."), status=403)
            raise ReauthenticationRequired
        return view(request, *args, **kwargs)

    return wrapper
