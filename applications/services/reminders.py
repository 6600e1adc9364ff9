"""Reminders before a deadline, and « non déposé » after it: each once, to each person, whatever the scheduler does.

What is due is computed without a lock; it is then claimed under the dossiers' locks, where the state, the deadline and
what was already sent are read again: a deposit, an extension or another worker that came first is seen.
"""

import logging
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from allauth.account.models import EmailAddress
from celery import shared_task
from django.db import transaction
from django.db.models import Exists, F, Max, OuterRef, Prefetch, Q
from django.urls import reverse
from django.utils.functional import lazy

from clusters_portal.lib import clock
from clusters_portal.notifications import outbox
from clusters_portal.privacy.register import BY_CODE

from ..models import Application, Call, Collaborator, Deposit, Reminder
from ..queries import Dossier, dossiers_of
from ..rules.reminders import LONGEST_NOTICE, NOT_DEPOSITED, TOLD_WITHIN, due, time_left
from ..snapshots import is_changed
from ..steps import STEPS_BY_CODE
from .deposit import obstacles_of

BATCH = 25
S = Application.Status
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Line:
    """One reminder to send: about which dossier, to whom, which."""

    application: Application
    collaborator: Collaborator
    kind: str

    @property
    def key(self):
        return (self.application.pk, self.collaborator.user_id, self.kind, self.application.call.deadline_at)


@dataclass(frozen=True)
class Lacking:
    """What is missing, in numbers: a mail names no content. `thresholds` counts rules and controls that are not met."""

    steps: int
    pieces: int
    thresholds: int


@shared_task(name="applications.send_reminders")
def send_reminders() -> int:
    """Send every reminder that is due; returns how many. May run at any time, and twice at once.

    Side effects: for each one a Reminder, a notice and, after the commit, a mail. What fails on one batch is logged and
    does not keep the others from being told.
    """
    now, told = clock.now(), 0
    for batch in _batches(now):
        try:
            told += _remind(batch, now)
        except Exception:  # one dossier that cannot be read must not silence the portal; the next run tries again
            logger.exception("Reminders of a batch of %d applications could not be sent", len(batch))
    return told


def _batches(now) -> Iterator[list]:
    keys = list(_concerned(now).order_by("pk").values_list("pk", flat=True))
    mailable = ~Exists(EmailAddress.objects.filter(user=OuterRef("user"), email__iexact=OuterRef("user__email"), verified=False))
    people = Collaborator.objects.filter(user__is_active=True).select_related("user").annotate(mailable=mailable)
    for start in range(0, len(keys), BATCH):
        found = Application.objects.filter(pk__in=keys[start : start + BATCH]).select_related("call", "association").order_by("pk")
        found = found.annotate(extended_at=Max("call__extensions__published_at"))
        yield list(found.prefetch_related(Prefetch("collaborators", people), "reminders"))


def _concerned(now):
    """Dossiers that are not deposited, or that were changed since, in calls whose deadline is near or has just passed."""
    calls = Q(call__opens_at__lte=now, call__deadline_at__range=(now - TOLD_WITHIN, now + LONGEST_NOTICE))
    changed = Q(status=S.DEPOSITED) & Exists(Application.objects.filter(pk=OuterRef("pk"), step_states__saved_at__gt=F("deposited_at")))
    return Application.objects.filter(calls, Q(status__in=(S.DRAFT, S.WITHDRAWN)) | changed).exclude(call__published_at=None)


def _remind(batch, now) -> int:
    lines = {application: found for application in batch if (found := _due_lines(application, now))}
    lacking = _lacking_of([application for application, found in lines.items() if found[0].kind != NOT_DEPOSITED])
    wanted = {application.pk: found for application, found in lines.items() if found[0].kind == NOT_DEPOSITED or application.pk in lacking}
    if not wanted:
        return 0
    with transaction.atomic():
        claimed = _claim(wanted, now)
        for line in claimed:
            _tell(line, lacking.get(line.application.pk), now)
    return len(claimed)


def _due_lines(application, now) -> list[Line]:
    deadline, sent, lines = application.call.deadline_at, defaultdict(set), []
    for reminder in application.reminders.all():
        if reminder.deadline_at == deadline:
            sent[reminder.user_id].add(reminder.kind)
    for person in application.collaborators.all():
        # Whoever joined, or was told of an extension, since a moment has passed is not reminded of that moment.
        since = max(filter(None, (person.created_at, application.extended_at)))
        kind = due(now, deadline, since, sent[person.user_id])
        if kind and (kind != NOT_DEPOSITED or application.status == S.DRAFT):
            lines.append(Line(application, person, kind))
    return lines


def _lacking_of(applications) -> dict:
    """{pk: Lacking}; a deposited dossier that says what was deposited is left out. As many queries for one as for all."""
    deposited = [application for application in applications if application.status == S.DEPOSITED]
    made = Deposit.objects.filter(application__in=deposited).order_by("sequence") if deposited else []
    last = {deposit.application_id: deposit for deposit in made}
    for application in deposited:
        application.current_deposit = last.get(application.pk)
    dossiers = dossiers_of(applications) if applications else []
    return {
        dossier.application.pk: _lacking(dossier)
        for dossier in dossiers
        if dossier.application.status != S.DEPOSITED or is_changed(dossier)
    }


def _lacking(dossier: Dossier) -> Lacking:
    obstacles = obstacles_of(dossier)
    unfinished = [obstacle.step for obstacle in obstacles if obstacle.code == "incomplete"]
    pieces = STEPS_BY_CODE["documents"].slug
    return Lacking(len(set(unfinished) - {pieces}), unfinished.count(pieces), len(obstacles) - len(unfinished))


def _claim(wanted, now) -> list[Line]:
    """The lines that are still to be sent, once the dossiers are locked; written down as sent."""
    locked = Application.objects.select_for_update(of=("self",)).filter(pk__in=wanted).order_by("pk")
    states = {application.pk: (application.status, application.call_id) for application in locked}
    # Read after the lock, by queries of their own: what was committed during the wait counts.
    deadlines = dict(Call.objects.filter(pk__in={call for _status, call in states.values()}).values_list("pk", "deadline_at"))
    sent = set(Reminder.objects.filter(application__in=wanted).values_list("application", "user", "kind", "deadline_at"))
    lines = []
    for key, (status, call) in states.items():
        for line in wanted[key]:
            same = (line.application.status, line.application.call.deadline_at) == (status, deadlines[call])
            if same and line.key not in sent:
                lines.append(line)
    Reminder.objects.bulk_create(
        Reminder(application_id=key, user_id=user, kind=kind, deadline_at=deadline, sent_at=now)
        for key, user, kind, deadline in (line.key for line in lines)
    )
    return lines


def _tell(line, lacking, now):
    application, user = line.application, line.collaborator.user
    deadline = application.call.deadline_at
    context = {
        "association": application.association,
        "call": application.call,
        # Written when the mail is, in the reader's language.
        "deadline": lazy(partial(clock.format_moment, deadline), str)(),
    }
    if line.kind == NOT_DEPOSITED:
        paper = reverse("applications:generated_pdf", args=[application.pk, "technique", "ar" if user.language == "ar" else "fr"])
        context |= {"paper": outbox.absolute(paper), "months": BY_CODE["drafts"].months}
    else:
        context |= {"state": application.status, "lacking": lacking, "left": lazy(partial(time_left, now, deadline), str)()}
    outbox.tell(
        user, kind="not_deposited" if line.kind == NOT_DEPOSITED else "reminder", context=context,
        url=reverse("applications:task_list", args=[application.pk]), by_mail=line.collaborator.mailable,
    )  # fmt: skip
