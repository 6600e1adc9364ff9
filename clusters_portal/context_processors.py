"""What every page needs: navigation for the person, demonstration mode, direction of the script."""

from django.conf import settings

from .accounts.navigation import navigation_for


def portal(request):
    return {
        "navigation": navigation_for(request),
        "demo_mode": settings.DEMO_MODE,
        "is_rtl": getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE) == "ar",
    }
