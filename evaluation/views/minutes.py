"""The minutes of a session: drawn up, read, signed, corrected."""

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from clusters_portal.accounts.reauthentication import confirmed, is_confirmed
from clusters_portal.accounts.roles import Role, has_role
from clusters_portal.lib.uploads import UploadRefused
from evaluation import permissions
from evaluation.forms.minutes import CorrectionForm, ScanSignatureForm, TypedSignatureForm
from evaluation.models import Attachment, Minutes
from evaluation.pdf_minutes import minutes_pdf
from evaluation.queries import minutes as queries
from evaluation.services import minutes as services
from evaluation.services.refusals import Refused
from evaluation.views.scope import demand, posted

# Two forms on one page, whose fields share a name.
TYPED, SCANNED = "id_typed_%s", "id_scan_%s"


def session_or_404(user, slug, number):
    """The closed session of this address, for whoever may read its minutes; the same 404 for anybody else."""
    return get_object_or_404(queries.sessions_with_minutes(user), call__slug=slug, number=number)


def whole_or_404(user, session):
    """For acts, and papers that cannot leave a dossier out: 404 with an interest in one of those the minutes name."""
    if not queries.reads_whole(user, session):
        raise Http404


def minutes_or_404(session, sequence) -> Minutes:
    """The minutes of that sequence."""
    found = Minutes.objects.select_related("session__call", "signature__signer", "signature__scan", "created_by")
    return get_object_or_404(found, session=session, sequence=sequence)


def pdf_response(content, name):
    """A PDF to keep, never cached by anybody else."""
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(content, content_type="application/pdf", headers=headers)


@require_safe
@login_required
def index(request, slug, number):
    """Every minutes of a session, who signed them, and what can be done now."""
    session = session_or_404(request.user, slug, number)
    rows, whole = queries.minutes_of(session), queries.reads_whole(request.user, session)
    last = rows[0] if rows else None
    waits = last is not None and not queries.is_signed(last)
    context = {
        "session": session,
        "call": session.call,
        "rows": rows,
        "whole": whole,
        "may_draw": not rows and bool(permissions.can_draw_minutes(request.user)) and whole,
        "may_correct": last is not None and not waits and bool(permissions.can_draw_minutes(request.user)) and whole,
        "may_sign": waits and bool(queries.signing_capacity(request.user, session)),
        "may_issue": session.status == session.Status.SIGNED and bool(permissions.can_issue_letters(request.user)),
        "reads_original": whole and _reads_original(request.user, session),
    }
    return render(request, "evaluation/minutes/index.html", context)


def _reads_original(user, session) -> bool:
    """The signed original stays with its signer, DPTC's head and auditors."""
    return has_role(user, Role.DIVISION_HEAD, Role.AUDITOR) or bool(queries.signing_capacity(user, session))


@require_POST
@login_required
def draw_up(request, slug, number):
    """Gather the minutes, once."""
    session = session_or_404(request.user, slug, number)
    demand(permissions.can_draw_minutes(request.user))
    whole_or_404(request.user, session)
    try:
        services.draw_up(session=session, actor=request.user, url=reverse("evaluation:minutes", args=[slug, number]))
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect("evaluation:minutes", slug, number)


@require_safe
@login_required
def document(request, slug, number, sequence):
    """The minutes in PDF; without the dossiers its reader declared an interest in, and then under another hash."""
    session = session_or_404(request.user, slug, number)
    minutes = minutes_or_404(session, sequence)
    content, whole = queries.content_for(request.user, minutes)
    printed = minutes_pdf(minutes, content=None if whole else content, signature=getattr(minutes, "signature", None))
    return pdf_response(printed, f"{minutes.reference}-{session.call.slug}.pdf")


@require_safe
@login_required
def to_sign(request, slug, number, sequence):
    """The minutes on paper, with a box to sign in."""
    session = session_or_404(request.user, slug, number)
    minutes = minutes_or_404(session, sequence)
    whole_or_404(request.user, session)
    return pdf_response(minutes_pdf(minutes), f"{minutes.reference}-{session.call.slug}-a-signer.pdf")


@require_safe
@login_required
def original(request, slug, number, sequence):
    """The signed original: the scan as it was sent, or the minutes with the record of their typed signature."""
    session = session_or_404(request.user, slug, number)
    minutes = minutes_or_404(session, sequence)
    signature = getattr(minutes, "signature", None)
    if signature is None or not queries.reads_whole(request.user, session) or not _reads_original(request.user, session):
        raise Http404
    if signature.scan_id is None:
        return pdf_response(minutes_pdf(minutes, signature=signature), f"{minutes.reference}-original.pdf")
    if signature.scan.scan == Attachment.Scan.INFECTED:
        raise PermissionDenied(_("The virus scan refused this file: nobody can open it."))
    with signature.scan.file.open("rb") as file:
        return pdf_response(file.read(), f"{minutes.reference}-original.pdf")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def sign(request, slug, number, sequence):
    """Sign by typing one's name, or by the scan of the paper."""
    session = session_or_404(request.user, slug, number)
    minutes = minutes_or_404(session, sequence)
    whole_or_404(request.user, session)
    capacity = queries.signing_capacity(request.user, session)
    if not capacity:
        raise PermissionDenied(_("These minutes are signed by the chair of the session."))
    if request.method == "POST":
        return _signed(request, minutes, capacity)
    return _sign_page(request, minutes, capacity)


@confirmed
def _signed(request, minutes, capacity):
    return (_sign_scan if "by_scan" in request.POST else _sign_typed)(request, minutes, capacity)


def _sign_typed(request, minutes, capacity):
    form = TypedSignatureForm(request.POST, stand_in=capacity == "stand_in", auto_id=TYPED)
    if not form.is_valid():
        return _sign_page(request, minutes, capacity, typed=form)
    data = form.cleaned_data
    try:
        services.sign_typed(
            minutes=minutes, typed_name=data["typed_name"], seen_sha256=data["seen"], actor=request.user,
            stand_in_reason=data.get("stand_in_reason", ""), address=_address(request),
        )  # fmt: skip
    except Refused as refusal:
        form.add_error("typed_name" if refusal.code == "name" else None, refusal.message)
        return _sign_page(request, minutes, capacity, typed=form)
    return _done(request, minutes)


def _sign_scan(request, minutes, capacity):
    form = ScanSignatureForm(request.POST, request.FILES, stand_in=capacity == "stand_in", auto_id=SCANNED)
    if not form.is_valid():
        return _sign_page(request, minutes, capacity, scanned=form)
    data = form.cleaned_data
    try:
        services.sign_scan(
            minutes=minutes,
            upload=data["scan"],
            actor=request.user,
            stand_in_reason=data.get("stand_in_reason", ""),
            address=_address(request),
        )
    except (Refused, UploadRefused) as refusal:
        form.add_error("scan" if isinstance(refusal, UploadRefused) else None, refusal.message)
        return _sign_page(request, minutes, capacity, scanned=form)
    return _done(request, minutes)


def _sign_page(request, minutes, capacity, *, typed=None, scanned=None):
    stand_in = capacity == "stand_in"
    context = {
        "minutes": minutes,
        "session": minutes.session,
        "call": minutes.session.call,
        "statement": services.statement_of(minutes),
        "signed": queries.is_signed(minutes),
        "is_confirmed": is_confirmed(request),
        "typed": typed or TypedSignatureForm(stand_in=stand_in, auto_id=TYPED, initial={"seen": minutes.sha256}),
        "scanned": scanned or ScanSignatureForm(stand_in=stand_in, auto_id=SCANNED),
    }
    return render(request, "evaluation/minutes/sign.html", context, status=422 if typed or scanned else 200)


def _address(request):
    try:
        return get_adapter(request).get_client_ip(request)
    except PermissionDenied:  # a server that listens on a socket and hides the address
        return None


def _done(request, minutes):
    messages.success(request, _("Minutes %(reference)s are signed.") % {"reference": minutes.reference})
    return redirect("evaluation:minutes", minutes.session.call.slug, minutes.session.number)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def correct(request, slug, number):
    """Further minutes that correct the last signed ones."""
    session = session_or_404(request.user, slug, number)
    demand(permissions.can_draw_minutes(request.user))
    whole_or_404(request.user, session)
    form = CorrectionForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.correct(
                session=session, actor=request.user, url=reverse("evaluation:minutes", args=[slug, number]), **form.cleaned_data
            )
            return redirect("evaluation:minutes", slug, number)
        except Refused as refusal:
            form.add_error(None, refusal.message)
    context = {"session": session, "call": session.call, "form": form, "last": queries.latest_minutes(session)}
    return render(request, "evaluation/minutes/correct.html", context, status=422 if form.errors else 200)
