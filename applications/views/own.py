"""What every page of one's own dossier starts with: the fetch that is also the right, and the bar on top."""

from dataclasses import dataclass
from functools import partial

from django.db.models import OneToOneField
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from applications.models import Application, Message
from applications.queries import own_applications, unread_counts, with_single_rows
from applications.steps import STEPS_BY_SLUG
from clusters_portal.lib import clock

S = Application.Status
# Said to the applicant as soon as they are decided; decisions wait for the publication of the results.
KNOWN_AT_ONCE = (S.WITHDRAWN, S.ADMISSIBLE, S.INADMISSIBLE, S.UNDER_EVALUATION)
DECISIONS = (S.SELECTED, S.SELECTED_WITH_RESERVATIONS, S.WAITING_LIST, S.DEFERRED, S.NOT_SELECTED)


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
    joined = [name for part in step.parts if (name := _joined_name(part))] if step else []
    return get_object_or_404(own_applications(user).select_related(*joined), pk=pk)


def step_or_404(slug):
    try:
        return STEPS_BY_SLUG[slug]
    except KeyError:
        raise Http404 from None


def frame(application, *, ready: bool = False) -> dict:
    """What the sticky bar of a dossier says; `ready` when it is known that nothing stands in the way of the deposit."""
    unread = partial(_unread_messages, application)  # asked for by the pages that show it
    return {
        "application": application,
        "call": application.call,
        "wording": wording_of(application, ready=ready),
        "unread_messages": unread,
    }


def _unread_messages(application) -> int:
    if application.is_draft:
        return 0
    return unread_counts(application.reader_id, [application.pk], side=Message.Side.APPLICANT).get(application.pk, 0)


def wording_of(application, *, ready: bool = False) -> Wording:
    """« Brouillon — NON DÉPOSÉ » or « Déposé le … à …, n° … »: nobody may believe wrongly that a dossier is deposited."""
    if application.is_draft:
        return Wording(_("Ready to submit — NOT SUBMITTED"), "info") if ready else Wording(_("Draft — NOT SUBMITTED"), "warn")
    text = _("Submitted on %(day)s at %(time)s, no. %(number)s") % {
        "day": clock.format_day(application.deposited_at),
        "time": clock.format_time(application.deposited_at),
        "number": application.number,
    }
    return Wording(text, "ok", _further(application))


def _further(application):
    published = application.call.results_published_at
    if application.status in KNOWN_AT_ONCE or (application.status in DECISIONS and published and published <= clock.now()):
        return application.get_status_display()
    return ""


def _joined_name(part):
    """The reverse name under which the application joins the part's single row, None for tables."""
    model = getattr(part, "model", None)
    field = next((f for f in model._meta.fields if f.name == "application"), None) if model else None
    return field.remote_field.name if isinstance(field, OneToOneField) else None
