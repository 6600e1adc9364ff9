"""The lines of recevabilité (S3): one per piece and per threshold, proposed by the rules, and what makes a check complete."""

from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from clusters_portal.lib import clock

from ..models import AdmissibilityCheck, AdmissibilityLine
from ..rules.admissibility import is_old, recounted
from ..rules.deadline import local_day
from ..rules.verdicts import QUALIFYING
from ..snapshots import verdicts_from
from .paper_line import ITEM as PAPER
from .paper_line import paper_line
from .register_note import register_notes

Finding = AdmissibilityLine.Finding
Outcome = AdmissibilityCheck.Outcome
STATUTES = "ADM_STATUTS"
STATUTORY_OBJECT = "statutes:object"


class AdmissibilityRefused(Exception):
    """Nothing changed; `errors` is {field: sentence}, "" for the whole form."""

    def __init__(self, errors):
        self.errors = errors
        super().__init__("; ".join(errors.values()))


@dataclass(frozen=True)
class Proposal:
    """What the rules propose for one line: `item` is piece:<code>, rule:<name>, statutes:object or paper:deposit.

    `finding`: "" where the rules cannot know, and then the officer says why in every case.
    `fixed`: why the line cannot be settled otherwise here, "" when the officer may depart from it with a reason.
    `waits`: somebody else decides first, and nothing is decided here before. `note`: something to look at, nothing more.
    """

    item: str
    title: str
    detail: str
    finding: str
    fixed: str = ""
    waits: bool = False
    note: str = ""


@dataclass(frozen=True)
class Written:
    """What an officer wrote. `findings` is {item: (finding, reason)}; `companies` the corrected count of T2, None when it stands."""

    outcome: str = ""
    findings: dict = field(default_factory=dict)
    reasons_fact: str = ""
    reasons_law: str = ""
    companies: int | None = None
    companies_reason: str = ""


def proposals(deposit, companies: int | None = None) -> list[Proposal]:
    """One line per piece of the call and per verdict of the deposit, from what was frozen, one for the object of the statutes
    (T5) and one for the paper file. `companies`: the number of qualifying companies as DPTC counted it."""
    content = deposit.content
    lines = [*_pieces(deposit, content), *_rules(content, companies, register_notes(deposit))]
    aim = _("The statutes must give the association the object of bringing forth collaborative, innovative projects (clause 3.1).")
    lines.append(Proposal(STATUTORY_OBJECT, _("Object of the statutes"), aim, ""))
    paper = paper_line(deposit.application)
    if paper:
        finding, detail, fixed, waits = paper
        lines.append(Proposal(PAPER, _("Paper file handed in at the counter"), detail, finding, fixed, waits))
    return lines


def engaged_members(deposit) -> int:
    """How many members the share of companies is counted over; 0 when it cannot be computed."""
    verdict = next((each for each in verdicts_from(deposit.content) if each.rule == QUALIFYING), None)
    return verdict.figures.denominator if verdict and verdict.figures else 0


def declared_companies(deposit) -> int:
    """How many qualifying companies the dossier itself declares."""
    verdict = next((each for each in verdicts_from(deposit.content) if each.rule == QUALIFYING), None)
    return verdict.figures.numerator if verdict and verdict.figures else 0


def faults(deposit, written: Written) -> dict:
    """{item or field: sentence} of what keeps this from being proposed or validated; empty when it is whole and sound."""
    lines, errors = proposals(deposit, written.companies), count_faults(deposit, written)
    if written.outcome not in Outcome.values:
        errors["outcome"] = _("Choose an outcome.")
    for line in lines:
        sentence = _line_fault(line, *written.findings.get(line.item, ("", "")))
        if sentence:
            errors[line.item] = sentence
    items = {line.item for line in lines}
    failed = any(finding == Finding.NON_CONFORMING for item, (finding, _reason) in written.findings.items() if item in items)
    if written.outcome == Outcome.ADMISSIBLE and failed:
        errors["outcome"] = _("A line is not conforming: correct the line with a reason, or declare the application inadmissible.")
    if written.outcome == Outcome.INADMISSIBLE:
        if not written.reasons_fact.strip():
            errors["reasons_fact"] = _("An inadmissible application needs reasons of fact.")
        if not written.reasons_law.strip():
            errors["reasons_law"] = _("An inadmissible application needs reasons of law.")
    if written.companies is not None and not written.companies_reason.strip():
        errors["companies_reason"] = _("Say why the number of companies is another one.")
    return errors


def count_faults(deposit, written: Written) -> dict:
    """What makes a corrected count impossible, refused even while the check is being prepared."""
    engaged = engaged_members(deposit)
    if written.companies is None or 0 <= written.companies <= engaged:
        return {}
    return {"companies": _("There are %(engaged)d engaged members: the number is between 0 and %(engaged)d.") % {"engaged": engaged}}


def _line_fault(line, finding, reason) -> str:
    if finding not in Finding.values:
        return _("Say what you found on this line.")
    if line.waits or (line.fixed and finding != line.finding):
        return line.fixed
    if not line.finding and not reason.strip():
        return _("Give the article of the statutes and what it says.")
    if finding != line.finding and not reason.strip():
        return _("You depart from what the rules propose: give the reason.")
    return ""


def _pieces(deposit, content):
    sent = {}
    for document in content["documents"]:
        sent.setdefault(document["requirement"], []).append(document["name"])
    for piece in deposit.application.call.document_requirements.all():
        names = sent.get(piece.code, [])
        absent = Finding.NON_CONFORMING if piece.required else Finding.NOT_APPLICABLE
        note = _legalisation_note(deposit, content) if names and piece.code == STATUTES else ""
        yield Proposal(f"piece:{piece.code}", str(piece), ", ".join(names), Finding.CONFORMING if names else absent, note=note)


def _rules(content, companies, notes):
    for verdict in verdicts_from(content):
        note = notes.get(verdict.rule, "")
        if companies is not None and verdict.rule == QUALIFYING and verdict.figures and 0 <= companies <= verdict.figures.denominator:
            declared, verdict = verdict.figures.numerator, recounted(verdict, companies)
            note = _("Counted by DPTC: %(counted)d companies instead of the %(declared)d declared.") % {
                "counted": companies, "declared": declared,
            }  # fmt: skip
        finding = Finding.CONFORMING if verdict.passed else Finding.NON_CONFORMING
        yield Proposal(f"rule:{verdict.rule}", verdict.title, verdict.sentence, finding, note=note)


def _legalisation_note(deposit, content) -> str:
    """« Date récente » is not defined by the call document: a warning, never a finding."""
    typed = content["steps"].get("identite", {}).get("identity", {}).get("legalisation_date")
    if not typed:
        return _("The application gives no date of legalisation.")
    legalised, months = date.fromisoformat(typed), deposit.application.call.legalisation_max_age_months
    if not is_old(legalised, local_day(deposit.received_at), months):
        return ""
    return _("Legalised on %(day)s: more than %(months)d months before the deposit.") % {
        "day": clock.format_day(legalised),
        "months": months,
    }
