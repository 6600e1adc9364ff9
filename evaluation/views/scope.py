"""What every page of this floor asks first: does this exist for this person? If not, the same 404 as for nothing."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from clusters_portal.accounts.roles import has_role


def only(user, *roles):
    """404 for anyone without one of the roles: pages that hang on no object."""
    if not has_role(user, *roles):
        raise Http404


def demand(permission):
    """403 with the reason in words."""
    if not permission:
        raise PermissionDenied(permission.reason)


def call_or_404(calls, slug):
    """The call of this address among those the person may see."""
    return get_object_or_404(calls, slug=slug)


def posted(request):
    """What a form is bound to: the posted data, even empty, or nothing on a mere visit."""
    return request.POST if request.method == "POST" else None


def version_of(request) -> int:
    """The version a posted form was opened with; -1 when it cannot be read."""
    typed = request.POST.get("version", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else -1
