"""The contradictory step: facts prepared, put to every applicant at once, answered once by the due second."""

from datetime import timedelta

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.models import Call, Holiday
from clusters_portal.audit import journal
from clusters_portal.lib import clock
from clusters_portal.lib.text import clean_text
from clusters_portal.notifications import outbox
from evaluation.models import FactualFindings, JudgingTerms, Observation, ObservationStep
from evaluation.queries.observations import heard_applications, step_of
from evaluation.queries.rows import is_before_committee
from evaluation.rules import delays
from evaluation.services.refusals import Refused


class StaleObservation(Exception):
    """Somebody saved since this page was opened. ``current`` is what is stored; nothing was written."""

    def __init__(self, current):
        self.current = current
        super().__init__("stale")


@transaction.atomic
def save_findings(*, application, text: str, actor) -> FactualFindings:
    """Write the facts to put to one applicant, until the step opens. Journals. Raises Refused."""
    Call.objects.select_for_update().get(pk=application.call_id)
    if step_of(application.call) is not None or not heard_applications(application.call).filter(pk=application.pk).exists():
        raise Refused(_("The facts can no longer be changed: the step is open or the application is not under evaluation."), "state")
    values = {"text": clean_text(text), "saved_at": clock.now(), "saved_by": actor}
    found, _created = FactualFindings.objects.update_or_create(application=application, defaults=values)
    journal.record("observation.findings_saved", application, actor=actor)
    return found


def due_at(now, working_days: int):
    """The last second to observe: the end of the last of so many worked days after the day of the opening, in Morocco."""
    holidays = frozenset(Holiday.objects.values_list("day", flat=True))
    last = delays.after_worked_days(clock.local(now).date(), working_days, holidays)
    return clock.end_of(last) - timedelta(seconds=1)


@transaction.atomic
def open_step(*, call, actor) -> ObservationStep:
    """Put the facts to every applicant of the call at once. Tells them, journals. Raises Refused."""
    call = Call.objects.select_for_update().get(pk=call.pk)
    terms = JudgingTerms.objects.filter(call=call).first()
    if terms is None or not terms.observations_enabled:
        raise Refused(_("The rules of this call ask for no observations."), "terms")
    if step_of(call) is not None or is_before_committee(call):
        raise Refused(_("The step was opened already, or the applications are before the committee."), "state")
    heard = list(heard_applications(call).select_related("findings"))
    written = [row.findings for row in heard if getattr(row, "findings", None) is not None and row.findings.text]
    if not heard or len(written) != len(heard):
        raise Refused(_("Write the facts established for every application under evaluation first."), "missing")
    now = clock.now()
    due = due_at(now, terms.observation_working_days)
    step = ObservationStep.objects.create(call=call, opened_at=now, opened_by=actor, due_at=due, max_words=terms.observation_max_words)
    for findings in written:
        findings.step = step
        findings.save(update_fields=["step"])
        journal.record("observation.asked", findings.application, actor=actor, after=due.isoformat(), data={"deadline": due.isoformat()})
        _tell(findings.application, step)
    return step


def _tell(application, step):
    url = reverse("evaluation:observe", args=[application.pk])
    for collaborator in application.collaborators.select_related("user"):
        outbox.tell(collaborator.user, kind="observations_asked", context={"application": application, "step": step}, url=url)


@transaction.atomic
def save(*, findings, text: str, revision: int, actor) -> Observation:
    """Keep the draft of an observation, too long or not. Raises StaleObservation, or Refused once the step is over."""
    findings = _open(findings)
    found = Observation.objects.filter(findings=findings).first() or Observation(findings=findings)
    if found.revision != revision:
        raise StaleObservation(found)
    found.text, found.revision, found.saved_at, found.saved_by = clean_text(text), revision + 1, clock.now(), actor
    found.save()
    return found


def send(*, findings, text: str, revision: int, actor) -> Observation:
    """Send the observation, once, by the due second; a refused one stays a draft. Journals, a late attempt too.

    Raises StaleObservation or Refused.
    """
    try:
        saved = save(findings=findings, text=text, revision=revision, actor=actor)
        return _send(findings, saved, actor)
    except Refused as refusal:
        if refusal.code == "late":
            journal.record("observation.refused", findings.application, actor=actor, note=refusal.message)
        raise


@transaction.atomic
def _send(findings, saved, actor) -> Observation:
    _open(findings)
    found = Observation.objects.get(pk=saved.pk)
    if found.revision != saved.revision:
        raise StaleObservation(found)
    limit, length = findings.step.max_words, delays.words(found.text)
    if not length:
        raise Refused(_("Write your observations before sending them."), "empty")
    if length > limit:
        sentence = ngettext("Your observations have %(count)d word", "Your observations have %(count)d words", length) % {"count": length}
        raise Refused(_("%(length)s: %(limit)d at most.") % {"length": sentence, "limit": limit}, "long")
    found.sent_at, found.sent_by = clock.now(), actor
    found.save(update_fields=["sent_at", "sent_by"])
    journal.record("observation.sent", findings.application, actor=actor, data={"words": length})
    return found


def _open(findings) -> FactualFindings:
    """The locked facts, while they may be answered."""
    locked = FactualFindings.objects.select_for_update(of=("self",)).select_related("step", "application").get(pk=findings.pk)
    if Observation.objects.filter(findings=locked, sent_at__isnull=False).exists():
        raise Refused(_("Your observations were sent: they can no longer be changed."), "sent")
    if not locked.step.is_open(clock.now()):
        raise Refused(_("The time to observe ended on %(due)s.") % {"due": clock.format_moment(locked.step.due_at)}, "late")
    return locked


def why_not_deliberate(call) -> str:
    """Why the ranking cannot be brought before the committee yet, in words; "" when it can."""
    terms = JudgingTerms.objects.filter(call=call).first()
    if terms is None or not terms.observations_enabled:
        return ""
    step = step_of(call)
    if step is None:
        return _("The rules of this call ask for the applicants' observations first: open the step.")
    waiting = FactualFindings.objects.filter(step=step).exclude(observation__sent_at__isnull=False).exists()
    if step.is_open(clock.now()) and waiting:
        return _("Applicants may observe until %(due)s: the committee meets after.") % {"due": clock.format_moment(step.due_at)}
    return ""
