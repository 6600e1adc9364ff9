"""Acts on one row: copied, moved up or down, removed, put back. Each works without JavaScript, from the table itself.

An act is the value of the button pressed: "up:members-12". In a table that has its own pages the number is the row's
key; in one that is part of the step's form it is the row's number on the page, which is saved first.
"""

import re

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from applications.services.drafts import DraftRefused
from applications.services.rows import RowActRefused, copy_row, move_row, put_back, remove_row

from .own import frame, own_or_404, step_or_404

ACT = re.compile(r"(up|down|copy|remove):([a-z_]+)-([0-9]{1,18})")
MOVES = {"up": -1, "down": 1}


@login_required
@require_POST
def row_act(request, pk, slug):
    """One act on a row of a table that has its own pages (the members). A script that asks for JSON gets the sentence."""
    the_step, application = step_or_404(slug), own_or_404(request.user, pk)
    verb, part, row_id = read_act(the_step, request.POST.get("act", ""))
    if part.inline:
        raise Http404
    wants_json = request.headers.get("Accept") == "application/json"
    try:
        sentence, place = perform(application, the_step, part, verb, row_id, request.user)
    except (DraftRefused, RowActRefused) as refused:
        if wants_json:
            return JsonResponse({"sentence": str(refused)}, status=409)
        return _refused(request, application, the_step, str(refused))
    except part.model.DoesNotExist:
        raise Http404 from None
    if wants_json:
        return JsonResponse({"sentence": sentence})
    if verb != "remove":
        messages.success(request, sentence)
    return redirect(reverse("applications:step", args=[pk, slug]) + place)


@login_required
@require_POST
def row_put_back(request, pk, slug, removed_id):
    """« Annuler » beside a removed row."""
    the_step, application = step_or_404(slug), own_or_404(request.user, pk)
    part = _part(the_step, request.POST.get("part", ""))
    try:
        row = put_back(application=application, step=the_step, part=part, removed_id=removed_id, actor=request.user)
    except (DraftRefused, RowActRefused) as refused:
        return _refused(request, application, the_step, str(refused))
    messages.success(request, _("“%(name)s” is back in its place.") % {"name": part.name_of(row, row.position)})
    return redirect(reverse("applications:step", args=[pk, slug]) + _anchor(part, row, row.position))


def act_on_sent_row(request, application, saved_step, act) -> str:
    """An act on a row of the step's form, once the form is saved (`saved_step` is bound). Returns where to go.

    A row without anything typed was not saved: there is nothing to act on, and the page shows the table as it stands.
    """
    the_step = saved_step.step
    here = reverse("applications:step", args=[application.pk, the_step.slug])
    verb, part, index = read_act(the_step, act)
    bound = next(bound for bound in saved_step.parts if bound.part is part)
    row = next((form.instance for form in bound.row_forms if form.index == index), None)
    if row is None:
        return f"{here}#{part.key}"
    try:
        sentence, place = perform(application, the_step, part, verb, row.pk, request.user)
    except (DraftRefused, RowActRefused) as refused:
        messages.error(request, str(refused))
        return f"{here}#{part.key}"
    if verb != "remove":
        messages.success(request, sentence)
    return here + place


def read_act(step, act):
    """(verb, part, number) of a button's value. Raises Http404 for what no button of the step says."""
    found = ACT.fullmatch(act)
    if found is None:
        raise Http404
    return found[1], _part(step, found[2]), int(found[3])


def perform(application, step, part, verb, row_id, actor):
    """Do it; (what was done, in a sentence, fragment of the page to show). Raises what the services raise."""
    known = {"application": application, "step": step, "part": part, "row_id": row_id, "actor": actor}
    if verb == "remove":
        return _("“%(name)s” has been removed.") % {"name": remove_row(**known).name}, "#removed"
    if verb == "copy":
        row = copy_row(**known)
        return _("“%(name)s” has been added: complete it.") % {"name": part.name_of(row, row.position)}, _anchor(part, row, row.position)
    place, count = move_row(**known, by=MOVES[verb])
    sentence = _("The row is now in place {place} of {count}.").format(place=place, count=count)
    return sentence, f"#{part.key}-row-{row_id}" if part.paged else f"#{part.key}-{place - 1}"


def _anchor(part, row, index):
    return f"#{part.key}-row-{row.pk}" if part.paged else f"#{part.key}-{index}"


def _part(step, key):
    try:
        part = step.part(key)
    except KeyError:
        raise Http404 from None
    if not hasattr(part, "bind_row"):
        raise Http404
    return part


def _refused(request, application, step, reason):
    context = {**frame(application), "step": step, "refusal": reason}
    return render(request, "applications/steps/row_refused.html", context, status=409)
