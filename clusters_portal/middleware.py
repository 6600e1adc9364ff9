"""Middleware of the ground floor."""

import re
import time
from uuid import uuid4

import structlog
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import BadRequest
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from . import errors
from .accounts import sessions
from .lib import clock
from .lib.wire import wants_json

LONGEST_WAIT = 60.0  # seconds; proxy_read_timeout of deploy/nginx.conf


class ReferenceMiddleware:
    """Gives a request its reference before anything can fail: the page that says so, the logs and the tasks have the same.

    Behind a proxy of ours it is the proxy's, which is in its log too. What a visitor sends is not believed. An answer that
    says the portal failed, or is away, bears it as X-Request-ID too: not every one of them is a page.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        given = request.META.get("HTTP_X_REQUEST_ID", "") if settings.ALLAUTH_TRUSTED_PROXY_COUNT else ""
        # django-structlog reads it there when it begins its own lines, some middleware later.
        reference = request.META["HTTP_X_REQUEST_ID"] = given or str(uuid4())
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=reference)
        response = self.get_response(request)
        structlog.contextvars.clear_contextvars()
        if response.status_code >= 500:
            response.headers["X-Request-ID"] = reference
        return response


class ArrivalMiddleware:
    """Notes when a request reached the portal (`request.arrived`, on the monotonic clock): a deposit is judged by it.

    In a crowd a request waits for a free thread of gunicorn, some ten seconds in the last minute. Our proxy says when it had
    the request whole; a visitor who says so is not believed, and nobody is believed beyond the minute a proxy waits.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        said = request.META.get("HTTP_X_REQUEST_START", "") if settings.ALLAUTH_TRUSTED_PROXY_COUNT else ""
        waited = self.waited(said)  # before the clock it is taken from, for the reason `clock.arrival` gives
        request.arrived = time.monotonic() - waited
        return self.get_response(request)

    @staticmethod
    def waited(said) -> float:
        """Seconds since the proxy had the request; 0 when it does not say. `said` is seconds since 1970, as nginx writes $msec."""
        if not re.fullmatch(r"\d{1,12}\.\d{1,6}", said):
            return 0.0
        return min(max(time.time() - float(said), 0.0), LONGEST_WAIT)


class SecurityHeadersMiddleware:
    """The headers Django has no setting for, on every answer: outermost, so that static files and errors have them too."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        for name, value in settings.SECURITY_HEADERS.items():
            response.headers.setdefault(name, value)
        return response


class LanguageMiddleware(LocaleMiddleware):
    """French unless the visitor chose another language: the browser's own preference is not asked.

    The call documents are French; an English-configured phone must not turn an official page English by itself.
    """

    def process_request(self, request):
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        translation.activate(language)
        request.LANGUAGE_CODE = language


class NullBytesMiddleware:
    """No browser sends a null byte and PostgreSQL stores none: a request that has one could not be read (400)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if "\x00" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if request.method == "POST" and any("\x00" in value for _name, values in request.POST.lists() for value in values):
            raise BadRequest


class PageClockMiddleware:
    """A page that only shows asks the database's clock once, however many dossiers it judges by it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        with clock.one_reading():
            return self.get_response(request)


class PrivatePagesMiddleware:
    """What a signed-in person sees is never kept by a cache: Back after logout shows nothing."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response


class RefusedMethodMiddleware:
    """Django answers a wrong method with an empty page: whoever comes back to an act by its address reads why."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.status_code == 405 and not response.content and request.method != "HEAD" and not wants_json(request):
            return errors.method_refused(request, response.headers.get("Allow", ""))
        return response


class IdleSessionMiddleware:
    """Signs out whoever has done nothing for SESSION_IDLE_SECONDS, which any request puts off, or signed in SESSION_MAX_SECONDS ago."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated and sessions.seconds_left(request) <= 0:
            sentence = (
                _("You were signed out: after some hours everybody signs in again. What you saved is kept.")
                if sessions.is_too_old(request)
                else _("You were signed out because nothing had been done for a long time. What you saved is kept.")
            )
            logout(request)
            if request.method == "GET" and not wants_json(request) and not request.htmx:
                messages.info(request, sentence)
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if request.user.is_authenticated and not getattr(view, "is_silent", False):
            sessions.touch(request)
