"""Rows edited on a page of their own: the members (1.2)."""

from django.contrib import messages
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from applications.forms.conflicts import differences, fingerprint
from applications.forms.parts import errors_of
from applications.permissions import can_edit
from applications.queries import Dossier
from applications.services.drafts import DraftRefused, StaleRow, save_row
from clusters_portal.accounts.sessions import seal_of, signed_in
from clusters_portal.lib.wire import refusal as told
from clusters_portal.lib.wire import wants_json

from .own import frame, own_or_404, step_or_404


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def row(request, pk, slug, part, row_id=None):
    """Add a row (`row_id` None) or change one. An input that cannot be read is kept and shown again beside its field."""
    the_step, the_part, application = _fetch(request.user, pk, slug, part)
    instance = _row(the_part, application, row_id)
    if request.method == "POST":
        return _save(request, application, the_step, the_part, instance)
    if not can_edit(request.user, application):
        return redirect("applications:task_list", pk)
    form = the_part.bind_row(Dossier(application), instance)
    return _page(request, application, the_step, the_part, form)


def _save(request, application, the_step, the_part, instance):
    sent = the_part.bind_row(Dossier(application), _row(the_part, application, instance.pk), request.POST)
    if instance.pk is None and not the_part.is_filled(sent):
        empty = _("Nothing has been entered yet.")
        if wants_json(request):
            return told("refused", empty, status=422)
        return _page(request, application, the_step, the_part, sent, refusal=empty, status=422)
    try:
        saved, form = save_row(
            application=application, step=the_step, part=the_part, row_id=instance.pk, data=request.POST, actor=request.user,
            seen=request.POST.get("seen", ""),
        )  # fmt: skip
    except StaleRow as stale:
        if wants_json(request):
            return told("conflict", "", status=409)
        theirs = the_part.bind_row(Dossier(application), stale.row)
        found = differences(*([(name, "", form[name]) for name in form.fields] for form in (sent, theirs)))
        return _page(request, application, the_step, the_part, sent, conflict=found, seen=fingerprint(theirs), status=409)
    except DraftRefused as refused:
        if wants_json(request):
            return told("refused", str(refused), status=409)
        return _page(request, application, the_step, the_part, sent, refusal=str(refused), status=409)
    after = _after(request, application, the_step, the_part, saved, form)
    return JsonResponse({"version": fingerprint(form), "said": "", "url": after}) if wants_json(request) else redirect(after)


def _after(request, application, the_step, the_part, saved, form) -> str:
    """Where the person is led: the same row when something is to correct, a new one, or the table."""
    place = [application.pk, the_step.slug, the_part.key]
    if form.errors:
        return reverse("applications:row", args=[*place, saved.pk])
    messages.success(request, _("“%(name)s” has been saved.") % {"name": str(saved) or _("Unnamed row")})
    if "another" in request.POST:
        return reverse("applications:row_add", args=place)
    return reverse("applications:step", args=place[:2]) + f"#{the_part.key}-row-{saved.pk}"


def _page(request, application, the_step, the_part, form, *, status=200, refusal="", conflict=None, seen=""):
    context = {
        **frame(application),
        "step": the_step,
        "part": the_part,
        "form": form,
        "row": form.instance,
        "errors": [(f"#{error.input_id}", error.sentence) for error in errors_of(form)],
        "seen": seen or request.POST.get("seen") or fingerprint(form),
        "refusal": refusal,
        "conflict": conflict,
        "seal": seal_of(request),
    }
    return render(request, "applications/steps/row.html", context, status=status)


def _fetch(user, pk, slug, part):
    the_step = step_or_404(slug)
    try:
        the_part = the_step.part(part)
    except KeyError:
        raise Http404 from None
    if the_part.inline or not hasattr(the_part, "bind_row"):
        raise Http404
    return the_step, the_part, own_or_404(user, pk)


def _row(part, application, row_id):
    if row_id is None:
        return part.model(application=application)
    return get_object_or_404(part.model, application=application, pk=row_id)
