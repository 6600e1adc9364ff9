"""Recevabilité by two persons (S3): one prepares and proposes, another validates or sends back. Only the validation decides."""

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from clusters_portal.accounts.models import User
from clusters_portal.accounts.roles import Role
from clusters_portal.audit import journal
from clusters_portal.lib import clock
from clusters_portal.lib.canonical import canonical_json, sha256_hex
from clusters_portal.lib.text import clean_text
from clusters_portal.notifications import outbox

from ..models import AdmissibilityCheck, AdmissibilityLine, AdmissibilityReturn, Application
from ..permissions import can_check_admissibility, can_validate_admissibility
from ..queries import submitted_applications
from . import lifecycle
from .admissibility import AdmissibilityRefused, Outcome, Written, count_faults, declared_companies, faults, proposals
from .admissibility_record import record_of

MOVES = {Outcome.ADMISSIBLE: "declare_admissible", Outcome.INADMISSIBLE: "declare_inadmissible"}
LONGEST = 4000  # characters of a reason


class AdmissibilityConflict(AdmissibilityRefused):
    """Somebody wrote, proposed, sent back or validated since the page was read. `check` is what stands now, None for nothing."""

    def __init__(self, check):
        self.check = check
        super().__init__({"": _("This check has changed since you opened it. What you typed is kept below.")})


def check_of(deposit) -> AdmissibilityCheck | None:
    """The check of a deposit with its people, None while nobody began. One query."""
    people = ("checked_by", "proposed_by", "validated_by")
    check = AdmissibilityCheck.objects.filter(deposit=deposit).select_related(*people).first()
    if check is not None:
        check.deposit = deposit
    return check


def written_in(check) -> Written:
    """What is kept in a check, in the shape an officer writes it."""
    if check is None:
        return Written()
    findings = {item: tuple(line) for item, line in check.draft.items()}
    return Written(check.outcome, findings, check.reasons_fact, check.reasons_law, check.companies, check.companies_reason)


def carried_over(application) -> Written:
    """What had been written of an earlier deposit, for the lines about which the rules propose the same since the complement."""
    deposit = application.current_deposit
    earlier = AdmissibilityCheck.objects.filter(deposit__application=application, deposit__sequence__lt=deposit.sequence)
    check = earlier.select_related("deposit").order_by("-deposit__sequence").first()
    if check is None:
        return Written()
    check.deposit.application = application
    before = {line.item: line.finding for line in proposals(check.deposit)}
    same = {line.item for line in proposals(deposit) if before.get(line.item) == line.finding}
    return Written(findings={item: tuple(line) for item, line in check.draft.items() if item in same})


@transaction.atomic
def prepare(*, application, written: Written, version: int, actor) -> AdmissibilityCheck:
    """Keep a check as far as it goes; `version` is the one the officer read, 0 for none.

    Raises AdmissibilityRefused; AdmissibilityConflict when it is no longer that version. Side effect: journal.
    """
    locked, check, written = _opened(application, written, version, actor)
    if check is not None and check.version != version:  # a second click of the same save
        return check
    errors = count_faults(locked.current_deposit, written)
    if errors:
        raise AdmissibilityRefused(errors)
    check = _keep(check, locked, written, actor)
    journal.record("admissibility.prepared", check, actor=actor, data={"version": check.version})
    return check


@transaction.atomic
def propose(*, application, written: Written, version: int, actor) -> AdmissibilityCheck:
    """Keep the check and hand it to a second person. Raises AdmissibilityRefused, AdmissibilityConflict.

    Side effects: journal, a notice to the heads of division. The status does not move and the applicant is not told.
    """
    locked, check, written = _opened(application, written, version, actor)
    if check is not None and check.is_proposed:  # a second click of the same proposal
        return check
    deposit = locked.current_deposit
    errors = faults(deposit, written)
    if errors:
        raise AdmissibilityRefused(errors)
    check = _keep(check, locked, written, actor)
    AdmissibilityLine.objects.bulk_create(
        AdmissibilityLine(check_record=check, item=line.item, proposed=line.finding, finding=finding, reason=reason)
        for line in proposals(deposit, written.companies)
        for finding, reason in [written.findings[line.item]]
    )
    check.proposed_by, check.proposed_at = actor, clock.now()
    check.save()
    journal.record(
        "admissibility.proposed", check, actor=actor, after=check.outcome, note=check.reasons_fact,
        data={"law": check.reasons_law, "version": check.version, "lines": check.draft},
    )  # fmt: skip
    _tell_heads(check, locked, actor)
    return check


@transaction.atomic
def send_back(*, application, reason: str, version: int, actor) -> AdmissibilityCheck:
    """Give a proposal back to be prepared again; who proposed may take his own back. Raises AdmissibilityRefused, AdmissibilityConflict.

    Side effects: the reason is kept for good, journal, a notice and a mail to the person who proposed.
    """
    locked = _locked(application)
    check = _standing(locked, version, actor)
    if check is None or not check.is_proposed:
        raise AdmissibilityConflict(check)
    reason = clean_text(reason)
    if not reason or len(reason) > LONGEST:
        raise AdmissibilityRefused({"reason": _("Say why it is sent back, in %(limit)d characters at most.") % {"limit": LONGEST}})
    AdmissibilityReturn.objects.create(
        check_record=check, outcome=check.outcome, proposed_by=check.proposed_by, proposed_at=check.proposed_at,
        returned_by=actor, returned_at=clock.now(), reason=reason,
    )  # fmt: skip
    author = check.proposed_by
    check.lines.all().delete()
    check.proposed_by = check.proposed_at = None
    check.version += 1
    check.save()
    journal.record("admissibility.sent_back", check, actor=actor, before=check.outcome, note=reason)
    if author != actor:
        outbox.tell(author, kind="admissibility_sent_back", context={"number": locked.number, "reason": reason}, url=_page(locked))
    return check


@transaction.atomic
def validate(*, application, version: int, actor) -> AdmissibilityCheck:
    """The second person's act: the dossier moves, the check and its letter are frozen, the applicants are told.

    Raises AdmissibilityRefused, also when what the rules propose has changed since; AdmissibilityConflict.
    Side effects: status, journal, a notice and a mail to everyone of the dossier.
    """
    locked = _locked(application)
    check = check_of(locked.current_deposit)
    if check is not None and check.validated_by_id == actor.pk:  # a second click
        return check
    permission = can_validate_admissibility(actor, locked, check)
    if not permission:
        raise AdmissibilityRefused({"": permission.reason})
    if check.version != version:
        raise AdmissibilityConflict(check)
    _unchanged(check)
    check.validated_by, check.validated_at = actor, clock.now()
    check.version += 1
    check.record = canonical_json(record_of(check))
    check.sha256 = sha256_hex(check.record)
    check.save()
    lifecycle.move(locked, MOVES[check.outcome], actor=actor, note=check.reasons_fact)
    journal.record(
        "admissibility.validated", check, actor=actor, after=check.outcome, note=check.reasons_fact,
        data={"law": check.reasons_law, "proposed_by": str(check.proposed_by), "sha256": check.sha256},
    )  # fmt: skip
    _tell_applicants(check, locked)
    return check


def _locked(application):
    return Application.objects.select_for_update(of=("self",)).select_related("call", "association").get(pk=application.pk)


def _standing(locked, version, actor):
    """The check as it stands, for someone who may work on it and has read this version."""
    permission = can_check_admissibility(actor, locked)
    if not permission:
        raise AdmissibilityRefused({"": permission.reason})
    check = check_of(locked.current_deposit)
    if (check.version if check else 0) != version:
        raise AdmissibilityConflict(check)
    return check


def _opened(application, written, version, actor):
    """(the locked dossier, its check or None, what was written made clean) to be written in."""
    locked = _locked(application)
    written = _clean(written, locked.current_deposit)
    try:
        check = _standing(locked, version, actor)
    except AdmissibilityConflict as conflict:
        if conflict.check is None or conflict.check.checked_by_id != actor.pk or written_in(conflict.check) != written:
            raise
        return locked, conflict.check, written
    if check is not None and check.is_proposed:
        raise AdmissibilityConflict(check)
    return locked, check, written


def _clean(written, deposit) -> Written:
    findings = {item: (finding, clean_text(reason)) for item, (finding, reason) in written.findings.items()}
    companies = None if written.companies == declared_companies(deposit) else written.companies
    return Written(
        written.outcome, findings, clean_text(written.reasons_fact), clean_text(written.reasons_law), companies,
        clean_text(written.companies_reason) if companies is not None else "",
    )  # fmt: skip


def _keep(check, locked, written, actor):
    """Write what was written in the check of the deposit that counts, one version further."""
    check = check or AdmissibilityCheck(deposit=locked.current_deposit)
    check.outcome, check.reasons_fact, check.reasons_law = written.outcome, written.reasons_fact, written.reasons_law
    check.companies, check.companies_reason = written.companies, written.companies_reason
    check.draft = {item: list(line) for item, line in written.findings.items()}
    check.checked_by, check.version = actor, check.version + 1
    check.save()
    return check


def _unchanged(check):
    """What the rules propose may have moved since (a paper file received, decided): then it is proposed again."""
    found = {line.item: line.proposed for line in check.lines.all()}
    if found != {line.item: line.finding for line in proposals(check.deposit, check.companies)} or faults(check.deposit, written_in(check)):
        raise AdmissibilityRefused({"": _("What the rules propose has changed since this was proposed: send it back to be checked again.")})


def _page(application) -> str:
    return reverse("applications:admissibility", args=[application.pk])


def _tell_heads(check, application, actor):
    """A notice in the portal to each head of division who may read the dossier; their list holds the rest."""
    for head in User.objects.filter(is_active=True, groups__name=Role.DIVISION_HEAD).exclude(pk=actor.pk):
        if submitted_applications(head).filter(pk=application.pk).exists():
            context = {"number": application.number, "officer": actor.get_full_name(), "outcome": check.get_outcome_display}
            outbox.tell(head, kind="admissibility_proposed", context=context, url=_page(application), by_mail=False)


def _tell_applicants(check, application):
    address = reverse("applications:admissibility_told", args=[application.pk])
    for collaborator in application.collaborators.select_related("user"):
        context = {"check": check, "deposit": check.deposit}
        outbox.tell(collaborator.user, kind="admissibility_decided", context=context, url=address)
