"""Requests about one's data, their answers, and the register of processing."""

from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import F
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ..accounts import sessions
from ..accounts.roles import Role, has_role
from ..lib import clock
from ..lib.pdf import render_pdf
from . import requests
from .forms import AnswerForm, RequestForm
from .models import DataRequest, PurgeRun
from .register import REGISTER

SHOWN = 50


def readers(view):
    """For those who answer, and auditors; to everybody else there is no such page."""

    @login_required
    @wraps(view)
    def wrapper(request, *args, **kwargs):
        if not has_role(request.user, *requests.ANSWERERS, Role.AUDITOR):
            raise Http404
        return view(request, *args, **kwargs)

    return wrapper


@sessions.signed_in
def ask(request):
    form, status = RequestForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                requests.ask(person=request.user, kind=form.cleaned_data["kind"], text=form.cleaned_data["text"])
            except requests.TooMany:
                status = 409
                form.add_error(None, _("You already have requests waiting for their answer."))
            else:
                messages.success(request, _("Your request was received. You will be answered by mail and on this page."))
                return redirect("accounts:my_data")
    context = {"form": form, "days": settings.DATA_REQUEST_DAYS, "seal": sessions.seal_of(request)}
    return render(request, "privacy/ask.html", context, status=status)


@require_safe
@readers
def request_list(request):
    """Those that wait first, the most urgent on top."""
    rows = DataRequest.objects.select_related("person").order_by(F("answered_at").desc(nulls_first=True), "due_at", "-pk")
    page = Paginator(rows, SHOWN).get_page(request.GET.get("page"))
    return render(request, "privacy/requests.html", {"page": page, "now": clock.now()})


@readers
def request_page(request, pk):
    made = get_object_or_404(DataRequest.objects.select_related("person", "answered_by"), pk=pk)
    may_answer = made.is_open and has_role(request.user, *requests.ANSWERERS) and made.person_id != request.user.pk
    form, status = AnswerForm(request.POST if may_answer and request.method == "POST" else None), 200
    if request.method == "POST":
        status = 422 if may_answer else 403
        if may_answer and form.is_valid():
            try:
                requests.answer(made=made, actor=request.user, **form.cleaned_data)
            except requests.NotAnswerable:
                messages.warning(request, _("Somebody else was faster: there was nothing left to do."))
            else:
                messages.success(request, _("The answer was sent."))
            return redirect("privacy:request", pk=pk)
    refusal = _("This request is answered already, or is not for you to answer.") if status == 403 else ""
    context = {"made": made, "form": form if may_answer else None, "refusal": refusal, "now": clock.now()}
    return render(request, "privacy/request.html", context, status=status)


@require_safe
@readers
def register(request):
    """The register of processing, and what the last purges forgot."""
    context = {"register": REGISTER, "runs": PurgeRun.objects.all()[:10], "waiting": requests.open_requests().count()}
    return render(request, "privacy/register.html", context)


@require_safe
@readers
def register_pdf(request, lang):
    if lang not in dict(settings.LANGUAGES):
        raise Http404
    context = {"register": REGISTER, "created": clock.now(), "cndp_reference": settings.CNDP_REFERENCE}
    content = render_pdf("pdf/processing.html", context, lang=lang)
    name = f"registre-des-traitements-{lang}.pdf"
    return HttpResponse(content, content_type="application/pdf", headers={"Content-Disposition": f'attachment; filename="{name}"'})
