"""DPTC asks for a complement, follows it, takes it back (A13)."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from clusters_portal.lib import clock

from ..forms.complements import AskForm, CancelForm
from ..permissions import can_ask_complement, can_cancel_complement
from ..queries import request_of, submitted_applications
from ..recap import choices_by_key, choices_of, differences_by_part
from ..services.complements import Asked, ComplementRefused, ask, cancel, check, proposed_items
from .worklist import listed_address


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def complement_ask(request, pk):
    """Choose what is asked, see it as the applicant will, send it. Nothing is written before the last button."""
    application = get_object_or_404(submitted_applications(request.user), pk=pk)
    permission = can_ask_complement(request.user, application)
    if not permission:
        raise PermissionDenied(permission.reason)
    deposit = application.current_deposit
    tree = choices_of(deposit.content, application.call)
    keys = [choice.key for step in tree for _title, choices in step.groups for choice in choices]
    proposed = proposed_items(deposit)
    form = AskForm(request.POST or None, keys=keys, proposed=proposed)
    shown = [(step, any(c.key in form.picked for _title, choices in step.groups for c in choices)) for step in tree]
    context = {"application": application, "deposit": deposit, "form": form, "tree": shown, "errors": {}}
    if request.method != "POST":
        return render(request, "applications/complements/ask.html", context)
    errors = _send(request, form, application) if "send" in request.POST else _examine(form, deposit)
    if errors is None:
        messages.success(request, _("The complement request has been sent."))
        return redirect(listed_address(request, "complement_review", pk))
    if errors or "edit" in request.POST:
        links = [(f"#{_place(key)}", sentence) for key, sentence in errors.items()]
        status = 200 if "edit" in request.POST else 422
        return render(request, "applications/complements/ask.html", {**context, "errors": errors, "links": links}, status=status)
    found = choices_by_key(deposit.content, application.call)
    context |= {"items": [(*found[key], question) for key, question in form.asked()], "due_at": form.due_at}
    return render(request, "applications/complements/preview.html", context)


@login_required
@require_safe
def complement_review(request, pk):
    """The request and what became of it; once answered, old and new side by side."""
    application = get_object_or_404(submitted_applications(request.user), pk=pk)
    asked = request_of(application)
    if asked is None:
        raise Http404
    context = {
        "application": application,
        "deposit": application.current_deposit,
        "asked": asked,
        "state": asked.state_at(clock.now()),
        "lines": _lines(asked, application.call),
        "can_cancel": bool(can_cancel_complement(request.user, asked)),
        "can_ask": bool(can_ask_complement(request.user, application)),
    }
    return render(request, "applications/complements/review.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def complement_cancel(request, pk):
    """Ask once, with a reason, then take the request back."""
    application = get_object_or_404(submitted_applications(request.user), pk=pk)
    asked = request_of(application)
    if asked is None:
        raise Http404
    permission = can_cancel_complement(request.user, asked)
    if not permission:
        raise PermissionDenied(permission.reason)
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            cancel(request_id=asked.pk, reason=form.cleaned_data["reason"], actor=request.user)
            messages.success(request, _("The complement request has been cancelled and the applicant has been told."))
            return redirect(listed_address(request, "complement_review", pk))
        except ComplementRefused as refused:
            form.add_error(None, str(refused))
    context = {"application": application, "deposit": application.current_deposit, "asked": asked, "form": form}
    return render(request, "applications/complements/cancel.html", context, status=422 if request.method == "POST" else 200)


def _examine(form, deposit) -> dict:
    """What is wrong with what would be sent, {field: sentence}; nothing when going back to change it."""
    if "edit" in form.data:
        return {}
    return _attempt(form, lambda values: check(deposit=deposit, now=clock.now(), **values), writes=False) or {}


def _send(request, form, application) -> dict | None:
    return _attempt(form, lambda values: ask(application=application, actor=request.user, **values))


def _attempt(form, act, *, writes=True) -> dict | None:
    """Let a service judge the form; {field: sentence} of what is refused, None when nothing is. What only reads also
    judges a form that has faults of its own: all of them are told at once."""
    found = {} if form.is_valid() else {FIELDS.get(name, name): _named(form[name], errors[0]) for name, errors in form.errors.items()}
    values = {
        "items": [Asked(key, question) for key, question in form.asked()],
        "reason": form.cleaned_data.get("reason", ""),
        "due_at": form.due_at,
    }
    try:
        if not (found and writes):
            act(values)
    except ComplementRefused as refused:
        found = refused.errors | found
    return found or None


def _named(field, error) -> str:
    return _("{label}: {error}").format(label=field.label, error=error)


FIELDS = {"due_day": "due", "due_time": "due"}


def _place(key) -> str:
    """Where on the page the sentence about a field stands."""
    return {"reason": "id_reason", "due": "id_due_day", "items": "items", "": "items"}.get(key, f"item-{key}")


def _lines(asked, call) -> list:
    """[{item, number, choice, new, changed, differences}] of a request: what each thing said when it was asked about, and
    says in the answer; of a whole table, the cells that differ."""
    old = choices_by_key(asked.deposit.content, call)
    new = choices_by_key(asked.answer.content, call) if asked.answer else {}
    differing = differences_by_part(asked.deposit.content, asked.answer.content, call) if new else {}
    lines = []
    for item in asked.items.select_related("requirement"):
        number, choice = old[item.key]
        after = new[item.key][1] if new else None
        lines.append({
            "item": item, "number": number, "choice": choice, "new": after, "changed": after and after.block != choice.block,
            "differences": differing.get(item.key, ()),
        })  # fmt: skip
    return lines
