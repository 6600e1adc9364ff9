"""The page of a session in each of its states, and how an act on it answers: back to the page, or the page with its refusal."""

import re
from functools import partial
from hashlib import sha256

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string

from clusters_portal.lib.workflow import InvalidTransition
from evaluation import permissions
from evaluation.forms import sessions as forms
from evaluation.models import AgendaItem, Ballot, CommitteeSession
from evaluation.queries import latest_ranking
from evaluation.queries.live import screen_of
from evaluation.queries.sessions import (
    agenda_recusals,
    by_capacity,
    equals_of,
    hides_items,
    items_of,
    people_who_may_attend,
    room_of,
    sessions_visible_to,
)
from evaluation.rules import agenda
from evaluation.services.refusals import Refused
from evaluation.views.decision_form import decision_context
from evaluation.views.scope import demand

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')
_STATUS = CommitteeSession.Status
TEMPLATES = {
    _STATUS.PREPARED: "preparation",
    _STATUS.CONVENED: "convened",
    _STATUS.OPEN: "meeting",
    _STATUS.CANCELLED: "cancelled",
}


def session_or_404(user, slug, number) -> CommitteeSession:
    """The session of this address among those the person may know of, with its call."""
    if number > 32767:
        raise Http404
    rows = sessions_visible_to(user).select_related("call__judging_terms", "created_by")
    return get_object_or_404(rows, call__slug=slug, number=number)


def held_or_404(user, slug, number) -> CommitteeSession:
    """The same, for someone who may hold it: otherwise 403 with the reason."""
    session = session_or_404(user, slug, number)
    demand(permissions.can_hold_sessions(user))
    return session


def item_or_404(user, session, pk) -> AgendaItem:
    """An item of the session that exists for this person, as their agenda has it."""
    for item in items_of(user, session):
        if item.pk == pk:
            return item
    raise Http404


def page(request, session, *, status=200, refusal="", **bound):
    """The page of the session. `bound` are forms that came back with what was typed; `refusal` a sentence on top."""
    context = {
        "session": session,
        "call": session.call,
        "refusal": refusal,
        "may_hold": bool(permissions.can_hold_sessions(request.user)),
        **{f"{act}_form": forms.ReasonForm(about=act) for act in ("cancel", "cancel_ballot", "postpone")},
    }
    template = TEMPLATES.get(session.status, "record")
    context |= _CONTEXTS[template](request.user, session, context["may_hold"])
    if "screen" in context:
        context["live"], context["etag"] = live_fragment(request, session, context["screen"])
    if context.get("runs"):
        context["unchaired"] = _unchaired(context["screen"], bound)
    if "room" in context:
        context["exclusions"] = [(m, bound.get(lift_name(m)) or forms.ReasonForm(about=lift_name(m))) for m in context["room"].excluded]
    return render(request, f"evaluation/sessions/{template}.html", context | bound, status=status)


def lift_name(member) -> str:
    """The name of the form that lets an excluded member vote."""
    return f"lift{member.pk}_form"


def stand_in_name(item) -> str:
    """The name of the form that gives an item somebody to chair it."""
    return f"stand_in{item.pk}_form"


def _unchaired(screen, bound) -> list:
    """[(item, form)] of those in progress or to come that nobody may chair now: they open, and are decided, once somebody is named."""
    to_chair = (AgendaItem.Status.CURRENT, AgendaItem.Status.WAITING)
    items = [item for item in screen.items if item.status in to_chair and screen.room.presiding(item) is None]
    name = stand_in_name
    return [
        (item, bound.get(name(item)) or forms.StandInForm(members=able_to_chair(screen.room, item), about=name(item))) for item in items
    ]


def live_fragment(request, session, screen, projector=False):
    """(what a screen shows now, its ETag): the tag is that of everything seen, and of nothing else."""
    context = {"screen": screen, "session": session, "call": session.call, "projector": projector}
    html = render_to_string("evaluation/sessions/_live.html", context, request)
    return html, f'"{sha256(TOKEN.sub("", html).encode()).hexdigest()[:32]}"'


def sent(request, session, form, name, act):
    """What a form of the page asks for: `act` gets its values. Else the page with the form, under its `name`, as it was typed."""
    if not form.is_valid():
        return page(request, session, status=422, **{name: form})
    return done(request, session, partial(act, actor=request.user, **form.cleaned_data), **{name: form})


def done(request, session, act, **bound):
    """Do it and go back to the page; when it is refused, the page with the reason and what was typed."""
    try:
        act()
    except (Refused, InvalidTransition) as refusal:
        session.refresh_from_db()
        return page(request, session, status=409, refusal=refusal.message, **bound)
    return redirect("evaluation:session", session.call.slug, session.number)


def _preparation(user, session, may_hold):
    room = room_of(session)
    context = {"room": room, "items": items_of(user, session)}
    if may_hold:
        context |= {
            "members_form": forms.MembersForm(people=people_who_may_attend(), members=room.members),
            "question_form": forms.QuestionForm(),
        }
    if may_hold and not hides_items(user, session):
        recusals = agenda_recusals(session, room)
        sets = dict(recusals)
        context |= {
            "movements": agenda.movements(sets[item] for item in sorted(sets, key=lambda item: item.position)),
            "best_movements": agenda.movements(sets[item] for item in agenda.order(recusals)),
        }
    return context


def _convened(user, session, may_hold):
    screen = screen_of(user, session)
    return {"screen": screen, "room": screen.room, "items": screen.items, "me": screen.me, "attendance_form": forms.AttendanceForm()}


def _meeting(user, session, may_hold):
    screen = screen_of(user, session)
    context = {"screen": screen, "room": screen.room, "items": screen.items, "me": screen.me, "attendance_form": forms.AttendanceForm()}
    context["runs"] = bool(permissions.can_run_item(user, screen.presiding)) and not screen.out
    if context["runs"] and screen.item:
        context |= _controls(user, session, screen)
    return context


def _controls(user, session, screen):
    """Forms on the item in progress."""
    item, terms = screen.item, screen.room.terms
    context = {"summary_form": forms.SummaryForm(initial={"summary": item.summary})}
    if screen.presiding is None:  # nothing is put to the vote nor decided until somebody chairs
        return context
    if screen.ballot is None or screen.ballot.status != Ballot.Status.OPEN:
        context["proposal_form"] = forms.ProposalForm(terms=terms, item=item)
        equals, seats = equals_of(item, latest_ranking(session.call)) if item.application_id else ([], 0)
        if equals and not screen.hidden_vote:
            context |= {"equals": equals, "seats": seats, "tie_form": forms.TieForm(terms=terms)}
    if screen.level and screen.i_preside:
        context["casting_form"] = forms.CastingForm(options=screen.level)
    if item.application_id and not hasattr(item.application, "decision"):
        context |= decision_context(user, session.call, item.application_id, item)
    return context


def able_to_chair(room, item):
    """Voting members present who take part in an item."""
    return [member for member in room.voting if member.is_present and item.application_id not in member.conflicts]


def _record(user, session, may_hold):
    items = items_of(user, session)
    votes = Ballot.objects.filter(item__in=[item.pk for item in items]).exclude(status=Ballot.Status.OPEN)
    known = {item.application_id for item in items}
    by_item: dict = {}
    for ballot in votes.prefetch_related("options__application", "options__named_votes__member__person").order_by("number"):
        if all(option.application_id is None or option.application_id in known for option in ballot.options.all()):
            by_item.setdefault(ballot.item_id, []).append(ballot)
    for item in items:
        item.votes = by_item.get(item.pk, [])
    return {"room": room_of(session), "items": items, "attendances": _movements(session)}


def _movements(session):
    return [
        (member, list(member.attendance.all()))
        for member in by_capacity(session.members.select_related("person").prefetch_related("attendance"))
    ]  # fmt: skip


def _cancelled(user, session, may_hold):
    return {"items": items_of(user, session)}


_CONTEXTS = {
    "preparation": _preparation,
    "convened": _convened,
    "meeting": _meeting,
    "record": _record,
    "cancelled": _cancelled,
}
