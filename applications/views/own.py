"""What every page of one's own dossier starts with: the fetch that is also the right, and the bar on top."""

from dataclasses import dataclass
from functools import partial

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from applications.models import Application, Message
from applications.queries import own_applications, standing_requests, unread_counts, with_single_rows
from applications.queries.removed import noting_removed_rows
from applications.steps import STEPS_BY_SLUG, read_with_step
from clusters_portal.lib import clock

S = Application.Status
# Said to the applicant as soon as they are decided; a decision of the committee waits for its letter.
KNOWN_AT_ONCE = (S.ADMISSIBLE, S.INADMISSIBLE)
# Deposited or withdrawn: until the deadline the draft may be changed and deposited again.
BUFFERED = (S.DEPOSITED, S.WITHDRAWN)
DECISIONS = (S.SELECTED, S.SELECTED_WITH_RESERVATIONS, S.WAITING_LIST, S.DEFERRED, S.NOT_SELECTED)
UNDER_EXAMINATION = (S.UNDER_EVALUATION, S.IN_COMMITTEE, *DECISIONS)


@dataclass(frozen=True)
class Wording:
    """The state of a dossier as its people read it. `further` is what became of it since, "" when nothing is public."""

    text: str
    tone: str
    further: str = ""


def own_or_404(user, pk, *, step=None, whole: bool = False) -> Application:
    """One's own dossier; the same 404 for a stranger's and for none.

    Its single rows are read in the same query: those the step shows, or all of them when the page needs the `whole`.
    """
    if whole:
        return get_object_or_404(with_single_rows(own_applications(user)), pk=pk)
    found = own_applications(user)
    if step:
        found = noting_removed_rows(read_with_step(found, step), user, step.slug)
    return get_object_or_404(found, pk=pk)


def step_or_404(slug):
    try:
        return STEPS_BY_SLUG[slug]
    except KeyError:
        raise Http404 from None


def frame(application, *, ready: bool | None = None, changed: bool | None = None) -> dict:
    """What the sticky bar of a dossier says, and where its steps are listed.

    `ready`: whether anything stands in the way of the deposit. `changed`: whether the draft differs from the last deposit.
    None where the page did not compute it: the bar then says no more than what is sure.
    """
    unread = partial(_unread_messages, application)  # asked for by the pages that show it
    return {
        "application": application,
        "call": application.call,
        "wording": wording_of(application, ready=ready, changed=changed),
        "in_buffer": is_buffer(application),
        "steps_url": steps_url(application),
        "unread_messages": unread,
        "complement": partial(_standing_complement, application),
    }


def standing_complements(applications) -> dict:
    """{key: {request, state}} of the complement requests that stand on dossiers, for their banners; at most one query."""
    keys = [a.pk for a in applications if not a.is_draft and a.call.complement_allowed]
    now = clock.now()
    return {key: {"request": found, "state": found.state_at(now)} for key, found in standing_requests(keys).items()} if keys else {}


def _standing_complement(application):
    return standing_complements([application]).get(application.pk)


def is_buffer(application) -> bool:
    """Is what is edited the draft behind a deposit, until the deadline?"""
    return application.status in BUFFERED and application.call.is_open(clock.now())


def steps_url(application) -> str:
    """Where the steps are listed: the dossier's own page, or the draft behind the deposit."""
    return reverse("applications:modify" if is_buffer(application) else "applications:task_list", args=[application.pk])


def _unread_messages(application) -> int:
    if application.is_draft:
        return 0
    return unread_counts(application.reader_id, [application.pk], side=Message.Side.APPLICANT).get(application.pk, 0)


def wording_of(application, *, ready: bool | None = None, changed: bool | None = None) -> Wording:
    """« Brouillon — NON DÉPOSÉ » or « Déposé le … à …, n° … »: nobody may believe wrongly that a dossier is deposited (A2)."""
    if application.is_draft:
        return _of_a_draft(application, ready)
    if application.status == S.WITHDRAWN:
        return Wording(_("Withdrawn on %(day)s at %(time)s, no. %(number)s") % _dated(application, application.withdrawn_at), "neutral")
    values, further = _dated(application, application.deposited_at), _further(application)
    if application.status != S.DEPOSITED or application.call.is_closed(clock.now()):
        changed = False  # what was not deposited in time no longer counts: the page says so, the state is the deposit's
    if changed:
        return Wording(_("Changes NOT SUBMITTED — deposit of %(day)s at %(time)s, no. %(number)s") % values, "warn", further)
    if changed is None and _saved_since(application):
        return Wording(_("Submitted on %(day)s at %(time)s, no. %(number)s — later saves NOT SUBMITTED") % values, "warn", further)
    return Wording(_("Submitted on %(day)s at %(time)s, no. %(number)s") % values, "ok", further)


def _of_a_draft(application, ready):
    if application.call.is_closed(clock.now()):
        return Wording(_("Closed — NOT SUBMITTED"), "danger")
    if ready is None:  # it may be ready or not: the page did not look
        return Wording(_("NOT SUBMITTED"), "warn")
    return Wording(_("Ready to submit — NOT SUBMITTED"), "info") if ready else Wording(_("Draft — NOT SUBMITTED"), "warn")


def _dated(application, moment) -> dict:
    return {"day": clock.format_day(moment), "time": clock.format_time(moment), "number": application.number}


def _saved_since(application) -> bool:
    """One query; a step saved without a change counts, so the bar says "saved" and not "changed"."""
    return application.step_states.filter(saved_at__gt=application.deposited_at).exists()


def _further(application):
    """Evaluated, before the committee or decided: the same words until the decision is notified."""
    if application.status in KNOWN_AT_ONCE or application.notified_at is not None:
        return application.get_status_display()
    return _("Under examination") if application.status in UNDER_EXAMINATION else ""
