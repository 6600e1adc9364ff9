"""What the pages of the consensus show: one dossier criterion by criterion, or every dossier of a call and what it waits for."""

from dataclasses import dataclass
from decimal import Decimal

from django.shortcuts import render
from django.utils.translation import gettext as _

from clusters_portal.accounts.sessions import seal_of
from clusters_portal.lib.bilingual import localized
from evaluation import permissions, queries
from evaluation.forms.conflicts import ReasonForm
from evaluation.forms.consensus import AnswerForm, ConclusionForm, ConsensusForm, RapporteurForm
from evaluation.forms.marks import mark_text, place_of
from evaluation.models import Consensus
from evaluation.rules import consensus as rules
from evaluation.rules.divergence import TOTAL_SUBJECT, divergences
from evaluation.rules.scoring import EvaluationScores, running_total, truncated
from evaluation.services.consensus import problems_of, why_not_open
from evaluation.views.consensus_plots import line_of

Status = Consensus.Status
TONES = {
    Status.OPEN: "warn", Status.DRAFT: "info", Status.APPROVING: "warn",
    Status.VALIDATED: "ok", Status.DISAGREEMENT: "warn", Status.FROZEN: "neutral",
}  # fmt: skip


@dataclass(frozen=True)
class CriterionRow:
    """One criterion: ``given`` is [(number, evaluator, mark, justification, evidence)], ``agreed`` the stored ConsensusScore.

    ``range``: "lowest highest" for the script; ``outside``: does the mark on the page leave it?
    """

    code: str
    label: str
    weight: int
    needed: int
    given: list
    low: str
    high: str
    range: str
    outside: bool
    flagged: bool
    plot: object
    agreed: object
    agreed_text: str
    form: object
    anchors: list


def render_page(request, consensus, *, status=200, checked=False, **more):
    """The page of one report. ``checked`` adds what it lacks to ask for approval; ``more``: the forms of a refused act, with
    what was typed, and what is said of it."""
    user, panel = request.user, queries.panel_of(consensus.application)
    criteria = queries.criteria_of(consensus.grid)
    may_write = bool(permissions.can_write_report(user, consensus)) and panel.of(user) is not None
    form = more.pop("form", None) or (ConsensusForm(criteria, initial=ConsensusForm.initial_of(consensus)) if may_write else None)
    context = {
        "consensus": consensus,
        "application": consensus.application,
        "deposit": consensus.application.current_deposit,
        "tone": TONES[consensus.status],
        "rows": _rows(consensus, panel, criteria, form),
        "form": form,
        "version": consensus.revision,
        "seal": seal_of(request),
        "panel": panel,
        "answers": _answers(consensus, panel),
        "earlier": [answer for answer in consensus.approvals.all() if answer.round != consensus.round],
        "waiting": waiting_for(consensus, panel),
        "problems": [(place_of(field), text) for field, text in problems_of(consensus, panel)] if checked and may_write else [],
        **_total(consensus, criteria),
        **_acts(user, consensus, panel),
    }
    return render(request, "evaluation/consensus.html", context | more, status=status)


def _rows(consensus, panel, criteria, form) -> list[CriterionRow]:
    agreed = {score.criterion_id: score for score in consensus.scores.all()}
    marks = [{score.criterion_id: score for score in evaluation.scores.all()} for evaluation in panel.evaluations]
    flagged, fields = _flagged(panel, criteria), form.rows() if form else {}
    rows = []
    for row in criteria:
        code, found = row.criterion.code, agreed.get(row.pk)
        scores = [given.get(row.pk) for given in marks]
        given = [
            (number, person, score.value, score.justification, score.evidence)
            for number, (person, score) in enumerate(zip(panel.people, scores, strict=True), 1)
            if score is not None
        ]
        values = [mark for _number, _person, mark, *_texts in given if mark is not None]
        rows.append(
            CriterionRow(
                code=code,
                label=str(row.criterion),
                weight=row.weight,
                needed=max(row.min_justification, 1),
                given=given,
                low=mark_text(min(values, default=None)),
                high=mark_text(max(values, default=None)),
                range=f"{min(values)} {max(values)}" if values else "",
                outside=code in fields and rules.is_outside(_chosen(fields[code]), values),
                flagged=code in flagged,
                plot=line_of([entry[:3] for entry in given], found and found.value),
                agreed=found,
                agreed_text=mark_text(found.value) if found else "",
                form=fields.get(code),
                anchors=[(anchor.level, localized(anchor, "text")) for anchor in row.anchors.all()],
            )  # fmt: skip
        )
    return rows


def _chosen(row) -> Decimal | None:
    """The mark ticked on the page, typed or stored."""
    return next((Decimal(option.value) for option in row.options if option.checked), None)


def _flagged(panel, criteria) -> set[str]:
    """Codes of the criteria the evaluators see differently, and ``total``."""
    given = [
        EvaluationScores(f"E{evaluation.pk}", {score.criterion.criterion.code: score.value for score in evaluation.scores.all()})
        for evaluation in panel.evaluations
    ]
    return {flag.subject for flag in divergences(queries.rules_criteria(criteria), given)}


def _total(consensus, criteria) -> dict:
    """The weighted score of the agreed marks: complete ones exactly, else of those given so far."""
    marks = queries.agreed_marks(consensus)
    points, marked = running_total(queries.rules_criteria(criteria), marks)
    return {"total": truncated(points), "marked": marked, "of": len(criteria)}


def _answers(consensus, panel) -> list:
    """[(evaluator, answer or None)] of the current round; empty before approval is asked."""
    if consensus.is_writable:
        return []
    given = queries.answers_of(consensus)
    return [(person, given.get(person.pk)) for person in panel.people]


def _acts(user, consensus, panel) -> dict:
    """What this person may do now, and the forms to do it."""
    given, active = queries.answers_of(consensus), consensus.application.status == "under_evaluation"
    approving = active and consensus.status == Status.APPROVING
    verdict = rules.verdict({pk: row.answer == "approve" for pk, row in given.items()}, [p.pk for p in panel.people])
    conclude = approving and bool(permissions.can_conclude(user)) and verdict
    answer = approving and panel.of(user) is not None and user.pk not in given
    reopen = active and not consensus.is_writable and bool(permissions.can_conclude(user))
    name = active and not consensus.is_closed and bool(permissions.can_moderate(user))
    return {
        "verdict": conclude,
        "answer_form": AnswerForm(initial={"round": consensus.round}) if answer else None,
        "may_revise": approving and consensus.rapporteur_id == user.pk,
        "conclusion_form": ConclusionForm(initial=_views(given)) if conclude == rules.MAJORITY else None,
        "reopen_form": ReasonForm(auto_id="reopen_%s") if reopen else None,
        "rapporteur_form": RapporteurForm(panel.people, initial={"rapporteur": consensus.rapporteur_id}) if name else None,
    }


def _views(given) -> dict:
    """The minority's own words, to start from."""
    return {"minority_view": "\n\n".join(f"{row.evaluator} : {row.minority_text}" for row in given.values() if row.minority_text)}


def waiting_for(consensus, panel) -> str:
    """What the report waits for, and from whom, in words; "" once closed."""
    if consensus.is_closed:
        return ""
    if panel.awaited or panel.held:
        people = ", ".join(str(person) for person in (*panel.awaited, *panel.held))
        return _("Evaluations awaited from: %(people)s.") % {"people": people}
    if consensus.is_writable:
        return _("Report awaited from %(person)s.") % {"person": consensus.rapporteur}
    given = queries.answers_of(consensus)
    silent = [str(person) for person in panel.people if person.pk not in given]
    if silent:
        return _("Answers awaited from: %(people)s.") % {"people": ", ".join(silent)}
    return _("Conclusion awaited from the head of division.")


# The list of a call


@dataclass(frozen=True)
class ListRow:
    """One dossier of the list. ``consensus`` is None before it is opened; ``blocked`` says why it cannot be."""

    application: object
    consensus: object
    tone: str
    waiting: str
    blocked: str
    rapporteurs: list
    flags: int
    total: Decimal | None


def list_rows(call, applications, *, may_open) -> list[ListRow]:
    """The rows of one page of dossiers, in a constant number of queries."""
    applications = list(applications)
    reports = {row.application_id: row for row in queries.with_report(Consensus.objects.filter(application__in=applications))}
    panels, grid = queries.panels_of(applications), queries.current_grid(call)
    criteria = queries.criteria_of(grid)
    return [_list_row(row, reports.get(row.pk), panels[row.pk], call, grid, criteria, may_open) for row in applications]


def _list_row(application, consensus, panel, call, grid, criteria, may_open) -> ListRow:
    flags = len(_flagged(panel, criteria) - {TOTAL_SUBJECT}) if criteria else 0
    if consensus is None:
        blocked = why_not_open(application, panel, call.min_evaluators, grid)
        return ListRow(application, None, "neutral" if blocked else "info", "", blocked, panel.people if may_open else [], flags, None)
    sums = _total(consensus, criteria)
    total = sums["total"] if sums["marked"] == sums["of"] else None
    return ListRow(application, consensus, TONES[consensus.status], waiting_for(consensus, panel), "", [], flags, total)
