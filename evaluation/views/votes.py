"""Votes of a session: opened, cast, closed, settled by the casting vote."""

from functools import partial

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from evaluation import permissions
from evaluation.forms import sessions as forms
from evaluation.models import Ballot
from evaluation.queries import barred_applications
from evaluation.queries.sessions import dossiers_of, judging_terms, level_of, room_of
from evaluation.services import ballots
from evaluation.views.meetings import run_or_403
from evaluation.views.scope import demand
from evaluation.views.session_page import done, item_or_404, sent, session_or_404


@require_POST
@login_required
def open_proposal(request, slug, number, pk):
    """Put a proposal to the vote."""
    shown, item = run_or_403(request, slug, number, pk)
    form = forms.ProposalForm(request.POST, terms=judging_terms(shown.call), item=item)
    return sent(request, shown, form, "proposal_form", partial(ballots.open_proposal, item=item))


@require_POST
@login_required
def open_tie(request, slug, number, pk):
    """Put the choice between equals to the vote."""
    shown, item = run_or_403(request, slug, number, pk)
    form = forms.TieForm(request.POST, terms=judging_terms(shown.call))
    return sent(request, shown, form, "tie_form", partial(ballots.open_tie, item=item))


def ballot_or_404(user, slug, number, pk):
    """(session, ballot) when the item and every option of the vote exist for this person."""
    shown = session_or_404(user, slug, number)
    ballot = get_object_or_404(Ballot.objects.filter(item__session=shown).prefetch_related("options"), pk=pk)
    ballot.item = item_or_404(user, shown, ballot.item_id)
    room = room_of(shown)
    member = room.member(user)
    barred = member.conflicts if member else set(barred_applications(user).values_list("application_id", flat=True))
    if dossiers_of(None, ballot.options.all()) & barred:
        raise Http404
    return shown, ballot, room


def counted_or_403(request, slug, number, pk):
    """The same for whoever runs the item."""
    shown, ballot, room = ballot_or_404(request.user, slug, number, pk)
    demand(permissions.can_run_item(request.user, room.presiding(ballot.item)))
    return shown, ballot


@require_POST
@login_required
def close(request, slug, number, pk):
    """Count the votes."""
    shown, ballot = counted_or_403(request, slug, number, pk)
    return done(request, shown, partial(ballots.close, ballot=ballot, actor=request.user))


@require_POST
@login_required
def cancel(request, slug, number, pk):
    """Cancel an open vote, with the reason."""
    shown, ballot = counted_or_403(request, slug, number, pk)
    form = forms.ReasonForm(request.POST, about="cancel_ballot")
    return sent(request, shown, form, "cancel_ballot_form", partial(ballots.cancel, ballot=ballot))


@require_POST
@login_required
def vote(request, slug, number, pk):
    """One's own vote, once."""
    shown, ballot, room = ballot_or_404(request.user, slug, number, pk)
    demand(permissions.can_vote(room.member(request.user)))
    typed = request.POST.get("option", "")
    option = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 18 else 0
    return done(request, shown, partial(ballots.vote, ballot=ballot, option=option, actor=request.user))


@require_POST
@login_required
def cast(request, slug, number, pk):
    """The casting vote of whoever chairs the item."""
    shown, ballot, room = ballot_or_404(request.user, slug, number, pk)
    demand(permissions.can_cast_deciding_vote(request.user, room.presiding(ballot.item)))
    form = forms.CastingForm(request.POST, options=level_of(ballot, room.terms) or ballot.options.all())
    return sent(request, shown, form, "casting_form", partial(ballots.cast_deciding_vote, ballot=ballot))
