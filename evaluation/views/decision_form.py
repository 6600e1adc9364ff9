"""The decision on a dossier, filled in as the ranking proposes and as the votes concluded. Used on its page and in the session."""

from django.http import Http404
from django.utils.translation import gettext as _

from evaluation import queries
from evaluation.forms.committee import DecisionForm
from evaluation.models import Ballot, BallotOption
from evaluation.models.outcomes import Outcome
from evaluation.queries.sessions import standing_vote
from evaluation.rules import decisions
from evaluation.services import committee


def decision_context(user, call, application_id, item, data=None) -> dict:
    """What the form and the panel beside it show. Raises Http404 for a line that is not there for this person."""
    ranking = queries.latest_ranking(call)
    visible = ranking and queries.VisibleLines(user, ranking)
    line = visible and visible.of(application_id)
    if not line:
        raise Http404
    board = committee.board_of(ranking)
    form = DecisionForm(data, initial=_initial(line, ranking, board, item))
    sheets = queries.readable_evaluations(user).filter(assignment__application=application_id, status="submitted")
    return {
        "ranking": ranking,
        "line": line,
        "form": form,
        "board": board,
        "complete": visible.complete,
        "sheets": sheets.select_related("assignment__evaluator"),
    }


def _initial(line, ranking, board, item) -> dict:
    """The rank as proposed, for a project within the places; then what the last vote says."""
    within = line.rank is not None and (not ranking.places or line.rank <= ranking.places)
    proposed = {"adopted_rank": line.rank if within else None}
    ballot, vote = standing_vote(line.application_id, item.session) if item else (None, None)
    if vote is None:
        return proposed
    if not vote.between_equals:
        return proposed | ({"outcome": vote.outcome} if vote.won else {})
    start = line.rank if vote.won else ranking.places + 1
    free = next(rank for rank in range(start, start + len(board.ranks_taken) + 1) if rank not in board.ranks_taken)
    listed = vote.won or ranking.call.waiting_list_enabled
    outcome = Outcome.SELECTED if vote.won else Outcome.WAITING_LIST if listed else Outcome.NOT_SELECTED
    rank = free if outcome in decisions.LISTED else None
    return {"outcome": outcome, "adopted_rank": rank, "tie_break_reason": told(ballot)}


def told(ballot: Ballot) -> str:
    """A vote between equals in one sentence: who got how many votes, and by whose casting vote."""
    counts = ", ".join(
        _("%(option)s: %(count)d") % {"option": option, "count": option.count}
        for option in sorted(ballot.options.all(), key=lambda option: (option.code == BallotOption.Code.ABSTAIN, -option.count))
    )
    text = _("Vote of the committee between equals (%(votes)s).") % {"votes": counts}
    if not ballot.casting_option_id:
        return text
    casting = _("Casting vote of the chair for %(option)s: %(reason)s") % {"option": ballot.casting_option, "reason": ballot.casting_reason}
    return f"{text} {casting}"
