"""What every page needs: navigation for the person, demonstration mode, server time."""

from django.conf import settings

from .accounts.navigation import navigation_for
from .lib import clock


def portal(request):
    return {
        "navigation": navigation_for(request),
        "demo_mode": settings.DEMO_MODE,
        "server_now": clock.now,
        "is_rtl": getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE) == "ar",
    }
