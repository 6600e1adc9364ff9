"""The steering committee: receiving the ranked dossiers, and recording its decisions in an open session."""

from dataclasses import replace

from django.db import transaction
from django.utils.translation import gettext as _

from applications.models import Application, Call
from applications.services import lifecycle as applications_lifecycle
from clusters_portal.audit import journal
from clusters_portal.lib import clock
from clusters_portal.lib.text import clean_text
from evaluation.models import AgendaItem, Ballot, Decision, Ranking, RankingLine
from evaluation.queries import latest_ranking
from evaluation.queries.sessions import equals_of, item_in_progress, standing_vote
from evaluation.rules import decisions as rules
from evaluation.services import rankings, rooms
from evaluation.services.observations import why_not_deliberate
from evaluation.services.refusals import Refused

TRANSITIONS = {
    Decision.Outcome.SELECTED: "select",
    Decision.Outcome.SELECTED_WITH_RESERVATIONS: "select_with_reservations",
    Decision.Outcome.WAITING_LIST: "put_on_waiting_list",
    Decision.Outcome.DEFERRED: "defer",
    Decision.Outcome.NOT_SELECTED: "reject",
}
TEXTS = ("reasons_fact", "reasons_law", "reservations", "deviation_reason", "tie_break_reason")


class DecisionRefused(Exception):
    """The decision breaks a rule; ``codes`` are those of ``rules.decisions``. Nothing was written."""

    def __init__(self, codes):
        self.codes = codes
        super().__init__(", ".join(codes))

    def by_field(self) -> dict[str, list[str]]:
        """{field: sentences} in the active language."""
        found: dict[str, list[str]] = {}
        for code in self.codes:
            found.setdefault(rules.FIELDS[code], []).append(rules.sentence(code))
        return found


@transaction.atomic
def submit_to_committee(*, ranking, actor) -> int:
    """Bring every dossier of the last run before the committee; returns how many. Journals.

    Raises Refused when the run is not the last, or when marks changed since: the committee must see what the marks say.
    """
    call = Call.objects.select_for_update().get(pk=ranking.call_id)
    last = latest_ranking(call)
    if last is None or last.pk != ranking.pk:
        raise Refused(_("Only the last run of the ranking can be brought before the committee."), "not_last")
    ranked = Application.objects.select_for_update(of=("self",)).filter(ranking_lines__ranking=ranking)
    dossiers = list(ranked.select_related("association").order_by("pk"))
    if any(dossier.status != Application.Status.UNDER_EVALUATION for dossier in dossiers):
        raise Refused(_("These applications are already before the committee."), "state")
    if not rankings.is_up_to_date(last):
        raise Refused(_("Marks or evaluators changed since this run: run the ranking again."), "stale")
    if awaited := why_not_deliberate(call):
        raise Refused(awaited, "observations")
    applications_lifecycle.move_many(dossiers, "submit_to_committee", actor=actor)
    journal.record("ranking.submit_to_committee", ranking, actor=actor, after=ranking.sha256)
    return len(dossiers)


def proposal_of(line: RankingLine) -> rules.Proposal:
    """The rule's view of a line."""
    if line.rank is None:
        return rules.Proposal(None)
    size = RankingLine.objects.filter(ranking=line.ranking_id, rank=line.rank).count() if line.ex_aequo else 1
    return rules.Proposal(line.rank, size, line.rank == line.ranking.tie_rank)


def board_of(ranking: Ranking) -> rules.Board:
    """What is decided already on this run."""
    rows = list(Decision.objects.filter(ranking=ranking).values_list("outcome", "adopted_rank"))
    return rules.Board(
        places=ranking.call.places or 0,
        favourable=sum(outcome in rules.FAVOURABLE for outcome, _rank in rows),
        ranks_taken=frozenset(rank for _outcome, rank in rows if rank is not None),
        waiting_list=ranking.call.waiting_list_enabled,
    )


@transaction.atomic
def decide(*, application, outcome, actor, adopted_rank=None, **texts) -> Decision:
    """Record the committee's decision on the dossier in progress in an open session, and move it. Journals.

    ``texts`` are reasons_fact, reasons_law, reservations, deviation_reason, tie_break_reason. The decision keeps its item and
    the vote it follows. Raises DecisionRefused; Refused when the dossier is not before the committee or is decided already,
    outside its item of an open session, without the quorum, or while a vote is not settled.
    """
    call = Call.objects.select_for_update().get(pk=application.call_id)
    ranking = latest_ranking(call)
    line = ranking and RankingLine.objects.filter(ranking=ranking, application=application).select_related("application", "ranking").first()
    if line is None or line.application.status != Application.Status.IN_COMMITTEE:
        raise Refused(_("This application is not before the committee, or it is decided already."), "state")
    draft = rules.Draft(outcome, adopted_rank, **{name: clean_text(texts.get(name, "")) for name in TEXTS})
    if outcome not in TRANSITIONS:
        raise Refused(_("Choose an outcome."), "outcome")
    item = _item_in_progress(application, actor)
    ballot, vote = standing_vote(application.pk, item.session)
    if ballot is not None and vote is None:
        raise Refused(_("The vote left this project level: a casting vote or another vote comes first."), "level")
    board = replace(board_of(ranking), vote=vote, rivals=_rivals(item, ranking))
    codes = rules.refusals(draft, proposal_of(line), board)
    if codes:
        raise DecisionRefused(codes)
    decision = Decision.objects.create(
        application=application,
        ranking=ranking,
        outcome=outcome,
        adopted_rank=adopted_rank,
        item=item,
        ballot=ballot,
        decided_by=actor,
        decided_at=clock.now(),
        **{name: getattr(draft, name) for name in TEXTS},
    )
    note = draft.reasons_fact or draft.reservations or draft.deviation_reason
    applications_lifecycle.move(line.application, TRANSITIONS[outcome], actor=actor, note=note)
    data = {"adopted_rank": adopted_rank, "proposed_rank": line.rank, "session": item.session.number, "ladder_step": decision.ladder_step}
    journal.record("decision.record", decision, actor=actor, after=outcome, data=data)
    return decision


def _item_in_progress(application, actor) -> AgendaItem:
    """The item of this dossier, locked, in progress in an open session that has its quorum and a chair. Raises Refused."""
    found = item_in_progress(application.pk)
    if found is None:
        raise Refused(_("An application is decided in an open session of the committee, while its item is in progress."), "no_session")
    item = rooms.current(rooms.lock_open(found.session_id), found.pk)
    rooms.demand_part(item, actor)
    rooms.demand_chaired(rooms.demand_quorum(item.session), item)
    if item.ballots.filter(status=Ballot.Status.OPEN).exists():
        raise Refused(_("Close or cancel the vote first."), "ballot_open")
    return item


def _rivals(item, ranking) -> int:
    """How many others are still to be chosen between, with this dossier, for the last places."""
    return max(len(equals_of(item, ranking)[0]) - 1, 0)
