"""The applicant answers a complement request (A13): only what was asked can be changed, then everything is declared again."""

from copy import copy
from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications.forms.conflicts import differences
from applications.forms.declaration import DeclarationForm, declared, prefilled
from applications.forms.pieces import UploadForm
from applications.forms.rows import RowsPart
from applications.models import BudgetHeading
from applications.permissions import can_answer_complement, can_complete
from applications.queries import Dossier, Scope, request_of, scope_of, whole_dossier
from applications.recap import choices_by_key, differences_by_part
from applications.services.complement_answers import answer, obstacles_of, plain_snapshot, save, send_piece
from applications.services.deposit import DepositRefused
from applications.services.drafts import DraftRefused, StaleStep
from applications.snapshots import verdicts_from
from applications.steps import STEPS_BY_CODE
from clusters_portal.lib import clock
from clusters_portal.lib.uploads import MIB, early_refusals

from .deposit import boxes_of, words_of
from .documents import receive, told_to_script, wants_progress
from .own import frame, own_or_404, step_or_404

PIECES = STEPS_BY_CODE["documents"]


@require_safe
@login_required
def complement(request, pk):
    """What is asked, until when, and how far the answer is."""
    application, asked = _asked_or_404(request.user, pk)
    return _overview(request, application, asked)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def complement_step(request, pk, slug):
    """The open fields of one step; saving them leaves the others as they were deposited."""
    the_step = step_or_404(slug)
    application, asked = _asked_or_404(request.user, pk)
    parts = scope_of(asked).of_step(slug)
    if not parts:
        raise Http404
    if request.method != "POST":
        if not can_complete(request.user, asked, clock.now()):
            return redirect("applications:complement", pk)
        return _step_page(request, application, asked, the_step, parts)
    try:
        saved = save(asked=asked, step=the_step, data=request.POST, actor=request.user, version=_version(request.POST))
    except StaleStep as stale:
        return _step_page(request, application, asked, the_step, parts, data=request.POST, stale=stale.state, status=409)
    except DraftRefused as refused:
        return _step_page(request, application, asked, the_step, parts, data=request.POST, refusal=str(refused), status=409)
    here = reverse("applications:complement_step", args=[pk, slug])
    if request.POST.get("add"):
        return redirect(f"{here}?ajouter={request.POST['add']}#{request.POST['add']}-new")
    if saved.errors:
        return redirect(here)
    messages.success(request, _("What you completed has been saved. It is sent to DPTC only with the answer."))
    return redirect("applications:complement", pk)


@require_POST
@login_required
def complement_piece(request, pk, code):
    """The files of one piece that was asked for; in JSON for a page that shows their progress, as `documents.upload`."""
    application, asked = _asked_or_404(request.user, pk)
    requirement = get_object_or_404(application.call.document_requirements, code=code)
    if requirement.pk not in scope_of(asked).pieces:
        raise PermissionDenied(_("This document was not asked for: it stays as it was submitted."))
    form = UploadForm(request.POST, request.FILES, several=requirement.several, auto_id=f"id_{code}_%s")
    received = receive(application, requirement, form, request.user, send=partial(_send_piece, asked)) if form.is_valid() else []
    if wants_progress(request):
        return told_to_script(form, received)
    for name in received:
        messages.success(request, _("“%(file)s” has been received.") % {"file": name})
    if form.is_valid():
        return redirect(reverse("applications:complement", args=[pk]) + f"#piece-{code}")
    return _overview(request, application, asked, uploads={code: form}, status=422)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def complement_send(request, pk):
    """What will be sent, the thresholds as they become, the declaration signed again. A second click leads to the same receipt."""
    application, asked = _asked_or_404(request.user, pk, whole=True)
    if asked.answer_id is not None:
        return redirect("applications:receipt", pk)
    permission = can_answer_complement(request.user, asked, clock.now())
    if not permission and (request.method != "POST" or asked.state_at(clock.now()) != "overdue"):
        raise PermissionDenied(permission.reason)
    dossier, words = whole_dossier(application), words_of(application.call)
    if request.method != "POST" and obstacles_of(asked, dossier):
        return redirect("applications:complement", pk)
    form, refused = DeclarationForm(request.POST or None, words=words, initial=_as_signed(asked, dossier)), ()
    if request.method == "POST" and form.is_valid():
        try:
            signed = declared(form, dossier, words=words, day=clock.today())
            answer(asked=asked, declaration=signed, actor=request.user, clock=clock.arrival(request))
            return redirect("applications:receipt", pk)
        except DepositRefused as refusal:
            refused = [(_address(application, o.step), "", o.sentence) for o in refusal.obstacles]
    snapshot = plain_snapshot(dossier)
    context = {
        **frame(application), "asked": asked, "form": form, "words": words, "boxes": boxes_of(words, dossier), "refused": refused,
        "today": clock.today(), "lines": _lines(asked, snapshot), "verdicts": [v for v in verdicts_from(snapshot) if not v.passed],
    }  # fmt: skip
    return render(request, "applications/complements/send.html", context, status=409 if refused else 422 if form.errors else 200)


def _send_piece(asked, *, application, **values):
    return send_piece(asked=asked, **values)


def _asked_or_404(user, pk, *, whole=False):
    application = own_or_404(user, pk, whole=whole)
    asked = request_of(application)
    if asked is None:
        raise Http404
    asked.application = application  # the one that knows its reader
    return application, asked


def _overview(request, application, asked, *, uploads=None, status=200):
    dossier, now = Dossier(application), clock.now()
    can_change = can_complete(request.user, asked, now)
    snapshot = asked.answer.content if asked.answer else plain_snapshot(dossier)
    context = {
        **frame(application),
        "asked": asked,
        "state": asked.state_at(now),
        "lines": _lines(asked, snapshot),
        "can_change": can_change,
        "can_send": can_answer_complement(request.user, asked, now),
        "obstacles": obstacles_of(asked, dossier) if can_change else [],
        "uploads": uploads or {},
        "early_refusals": early_refusals(application.call.max_file_mb * MIB),
        "limit": application.call.max_file_mb * MIB,
    }
    return render(request, "applications/complements/complement.html", context, status=status)


def _lines(asked, snapshot) -> list:
    """[{item, number, choice (as deposited), now, changed, differences}] of what is asked, in the order of the request."""
    old, new = (choices_by_key(content, asked.application.call) for content in (asked.deposit.content, snapshot))
    differing = differences_by_part(asked.deposit.content, snapshot, asked.application.call)
    lines = []
    for item in asked.items.select_related("requirement"):
        number, choice = old[item.key]
        now = new[item.key][1]
        lines.append({
            "item": item, "number": number, "choice": choice, "now": now, "changed": now.block != choice.block,
            "differences": differing.get(item.key, ()),
        })  # fmt: skip
    return lines


def _step_page(request, application, asked, the_step, parts, *, data=None, stale=None, refusal="", status=200):
    """`data`: what was typed and refused; `stale`: the state that somebody else saved meanwhile."""
    dossier = Dossier(application)
    shown, stored = ([_open_part(b, parts) for b in the_step.bind(dossier, given).parts if b.key in parts] for given in (data, None))
    for bound in shown:
        if bound.key == request.GET.get("ajouter") and hasattr(bound, "add_blank"):
            bound.add_blank()
    state = stale or dossier.step_states.get(the_step.slug)
    errors = [error for bound in shown for error in bound.errors]
    context = {
        **frame(application),
        "asked": asked,
        "step": the_step,
        "parts": shown,
        "questions": [line for line in _lines(asked, asked.deposit.content) if line["item"].step == the_step.slug],
        "errors": [(f"#{error.input_id}", error.sentence) for error in errors],
        "state": state,
        "version": state.version if state else 0,
        "conflict": {"state": stale, "differences": differences(_cells(shown, parts), _cells(stored, parts))} if stale else None,
        "refusal": refusal,
        "sides": dict(BudgetHeading.Side.choices),
        "remove_only": True,
    }
    return render(request, "applications/complements/step.html", context, status=status)


def _open_part(bound, parts):
    """The bound part as this page shows it: `open_fields` alone when only some are open, a paged table with all its rows."""
    names = parts[bound.key]
    bound.open_fields, bound.open_lines = (), ()
    if isinstance(bound.part, RowsPart):
        bound.part = copy(bound.part)
        bound.part.paged = False
    elif names and hasattr(bound, "lines"):
        bound.open_lines = [(row, cells) for row, cells in bound.lines() if row.code in names]
    elif names:
        bound.open_fields = [bound.form[name] for name in bound.form.fields if name in names]
    return bound


def _cells(shown, parts) -> list:
    """The open cells of a step, as `differences` compares them."""
    scope = Scope({("", key): names for key, names in parts.items()})
    cells = [(bound.key, *cell) for bound in shown for cell in bound.cells()]
    return [(f"{part}.{key}", where, field) for part, key, where, field in cells if scope.takes("", f"{part}-{key}")]


def _as_signed(asked, dossier) -> dict:
    """What the mandatary declared with the deposit, to be confirmed or corrected."""
    signed = asked.deposit.content.get("declaration", {})
    kept = {name: signed[name] for name in DeclarationForm.base_fields if name in signed and name != "other_documents"}
    return {**prefilled(dossier), **kept}


def _address(application, slug) -> str:
    name, args = ("complement", []) if slug in ("", PIECES.slug) else ("complement_step", [slug])
    return reverse(f"applications:{name}", args=[application.pk, *args])


def _version(data) -> int:
    text = data.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0
