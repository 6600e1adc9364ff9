"""What the people of a dossier read once its decision is notified: the decision, its letters, their appeal."""

import json

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from applications.models import Collaborator
from applications.permissions import role_on
from applications.views.own import frame, own_or_404
from clusters_portal.lib import clock
from clusters_portal.lib.uploads import UploadRefused
from evaluation.forms.appeals import AppealForm
from evaluation.models import Attachment, Letter
from evaluation.pdf_appeals import LANGUAGES, acknowledgement_pdf
from evaluation.pdf_letters import told
from evaluation.queries.appeals import appeal_of
from evaluation.queries.letters import decision_letter, letters_of
from evaluation.services import appeals
from evaluation.services.refusals import Refused
from evaluation.views.letters import printed
from evaluation.views.minutes import pdf_response
from evaluation.views.scope import posted


def notified_or_404(user, pk):
    """One's own dossier whose decision is notified; the same 404 before, for a stranger's and for none."""
    application = own_or_404(user, pk)
    if application.notified_at is None:
        raise Http404
    return application


@require_safe
@login_required
def decision(request, pk):
    """The decision with its reasons, own scores as far as the call gives them, letters and means of appeal."""
    application = notified_or_404(request.user, pk)
    letter = decision_letter(application)
    if letter is None:
        raise Http404
    lang = "ar" if get_language() == "ar" else "fr"
    context = {
        **frame(application),
        **told(json.loads(letter.content), lang),
        "letter": letter,
        "letters": letters_of(application),
        "appeal": appeal_of(application),
        "may_appeal": _may_appeal(request.user, application),
    }
    return render(request, "evaluation/told/decision.html", context)


def _may_appeal(user, application) -> bool:
    return role_on(user, application) == Collaborator.Role.MANDATARY and appeals.is_open(application, clock.now())


@require_safe
@login_required
def letter(request, pk, number, lang):
    """One letter of one's own dossier."""
    application = notified_or_404(request.user, pk)
    return printed(request, get_object_or_404(Letter, application=application, number=number), lang)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def appeal(request, pk):
    """File the appeal, or follow the one that was filed."""
    application = notified_or_404(request.user, pk)
    context = {**frame(application), "appeal": appeal_of(application), "due": appeals.due_of(application), "form": None}
    if context["appeal"] is not None and request.method != "POST":
        return render(request, "evaluation/told/appeal.html", context)
    if role_on(request.user, application) != Collaborator.Role.MANDATARY:
        raise PermissionDenied(_("Only the authorised representative may file an appeal."))
    form = AppealForm(posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid() and _filed(request, application, form):
        return redirect("evaluation:file_appeal", pk)
    is_open = appeals.is_open(application, clock.now())
    status = 409 if form.errors and not is_open else 422 if form.errors else 200
    return render(request, "evaluation/told/appeal.html", {**context, "form": form, "is_open": is_open}, status=status)


def _filed(request, application, form) -> bool:
    data = form.cleaned_data
    try:
        made = appeals.file(application=application, kind=data["kind"], text=data["text"], upload=data["piece"], actor=request.user)
    except UploadRefused as refusal:
        form.add_error("piece", refusal.message)
        return False
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return False
    messages.success(request, _("Your appeal is received under number %(number)s.") % {"number": made.number})
    return True


def _own_appeal_or_404(user, pk):
    found = appeal_of(notified_or_404(user, pk))
    if found is None:
        raise Http404
    return found


@require_safe
@login_required
def acknowledgement(request, pk, lang):
    """The acknowledgement of one's appeal."""
    found = _own_appeal_or_404(request.user, pk)
    if lang not in LANGUAGES:
        raise Http404
    return pdf_response(acknowledgement_pdf(found, lang=lang), f"recours-{found.number}-{lang}.pdf")


@require_safe
@login_required
def piece(request, pk):
    """The piece one joined to one's appeal."""
    return piece_response(_own_appeal_or_404(request.user, pk), own=True)


def piece_response(found, *, own: bool):
    """The piece of an appeal: its own people at once, others once it is clean; nobody an infected one."""
    if found.piece is None:
        raise Http404
    state = found.piece.scan
    if state == Attachment.Scan.INFECTED:
        raise PermissionDenied(_("The virus scan refused this file: nobody can open it."))
    if state == Attachment.Scan.PENDING and not own:
        raise PermissionDenied(_("Virus scan in progress: this file can be opened once it is known to be clean."))
    with found.piece.file.open("rb") as file:
        headers = {
            "Content-Disposition": f'attachment; filename="recours-{found.number}.pdf"',
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        }
        return HttpResponse(file.read(), content_type="application/pdf", headers=headers)
