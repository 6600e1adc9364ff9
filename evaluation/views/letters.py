"""Letters as DPTC issues them, the publication of the results, and the public verification of a letter."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from clusters_portal.accounts.reauthentication import confirmed
from clusters_portal.lib import clock, throttle
from clusters_portal.lib.canonical import canonical_json, sha256_hex
from evaluation import permissions
from evaluation import queries as shared
from evaluation.models import Letter
from evaluation.pdf_letters import LANGUAGES, letter_pdf
from evaluation.queries import letters as queries
from evaluation.services import letters as services
from evaluation.services.refusals import Refused
from evaluation.snapshots.results import results_content
from evaluation.views.minutes import pdf_response, session_or_404
from evaluation.views.scope import call_or_404, demand

LIMIT, WINDOW = 120, 600  # look-ups per client, seconds


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def letters(request, slug, number):
    """Every decision of a session with its letter, or why it has none; sending the form issues all that can be."""
    session = session_or_404(request.user, slug, number)
    may_issue = permissions.can_issue_letters(request.user)
    if request.method == "POST":
        demand(may_issue)
        return _issue(request, session)
    rows = queries.decisions_of(request.user, session)
    for row in rows:
        row.issued, row.obstacle = getattr(row, "letter", None), services.obstacle(row)
    context = {
        "session": session,
        "call": session.call,
        "rows": rows,
        "minutes": queries.signed_minutes(session),
        "waiting": sum(row.issued is None and not row.obstacle for row in rows),
        "may_issue": bool(may_issue),
        "reads_all": _reads_all(request.user, session.call),
    }
    return render(request, "evaluation/letters/index.html", context)


def _reads_all(user, call) -> bool:
    """May this person see every dossier of the call, as the list that will be public names them?"""
    ranking = shared.latest_ranking(call)
    return ranking is not None and shared.VisibleLines(user, ranking).complete


@confirmed
def _issue(request, session):
    try:
        done = services.issue_all(session=session, actor=request.user)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("evaluation:letters", session.call.slug, session.number)
    issued, refused = sum(row.letter is not None for row in done), sum(bool(row.refusal) for row in done)
    messages.success(request, ngettext("%(count)d letter is issued.", "%(count)d letters are issued.", issued) % {"count": issued})
    if refused:
        sentence = ngettext("%(count)d letter could not be issued.", "%(count)d letters could not be issued.", refused)
        messages.error(request, sentence % {"count": refused})
    return redirect("evaluation:letters", session.call.slug, session.number)


@require_safe
@login_required
def letter(request, slug, number, lang):
    """One letter, for those who read the deliberation and may know of its dossier."""
    found = get_object_or_404(queries.letters_visible_to(request.user), call__slug=slug, number=number)
    return printed(request, found, lang)


def printed(request, found: Letter, lang):
    """The letter in one of its languages."""
    if lang not in LANGUAGES:
        raise Http404
    address = request.build_absolute_uri(reverse("evaluation:verify_letter", args=[found.reference]))
    return pdf_response(letter_pdf(found, lang=lang, verify_url=address), f"courrier-{found.reference}-{lang}.pdf")


@require_safe
def verify_letter(request, reference):
    """Public: reference, date and fingerprint of a letter, and nothing else. An unknown one gets the same page, with 404."""
    if not throttle.allow(f"verify:{throttle.client_key(request)}", LIMIT, WINDOW):
        response = render(request, "evaluation/letters/verify.html", {"state": "busy"}, status=429)
        response["Retry-After"] = str(WINDOW)
        return response
    # Only these columns leave the table: no name and no outcome can reach the page by mistake.
    found = Letter.objects.filter(reference=reference).values("reference", "issued_at", "sha256").first()
    return render(request, "evaluation/letters/verify.html", {"found": found, "reference": reference}, status=200 if found else 404)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def publication(request, slug):
    """What will be public, then publish it; only for who may see every dossier of the call."""
    call = call_or_404(shared.calls_before_committee(request.user), slug)
    if not _reads_all(request.user, call):
        raise Http404
    if request.method == "POST":
        demand(permissions.can_issue_letters(request.user))
        return _publish(request, call)
    results, last = results_content(call), queries.latest_publication(call)
    context = {
        "call": call,
        "results": results,
        "last": last,
        "unchanged": last is not None and last.sha256 == sha256_hex(canonical_json(results)),
        "unnotified": queries.unnotified(call).count(),
        "may_publish": bool(permissions.can_issue_letters(request.user)),
        "now": clock.now(),
    }
    return render(request, "evaluation/letters/publication.html", context)


@confirmed
def _publish(request, call):
    try:
        services.publish(call=call, actor=request.user)
        messages.success(request, _("The results are published."))
    except Refused as refusal:
        messages.error(request, refusal.message)
    return redirect("evaluation:publication", call.slug)
