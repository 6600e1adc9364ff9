"""The committee's sessions before they are held: list, preparation, convocation."""

from functools import partial

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from applications.models import Call
from evaluation import permissions, queries
from evaluation.forms import sessions as forms
from evaluation.models import CommitteeSession
from evaluation.queries.sessions import items_of, people_who_may_attend, room_of, sessions_visible_to
from evaluation.services import meetings, sessions
from evaluation.services.refusals import Refused
from evaluation.views.scope import call_or_404, demand, posted
from evaluation.views.session_page import done, held_or_404, item_or_404, page, sent, session_or_404


@require_safe
@login_required
def index(request, slug):
    """The sessions of a call, for whoever reads its deliberation or is called to one of them."""
    shown = sessions_visible_to(request.user).filter(call__slug=slug).select_related("call")
    call = queries.calls_before_committee(request.user).filter(slug=slug).first()
    if call is None and not shown:
        raise Http404
    call = call or get_object_or_404(Call, slug=slug)
    context = {"call": call, "sessions": shown.order_by("-number"), "may_hold": bool(permissions.can_hold_sessions(request.user))}
    return render(request, "evaluation/sessions/index.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def create(request, slug):
    """Prepare the next session of a call."""
    call = call_or_404(queries.calls_before_committee(request.user), slug)
    demand(permissions.can_hold_sessions(request.user))
    return _details(request, {"call": call, "form": forms.SessionForm(posted(request))}, partial(sessions.create, call=call))


def _details(request, context, act):
    """The form of date, place and text, or what a valid one asks for."""
    form = context["form"]
    if request.method == "POST" and form.is_valid():
        try:
            kept = act(actor=request.user, **form.details)
            return redirect("evaluation:session", context["call"].slug, kept.number)
        except Refused as refusal:
            form.add_error("day" if refusal.code == "scheduled_at" else None, refusal.message)
    return render(request, "evaluation/sessions/form.html", context, status=422 if form.errors else 200)


@require_safe
@login_required
def session(request, slug, number):
    """One session, as its state and the person have it."""
    return page(request, session_or_404(request.user, slug, number))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def change(request, slug, number):
    """Date, place and text, before the convocation."""
    shown = held_or_404(request.user, slug, number)
    context = {"call": shown.call, "session": shown, "form": forms.SessionForm.of(shown, posted(request))}
    return _details(request, context, partial(sessions.change, session=shown))


@require_POST
@login_required
def members(request, slug, number):
    """Who is called, in which capacity."""
    shown = held_or_404(request.user, slug, number)
    form = forms.MembersForm(request.POST, people=people_who_may_attend(), members=shown.members.all())
    if not form.is_valid():
        return page(request, shown, status=422, members_form=form)
    act = partial(sessions.appoint, session=shown, capacities=form.capacities, actor=request.user)
    return done(request, shown, act, members_form=form)


@require_POST
@login_required
def question(request, slug, number):
    """Add a general question to the agenda."""
    shown = held_or_404(request.user, slug, number)
    return sent(request, shown, forms.QuestionForm(request.POST), "question_form", partial(sessions.add_question, session=shown))


PREPARE = {
    "monter": lambda item, actor: sessions.move_item(item=item, up=True, actor=actor),
    "descendre": lambda item, actor: sessions.move_item(item=item, up=False, actor=actor),
    "retirer": lambda item, actor: sessions.remove_item(item=item, actor=actor),
}


@require_POST
@login_required
def prepare_item(request, slug, number, pk, act):
    """Move an item up or down, or take it off the agenda."""
    shown = held_or_404(request.user, slug, number)
    item = item_or_404(request.user, shown, pk)
    if act not in PREPARE:
        raise Http404
    return done(request, shown, lambda: PREPARE[act](item, request.user))


ACTS = {
    "ordre": sessions.group_recusals,
    "reprendre": sessions.recall,
    "ouvrir": meetings.open_session,
    "clore": meetings.close_session,
}


@require_POST
@login_required
def act(request, slug, number, act):
    """What is done to a session by a button alone."""
    shown = held_or_404(request.user, slug, number)
    if act not in ACTS:
        raise Http404
    return done(request, shown, lambda: ACTS[act](session=shown, actor=request.user))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def convene(request, slug, number):
    """The convocation as each member will get it, then its sending."""
    shown = held_or_404(request.user, slug, number)
    if request.method == "POST":
        return done(request, shown, lambda: sessions.convene(session=shown, actor=request.user))
    if shown.status != CommitteeSession.Status.PREPARED:
        return redirect("evaluation:session", slug, number)
    items = items_of(request.user, shown)
    previews = [(member, [item for item in items if item.application_id not in member.conflicts]) for member in room_of(shown).members]
    return render(request, "evaluation/sessions/convene.html", {"session": shown, "call": shown.call, "previews": previews})


@require_POST
@login_required
def cancel(request, slug, number):
    """Call the session off, with the reason."""
    shown = held_or_404(request.user, slug, number)
    form = forms.ReasonForm(request.POST, about="cancel")
    return sent(request, shown, form, "cancel_form", partial(sessions.cancel, session=shown))
