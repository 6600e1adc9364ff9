"""How a committee deliberates: quorum, who may vote on an item, what a ballot says. Pure, on whole numbers.

Quorum and casting vote follow the call's own rules (evaluation.md 6, points 7 and 8); a conflict of interest on one dossier
is an indirect interest in the whole ranking, hence the scope `CALL` (evaluation.md 1.3).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

APPLICATION_SCOPE, CALL_SCOPE = "application", "call"
FOR, AGAINST, ABSTAIN = "for", "against", "abstain"


def quorum_needed(appointed: int, percent: int) -> int:
    """The fewest voting members that reach `percent` of those appointed; at least one, since nobody cannot sit."""
    return max(1, -(-percent * appointed // 100))


def has_quorum(present: int, appointed: int, percent: int) -> bool:
    """Is at least `percent` of the appointed voting members present? Exact: never rounds across the line."""
    return present > 0 and present * 100 >= percent * appointed


@dataclass(frozen=True, slots=True)
class Seat:
    """One member as the rule sees them. `conflicts` are the dossiers of the call they are barred from; `lifted`: the reach of
    these conflicts over the call's other votes was lifted, with a reason."""

    member: int
    votes: bool
    present: bool
    conflicts: frozenset = frozenset()
    lifted: bool = False


def takes_part(seat: Seat, dossiers: frozenset) -> bool:
    """May this member know of an item about these dossiers? A declared interest beats every capacity."""
    return not seat.conflicts & dossiers


def why_no_vote(seat: Seat, dossiers: frozenset, scope: str) -> str:
    """Code of what keeps a member from voting on an item about `dossiers` (none for a general question); "" when they may."""
    if not seat.votes:
        return "capacity"
    if not takes_part(seat, dossiers):
        return "recused"
    if scope == CALL_SCOPE and dossiers and seat.conflicts and not seat.lifted:
        return "conflict_in_call"
    return "" if seat.present else "absent"


def electorate(seats, dossiers: frozenset, scope: str) -> frozenset[int]:
    """The members who may vote now."""
    return frozenset(seat.member for seat in seats if not why_no_vote(seat, dossiers, scope))


@dataclass(frozen=True, slots=True)
class Result:
    """What a ballot says. `elected` are the options adopted, `level` those left equal for `open_places` places.

    A proposal that is not adopted elects nothing. `needs_casting`: the chair may settle it.
    """

    elected: tuple = ()
    level: tuple = ()
    open_places: int = 0
    needs_casting: bool = False
    votes: Mapping = field(default_factory=dict)

    @property
    def settled(self) -> bool:
        """Nothing is left to the casting vote or to another ballot."""
        return not self.open_places


def proposal_result(votes: Mapping, *, casting_allowed: bool, casting=None) -> Result:
    """More for than against adopts; abstentions are counted apart. Equality: the casting vote where the rules have one, else
    the proposal is not adopted. `votes` is {FOR: n, AGAINST: n, ABSTAIN: n}; `casting` FOR, AGAINST or None."""
    agreed, refused = votes.get(FOR, 0), votes.get(AGAINST, 0)
    if agreed != refused:
        return Result((FOR,) if agreed > refused else (), votes=votes)
    if not casting_allowed:
        return Result(votes=votes)
    if casting is None:
        return Result(level=(FOR, AGAINST), open_places=1, needs_casting=True, votes=votes)
    return Result((FOR,) if casting == FOR else (), votes=votes)


def tie_result(votes: Mapping, seats: int, *, casting_allowed: bool, casting=None) -> Result:
    """The `seats` options with most votes. Those level across the last place: the casting vote names one when one place is
    left among them, otherwise another ballot. `votes` is {option: n} without abstentions, in the order of the ballot."""
    order = sorted(votes, key=lambda option: -votes[option])
    if not 0 < seats < len(order):
        raise ValueError("a choice between equals gives fewer places than there are options, and at least one")
    bar = votes[order[seats - 1]]
    if votes[order[seats]] < bar:
        return Result(tuple(order[:seats]), votes=votes)
    above = tuple(option for option in order if votes[option] > bar)
    level = tuple(option for option in order if votes[option] == bar)
    left = seats - len(above)
    if left == 1 and casting_allowed and casting in level:
        return Result((*above, casting), votes=votes)
    return Result(above, level, left, casting_allowed and left == 1, votes)


# What a recorded decision owes to the votes


@dataclass(frozen=True, slots=True)
class Vote:
    """The last vote that settled something on a dossier: a proposed outcome adopted or not, or a choice between equals."""

    between_equals: bool
    won: bool
    outcome: str = ""


def contradiction(outcome: str, favourable: bool, vote: Vote | None) -> str:
    """Code of how a decision contradicts the vote; "" when it follows it or there was none."""
    if vote is None:
        return ""
    if vote.between_equals:
        return "" if favourable == vote.won else ("vote_gave_the_place" if vote.won else "vote_gave_place_to_another")
    if vote.won:
        return "" if outcome == vote.outcome else "vote_adopted_another"
    return "vote_rejected" if outcome == vote.outcome else ""


def no_vote_sentence(code: str) -> str:
    """Why someone does not vote, in words."""
    return {
        "capacity": _("You attend without a vote."),
        "recused": _("You do not take part in this vote."),
        "conflict_in_call": _("You declared an interest in an application of this call: you do not vote on the others either."),
        "absent": _("Your arrival is not recorded: only members present vote."),
    }[code]
