"""A session while it is held: attendance, items, interests declared at the meeting, the screens that follow."""

from functools import partial

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evaluation import permissions
from evaluation.forms import sessions as forms
from evaluation.models import AgendaItem, CommitteeSession
from evaluation.queries.live import screen_of
from evaluation.queries.sessions import room_of
from evaluation.services import attendance, meetings
from evaluation.services.refusals import Refused
from evaluation.views.scope import demand, posted
from evaluation.views.session_page import (
    able_to_chair,
    done,
    held_or_404,
    item_or_404,
    lift_name,
    live_fragment,
    page,
    sent,
    session_or_404,
    stand_in_name,
)


@require_POST
@login_required
def record(request, slug, number, pk, move):
    """Someone came in or went out, now or at a time gone by."""
    shown = held_or_404(request.user, slug, number)
    member = get_object_or_404(shown.members, pk=pk)
    form = forms.AttendanceForm(request.POST)
    typed = {"attendance_form": form, "attendance_member": member.pk}
    if not form.is_valid():
        return page(request, shown, status=422, **typed)
    names = {"arrivee": "arrived", "depart": "left"}
    act = partial(attendance.record, member=member, move=names.get(move, ""), at=form.moment, actor=request.user)
    return done(request, shown, act, **typed)


@require_POST
@login_required
def lift(request, slug, number, pk):
    """Let a member who declared an interest in one dossier vote on the others."""
    shown = held_or_404(request.user, slug, number)
    member = get_object_or_404(shown.members, pk=pk)
    form = forms.ReasonForm(request.POST, about=lift_name(member))
    return sent(request, shown, form, lift_name(member), partial(attendance.lift_exclusion, member=member))


def run_or_403(request, slug, number, pk):
    """(session, item) for whoever runs this item: who holds the session, or the member who chairs it."""
    shown = session_or_404(request.user, slug, number)
    item = item_or_404(request.user, shown, pk)
    room = room_of(shown)
    # Whoever chairs the item in progress also calls the next one.
    now = item if item.status != AgendaItem.Status.WAITING else shown.items.filter(status=AgendaItem.Status.CURRENT).first() or item
    demand(permissions.can_run_item(request.user, room.presiding(now)))
    return shown, item


ACTS = {"ouvrir": meetings.open_item, "finir": meetings.finish_item, "plus-tard": meetings.set_aside}


@require_POST
@login_required
def act(request, slug, number, pk, act):
    """What is done to an item by a button alone."""
    shown, item = run_or_403(request, slug, number, pk)
    if act not in ACTS:
        raise Http404
    return done(request, shown, partial(ACTS[act], item=item, actor=request.user))


@require_POST
@login_required
def postpone(request, slug, number, pk):
    """Leave an item to a later session."""
    shown, item = run_or_403(request, slug, number, pk)
    return sent(request, shown, forms.ReasonForm(request.POST, about="postpone"), "postpone_form", partial(meetings.postpone, item=item))


@require_POST
@login_required
def summary(request, slug, number, pk):
    """What was said on an item."""
    shown, item = run_or_403(request, slug, number, pk)
    return sent(request, shown, forms.SummaryForm(request.POST), "summary_form", partial(meetings.summarise, item=item))


@require_POST
@login_required
def stand_in(request, slug, number, pk):
    """Who chairs an item in the place of the chair."""
    shown, item = run_or_403(request, slug, number, pk)
    able, name = able_to_chair(room_of(shown), item), stand_in_name(item)
    form = forms.StandInForm(request.POST, members=able, about=name)
    if not form.is_valid():
        return page(request, shown, status=422, **{name: form})
    member = next(row for row in able if str(row.pk) == form.cleaned_data["member"])
    act = partial(meetings.name_stand_in, item=item, member=member, actor=request.user)
    return done(request, shown, act, **{name: form})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def declare(request, slug, number, pk):
    """Step down from an item: afterwards it no longer exists for this person."""
    shown = session_or_404(request.user, slug, number)
    item = item_or_404(request.user, shown, pk)
    if room_of(shown).member(request.user) is None or item.application_id is None:
        raise Http404
    form = forms.StepDownForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            attendance.step_down(item=item, actor=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Your declaration is recorded. You do not take part in this item."))
            return redirect("evaluation:session", slug, number)
    context = {"session": shown, "call": shown.call, "item": item, "form": form}
    return render(request, "evaluation/sessions/declare.html", context, status=422 if form.errors else 200)


# Screens


@require_safe
@login_required
def live(request, slug, number):
    """What everyone's screen asks for every few seconds: 304 as long as nothing changed for this person."""
    shown = session_or_404(request.user, slug, number)
    html, etag = live_fragment(request, shown, screen_of(request.user, shown), "ecran" in request.GET)
    unchanged = request.headers.get("If-None-Match") == etag
    response = HttpResponseNotModified() if unchanged else HttpResponse(html)
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
@login_required
def screen(request, slug, number):
    """The session for the projector of the room."""
    shown = session_or_404(request.user, slug, number)
    if shown.status not in (CommitteeSession.Status.CONVENED, CommitteeSession.Status.OPEN):
        return redirect("evaluation:session", slug, number)
    html, etag = live_fragment(request, shown, screen_of(request.user, shown), projector=True)
    return render(request, "evaluation/sessions/screen.html", {"session": shown, "call": shown.call, "live": html, "etag": etag})
