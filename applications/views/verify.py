"""Public verification of a receipt (P4): number, date, time and fingerprint, and nothing else."""

from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from applications.models import Deposit
from applications.rules.numbers import normalised
from clusters_portal.lib import clock, throttle
from clusters_portal.lib.text import clean_text

LIMIT, WINDOW = 120, 600  # look-ups per client, seconds


@require_safe
def verify_form(request):
    """The page where a number is typed; a typed one leads to its own address."""
    if "number" not in request.GET:
        return _page(request)
    number = normalised(clean_text(request.GET["number"], multiline=False))
    if not number:
        return _page(request, error=_("Type the number printed on the receipt."))
    return redirect("applications:verify", number=number)


@require_safe
def verify(request, number):
    """What was registered under a number. An unknown one gets the same page, calmly, with status 404."""
    number = normalised(clean_text(number, multiline=False))
    if not throttle.allow(f"verify:{throttle.client_key(request)}", LIMIT, WINDOW):
        response = _page(request, status=429, number=number, state="busy")
        response["Retry-After"] = str(WINDOW)
        return response
    # Only these columns leave the table: no name can reach the page by mistake.
    rows = Deposit.objects.filter(number=number).order_by("-sequence").values("received_at", "sha256")
    deposits = [row | {"exact": clock.local(row["received_at"]).isoformat(sep=" ", timespec="seconds")} for row in rows]
    if not deposits:
        return _page(request, status=404, number=number, state="unknown")
    return _page(request, number=number, state="found", deposits=deposits)


def _page(request, *, status=200, state="form", **context):
    return render(request, "applications/verify.html", {"state": state, **context}, status=status)
