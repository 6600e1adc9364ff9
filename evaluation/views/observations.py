"""The contradictory step: DPTC prepares the facts and opens it, each applicant answers once."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications.models import Collaborator
from applications.permissions import role_on
from applications.views.own import frame, own_or_404
from clusters_portal.accounts.sessions import seal_of, signed_in
from clusters_portal.lib import clock
from clusters_portal.lib.wire import refusal, wants_json
from evaluation import permissions
from evaluation.forms.observations import FindingsForm, ObservationForm
from evaluation.models import JudgingTerms, Observation
from evaluation.queries import observations as queries
from evaluation.rules import delays
from evaluation.services import observations as services
from evaluation.services.refusals import Refused
from evaluation.views.scope import call_or_404, demand, posted, version_of


@require_safe
@login_required
def index(request, slug):
    """Every dossier of the step: the facts, whether they are written, what the applicant answered."""
    call = call_or_404(queries.calls_with_observations(request.user), slug)
    rows, step = queries.rows_of(request.user, call), queries.step_of(call)
    context = {
        "call": call,
        "rows": rows,
        "step": step,
        "is_open": step is not None and step.is_open(clock.now()),
        "terms": JudgingTerms.objects.get(call=call),
        "may_write": step is None and bool(permissions.can_draft_answer(request.user)),
        "may_open": step is None and bool(permissions.can_issue_letters(request.user)),
    }
    return render(request, "evaluation/observations/index.html", context)


@require_POST
@login_required
def open_step(request, slug):
    """Put the facts to every applicant at once."""
    call = call_or_404(queries.calls_with_observations(request.user), slug)
    demand(permissions.can_issue_letters(request.user))
    try:
        step = services.open_step(call=call, actor=request.user)
        messages.success(request, _("Applicants may observe until %(due)s.") % {"due": clock.format_moment(step.due_at)})
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("evaluation:observations", slug)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def findings(request, slug, pk):
    """The facts of one dossier, prefilled from its consensus until they are saved."""
    call = call_or_404(queries.calls_with_observations(request.user), slug)
    application = next((row for row in queries.rows_of(request.user, call) if row.pk == pk), None)
    if application is None:
        raise Http404
    demand(permissions.can_draft_answer(request.user))
    stored = getattr(application, "findings", None)
    form = FindingsForm(posted(request), initial={"text": stored.text if stored else queries.text_to_start_from(application)})
    if request.method == "POST" and form.is_valid():
        try:
            services.save_findings(application=application, text=form.cleaned_data["text"], actor=request.user)
            return redirect("evaluation:observations", slug)
        except Refused as refused:
            form.add_error(None, refused.message)
    context = {"call": call, "row": application, "form": form, "stored": stored}
    return render(request, "evaluation/observations/findings.html", context, status=422 if form.errors else 200)


# The applicant's side

# Sending was refused, the text is saved as a draft all the same: the page opens again with it and says why.
DRAFT_KEPT = ("long", "empty")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def observe(request, pk):
    """The facts put to the applicant, the draft kept as it is typed, the observation sent once."""
    application = own_or_404(request.user, pk)
    found = queries.findings_sent(application)
    if found is None:
        raise Http404
    if request.method != "POST":
        return _page(request, application, found)
    form = ObservationForm(request.POST)
    if not form.is_valid():
        return (
            refusal("refused", _("This text is too long."), status=422) if wants_json(request) else _page(request, application, found, form)
        )
    sending = request.POST.get("action") == "send"
    if sending and role_on(request.user, application) != Collaborator.Role.MANDATARY:
        raise PermissionDenied(_("Only the authorised representative may send the observations."))
    act = services.send if sending else services.save
    try:
        saved = act(findings=found, text=form.cleaned_data["text"], revision=version_of(request), actor=request.user)
    except services.StaleObservation as stale:
        return _stale(request, application, found, form, stale.current)
    except Refused as refused:
        if wants_json(request) and refused.code not in DRAFT_KEPT:
            return refusal("refused", refused.message, status=409)
        if wants_json(request):
            messages.error(request, refused.message)
            return _saved(request, pk, Observation.objects.get(findings=found))
        form.add_error(None, refused.message)
        return _page(request, application, found, form, status=409)
    return _saved(request, pk, saved)


def _saved(request, pk, saved):
    address, said = reverse("evaluation:observe", args=[pk]), _("Saved at %(time)s") % {"time": clock.format_time(saved.saved_at)}
    if wants_json(request):
        return JsonResponse({"version": saved.revision, "saved_at": saved.saved_at, "said": said, "rows": {}, "errors": [], "url": address})
    messages.success(request, _("Your observations are sent.") if saved.sent_at else said)
    return redirect(address)


def _stale(request, application, found, form, current):
    """Somebody saved meanwhile: nothing is written, both texts are shown."""
    sentence = _("Not saved: this text was saved elsewhere at %(time)s.") % {"time": clock.format_time(current.saved_at)}
    if wants_json(request):
        return refusal("conflict", sentence, status=409)
    form.add_error(None, sentence)
    return _page(request, application, found, form, status=409, conflict=current)


def _page(request, application, found, form=None, *, status=None, conflict=None):
    stored = Observation.objects.filter(findings=found).select_related("sent_by", "saved_by").first()
    now = clock.now()
    context = {
        **frame(application),
        "findings": found,
        "step": found.step,
        "stored": stored,
        "is_open": found.step.is_open(now) and not (stored and stored.sent_at),
        "form": form or ObservationForm(initial={"text": stored.text if stored else ""}),
        "version": stored.revision if stored else 0,
        "words": delays.words(stored.text) if stored else 0,
        "seal": seal_of(request),
        "conflict": conflict,
        "may_send": role_on(request.user, application) == Collaborator.Role.MANDATARY,
    }
    return render(request, "evaluation/observations/observe.html", context, status=status or (422 if form and form.errors else 200))
