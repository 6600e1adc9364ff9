"""A file brought without an online application: opened at the counter, then its pieces scanned and frozen by the agents."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clusters_portal.accounts.roles import has_role
from clusters_portal.lib import clock
from clusters_portal.lib.uploads import UploadRefused

from ..forms.counter import WalkInForm
from ..forms.pieces import UploadForm
from ..models import Call
from ..permissions import AT_THE_COUNTER, can_open_walk_in, can_scan
from ..queries import submitted_applications
from ..services.counter import CounterRefused
from ..services.documents import attach
from ..services.drafts import DraftRefused
from ..services.walk_in import Contact, freeze_scans, lock_scans, open_walk_in, same_name
from .counter import checklist_of, register_of


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def walk_in(request, slug):
    """Open the dossier of an association that brings its file, and give its acknowledgement. Drafts are never compared."""
    if not has_role(request.user, *AT_THE_COUNTER):
        raise Http404
    call = get_object_or_404(Call.objects.published(), slug=slug)
    permission = can_open_walk_in(request.user, call)
    if not permission:
        raise PermissionDenied(permission.reason)
    form, status, twins = WalkInForm(request.POST or None, initial={"pk": uuid.uuid4()}), 200, []
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return redirect("applications:acknowledgement", _opened(form, call, request.user).receipt_number)
            except CounterRefused as refusal:
                form.refuse(refusal.errors)
                status, twins = 409, _twins(form, call, request.user, refusal)
    context = {"call": call, "form": form, "twins": twins, "is_late": call.is_closed(clock.now())}
    return render(request, "applications/counter/walk_in.html", context, status=status)


def _opened(form, call, actor):
    read = form.cleaned_data
    return open_walk_in(
        pk=read["pk"], call=call, contact=Contact(**form.contact()), checklist=checklist_of(form), register=register_of(form),
        is_another=read["is_another"], actor=actor,
    )  # fmt: skip


def _twins(form, call, user, refusal) -> list:
    """Deposits under the same name this person may read, to compare before saying it is another association."""
    if "is_another" not in refusal.errors:
        return []
    seen = set(submitted_applications(user).order_by().values_list("pk", flat=True))
    read = form.cleaned_data
    return [twin for twin in same_name(call=call, name_fr=read["name_fr"], name_ar=read["name_ar"]) if twin.application_id in seen]


@require_safe
@login_required
def scan(request, pk):
    """The pieces of a paper file, one card each, to scan."""
    return _page(request, _scanned_or_refused(request, pk), {})


@require_POST
@login_required
def scan_upload(request, pk, code):
    """Keep one scan. What is refused is said beside its card."""
    application = _scanned_or_refused(request, pk)
    requirement = get_object_or_404(application.call.document_requirements, code=code)
    form = UploadForm(request.POST, request.FILES, several=requirement.several, auto_id=f"id_{code}_%s")
    for name in _kept(application, requirement, form, request.user) if form.is_valid() else []:
        messages.success(request, _("“%(file)s” has been received.") % {"file": name})
    if form.errors:
        return _page(request, application, {code: form}, status=422)
    return redirect(reverse("applications:scan", args=[pk]) + f"#piece-{code}")


def _kept(application, requirement, form, actor) -> list[str]:
    """Keep each file on its own; the names of those kept. The others become errors of the form."""
    names, label = [], form.cleaned_data["label"]
    for file in form.cleaned_data["file"]:
        try:
            made = attach(application=application, requirement=requirement, upload=file, actor=actor, label=label, lock=lock_scans)
            names.append(made.original_name)
        except UploadRefused as refused:
            form.refuse(file.name, refused.message)
        except DraftRefused as refused:
            form.add_error(None, str(refused))
    return names


@require_POST
@login_required
def scan_freeze(request, pk):
    """Freeze the scans as a further deposit of the same paper file."""
    application = _scanned_or_refused(request, pk)
    last = application.current_deposit
    try:
        made = freeze_scans(application=application, actor=request.user)
        if made == last:
            messages.info(request, _("No scan was waiting: nothing was added to the application."))
            return redirect("applications:scan", pk)
        messages.success(request, _("The scans are part of application %(number)s.") % {"number": made.number})
    except DraftRefused as refused:
        messages.error(request, str(refused))
    return redirect("applications:reading", pk)


def _scanned_or_refused(request, pk):
    application = get_object_or_404(submitted_applications(request.user).select_related("walk_in"), pk=pk)
    permission = can_scan(request.user, application)
    if not permission:
        raise PermissionDenied(permission.reason)
    return application


def _page(request, application, sent, status=200):
    deposit = application.current_deposit
    frozen = {document["id"] for document in deposit.content["documents"]}
    files = {}
    for document in application.documents.filter(replaced_at=None):
        files.setdefault(document.requirement_id, []).append((document, str(document.pk) in frozen))
    cards = [
        (piece, files.get(piece.pk, []), sent.get(piece.code) or UploadForm(auto_id=f"id_{piece.code}_%s"))
        for piece in application.call.document_requirements.all()
    ]
    waiting = sum(not is_frozen for kept in files.values() for _document, is_frozen in kept)
    context = {"application": application, "call": application.call, "deposit": deposit, "cards": cards, "waiting": waiting}
    return render(request, "applications/counter/scan.html", context, status=status)
