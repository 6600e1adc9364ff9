"""Reading letters and publications."""

import json

from applications.models import Application
from evaluation.models import CommitteeSession, Decision, Letter, Minutes, ResultsPublication
from evaluation.queries.access import barred_applications, calls_before_committee
from evaluation.queries.rows import with_deposit
from evaluation.queries.states import BEFORE_COMMITTEE


def decisions_of(user, session) -> list[Decision]:
    """The decisions of a session this person may see, by number, with their letter and the names of the deposit."""
    rows = Decision.objects.filter(item__session=session).exclude(application__in=barred_applications(user))
    rows = rows.select_related("application__call", "application__association", "ranking__grid", "letter", "item__session")
    return list(with_deposit(rows, "application_id").order_by("application__number"))


def signed_minutes(session) -> Minutes | None:
    """The last signed minutes of a session."""
    rows = Minutes.objects.filter(session=session, session__status=CommitteeSession.Status.SIGNED, signature__isnull=False)
    return rows.select_related("session__call").defer("content").order_by("-sequence").first()


def unnotified(call):
    """Dossiers brought before the committee whose people were told nothing yet."""
    return Application.objects.filter(call=call, status__in=BEFORE_COMMITTEE, notified_at=None)


def letters_visible_to(user):
    """Letters the committee, DPTC's head and auditors may read; none of a dossier in which they declared an interest."""
    rows = Letter.objects.filter(call__in=calls_before_committee(user)).exclude(application__in=barred_applications(user))
    return rows.select_related("call", "application")


def letters_of(application) -> list[Letter]:
    """The letters of one dossier, the first first."""
    return list(Letter.objects.filter(application=application).order_by("number"))


def decision_letter(application) -> Letter | None:
    """The letter that notified the decision on a dossier."""
    return Letter.objects.filter(application=application, kind=Letter.Kind.DECISION).select_related("decision").first()


def latest_publication(call) -> ResultsPublication | None:
    """The last publication of the results of a call."""
    return ResultsPublication.objects.filter(call=call).select_related("published_by").order_by("-sequence").first()


def published_results(call) -> dict | None:
    """What the public page of a call shows: the content of the last publication, its moment and its hash; None before."""
    last = latest_publication(call)
    return last and {**json.loads(last.content), "published_at": last.published_at, "sha256": last.sha256}
