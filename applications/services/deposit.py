"""The deposit (clause 2.2): lock, sample the clock, check everything, freeze, number, journal. All or nothing."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _

from clusters_portal.audit import journal
from clusters_portal.lib import clock as portal_clock
from clusters_portal.lib.canonical import canonical_json, sha256_hex
from clusters_portal.notifications import outbox

from ..declaration import signed_in
from ..models import Application, Deposit, DepositCounter, Identity
from ..permissions import can_deposit
from ..queries import Dossier, dossiers_of, facts_of, own_applications, terms_of, with_single_rows
from ..rules import coherence, eligibility
from ..rules.deadline import is_within
from ..snapshots import answers_in, snapshot_of
from ..steps import STEPS
from . import lifecycle, receipts
from .search_index import index


@dataclass(frozen=True)
class Obstacle:
    """One reason why a dossier cannot be deposited, and the step where it is put right ("" when there is none)."""

    code: str
    sentence: str
    step: str = ""


class DepositRefused(Exception):
    """Nothing changed but the journal. `obstacles` say why, in words."""

    def __init__(self, obstacles):
        self.obstacles = tuple(obstacles)
        super().__init__("; ".join(obstacle.sentence for obstacle in self.obstacles))


def obstacles_of(dossier: Dossier) -> list[Obstacle]:
    """Everything in the dossier that forbids a deposit: unfinished steps, blocking verdicts, blocking controls."""
    found = [Obstacle("incomplete", problem.sentence, step.slug) for step in STEPS for problem in step.problems(dossier)]
    facts, terms = facts_of(dossier), terms_of(dossier.call)
    for verdict in eligibility.blocking(eligibility.evaluate(facts, terms, deadline=dossier.call.deadline_at)):
        found.append(Obstacle(verdict.rule, " ".join(filter(None, (verdict.sentence, verdict.missing_sentence)))))
    found += [Obstacle(finding.code, finding.sentence) for finding in coherence.blocking(coherence.check(facts))]
    return found


def deposit(*, application, declaration: dict, actor, replaces: int | None = None, clock=portal_clock.now) -> Deposit:
    """Deposit a dossier, or deposit it again until the deadline: the last deposit counts, under the same number.

    `declaration` is what the mandatary declared (see `declaration.py`), kept in the snapshot. `replaces` is the sequence
    of the deposit that stood when the page was opened, 0 for none; None skips that check. A second click or tab that
    says the same gets the deposit back that was just made. `clock` tells when the deposit reached the portal: a request's
    is `clock.arrival(request)`, its wait for a turn apart. Raises DepositRefused; a refusal is journalled. Side effects:
    status, number, journal, and after the commit a notice and a mail to every collaborator.
    """
    with transaction.atomic():
        Application.objects.select_for_update().get(pk=application.pk)
        # Read after the lock, by a query of its own: what was joined to the lock would be as it stood before the wait,
        # and an extension of the deadline committed meanwhile counts.
        found = Application.objects.select_related("call", "association")
        locked = _read(own_applications(actor), application.pk) or _read(found, application.pk)
        received_at = clock()
        [dossier], standing = dossiers_of([locked]), locked.current_deposit
        identical = locked.status == Application.Status.DEPOSITED and _says_the_same(dossier, declaration, standing)
        if identical and replaces != standing.sequence:
            return standing
        obstacles = _obstacles(dossier, actor, received_at, replaces=replaces, identical=identical)
        if obstacles:
            _record_refusal(locked, actor, received_at, obstacles)
        else:
            made = _freeze(dossier, declaration, actor, received_at)
    if obstacles:
        raise DepositRefused(obstacles)
    return made


def _read(applications, pk):
    """With its single rows."""
    return with_single_rows(applications).filter(pk=pk).first()


def _says_the_same(dossier, declaration, standing) -> bool:
    """Do answers, files and declaration all say what the deposit says? The day and the language of signing do not count."""
    return (
        not dossier.rejected
        and signed_in(declaration) == signed_in(standing.content.get("declaration", {}))
        and answers_in(snapshot_of(dossier)) == answers_in(standing.content)
    )


def _obstacles(dossier, actor, received_at, *, replaces, identical) -> list[Obstacle]:
    call, permission = dossier.call, can_deposit(actor, dossier.application)
    standing = dossier.application.current_deposit
    if not permission:
        return [Obstacle("not_allowed", permission.reason)]
    if received_at < call.opens_at or call.published_at is None:
        return [Obstacle("not_open", _("This call is not open yet."))]
    if not is_within(received_at, call.deadline_at):
        return [Obstacle("closed", closed_sentence(dossier.application))]
    if identical:
        sentence = _("Nothing has changed since the deposit of %(moment)s: that deposit stands and nothing more was submitted.")
        return [Obstacle("unchanged", sentence % {"moment": portal_clock.format_moment(standing.received_at)})]
    if replaces is not None and replaces != (standing.sequence if standing else 0):
        sentence = _("This application was submitted again since you opened this page: look at what changed, then declare again.")
        return [Obstacle("stale", sentence)]
    return obstacles_of(dossier)


def closed_sentence(application) -> str:
    """Why nothing is submitted any more, and what became of what was written."""
    values = {"deadline": portal_clock.format_moment(application.call.deadline_at)}
    if application.current_deposit is None:
        return _("The call closed on %(deadline)s. Your draft is kept, but it can no longer be submitted.") % values
    if application.status == Application.Status.WITHDRAWN:
        return _("The call closed on %(deadline)s. Your application was withdrawn and can no longer be submitted.") % values
    values["moment"] = portal_clock.format_moment(application.current_deposit.received_at)
    return _("The call closed on %(deadline)s. The deposit of %(moment)s stands; changes made since are kept but not submitted.") % values


def _record_refusal(application, actor, received_at, obstacles):
    """Refused attempts are kept as evidence: when, by whom, why."""
    journal.record(
        "application.deposit_refused", application, actor=actor, note="\n".join(o.sentence for o in obstacles[:50]),
        data={"received_at": received_at.isoformat(), "codes": sorted({o.code for o in obstacles})},
    )  # fmt: skip


def _freeze(dossier, declaration, actor, received_at) -> Deposit:
    application, replaced = dossier.application, dossier.application.current_deposit
    number = application.number or next_number(dossier.call)
    made = frozen(dossier, declaration, actor, received_at, number=number)
    proof = {"number": number, "sequence": made.sequence, "sha256": made.sha256, "received_at": received_at.isoformat()}
    columns = {"number": number, "deposited_at": received_at, "withdrawn_at": None, "withdrawal_reason": ""}
    lifecycle.move(application, "deposit", actor=actor, extra_fields=columns, data=proof, locked=True)
    for collaborator in application.collaborators.select_related("user"):
        outbox.tell(
            collaborator.user, kind="deposit_received", context={"deposit": made, "replaced": replaced, "call": dossier.call},
            url=reverse("applications:receipt", args=[application.pk]),
        )  # fmt: skip
    receipts.start(made, actor.language)
    return made


def frozen(dossier, declaration, actor, received_at, *, number, kind=Deposit.Kind.ONLINE, said=None) -> Deposit:
    """What the dossier says now, as the next deposit of its number. The caller holds the lock and has checked everything.

    `said` replaces what an online deposit says of who deposited and declared: a file brought on paper declares nothing here.
    """
    application, identity, replaced = dossier.application, dossier.one(Identity), dossier.application.current_deposit
    sequence = replaced.sequence + 1 if replaced else 1
    content = snapshot_of(dossier)
    content["application"] |= {"number": number, "sequence": sequence}
    content |= {
        "received_at": received_at,
        "deposited_by": {"name": actor.get_full_name(), "email": actor.email},
        "declaration": {**declaration, "accepted_at": received_at},
        **(said or {}),
    }
    text = canonical_json(content)
    made = Deposit.objects.create(
        application=application, sequence=sequence, kind=kind, number=number, received_at=received_at, deadline_at=dossier.call.deadline_at,
        deposited_by=actor, snapshot=text, sha256=sha256_hex(text), name_fr=application.association.name_fr,
        name_ar=application.association.name_ar, acronym=identity.acronym, region=identity.region, nma_section=identity.nma_section,
    )  # fmt: skip
    index(made, dossier.requirements)
    return made


def next_number(call) -> str:
    """The call's next number; its counter is locked until the commit, so that none is given twice or lost."""
    counters = DepositCounter.objects.filter(call=call)
    if not counters.update(last=F("last") + 1):  # this update is the lock
        DepositCounter.objects.bulk_create([DepositCounter(call=call)], ignore_conflicts=True)
        counters.update(last=F("last") + 1)
    return f"{call.number_prefix}-{counters.values_list('last', flat=True).get():04d}"
