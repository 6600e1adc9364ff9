"""What every page needs: navigation for the person, demonstration mode, direction of the script."""

import structlog
from django.conf import settings

from .accounts.navigation import navigation_for
from .accounts.sessions import seconds_left


def portal(request):
    # A request refused before its person is known (a wrong host) has its page too.
    known = getattr(request, "user", None) is not None and request.user.is_authenticated
    return {
        "navigation": navigation_for(request),
        "demo_mode": settings.DEMO_MODE,
        "request_id": request_id(),
        "session_seconds": seconds_left(request) if known else 0,
        "is_rtl": getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE) == "ar",
    }


def request_id() -> str:
    """The identifier under which the logs have this request; "" before one was given."""
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))
