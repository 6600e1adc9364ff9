"""One step of a dossier: shown, saved, and the panel beside it."""

from functools import partial

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from applications.models import Application, BudgetHeading, Member
from applications.pdf.papers import KIND_OF_PIECE
from applications.permissions import can_edit
from applications.queries import Dossier, budget_facts, member_facts, terms_of, whole_dossier
from applications.queries.removed import removed_rows
from applications.rules.membership import count
from applications.services.drafts import DraftRefused, NotTheirs, StaleStep, save_step
from applications.snapshots import is_changed
from applications.steps import neighbours
from clusters_portal.accounts.sessions import seal_of, signed_in
from clusters_portal.lib.identifiers import ice_problem
from clusters_portal.lib.wire import refusal, wants_json

from .own import frame, own_or_404, step_or_404, steps_url
from .panel import is_ready, panel_context, problem_url, progress_context, year_lines
from .row_acts import act_on_sent_row
from .saving import chosen, conflict_answer, conflict_of, saved_answer


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def step(request, pk, slug):
    """A step. Whatever its state, a save keeps everything: what can be read in its column, the rest as typed."""
    the_step = step_or_404(slug)
    if request.method == "POST" and the_step.is_form:
        return _save(request, pk, the_step)
    application = own_or_404(request.user, pk, step=the_step)
    if request.method == "POST" or not can_edit(request.user, application):
        return redirect("applications:task_list", pk)
    bound = the_step.bind(Dossier(application))
    for part in bound.parts:
        if part.key == request.GET.get("ajouter") and hasattr(part, "add_blank"):
            part.add_blank()
    return render_step(request, application, bound)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def step_preview(request, pk, slug):
    """The panel: of what is stored, or of what is being typed (POST). Writes nothing."""
    the_step = step_or_404(slug)
    application = own_or_404(request.user, pk, whole=True)
    dossier, further = whole_dossier(application), {}
    if request.method == "POST" and can_edit(request.user, application):
        bound = the_step.bind(dossier, request.POST)
        for _part, writes in bound.writes():
            dossier.overlay(writes)
        problems = bound.problems()
    else:
        problems = the_step.problems(dossier)
        further = {**progress_context(dossier), "stored": True}
    state = {"ready": is_ready(dossier), "changed": is_changed(dossier)} if further else {}
    context = {**panel_context(dossier), **further, **frame(application, **state)}
    links = [(problem_url(application, the_step, problem), problem) for problem in problems]
    return render(request, "applications/steps/_panel.html", {**context, "step": the_step, "problems": links})


def _save(request, pk, the_step):
    """The service reads the dossier under its lock, with the person's right on it: the view does so only when it must show it."""
    data, version, find = request.POST, _version(request.POST), partial(own_or_404, request.user, pk, step=the_step)
    try:
        data = chosen(find, the_step, data, version)
        saved = save_step(application=Application(pk=pk), step=the_step, data=data, actor=request.user, version=version)
    except NotTheirs:
        raise Http404 from None
    except StaleStep as stale:
        if wants_json(request):
            return conflict_answer(stale, request.user)
        application = find()
        bound = the_step.bind(Dossier(application), data)
        return render_step(request, application, bound, conflict=conflict_of(application, the_step, data, stale, bound), status=409)
    except DraftRefused as refused:
        application = find()
        if wants_json(request):
            return refusal("refused", str(refused), status=409)
        return render_step(request, application, the_step.bind(Dossier(application), data), refusal=str(refused), status=409)
    application = saved.bound.dossier.application
    if "act" in data:
        after = act_on_sent_row(request, application, saved.bound, data["act"])
    else:
        after = _after(application, the_step, data, saved)
    return saved_answer(saved, after) if wants_json(request) else redirect(after)


def render_step(request, application, bound, *, status=200, conflict=None, refusal="", uploads=None):
    """The page of a step. `conflict`: somebody saved meanwhile; `uploads`: {piece code: form whose file was refused}."""
    the_step, dossier = bound.step, bound.dossier
    state = dossier.step_states.get(the_step.slug)
    before, after = neighbours(the_step)
    context = {
        **frame(application),
        "step": the_step,
        "bound": bound,
        "errors": [(f"#{error.input_id}", error.sentence) for error in bound.errors],
        "state": state,
        "version": conflict["state"].version if conflict else (state.version if state else 0),
        "guidance": application.call.step_guidance.filter(slug=the_step.slug).first(),
        "previous": before,
        "next": after,
        "conflict": conflict,
        "refusal": refusal,
        "seal": seal_of(request),
        "uploads": uploads or {},
        "removed": removed_rows(application, request.user, the_step.slug),
        **EXTRAS.get(the_step.code, lambda dossier: {})(dossier),
    }
    return render(request, "applications/steps/step.html", context, status=status)


def _budget_extras(dossier):
    """Totals under the columns, computed by the rules from what is stored; the panel refreshes them while typing."""
    return {"sides": dict(BudgetHeading.Side.choices), "years": year_lines(budget_facts(dossier), terms_of(dossier.call))}


def _member_extras(dossier):
    """Members with what is odd about them, counts per category and engagement, and who counts."""
    members, counted = dossier.rows(Member), count(member_facts(dossier))
    kept = {key.split(".")[1] for key in dossier.rejected if key.startswith("members.")}
    table = [
        (label, [sum(m.category == code and m.engagement == engagement for m in members) for engagement in Member.Engagement.values])
        for code, label in Member.Category.choices
    ]
    return {
        "members": [
            {"row": m, "key": f"members-{m.pk}", "ice_problem": ice_problem(m.ice) if m.ice else "", "to_correct": str(m.pk) in kept}
            for m in members
        ],
        "engagements": Member.Engagement.choices,
        "member_counts": table,
        "fee_total": sum(m.fee or 0 for m in members),
        "counted": counted,
    }


def _document_extras(dossier):
    """Which pieces are the signed copy of a paper the portal makes."""
    return {"to_sign": KIND_OF_PIECE}


EXTRAS = {"budget": _budget_extras, "members": _member_extras, "documents": _document_extras}


def _after(application, the_step, data, saved):
    """Where a save leads: to a fresh page, never to a page that would send again when it is reloaded."""
    here = reverse("applications:step", args=[application.pk, the_step.slug])
    if data.get("add"):
        return f"{here}?ajouter={data['add']}#{data['add']}-new"
    _before, after = neighbours(the_step)
    if "next" not in data or saved.errors:
        return here
    if after is None:
        return steps_url(application)
    return reverse("applications:step", args=[application.pk, after.slug])


def _version(data) -> int:
    """The version the page was opened with. One that is missing or spoilt is taken for a page never saved."""
    text = data.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0
