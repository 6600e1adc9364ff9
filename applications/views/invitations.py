"""The page an invitation's link leads to. It says nothing of the dossier to anyone but the invited person."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from applications.models import Collaborator
from applications.services.people import InvitationOver, PeopleRefused, accept, find_invitation, is_for
from clusters_portal.lib import clock, throttle

# A token has 256 bits: this only spares the database somebody who tries them.
LIMIT, WINDOW = 60, 600


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request, token):
    """Accept an invitation (POST). Without the right account the page says how to go on, and nothing else."""
    if not throttle.allow(f"invitation:{throttle.client_key(request)}", LIMIT, WINDOW):
        return _page(request, "slow", 429)
    found = find_invitation(token)
    if found is None:
        raise Http404
    if request.user.is_authenticated and found.accepted_by_id == request.user.pk and _works_on(request.user, found):
        return redirect("applications:task_list", found.application_id)
    if not found.is_valid(clock.now()):
        return _page(request, "over", 410)
    if not request.user.is_authenticated:
        return _page(request, "visitor", 403 if request.method == "POST" else 200)
    if not is_for(found, request.user):
        return _page(request, "other_account", 403)
    if request.method == "POST":
        return _accept(request, found)
    return _page(request, "invited", invitation=found)


def _accept(request, found):
    try:
        accept(invitation=found, actor=request.user)
    except InvitationOver:
        return _page(request, "over", 410)
    except PeopleRefused as refused:
        return _page(request, "refused", 409, refusal=str(refused))
    messages.success(request, _("You can now edit this application."))
    return redirect("applications:task_list", found.application_id)


def _works_on(user, found):
    return Collaborator.objects.filter(application=found.application_id, user=user).exists()


def _page(request, state, status=200, **context):
    return render(request, "applications/invitation.html", {"state": state, **context}, status=status)
