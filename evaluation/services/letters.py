"""Letters to applicants: issued all at once after the minutes are signed, each with its own outcome; and publication of the results."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _

from applications.models import Application, Call, Holiday
from applications.services import calls
from applications.services.notification import note_notified
from clusters_portal.audit import journal
from clusters_portal.lib import clock
from clusters_portal.lib.canonical import canonical_json, sha256_hex
from clusters_portal.notifications import outbox
from evaluation.models import Decision, Letter, ResultsPublication
from evaluation.queries.letters import decisions_of, signed_minutes, unnotified
from evaluation.queries.sessions import judging_terms
from evaluation.rules import delays
from evaluation.rules.decisions import FAVOURABLE
from evaluation.services.refusals import Refused
from evaluation.snapshots.letters import decision_content
from evaluation.snapshots.results import results_content


@dataclass(frozen=True)
class Issued:
    """What became of one dossier: its letter, or the sentence that says why there is none."""

    decision: Decision
    letter: Letter | None = None
    refusal: str = ""


def appeal_deadline(notified_at, days: int):
    """The last second to appeal: ``days`` after the day of the notification, the last one whole, and moved to the end of the
    next worked day when it is none. Casablanca's days."""
    holidays = frozenset(Holiday.objects.values_list("day", flat=True))
    last = delays.after_calendar_days(clock.local(notified_at).date(), days, holidays)
    return clock.end_of(last) - timedelta(seconds=1)


def obstacle(decision: Decision) -> str:
    """Why no letter can be issued for this decision, in words; "" when one can (loi 03-01, article 1)."""
    if decision.outcome not in FAVOURABLE and not (decision.reasons_fact.strip() and decision.reasons_law.strip()):
        return _("A decision that is not favourable cannot be notified without its reasons of fact and of law.")
    return ""


def issue_all(*, session, actor) -> list[Issued]:
    """Issue the letter of every decision of the session this person may see, in order of number; those issued stay as they are.

    Each dossier stands alone: one that cannot be notified says why and stops no other. Tells its people, journals.
    Raises Refused until the session's minutes are signed.
    """
    minutes = signed_minutes(session)
    if minutes is None:
        raise Refused(_("Letters are issued once the minutes of the session are signed."), "state")
    return [_issue(decision, minutes, actor) for decision in decisions_of(actor, session)]


def _issue(decision, minutes, actor) -> Issued:
    letter = Letter.objects.filter(decision=decision).first()
    if letter is not None:
        return Issued(decision, letter)
    refusal = obstacle(decision)
    if refusal:
        return Issued(decision, refusal=refusal)
    with transaction.atomic():
        call = Call.objects.select_for_update().get(pk=decision.application.call_id)
        if (twin := Letter.objects.filter(decision=decision).first()) is not None:
            return Issued(decision, twin)
        application = note_notified(application=decision.application)
        number, reference = next_number(call)
        due = appeal_deadline(application.notified_at, judging_terms(call).appeal_days)
        content = decision_content(
            decision, reference=reference, minutes=minutes, issued_at=application.notified_at, issued_by=actor, appeal_due=due
        )
        letter = insert(
            call, number, reference, content, actor=actor, kind=Letter.Kind.DECISION, application=application,
            decision=decision, minutes=minutes, issued_at=application.notified_at,
        )  # fmt: skip
        journal.record("letter.issued", application, actor=actor, after=reference, data={"sha256": letter.sha256})
        tell_people(application, kind="decision_notified", letter=letter)
    return Issued(decision, letter)


def next_number(call) -> tuple[int, str]:
    """The next number of the call's letters, and its reference; the caller holds the lock on the call."""
    number = (Letter.objects.filter(call=call).aggregate(last=Max("number"))["last"] or 0) + 1
    return number, f"{call.number_prefix}-L-{number:04d}"


def insert(call, number, reference, content, *, actor, **columns) -> Letter:
    """Keep a letter with the hash of its content."""
    text = canonical_json(content)
    return Letter.objects.create(
        call=call, number=number, reference=reference, content=text, sha256=sha256_hex(text), issued_by=actor, **columns
    )


def tell_people(application, *, kind: str, **context) -> None:
    """A notice and a mail to the people of the dossier: neither a reason nor a file, only where to read them."""
    url = reverse("evaluation:decision_told", args=[application.pk])
    for collaborator in application.collaborators.select_related("user"):
        outbox.tell(collaborator.user, kind=kind, context={"application": application, **context}, url=url)


@transaction.atomic
def publish(*, call, actor) -> ResultsPublication:
    """Make the results public, on the call's own page. A further session makes a further publication. Journals.

    Raises Refused until every dossier brought before the committee is notified, and when nothing changed since the last.
    """
    call = Call.objects.select_for_update().get(pk=call.pk)
    if unnotified(call).exists():
        raise Refused(_("Results are published once every application brought before the committee has its letter."), "letters")
    if not Application.objects.filter(call=call, notified_at__isnull=False).exists():
        raise Refused(_("There is no result to publish."), "none")
    text = canonical_json(results_content(call))
    sha256, last = sha256_hex(text), ResultsPublication.objects.filter(call=call).order_by("-sequence").first()
    if last is not None and last.sha256 == sha256:
        raise Refused(_("These results are published already."), "same")
    now = clock.now()
    call.results_published_at = now
    calls.save_call(call=call, actor=actor, now=now)
    made = ResultsPublication.objects.create(
        call=call, sequence=last.sequence + 1 if last else 1, content=text, sha256=sha256, published_at=now, published_by=actor
    )
    journal.record("results.published", call, actor=actor, after=sha256, data={"sequence": made.sequence})
    return made
