"""A11: check your answers, declare, deposit, receipt."""

import json

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from applications.declaration import PIECES, UnknownWording, wording
from applications.forms.declaration import DeclarationForm, boxes_sent, declared, prefilled
from applications.models import Call, Deposit
from applications.pdf.receipt import completed_by
from applications.permissions import can_deposit, can_edit, can_withdraw
from applications.queries import closed_files, paper_state, whole_dossier
from applications.recap import differences_between, sections_of
from applications.services.deposit import DepositRefused, deposit, obstacles_of
from applications.snapshots import is_changed, snapshot_of
from applications.steps import STEPS_BY_SLUG
from clusters_portal.lib import clock
from clusters_portal.lib.canonical import canonical_json

from .own import frame, own_or_404
from .panel import panel_context


@require_safe
@login_required
def check(request, pk):
    """Check your answers: what would be deposited, and what stands in the way, each with a link to where it is put right.

    Once deposited, what changed since comes first.
    """
    application = own_or_404(request.user, pk, whole=True)
    if not application.is_draft and not can_edit(request.user, application):
        return redirect("applications:receipt", pk)
    dossier, now = whole_dossier(application), clock.now()
    obstacles, changed = obstacles_of(dossier), is_changed(dossier)
    # Read back as the snapshot will be: what is shown here is what will be frozen.
    snapshot = json.loads(canonical_json(snapshot_of(dossier)))
    standing = application.current_deposit
    context = {
        **panel_context(dossier),
        **frame(application, ready=not obstacles, changed=changed),
        "sections": sections_of(snapshot, application.call),
        "closed": closed_files(request.user, application, snapshot["documents"]),
        "deposit": standing,
        "changed": changed,
        "differences": differences_between(standing.content, snapshot, application.call) if changed else [],
        "obstacles": _linked(application, obstacles),
        "is_open": application.call.is_open(now),
        "is_closed": application.call.is_closed(now),
        "permission": can_deposit(request.user, application),
    }
    return render(request, "applications/dossier/check.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def declare(request, pk):
    """The sworn declaration; sending it deposits the dossier, or deposits it again. A second click leads to the same receipt."""
    application = own_or_404(request.user, pk, whole=True)
    permission = can_deposit(request.user, application)
    if not permission and (application.is_draft or can_edit(request.user, application)):
        raise PermissionDenied(permission.reason)
    if not permission:
        return redirect("applications:receipt", pk)
    dossier, words = whole_dossier(application), words_of(application.call)
    if request.method != "POST" and (obstacles_of(dossier) or not application.call.is_open(clock.now())):
        return redirect("applications:check", pk)
    initial = {} if request.method == "POST" else prefilled(dossier) | {"replaces": _sequence(application)}
    form = DeclarationForm(request.POST or None, words=words, initial=initial)
    refused = ()
    if request.method == "POST" and form.is_valid():
        try:
            _deposit(form, dossier, words, request)
            return redirect("applications:receipt", pk)
        except DepositRefused as refusal:
            refused = _linked(application, refusal.obstacles)
    context = {"form": form, "words": words, "boxes": boxes_of(words, dossier), "refused": refused, "today": clock.today()}
    context |= {**frame(application, ready=not refused, changed=is_changed(dossier)), "deposit": application.current_deposit}
    return render(request, "applications/dossier/declare.html", context, status=409 if refused else 200)


def _sequence(application) -> int:
    """The deposit that stands when the page is opened, 0 for none."""
    return application.current_deposit.sequence if application.current_deposit else 0


def _deposit(form, dossier, words, request):
    deposit(
        application=dossier.application,
        declaration=declared(form, dossier, words=words, day=clock.today()),
        actor=request.user,
        replaces=form.cleaned_data["replaces"],
        clock=clock.arrival(request),
    )


@require_safe
@login_required
def receipt(request, pk, sequence=None):
    """The page one photographs: number, date, time, zone, and what remains to be done on paper.

    `sequence` is that of an earlier deposit; every receipt stays reachable.
    """
    application = own_or_404(request.user, pk)
    history = list(application.deposits.order_by("-sequence").defer("snapshot"))
    made = next((each for each in history if sequence in (None, each.sequence)), None)
    if made is None:
        raise Http404
    context = {
        **frame(application),
        "deposit": made,
        "history": history,
        "replaced": next((each for each in history if each.sequence == made.sequence - 1), None),
        "is_last": made == history[0],
        "paper": paper_state(application),
        "completes": completed_by(made),
        "on_paper": application.call.deposit_mode != Call.DepositMode.ONLINE_ONLY and made.kind == Deposit.Kind.ONLINE,
        "documents": made.content["documents"],
        "may_edit": can_edit(request.user, application),
        "may_withdraw": can_withdraw(request.user, application),
    }
    return render(request, "applications/dossier/receipt.html", context)


def _linked(application, obstacles) -> list:
    """[(address of the step or "", its label, sentence)]"""
    found = []
    for obstacle in obstacles:
        step = STEPS_BY_SLUG.get(obstacle.step)
        address = reverse("applications:step", args=[application.pk, step.slug]) if step else ""
        found.append((address, step.label if step else "", obstacle.sentence))
    return found


def words_of(call):
    """The annex in the reader's language, in French when that one was never translated."""
    try:
        return wording(call.declaration_version, (get_language() or "fr")[:2])
    except UnknownWording:
        return wording(call.declaration_version)


def boxes_of(words, dossier) -> list:
    """[(piece of the annex, is it in the dossier)]"""
    sent = boxes_sent(dossier)
    return [(text, code in sent) for code, text in zip(PIECES, words.pieces, strict=True)]
