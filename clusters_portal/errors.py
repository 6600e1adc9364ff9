"""Error pages: a sentence and a way on, never a trace."""

from django.http import HttpResponseServerError
from django.shortcuts import render
from django.template.loader import render_to_string


def _page(request, status, reason=""):
    return render(request, f"{status}.html", {"reason": reason}, status=status)


def bad_request(request, exception=None):
    return _page(request, 400)


def permission_denied(request, exception=None):
    """A reader who may not do this act: the reason given to PermissionDenied is shown in words."""
    return _page(request, 403, str(exception) if exception else "")


def not_found(request, exception=None):
    """The same page for what does not exist and what is not yours; the exception's text is not shown."""
    return _page(request, 404)


def server_error(request):
    """Drawn without the request: what failed may be the database, or what every page asks of it."""
    return HttpResponseServerError(render_to_string("500.html"))
