"""The commitment of confidentiality: the page to sign it, which also stands in the place of what does not open before."""

from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from clusters_portal.accounts.roles import Role, has_role
from clusters_portal.lib import clock
from clusters_portal.lib.wire import refusal, wants_json
from evaluation import permissions
from evaluation.forms.evaluators import CommitmentForm
from evaluation.rules.commitment import PARAGRAPHS
from evaluation.services import evaluators
from evaluation.views.scope import only

# Pages one comes back to after signing. A file or a workbook is asked for again.
PAGES = ("dossier", "evaluate", "sheet", "consensus", "offline")


def after_commitment(view):
    """What an evaluator finds absent for want of the signed commitment is answered by the form to sign it, with 403.

    The same answer whatever the address, existing or not; who reads it by another role reads it.
    """

    @wraps(view)
    def answered(request, *args, **kwargs):
        try:
            return view(request, *args, **kwargs)
        except Http404:
            permission = permissions.can_open_assigned(request.user)
            if permission or not has_role(request.user, Role.EVALUATOR):
                raise
        if wants_json(request):
            return refusal("refused", permission.reason, status=403)
        return _page(request, CommitmentForm(), status=403, awaited=permission.reason, back=_page_or_nothing(request.path))

    return answered


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def commitment(request):
    """The commitment, read, signed or read again once signed."""
    only(request.user, Role.EVALUATOR)
    if request.method != "POST":
        return _page(request, CommitmentForm())
    form, back = CommitmentForm(request.POST), _page_or_nothing(request.POST.get("back", ""))
    if not form.is_valid():
        return _page(request, form, status=422, back=back)
    evaluators.sign_commitment(actor=request.user)
    messages.success(request, _("Your commitment is signed."))
    return redirect(back or "evaluation:my_evaluations")


def _page(request, form, *, status=200, **more):
    signed = evaluators.profile_of(request.user).confidentiality_signed_on
    context = {"form": form, "paragraphs": PARAGRAPHS, "signed_on": signed, "today": clock.today(), **more}
    return render(request, "evaluation/commitment.html", context, status=status)


def _page_or_nothing(path) -> str:
    """The address of one of our pages to come back to, written anew; anything else is dropped."""
    try:
        found = resolve(path)
    except Resolver404:
        return ""
    known = found.namespace == "evaluation" and found.url_name in PAGES
    return reverse(found.view_name, args=found.args, kwargs=found.kwargs) if known else ""
