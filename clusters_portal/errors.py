"""Error pages: a sentence and a way on, never a trace."""

from django.http import HttpResponseServerError
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from .accounts.sessions import resend_page
from .lib.wire import refusal, wants_json


def _page(request, status, reason=""):
    return render(request, f"{status}.html", {"reason": reason}, status=status)


def bad_request(request, exception=None):
    return _page(request, 400)


def permission_denied(request, exception=None):
    """A reader who may not do this act: the reason given to PermissionDenied is shown in words."""
    return _page(request, 403, str(exception) if exception else "")


def not_found(request, exception=None):
    """The same page for what does not exist and what is not yours; the exception's text is not shown."""
    if wants_json(request):
        return refusal("not_found", _("This page does not exist, or you no longer have access to it."), status=404)
    return _page(request, 404)


def csrf_failure(request, reason=""):
    """A page of an earlier session was sent: the token changed when the person signed in again. What was typed is kept."""
    sentence = _("This page was opened in an earlier session. Go back, reload it and try again.")
    if wants_json(request):
        return refusal("csrf", sentence, status=403)
    return resend_page(request, status=403) or _page(request, 403, sentence)


def server_error(request):
    """Drawn without the request: what failed may be the database, or what every page asks of it."""
    return HttpResponseServerError(render_to_string("500.html"))
