"""One's own notices: the list, reading one, reading them all."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from .notices import mark_all_read, mark_read

PER_PAGE = 20


@require_safe
@login_required
def notices(request):
    """The newest first, those not read yet marked."""
    page = Paginator(request.user.notices.all(), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "notifications/notices.html", {"page": page, "unread": request.user.unread_notices})


@require_POST
@login_required
def notice(request, pk):
    """Mark one's notice as read; with `go`, then go where it leads."""
    found = get_object_or_404(request.user.notices, pk=pk)
    mark_read(notice=found)
    # Written by the portal itself, and checked all the same: a notice never leads anywhere else.
    if "go" in request.POST and found.url and url_has_allowed_host_and_scheme(found.url, allowed_hosts=None):
        return redirect(found.url)
    page = request.POST.get("page", "")
    return redirect(reverse("notifications:notices") + (f"?page={int(page)}" if page.isdecimal() else ""))


@require_POST
@login_required
def read_all(request):
    """Mark every notice of mine as read."""
    count = mark_all_read(user=request.user)
    if count:
        messages.success(
            request, ngettext("%(count)d notice marked as read.", "%(count)d notices marked as read.", count) % {"count": count}
        )
    return redirect("notifications:notices")
