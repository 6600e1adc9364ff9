"""Pieces of a dossier: sent, taken out, downloaded."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications.forms.pieces import UploadForm, card_of
from applications.models import Document
from applications.pdf.papers import KIND_OF_PIECE, page_check
from applications.permissions import role_on
from applications.queries import Dossier, applications_visible_to, own_applications
from applications.services.documents import attach, remove
from applications.services.drafts import DraftRefused
from applications.steps import STEPS_BY_CODE
from clusters_portal.lib.uploads import UploadRefused, clean_file_name

from .own import frame, own_or_404
from .steps import render_step

STEP = STEPS_BY_CODE["documents"]
MAX_ATTEMPTS = 60  # a page asks so many times after a scan, five seconds apart, then waits to be reloaded


@require_POST
@login_required
def upload(request, pk, code):
    """Send the files of one piece. What is refused is said beside its card; the others are kept.

    A page that shows the progress asks for JSON: {"received": [names], "refused": [sentences]}.
    """
    application = own_or_404(request.user, pk)
    requirement = get_object_or_404(application.call.document_requirements, code=code)
    form = UploadForm(request.POST, request.FILES, several=requirement.several, auto_id=f"id_{code}_%s")
    received = receive(application, requirement, form, request.user) if form.is_valid() else []
    if wants_progress(request):
        return told_to_script(form, received)
    for name in received:
        messages.success(request, _("“%(file)s” has been received.") % {"file": name})
    if form.is_valid():
        return redirect(_card(application, code))
    status = 503 if form.store_is_away else 422
    return render_step(request, application, STEP.bind(Dossier(application)), uploads={code: form}, status=status)


def wants_progress(request) -> bool:
    """Does the page that sends files show their progress (static/js/upload.js)?"""
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def told_to_script(form, received) -> JsonResponse:
    """{"received": [names], "refused": [sentences]}; 422 when something was refused, 503 when it may be sent again as it is."""
    refused = [sentence for sentences in form.errors.values() for sentence in sentences]
    return JsonResponse({"received": received, "refused": refused}, status=503 if form.store_is_away else 422 if refused else 200)


def receive(application, requirement, form, actor, *, send=attach) -> list[str]:
    """Keep each file on its own, through `send`; the names of those kept. The others become errors of the form."""
    received, label = [], form.cleaned_data["label"]
    for file in form.cleaned_data["file"]:
        try:
            made = send(
                application=application, requirement=requirement, upload=file, actor=actor, label=label,
                expected_pages=page_check(application, requirement.code),
            )  # fmt: skip
            received.append(made.original_name)
        except UploadRefused as refused:
            form.refuse(clean_file_name(file.name), refused.message)
            form.store_is_away |= refused.code == "not_stored"
        except DraftRefused as refused:
            form.add_error(None, str(refused))
            break
    return received


@require_safe
@login_required
def piece_files(request, pk, code):
    """The files of one card as they stand: asked for after an upload, and while a virus scan goes on."""
    application = own_or_404(request.user, pk)
    requirement = get_object_or_404(application.call.document_requirements, code=code)
    text = request.GET.get("essai", "")
    attempt = int(text) if text.isdecimal() and len(text) < 4 else 0
    context = {
        "application": application, "card": card_of(Dossier(application), requirement), "kind": KIND_OF_PIECE.get(code),
        "fragment": True, "attempt": attempt + 1, "gives_up": attempt >= MAX_ATTEMPTS,
    }  # fmt: skip
    return render(request, "applications/parts/_piece_files.html", context)


def readable_document(user, pk):
    """A file this person may know of: of a dossier of theirs, or of the deposits of one they read. Raises Http404."""
    document = get_object_or_404(
        Document.objects.select_related("application"), pk=pk, application__in=applications_visible_to(user).order_by().values("pk")
    )
    if not role_on(user, document.application) and str(document.pk) not in _deposited(document.application):
        raise Http404
    return document


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def document_remove(request, pk):
    """Ask once, naming the file, then take it out of the dossier."""
    mine = own_applications(request.user).order_by().values("pk")
    document = get_object_or_404(Document.objects.select_related("requirement"), pk=pk, replaced_at=None, application__in=mine)
    application = own_or_404(request.user, document.application_id)
    if request.method == "POST":
        try:
            remove(document=document, actor=request.user)
        except DraftRefused as refused:
            raise PermissionDenied(str(refused)) from None
        messages.success(request, _("“%(file)s” has been removed.") % {"file": document.original_name})
        return redirect(_card(application, document.requirement.code))
    return render(request, "applications/dossier/document_remove.html", {**frame(application), "document": document, "step": STEP})


def _card(application, code):
    return reverse("applications:step", args=[application.pk, STEP.slug]) + f"#piece-{code}"


def _deposited(application) -> set:
    """Identifiers of the files of the deposit that counts, and of the one a complement was asked about: old beside new."""
    deposits = [application.current_deposit, *(request.deposit for request in application.complement_requests.select_related("deposit"))]
    return {kept["id"] for deposit in deposits if deposit for kept in deposit.content["documents"]}
