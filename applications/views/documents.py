"""Pieces of a dossier: sent, taken out, downloaded."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications.forms.pieces import UploadForm
from applications.models import Document
from applications.pdf.papers import page_check
from applications.permissions import role_on
from applications.queries import Dossier, applications_visible_to, own_applications
from applications.services.documents import attach, remove
from applications.services.drafts import DraftRefused
from applications.steps import STEPS_BY_CODE
from clusters_portal.lib.uploads import UploadRefused

from .own import frame, own_or_404
from .steps import render_step

STEP = STEPS_BY_CODE["documents"]


@require_POST
@login_required
def upload(request, pk, code):
    """Send one file for one piece. What is refused is said beside its card, and nothing is kept of it."""
    application = own_or_404(request.user, pk)
    requirement = get_object_or_404(application.call.document_requirements, code=code)
    form = UploadForm(request.POST, request.FILES, auto_id=f"id_{code}_%s")
    if form.is_valid():
        try:
            made = attach(
                application=application, requirement=requirement, upload=form.cleaned_data["file"], actor=request.user,
                label=form.cleaned_data["label"], expected_pages=page_check(application, code),
            )  # fmt: skip
            messages.success(request, _("“%(file)s” has been received.") % {"file": made.original_name})
            return redirect(_card(application, code))
        except UploadRefused as refused:
            form.add_error("file", refused.message)
        except DraftRefused as refused:
            form.add_error(None, str(refused))
    return render_step(request, application, STEP.bind(Dossier(application)), uploads={code: form}, status=422)


@require_safe
@login_required
def document_download(request, pk):
    """The original file, always as an attachment. DPTC opens the files of the deposit, never those taken out before it."""
    document = get_object_or_404(
        Document.objects.select_related("application"), pk=pk, application__in=applications_visible_to(request.user).order_by().values("pk")
    )
    if not role_on(request.user, document.application) and str(document.pk) not in _deposited(document.application):
        raise Http404
    try:
        content = document.file.open("rb")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(content, as_attachment=True, filename=document.original_name, content_type=document.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


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
    """Identifiers of the files of the deposit that counts."""
    deposit = application.current_deposit
    return {kept["id"] for kept in deposit.content["documents"]} if deposit else set()
