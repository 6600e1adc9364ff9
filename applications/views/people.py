"""A3: who works on a dossier, what each may do, and how people come and go."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications.forms.people import InviteForm
from applications.models import Collaborator
from applications.permissions import can_answer_transfer, can_leave, can_manage_people
from applications.queries import pending_transfer, people_of
from applications.services import mandate, people
from applications.services.people import PeopleRefused
from clusters_portal.lib import clock, throttle

from .own import frame, own_or_404

INVITATIONS_PER_HOUR = 20


@require_safe
@login_required
def people_list(request, pk):
    """Everyone on the dossier with what he may do, the invitations that wait, the mandate on its way."""
    return _page(request, own_or_404(request.user, pk))


@require_POST
@login_required
def invite(request, pk):
    """Send an invitation. What is refused is said on the page, with the address still in its field."""
    application = own_or_404(request.user, pk)
    _require(can_manage_people(request.user, application))
    form = InviteForm(request.POST)
    if form.is_valid() and not throttle.allow(f"invite:{request.user.pk}", INVITATIONS_PER_HOUR, 3600):
        form.add_error("email", _("Too many invitations in one hour: try again later."))
        return _page(request, application, form=form, status=429)
    if form.is_valid():
        try:
            sent = people.invite(application=application, email=form.cleaned_data["email"], actor=request.user, link=_link(request))
            messages.success(request, _("An invitation was sent to %(address)s.") % {"address": sent.email})
            return redirect("applications:people", pk)
        except PeopleRefused as refused:
            form.add_error("email", str(refused))
    return _page(request, application, form=form, status=422)


@require_POST
@login_required
def revoke(request, pk, invitation_id):
    application = own_or_404(request.user, pk)
    _require(can_manage_people(request.user, application))
    invitation = get_object_or_404(application.invitations, pk=invitation_id)
    done = _("The invitation to %(address)s is cancelled.") % {"address": invitation.email}
    return _act(request, application, done, people.revoke, invitation=invitation)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request, pk, collaborator_id):
    """Ask once, naming the person, then take him off the dossier."""
    application = own_or_404(request.user, pk)
    _require(can_manage_people(request.user, application))
    collaborator = get_object_or_404(application.collaborators.select_related("user"), pk=collaborator_id)
    if collaborator.role == Collaborator.Role.MANDATARY:
        raise PermissionDenied(_("The authorised representative cannot be removed: the mandate must be handed over first."))
    if request.method != "POST":
        return _confirm(request, application, "remove", person=collaborator.user)
    done = _("%(person)s no longer works on this application.") % {"person": collaborator.user}
    return _act(request, application, done, people.remove, collaborator=collaborator)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request, pk):
    """Ask once, then leave the dossier, which disappears from one's own list."""
    application = own_or_404(request.user, pk)
    _require(can_leave(request.user, application))
    if request.method != "POST":
        return _confirm(request, application, "leave")
    done = _("You no longer work on the application of %(association)s.") % {"association": application.association}
    return _act(request, application, done, people.leave, after="applications:my_applications", application=application)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def transfer_request(request, pk, collaborator_id):
    """Ask once, naming the person, then offer the mandate."""
    application = own_or_404(request.user, pk)
    _require(can_manage_people(request.user, application))
    editors = application.collaborators.select_related("user").filter(role=Collaborator.Role.EDITOR)
    person = get_object_or_404(editors, pk=collaborator_id).user
    if request.method != "POST":
        return _confirm(request, application, "transfer", person=person)
    done = _("The mandate is offered to %(person)s. You hold it until it is accepted.") % {"person": person}
    return _act(request, application, done, mandate.request_transfer, application=application, to_user=person)


@require_POST
@login_required
def transfer_accept(request, pk):
    application = own_or_404(request.user, pk)
    _require(can_answer_transfer(request.user, pending_transfer(application)))
    done = _("You are now the authorised representative of this application.")
    return _act(request, application, done, mandate.accept_transfer, application=application)


@require_POST
@login_required
def transfer_decline(request, pk):
    application = own_or_404(request.user, pk)
    _require(can_answer_transfer(request.user, pending_transfer(application)))
    done = _("You declined the mandate. Nothing has changed.")
    return _act(request, application, done, mandate.decline_transfer, application=application)


@require_POST
@login_required
def transfer_cancel(request, pk):
    application = own_or_404(request.user, pk)
    _require(can_manage_people(request.user, application))
    done = _("The offer of the mandate is taken back. You remain the authorised representative.")
    return _act(request, application, done, mandate.cancel_transfer, application=application)


def _require(permission):
    if not permission:
        raise PermissionDenied(permission.reason)


def _act(request, dossier, done, service, *, after="", **arguments):
    """Do one act and lead to a fresh page; what the moment forbids is said on the page of people."""
    try:
        service(actor=request.user, **arguments)
    except PeopleRefused as refused:
        return _page(request, dossier, refusal=str(refused), status=409)
    messages.success(request, done)
    return redirect(after) if after else redirect("applications:people", dossier.pk)


def _page(request, application, *, form=None, refusal="", status=200):
    context = {
        **frame(application),
        **people_of(application, clock.now()),
        "form": form or InviteForm(),
        "refusal": refusal,
        "may_manage": can_manage_people(request.user, application),
        "may_leave": can_leave(request.user, application),
    }
    return render(request, "applications/dossier/people.html", context, status=status)


def _confirm(request, application, act, **context):
    return render(request, "applications/dossier/people_confirm.html", {**frame(application), "act": act, **context})


def _link(request):
    return lambda token: request.build_absolute_uri(reverse("applications:invitation", args=[token]))
