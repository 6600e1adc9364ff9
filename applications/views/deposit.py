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
from applications.models import Call
from applications.permissions import can_deposit
from applications.queries import Dossier
from applications.recap import sections_of
from applications.services.deposit import DepositRefused, deposit, obstacles_of
from applications.snapshots import snapshot_of
from applications.steps import STEPS_BY_SLUG
from clusters_portal.lib import clock
from clusters_portal.lib.canonical import canonical_json

from .own import frame, own_or_404
from .panel import panel_context


@require_safe
@login_required
def check(request, pk):
    """Check your answers: what would be deposited, and what stands in the way, each with a link to where it is put right."""
    application = own_or_404(request.user, pk, whole=True)
    if not application.is_draft:
        return redirect("applications:receipt", pk)
    dossier, now = Dossier(application), clock.now()
    obstacles = obstacles_of(dossier)
    # Read back as the snapshot will be: what is shown here is what will be frozen.
    snapshot = json.loads(canonical_json(snapshot_of(dossier)))
    context = {
        **panel_context(dossier),
        **frame(application, ready=not obstacles),
        "sections": sections_of(snapshot, application.call),
        "obstacles": _linked(application, obstacles),
        "is_open": application.call.is_open(now),
        "is_closed": application.call.is_closed(now),
        "permission": can_deposit(request.user, application),
    }
    return render(request, "applications/dossier/check.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def declare(request, pk):
    """The sworn declaration; sending it deposits the dossier. A second click leads to the same receipt."""
    application = own_or_404(request.user, pk, whole=True)
    if not application.is_draft:
        return redirect("applications:receipt", pk)
    permission = can_deposit(request.user, application)
    if not permission:
        raise PermissionDenied(permission.reason)
    dossier, words = Dossier(application), _words(application.call)
    if request.method != "POST" and (obstacles_of(dossier) or not application.call.is_open(clock.now())):
        return redirect("applications:check", pk)
    form = DeclarationForm(request.POST or None, words=words, initial=prefilled(dossier))
    refused = ()
    if request.method == "POST" and form.is_valid():
        try:
            deposit(application=application, declaration=declared(form, dossier, words=words, day=clock.today()), actor=request.user)
            return redirect("applications:receipt", pk)
        except DepositRefused as refusal:
            refused = _linked(application, refusal.obstacles)
    context = {"form": form, "words": words, "boxes": _boxes(words, dossier), "refused": refused, "today": clock.today()}
    context |= frame(application, ready=not refused)
    return render(request, "applications/dossier/declare.html", context, status=409 if refused else 200)


@require_safe
@login_required
def receipt(request, pk):
    """The page one photographs: number, date, time, zone, and what remains to be done on paper."""
    application = own_or_404(request.user, pk)
    made = application.current_deposit
    if made is None:
        raise Http404
    context = {
        **frame(application),
        "deposit": made,
        "on_paper": application.call.deposit_mode != Call.DepositMode.ONLINE_ONLY,
        "documents": made.content["documents"],
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


def _words(call):
    """The annex in the reader's language, in French when that one was never translated."""
    try:
        return wording(call.declaration_version, (get_language() or "fr")[:2])
    except UnknownWording:
        return wording(call.declaration_version)


def _boxes(words, dossier):
    sent = boxes_sent(dossier)
    return [(text, code in sent) for code, text in zip(PIECES, words.pieces, strict=True)]
