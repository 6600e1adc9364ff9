"""The consensus report: opened once everyone has submitted, written by its rapporteur until approval is asked.

The answers of the evaluators, and what comes after them, are in ``consensus_closing``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from applications.models import Application, Call
from clusters_portal.audit import journal
from clusters_portal.lib import clock
from clusters_portal.lib.text import clean_text
from clusters_portal.notifications import outbox
from evaluation.models import Consensus, ConsensusScore
from evaluation.queries import current_grid, panel_of, panels_of
from evaluation.rules import consensus as rules
from evaluation.rules.scoring import half_points
from evaluation.services import lifecycle
from evaluation.services.refusals import Refused


@dataclass(frozen=True)
class AgreedMark:
    """What is agreed for one criterion: a half point from 0 to 5 or None, its reasons, and why it leaves the individual range."""

    value: Decimal | None = None
    text: str = ""
    outside_reason: str = ""


@dataclass(frozen=True)
class Report:
    """A whole report as typed: agreed marks by criterion code, and the overall judgement."""

    marks: Mapping[str, AgreedMark] = field(default_factory=dict)
    text: str = ""


class StaleReport(Exception):
    """Someone saved, or the round moved on, since this page was opened. ``current`` is what is stored."""

    def __init__(self, current):
        self.current = current
        super().__init__("stale revision")


class IncompleteReport(Exception):
    """Approval cannot be asked. ``problems`` is a list of (field, sentence)."""

    def __init__(self, problems):
        self.problems = problems
        super().__init__(f"{len(problems)} missing")


# Opening


def why_not_open(application, panel, minimum, grid) -> str:
    """What prevents a consensus on this dossier, in words; "" when it can be opened."""
    if application.status != Application.Status.UNDER_EVALUATION:
        return _("The evaluation of this application is not open.")
    if grid is None:
        return _("No scoring grid has been adopted for this call yet.")
    if panel.held:
        return _("A declared interest has not been ruled on: %(people)s.") % {"people": _names(panel.held)}
    if panel.awaited:
        return _("Evaluations awaited from: %(people)s.") % {"people": _names(panel.awaited)}
    count, needed = len(panel.evaluations), max(minimum, 1)
    if count < needed:
        sentence = ngettext(
            "%(count)d evaluation is submitted out of the %(needed)d required.",
            "%(count)d evaluations are submitted out of the %(needed)d required.",
            count,
        )
        return sentence % {"count": count, "needed": needed}
    return ""


def _names(people) -> str:
    return ", ".join(str(person) for person in people)


@transaction.atomic
def open_consensus(*, application, rapporteur, actor) -> Consensus:
    """Open the consensus of a dossier: evaluations are frozen and shown to the evaluators of the dossier. Journals, tells them.

    Raises Refused when evaluations are missing, when it is open already, or when the rapporteur submitted none of them.
    """
    locked = Application.objects.select_for_update(of=("self",)).select_related("call").get(pk=application.pk)
    return _open(locked, panel_of(locked), current_grid(locked.call), rapporteur, actor)


def _open(application, panel, grid, rapporteur, actor) -> Consensus:
    if Consensus.objects.filter(application=application).exists():
        raise Refused(_("The consensus of this application is already open."), "already")
    reason = why_not_open(application, panel, application.call.min_evaluators, grid)
    if reason:
        raise Refused(reason, "blocked")
    _check_rapporteur(panel, rapporteur)
    now = clock.now()
    consensus = Consensus.objects.create(
        application=application, grid=grid, rapporteur=rapporteur, moderator=actor, opened_at=now, saved_at=now, saved_by=actor
    )
    ConsensusScore.objects.bulk_create(ConsensusScore(consensus=consensus, criterion=row) for row in grid.criteria.all())
    journal.record("consensus.open", consensus, actor=actor, after=str(rapporteur))
    tell_panel(consensus, panel.people, "consensus_opened", {"rapporteur": str(rapporteur)})
    return consensus


def _check_rapporteur(panel, rapporteur):
    if rapporteur is None or panel.of(rapporteur) is None:
        raise Refused(_("The rapporteur is an evaluator who submitted an evaluation of this application."), "rapporteur")


def tell_panel(consensus, people, kind, context=None):
    """A notice and a mail to evaluators of the dossier, leading to the report."""
    number = consensus.application.number
    for person in people:
        outbox.tell(person, kind=kind, context={"number": number, **(context or {})}, url=page_of(consensus))


def page_of(consensus) -> str:
    """Address of the report."""
    return reverse("evaluation:consensus", args=[consensus.application_id])


@transaction.atomic
def open_all(*, call, actor) -> int:
    """Open every consensus that can be, each with the evaluator who is rapporteur of the fewest dossiers; returns how many.

    Among equals the one assigned first: nothing is drawn. Journals, tells the evaluators.
    """
    Call.objects.select_for_update().get(pk=call.pk)
    rows = Application.objects.select_for_update(of=("self",)).select_related("call")
    rows = list(rows.filter(call=call, status=Application.Status.UNDER_EVALUATION, consensus=None).order_by("number"))
    panels, grid, load = panels_of(rows), current_grid(call), {}
    for rapporteur in Consensus.objects.filter(application__call=call).values_list("rapporteur", flat=True):
        load[rapporteur] = load.get(rapporteur, 0) + 1
    opened = 0
    for application in rows:
        panel = panels[application.pk]
        if why_not_open(application, panel, call.min_evaluators, grid):
            continue
        rapporteur = min(panel.people, key=lambda person: load.get(person.pk, 0))
        load[rapporteur.pk] = load.get(rapporteur.pk, 0) + 1
        _open(application, panel, grid, rapporteur, actor)
        opened += 1
    return opened


@transaction.atomic
def name_rapporteur(*, consensus, rapporteur, actor) -> Consensus:
    """Give the report to another evaluator who submitted, while it is not closed. Journals, tells the new one. Raises Refused."""
    locked = locked_report(consensus)
    if locked.is_closed:
        raise Refused(_("This consensus is closed: reopen it first."), "closed")
    _check_rapporteur(panel_of(locked.application), rapporteur)
    before, locked.rapporteur = locked.rapporteur, rapporteur
    locked.save(update_fields=["rapporteur"])
    journal.record("consensus.rapporteur", locked, actor=actor, before=str(before), after=str(rapporteur))
    tell_panel(locked, [rapporteur], "consensus_opened", {"rapporteur": str(rapporteur)})
    return locked


def locked_report(consensus) -> Consensus:
    """The report, locked with its dossier, which must still be under evaluation. Raises Refused."""
    application = Application.objects.select_for_update(of=("self",)).select_related("call").get(pk=consensus.application_id)
    if application.status != Application.Status.UNDER_EVALUATION:
        raise Refused(_("The evaluation of this application is closed."), "state")
    locked = Consensus.objects.select_for_update(of=("self",)).select_related("rapporteur", "grid").get(pk=consensus.pk)
    locked.application = application
    return locked


# Writing


def _writable(consensus, actor) -> Consensus:
    """The locked report, if this person may still write it: asked again here, since it may have ended since the page."""
    locked = locked_report(consensus)
    if locked.rapporteur_id != actor.pk or panel_of(locked.application).of(actor) is None:
        raise Refused(_("Only the rapporteur of this application writes its consensus report."), "rapporteur")
    if not locked.is_writable:
        raise Refused(_("Approval is asked or given: take the report back before changing it."), "not_writable")
    return locked


@transaction.atomic
def save(*, consensus, report, revision, actor) -> Consensus:
    """Store the report as it is, complete or not. Marks left out of ``report`` are emptied. Raises StaleReport, Refused, InvalidScore.

    ``revision`` is the one the page was opened with. Side effects: the first save makes it a draft report, in the journal.
    """
    locked = _writable(consensus, actor)
    rows = list(locked.scores.select_related("criterion__criterion"))
    if locked.revision != revision:
        if _holds(locked, rows, report):
            return locked
        raise StaleReport(locked)
    if locked.status == Consensus.Status.OPEN:
        locked = lifecycle.move_consensus(locked, "write", actor=actor)
    locked.text, locked.revision = clean_text(report.text), locked.revision + 1
    locked.saved_at, locked.saved_by = clock.now(), actor
    locked.save(update_fields=["text", "revision", "saved_at", "saved_by"])
    for row in rows:
        mark = report.marks.get(row.criterion.criterion.code, AgreedMark())
        if mark.value is not None:
            half_points(mark.value)
        row.value, row.text, row.outside_reason = mark.value, clean_text(mark.text), clean_text(mark.outside_reason)
    ConsensusScore.objects.bulk_update(rows, ["value", "text", "outside_reason"])
    return locked


def _holds(consensus, rows, report) -> bool:
    """Is this what is stored? A save whose answer was lost comes again with its old revision."""
    stored = {row.criterion.criterion.code: (row.value, row.text, row.outside_reason) for row in rows}
    marks = {code: report.marks.get(code, AgreedMark()) for code in stored}
    sent = {code: (mark.value, clean_text(mark.text), clean_text(mark.outside_reason)) for code, mark in marks.items()}
    return stored == sent and consensus.text == clean_text(report.text)


def problems_of(consensus, panel) -> list[tuple[str, str]]:
    """What prevents asking for approval: (field, sentence), in the order of the grid; the field is mark_…, text_… or outside_…
    and the criterion's code."""
    marks: dict = {}
    for evaluation in panel.evaluations:
        for score in evaluation.scores.all():
            marks.setdefault(score.criterion_id, []).append(score.value)
    rows = [
        rules.Agreed(
            score.criterion.criterion.code,
            score.value,
            score.text,
            score.outside_reason,
            tuple(marks.get(score.criterion_id, ())),
            score.criterion.min_justification,
        )
        for score in consensus.scores.select_related("criterion__criterion")
    ]
    needed = {row.code: max(row.needed, 1) for row in rows}
    return [(f"{kind}_{code}", _sentence(kind) % {"criterion": code, "needed": needed[code]}) for code, kind in rules.lacking(rows)]


def _sentence(kind) -> str:
    return {
        rules.MARK: _("%(criterion)s: give the agreed mark."),
        rules.TEXT: _("%(criterion)s: give the reasons of the agreed mark, in at least %(needed)d characters."),
        rules.OUTSIDE: _("%(criterion)s: say why the agreed mark lies outside those of the evaluators."),
    }[kind]


@transaction.atomic
def ask_approval(*, consensus, revision, actor) -> Consensus:
    """Put the stored report before every evaluator of the dossier. Journals, tells them.

    Raises IncompleteReport, StaleReport, Refused (also while an evaluation is awaited).
    """
    locked = _writable(consensus, actor)
    if locked.revision != revision:
        raise StaleReport(locked)
    panel = panel_of(locked.application)
    reason = why_not_open(locked.application, panel, locked.application.call.min_evaluators, locked.grid)
    if reason:
        raise Refused(reason, "blocked")
    problems = problems_of(locked, panel)
    if problems:
        raise IncompleteReport(problems)
    moved = lifecycle.move_consensus(locked, "ask_approval", actor=actor)
    tell_panel(moved, [p for p in panel.people if p.pk != actor.pk], "consensus_approval", {"rapporteur": str(actor)})
    return moved


@transaction.atomic
def revise(*, consensus, actor) -> Consensus:
    """Take the report back to change it: a new round begins, and answers already given count no more. Journals. Raises Refused."""
    locked = locked_report(consensus)
    if locked.rapporteur_id != actor.pk:
        raise Refused(_("Only the rapporteur of this application writes its consensus report."), "rapporteur")
    return lifecycle.move_consensus(locked, "revise", actor=actor, round=locked.round + 1)
