"""What the committee may decide on one dossier, given the ranking and what it has decided already. Pure.

A favourable outcome takes one of the call's places; any other states its reasons (loi 03-01, article 1); a dossier moved
from where the ranking puts it has its own written reason; a choice between equals across the last place is reasoned too.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from evaluation.rules.deliberation import Vote, contradiction

SELECTED = "selected"
WITH_RESERVATIONS = "selected_with_reservations"
WAITING_LIST = "waiting_list"
DEFERRED = "deferred"
NOT_SELECTED = "not_selected"
FAVOURABLE = frozenset({SELECTED, WITH_RESERVATIONS})
LISTED = FAVOURABLE | {WAITING_LIST}


@dataclass(frozen=True, slots=True)
class Proposal:
    """Where the ranking puts the dossier: ``rank`` (None below a threshold), how many share it, and whether the tie crosses the line."""

    rank: int | None
    group_size: int = 1
    tie_to_break: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """The decision as typed, texts stripped. ``adopted_rank`` from 1, or None."""

    outcome: str
    adopted_rank: int | None = None
    reasons_fact: str = ""
    reasons_law: str = ""
    reservations: str = ""
    deviation_reason: str = ""
    tie_break_reason: str = ""


@dataclass(frozen=True, slots=True)
class Board:
    """What is decided already in the call, ``places`` being 0 when it announces no number; and the vote that bears on this
    dossier, with how many of those level with it across the last place are still undecided."""

    places: int
    favourable: int = 0
    ranks_taken: frozenset[int] = frozenset()
    waiting_list: bool = True
    vote: Vote | None = None
    rivals: int = 0


def is_displaced(draft: Draft, proposal: Proposal, places: int) -> bool:
    """Does the draft depart from the ranking? Choosing inside an ex æquo group is not a displacement."""
    if proposal.rank is None:
        return False
    last = proposal.rank + proposal.group_size - 1
    if draft.adopted_rank is not None and not proposal.rank <= draft.adopted_rank <= last:
        return True
    if not places or proposal.tie_to_break:
        return False
    return (draft.outcome in FAVOURABLE) != (proposal.rank <= places)


CONTRADICTIONS = ("vote_gave_the_place", "vote_gave_place_to_another", "vote_adopted_another", "vote_rejected")


def _checks(draft: Draft, proposal: Proposal, board: Board):
    favourable, listed = draft.outcome in FAVOURABLE, draft.outcome in LISTED
    below = proposal.rank is None
    yield "below_threshold", below and listed
    yield "no_place_left", favourable and bool(board.places) and board.favourable >= board.places
    yield "no_waiting_list", draft.outcome == WAITING_LIST and not board.waiting_list
    yield "rank_missing", listed and not below and draft.adopted_rank is None
    yield "rank_not_expected", not listed and draft.adopted_rank is not None
    yield "rank_taken", draft.adopted_rank in board.ranks_taken
    yield "rank_beyond_places", favourable and bool(board.places) and (draft.adopted_rank or 0) > board.places
    # A decision never changes: a rank of the places given to a waiting project would leave one of them without a taker for good.
    yield "rank_within_places", draft.outcome == WAITING_LIST and 0 < (draft.adopted_rank or 0) <= board.places
    yield "reasons_missing", not favourable and not draft.reasons_fact
    yield "law_missing", not favourable and bool(draft.reasons_fact) and not draft.reasons_law
    yield "reservations_missing", draft.outcome == WITH_RESERVATIONS and not draft.reservations
    yield "deviation_reason_missing", is_displaced(draft, proposal, board.places) and not draft.deviation_reason
    yield "tie_break_reason_missing", favourable and proposal.tie_to_break and not draft.tie_break_reason
    elected = board.vote is not None and board.vote.between_equals and board.vote.won
    yield "tie_vote_missing", favourable and proposal.tie_to_break and board.rivals > 0 and not elected
    found = contradiction(draft.outcome, favourable, board.vote)
    for code in CONTRADICTIONS:
        yield code, code == found


FIELDS = {
    "below_threshold": "outcome",
    "no_place_left": "outcome",
    "no_waiting_list": "outcome",
    "rank_missing": "adopted_rank",
    "rank_not_expected": "adopted_rank",
    "rank_taken": "adopted_rank",
    "rank_beyond_places": "adopted_rank",
    "rank_within_places": "adopted_rank",
    "reasons_missing": "reasons_fact",
    "law_missing": "reasons_law",
    "reservations_missing": "reservations",
    "deviation_reason_missing": "deviation_reason",
    "tie_break_reason_missing": "tie_break_reason",
    "tie_vote_missing": "outcome",
    "vote_gave_the_place": "outcome",
    "vote_gave_place_to_another": "outcome",
    "vote_adopted_another": "outcome",
    "vote_rejected": "outcome",
}
"""The field each refusal belongs to."""


def refusals(draft: Draft, proposal: Proposal, board: Board) -> tuple[str, ...]:
    """Codes of everything that forbids the decision; empty when it may be recorded."""
    return tuple(code for code, refused in _checks(draft, proposal, board) if refused)


def sentence(code: str) -> str:
    """A refusal in words, in the active language."""
    unreasoned = _("State the reasons of fact and of law: a decision that is not favourable without reasons is unlawful.")
    return {
        "below_threshold": _("A project below a threshold can only be deferred or not selected."),
        "no_place_left": _("All the places of the call are taken, selections with reservations included."),
        "no_waiting_list": _("This call has no waiting list."),
        "rank_missing": _("Enter the adopted rank."),
        "rank_not_expected": _("A project that is deferred or not selected has no adopted rank: leave it empty."),
        "rank_taken": _("This rank is already given to another project."),
        "rank_beyond_places": _("A selected project has a rank within the number of places of the call."),
        "rank_within_places": _("The ranks of the waiting list come after the places of the call."),
        "reasons_missing": unreasoned,
        "law_missing": unreasoned,
        "reservations_missing": _("State the reservations."),
        "deviation_reason_missing": _("This decision departs from the proposed ranking: give the reason for this project."),
        "tie_vote_missing": _("Projects are level across the last place: put the choice to the vote first."),
        "vote_gave_the_place": _("The vote gave a place to this project: it is selected, with or without reservations."),
        "vote_gave_place_to_another": _("The vote between equals gave the place to another project."),
        "vote_adopted_another": _("The vote adopted another outcome for this project."),
        "vote_rejected": _("The vote rejected this outcome."),
        "tie_break_reason_missing": _("This project is level with others across the last place: give the reason for choosing it."),
    }[code]
