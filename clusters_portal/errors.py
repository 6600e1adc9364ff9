"""Error pages: a sentence and a way on, never a trace."""

import errno
import sys

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse, HttpResponseServerError
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from .accounts.sessions import NOT_TYPED, resend_page, sealed_form
from .context_processors import request_id
from .lib.wire import refusal, wants_json

STORE = {"botocore", "boto3"}  # not imported here: that costs a third of a second
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}  # no room left for a file

TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


def _page(request, status, reason=""):
    return render(request, f"{status}.html", {"reason": reason}, status=status)


def bad_request(request, exception=None):
    """What could not be read; what was too much to be read says so (413)."""
    if not isinstance(exception, TOO_MUCH):
        return _page(request, 400)
    if wants_json(request):
        return refusal("too_large", _("What was sent is larger than the portal takes at once."), status=413)
    return _page(request, 413)


def method_refused(request, allowed: str):
    """A form sent to a page that only reads, a link to an act: `allowed` names what the address takes."""
    response = _page(request, 405)
    response.headers["Allow"] = allowed
    return response


def too_many(request, exception=None):
    """A rate limit that was reached: what was typed comes back behind one button, but for passwords, which no page holds."""
    fields = request.POST.lists() if request.method == "POST" else ()
    typed = [(name, value) for name, values in fields for value in values if name not in NOT_TYPED and "password" not in name]
    return render(request, "429.html", {"typed": typed}, status=429)


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
    error = sys.exc_info()[1]
    away = isinstance(error, (OperationalError, InterfaceError)) or type(error).__module__.partition(".")[0] in STORE
    if away or getattr(error, "errno", None) in FULL:
        return _away(request)
    return HttpResponseServerError(render_to_string("500.html", {"request_id": request_id()}))


def _away(request):
    """The database is restarted, the store of the files is away, or a disk is full: nothing was kept, all may be sent again as it is.

    A form of ours that was sent comes back in the page with what was typed, behind one button.
    """
    sentence = _("The portal is stopped for a moment. What you had saved is kept. Wait a minute, then try again.")
    if wants_json(request):
        answer = refusal("away", sentence, status=503)
    else:
        context = {
            "sentence": sentence, "sent": _sent(request), "path": request.path, "csrf": get_token(request), "request_id": request_id(),
        }  # fmt: skip
        answer = HttpResponse(render_to_string("503.html", context), status=503)
    answer["Retry-After"] = "30"
    add_never_cache_headers(answer)
    return answer


def _sent(request):
    try:
        return sealed_form(request)
    except OSError:  # the form itself could not be received
        return None
