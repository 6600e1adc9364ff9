"""What machines and researchers look for at a fixed address."""

from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from .lib import clock

VALID_FOR = timedelta(days=180)  # RFC 9116 advises less than a year


@require_safe
def security_txt(request):
    """Where to write about a weakness of the portal (RFC 9116). Not found while no address is set."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    expires = (clock.now() + VALID_FOR).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: fr, ar, en",
        f"Canonical: {settings.PORTAL_URL}{reverse('security_txt')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
