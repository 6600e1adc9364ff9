"""Recevabilité (S3): one line per piece and per threshold, proposed by the rules, confirmed or overridden with a reason."""

from dataclasses import dataclass

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from clusters_portal.audit import journal
from clusters_portal.lib import clock
from clusters_portal.notifications import outbox

from ..models import AdmissibilityCheck, AdmissibilityLine, Application
from ..permissions import can_check_admissibility
from ..snapshots import verdicts_from
from . import lifecycle
from .paper_line import ITEM as PAPER
from .paper_line import paper_line

Finding = AdmissibilityLine.Finding
Outcome = AdmissibilityCheck.Outcome
MOVES = {Outcome.ADMISSIBLE: "declare_admissible", Outcome.INADMISSIBLE: "declare_inadmissible"}


class AdmissibilityRefused(Exception):
    """Nothing changed; `errors` is {field: sentence}, "" for the whole form."""

    def __init__(self, errors):
        self.errors = errors
        super().__init__("; ".join(errors.values()))


@dataclass(frozen=True)
class Proposal:
    """What the rules propose for one line: `item` is piece:<code>, rule:<name> or paper:deposit.

    `fixed`: why the line cannot be settled otherwise here, "" when the officer may depart from it with a reason.
    `waits`: somebody else decides first, and nothing is decided here before.
    """

    item: str
    title: str
    detail: str
    finding: str
    fixed: str = ""
    waits: bool = False


def proposals(deposit) -> list[Proposal]:
    """One line per piece of the call and per verdict of the deposit, from what was frozen, and one for the paper file."""
    content = deposit.content
    sent = {}
    for document in content["documents"]:
        sent.setdefault(document["requirement"], []).append(document["name"])
    lines = []
    for piece in deposit.application.call.document_requirements.all():
        names = sent.get(piece.code, [])
        absent = Finding.NON_CONFORMING if piece.required else Finding.NOT_APPLICABLE
        lines.append(Proposal(f"piece:{piece.code}", str(piece), ", ".join(names), Finding.CONFORMING if names else absent))
    for verdict in verdicts_from(content):
        finding = Finding.CONFORMING if verdict.passed else Finding.NON_CONFORMING
        lines.append(Proposal(f"rule:{verdict.rule}", verdict.title, verdict.sentence, finding))
    paper = paper_line(deposit.application)
    if paper:
        finding, detail, fixed, waits = paper
        lines.append(Proposal(PAPER, _("Paper file handed in at the counter"), detail, finding, fixed, waits))
    return lines


@transaction.atomic
def decide(*, application, outcome, findings: dict, actor, reasons_fact="", reasons_law="") -> AdmissibilityCheck:
    """Record the check and move the dossier. `findings` is {item: (finding, reason)} for every proposed line.

    Raises AdmissibilityRefused. Side effects: status, journal, and after the commit a notice and a mail to the applicants.
    """
    locked = Application.objects.select_for_update(of=("self",)).select_related("call", "association").get(pk=application.pk)
    permission = can_check_admissibility(actor, locked)
    if not permission:
        raise AdmissibilityRefused({"": permission.reason})
    deposit = locked.current_deposit
    lines = proposals(deposit)
    errors = _errors(lines, outcome, findings, reasons_fact, reasons_law)
    if errors:
        raise AdmissibilityRefused(errors)
    check = AdmissibilityCheck.objects.create(
        deposit=deposit, outcome=outcome, reasons_fact=reasons_fact, reasons_law=reasons_law, checked_by=actor, decided_at=clock.now()
    )
    AdmissibilityLine.objects.bulk_create(
        AdmissibilityLine(
            check_record=check, item=line.item, proposed=line.finding, finding=findings[line.item][0], reason=findings[line.item][1]
        )
        for line in lines
    )
    lifecycle.move(locked, MOVES[outcome], actor=actor, note=reasons_fact)
    journal.record("admissibility.decided", check, actor=actor, after=outcome, note=reasons_fact, data={"law": reasons_law})
    address = reverse("applications:task_list", args=[locked.pk])
    for collaborator in locked.collaborators.select_related("user"):
        context = {"check": check, "deposit": deposit}
        outbox.tell(collaborator.user, kind="admissibility_decided", context=context, url=address)
    return check


def _errors(lines, outcome, findings, reasons_fact, reasons_law) -> dict:
    errors = {}
    if outcome not in MOVES:
        errors["outcome"] = _("Choose an outcome.")
    for line in lines:
        finding, reason = findings.get(line.item, ("", ""))
        if finding not in Finding.values:
            errors[line.item] = _("Say what you found on this line.")
        elif line.waits or (line.fixed and finding != line.finding):
            errors[line.item] = line.fixed
        elif finding != line.finding and not reason.strip():
            errors[line.item] = _("You depart from what the rules propose: give the reason.")
    failed = any(finding == Finding.NON_CONFORMING for finding, _reason in findings.values())
    if outcome == Outcome.ADMISSIBLE and failed:
        errors["outcome"] = _("A line is not conforming: correct the line with a reason, or declare the application inadmissible.")
    if outcome == Outcome.INADMISSIBLE:
        if not reasons_fact.strip():
            errors["reasons_fact"] = _("An inadmissible application needs reasons of fact.")
        if not reasons_law.strip():
            errors["reasons_law"] = _("An inadmissible application needs reasons of law.")
    return errors
