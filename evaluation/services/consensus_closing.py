"""The end of a consensus: answered by each evaluator, then validated or recorded as a disagreement by the head of division, reopened with a
reason, frozen by a run of the ranking."""

from django.db import transaction
from django.utils.translation import gettext as _

from applications.models import Application
from clusters_portal.accounts.models import User
from clusters_portal.accounts.roles import Role
from clusters_portal.audit import journal
from clusters_portal.lib import clock
from clusters_portal.lib.text import clean_text
from evaluation.models import Consensus, ConsensusApproval
from evaluation.queries import barred_applications, is_stale, panel_of, with_report
from evaluation.rules import consensus as rules
from evaluation.rules.consensus import DIVIDED, UNANIMOUS, WAITING
from evaluation.services import lifecycle
from evaluation.services.consensus import StaleReport, locked_report, tell_panel
from evaluation.services.refusals import Refused

# Answering


@transaction.atomic
def answer(*, consensus, round, answer, actor, minority_text="") -> ConsensusApproval:
    """One evaluator approves the report or dissents, with reasons. Journals; the last answer tells DPTC that it may conclude.

    ``round`` is the one the page showed. Raises StaleReport when another began since, Refused when one has no part in it,
    has answered already, or dissents without reasons.
    """
    locked = locked_report(consensus)
    panel = panel_of(locked.application)
    evaluation = panel.of(actor)
    if evaluation is None:
        raise Refused(_("Only the evaluators who submitted an evaluation answer."), "not_evaluator")
    if locked.round != round or locked.status != Consensus.Status.APPROVING:
        raise StaleReport(locked)
    if answer not in ConsensusApproval.Answer.values:
        raise Refused(_("Choose whether you approve."), "answer")
    text = clean_text(minority_text or "") if answer == ConsensusApproval.Answer.DISSENT else ""
    if answer == ConsensusApproval.Answer.DISSENT and not text:
        raise Refused(_("Say what you do not agree with, and why."), "minority_text")
    if locked.approvals.filter(round=round, evaluator=actor).exists():
        raise Refused(_("You have already answered this version of the report."), "answered")
    given = ConsensusApproval.objects.create(
        consensus=locked, round=round, evaluator=actor, evaluation=evaluation, answer=answer, minority_text=text, answered_at=clock.now()
    )
    journal.record("consensus.answer", locked, actor=actor, after=answer, note=text, data={"round": round})
    if verdict_of(locked, panel) != WAITING:
        tell_panel(locked, _who_concludes(locked), "consensus_answered")
    return given


def _who_concludes(consensus):
    """Heads of division who may read the report: a mail never goes to someone barred from the dossier."""
    heads = User.objects.filter(is_active=True, groups__name=Role.DIVISION_HEAD)
    return [head for head in heads if not barred_applications(head).filter(application=consensus.application_id).exists()]


def verdict_of(consensus, panel) -> str:
    """What the answers of the current round amount to (a code of ``rules.consensus``)."""
    given = consensus.approvals.filter(round=consensus.round).values_list("evaluator_id", "answer")
    return rules.verdict({pk: choice == ConsensusApproval.Answer.APPROVE for pk, choice in given}, [p.pk for p in panel.people])


# Concluding


@transaction.atomic
def conclude(*, consensus, actor, majority_view="", minority_view="") -> Consensus:
    """Close the report as the answers say: validated when all approve, disagreement with both views when most do. Journals.

    Raises Refused while an answer is awaited, when no majority approves (a further evaluator or a new round is needed),
    or without both views; InvalidTransition when approval was not asked.
    """
    locked = locked_report(consensus)
    panel = panel_of(locked.application)
    if not panel.is_ready(locked.application.call.min_evaluators):
        raise Refused(_("An evaluation of this application is awaited: the consensus cannot be closed."), "blocked")
    verdict = verdict_of(locked, panel)
    if verdict == WAITING:
        raise Refused(_("An evaluator has not answered yet."), "waiting")
    if verdict == DIVIDED:
        raise Refused(_("No majority approves this report: assign a further evaluator, or have it changed and asked again."), "divided")
    # An answer of someone who no longer counts (recused since) taints the round: it is asked again.
    if is_stale(with_report(Consensus.objects.filter(pk=locked.pk)).get(), {e.pk for e in panel.evaluations}):
        raise Refused(_("The evaluators changed since approval was asked: reopen the consensus."), "stale")
    closing = {"closed_at": clock.now(), "closed_by": actor}
    if verdict == UNANIMOUS:
        return lifecycle.move_consensus(locked, "validate", actor=actor, **closing)
    views = {"majority_view": clean_text(majority_view or ""), "minority_view": clean_text(minority_view or "")}
    if not all(views.values()):
        missing = next(name for name, text in views.items() if not text)
        raise Refused(_("Write the view of the majority and that of the minority."), missing)
    return lifecycle.move_consensus(locked, "record_disagreement", actor=actor, note=views["minority_view"], **closing, **views)


@transaction.atomic
def reopen(*, consensus, reason, actor) -> Consensus:
    """Back to a draft report, for a stated reason: a new round begins and approvals are asked again. Journals, tells the evaluators.

    Raises Refused without a reason or once the dossier is before the committee; InvalidTransition while it is being written.
    """
    reason = clean_text(reason or "")
    if not reason:
        raise Refused(_("State why the consensus is reopened."), "reason")
    locked = locked_report(consensus)
    return _back_to_draft(locked, actor, reason)


def _back_to_draft(consensus, actor, note) -> Consensus:
    nothing = {"closed_at": None, "closed_by": None, "majority_view": "", "minority_view": ""}
    moved = lifecycle.move_consensus(consensus, "reopen", actor=actor, note=note, round=consensus.round + 1, **nothing)
    tell_panel(moved, panel_of(moved.application).people, "consensus_reopened", {"reason": note})
    return moved


def evaluation_moved(application, *, actor, note) -> None:
    """An evaluation of the dossier was reopened or submitted: its consensus, if approval was asked, goes back to a draft report.

    Called inside the caller's transaction.
    """
    found = Consensus.objects.select_for_update(of=("self",)).filter(application=application).first()
    if found is not None and not found.is_writable:
        _back_to_draft(found, actor, note)


def freeze(call, *, actor) -> None:
    """A run of the ranking read these reports: none changes any more unless reopened. Called inside the run's transaction."""
    closed = (Consensus.Status.VALIDATED, Consensus.Status.DISAGREEMENT)
    rows = Consensus.objects.filter(application__call=call, application__status=Application.Status.UNDER_EVALUATION, status__in=closed)
    lifecycle.freeze_consensuses(list(rows.select_for_update(of=("self",)).select_related("application").order_by("pk")), actor=actor)
