"""Messages between the people of a dossier and DPTC (A13): one thread, a page for each side."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ..forms.messages import MessageForm
from ..models import Message
from ..permissions import can_write_message, role_on
from ..queries import applications_visible_to, submitted_applications, thread_of
from ..services.messages import MessageRefused, TooManyMessages, mark_read, send
from .own import frame, own_or_404
from .worklist import listed_address

Side = Message.Side


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def thread(request, pk):
    """The applicants' page. Before the deposit it only says whom to ask: DPTC does not see drafts."""
    application = own_or_404(request.user, pk)
    return _thread(request, application, Side.APPLICANT, "messages", "applications/dossier/messages.html", frame(application))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def staff_thread(request, pk):
    """The same thread for DPTC."""
    application = get_object_or_404(submitted_applications(request.user), pk=pk)
    context = {"application": application, "deposit": application.current_deposit}
    return _thread(request, application, Side.DPTC, "staff_messages", "applications/staff/messages.html", context)


@require_POST
@login_required
def messages_read(request, pk):
    """The person has seen the thread up to one message."""
    application = get_object_or_404(applications_visible_to(request.user), pk=pk)
    until = request.POST.get("until", "")
    shown = application.messages.filter(pk=until).first() if until.isdecimal() and len(until) < 18 else None
    if shown is not None:
        mark_read(application=application, until=shown, actor=request.user)
    here = "messages" if role_on(request.user, application) else "staff_messages"
    return redirect(listed_address(request, here, pk))


def _thread(request, application, side, here, template, context):
    permission, status = can_write_message(request.user, application), 200
    form = MessageForm(request.POST or None)
    if request.method == "POST":
        if not permission:
            raise PermissionDenied(permission.reason)
        status = 422
        if form.is_valid():
            try:
                send(application=application, body=form.cleaned_data["body"], actor=request.user)
                messages.success(request, _("Your message has been sent."))
                return redirect(listed_address(request, here, application.pk))
            except TooManyMessages as refused:
                status = 429
                form.add_error(None, str(refused))
            except MessageRefused as refused:
                form.add_error(None, str(refused))
    found = thread_of(application, request.user, side=side)
    context |= {"form": form, "thread": found, "permission": permission, "has_new": any(message.is_new for message in found)}
    return render(request, template, context, status=status)
