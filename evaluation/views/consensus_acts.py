"""Acts on a consensus: opening, naming the rapporteur, taking back, answering, concluding, reopening. A refusal keeps what was typed."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from clusters_portal.lib.workflow import InvalidTransition
from evaluation import permissions, queries
from evaluation.forms.conflicts import ReasonForm
from evaluation.forms.consensus import AnswerForm, ConclusionForm, RapporteurForm
from evaluation.services import consensus as service
from evaluation.services import consensus_closing as closing
from evaluation.services.consensus import StaleReport
from evaluation.services.refusals import Refused
from evaluation.views.consensus import consensus_or_404
from evaluation.views.consensus_page import render_page
from evaluation.views.scope import call_or_404, demand


@require_POST
@login_required
def open_one(request, pk):
    """Open the consensus of one dossier, with the rapporteur chosen."""
    application = get_object_or_404(queries.readable_applications(request.user).select_related("call"), pk=pk)
    demand(permissions.can_moderate(request.user))
    panel = queries.panel_of(application)
    form = RapporteurForm(panel.people, request.POST)
    chosen = form.cleaned_data["rapporteur"] if form.is_valid() else None
    person = next((person for person in panel.people if person.pk == chosen), None)
    try:
        service.open_consensus(application=application, rapporteur=person, actor=request.user)
    except Refused as refused:
        messages.error(request, refused.message)
        return redirect("evaluation:call_consensus", application.call.slug)
    messages.success(request, _("The consensus of %(number)s is open.") % {"number": application.number})
    return redirect("evaluation:consensus", pk)


@require_POST
@login_required
def open_every(request, slug):
    """Open every consensus of a call that can be."""
    call = call_or_404(queries.calls_with_consensus(request.user), slug)
    demand(permissions.can_moderate(request.user))
    count = service.open_all(call=call, actor=request.user)
    messages.success(request, ngettext("%(count)d consensus opened.", "%(count)d consensus opened.", count) % {"count": count})
    return redirect("evaluation:call_consensus", slug)


@require_POST
@login_required
def rapporteur(request, pk):
    """Give the report to another evaluator who submitted."""
    consensus = consensus_or_404(request.user, pk)
    demand(permissions.can_moderate(request.user))
    people = queries.panel_of(consensus.application).people
    form = RapporteurForm(people, request.POST)
    if not form.is_valid():
        return render_page(request, consensus, status=422, rapporteur_form=form)
    person = next(person for person in people if person.pk == form.cleaned_data["rapporteur"])
    return _done(request, consensus, form, "rapporteur_form", _("The rapporteur is changed."), service.name_rapporteur, rapporteur=person)


@require_POST
@login_required
def revise(request, pk):
    """Take the report back to change it: answers will be asked again."""
    consensus = consensus_or_404(request.user, pk)
    demand(permissions.can_revise(request.user, consensus))
    return _done(request, consensus, None, "", _("The report is a draft again: approval will be asked afresh."), service.revise)


@require_POST
@login_required
def answer(request, pk):
    """Approve the report or dissent."""
    consensus = consensus_or_404(request.user, pk)
    demand(permissions.can_answer(request.user))
    return _as_written(request, consensus, AnswerForm(request.POST), "answer_form", _("Your answer is recorded."), closing.answer)


@require_POST
@login_required
def conclude(request, pk):
    """Validate, or record the disagreement with both views."""
    consensus = consensus_or_404(request.user, pk)
    demand(permissions.can_conclude(request.user))
    form = ConclusionForm(request.POST)
    return _as_written(request, consensus, form, "conclusion_form", _("The consensus is closed."), closing.conclude)


@require_POST
@login_required
def reopen(request, pk):
    """Reopen a report, with a reason: answers will be asked again."""
    consensus = consensus_or_404(request.user, pk)
    demand(permissions.can_conclude(request.user))
    form = ReasonForm(request.POST, auto_id="reopen_%s")
    said = _("The report is a draft again: approval will be asked afresh.")
    return _as_written(request, consensus, form, "reopen_form", said, closing.reopen)


def _as_written(request, consensus, form, name, said, act):
    """Do what the form says; one that is not valid is shown again under its `name`."""
    if not form.is_valid():
        return render_page(request, consensus, status=422, **{name: form})
    return _done(request, consensus, form, name, said, act, **form.cleaned_data)


def _done(request, consensus, form, name, said, act, **arguments):
    """Do it and lead back to the report; refused, show it again with what was typed."""
    try:
        act(consensus=consensus, actor=request.user, **arguments)
    except StaleReport:
        text = _("The report changed since this page was opened: read it again before you answer.")
    except Refused as refused:
        text = refused.message
        if form and refused.code in form.fields:
            form.add_error(refused.code, text)  # the forms stand far below the notice on a phone
    except InvalidTransition as refused:
        text = refused.message
    else:
        messages.success(request, said)
        return redirect("evaluation:consensus", consensus.application_id)
    fresh = consensus_or_404(request.user, consensus.application_id)
    return render_page(request, fresh, status=409, refusal=text, **({name: form} if name else {}))
