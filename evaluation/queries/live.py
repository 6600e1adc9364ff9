"""The session as a person follows it on a screen: what is in progress, who votes, what came out; never what they stepped out of."""

from dataclasses import dataclass, field

from evaluation.models import AgendaItem, Ballot, BallotOption, SessionMember, Vote
from evaluation.queries.access import barred_applications
from evaluation.queries.sessions import Room, dossiers_of, items_of, level_of, room_of
from evaluation.rules import deliberation


@dataclass
class Screen:
    """``item`` is None when nothing is in progress, or when what is does not exist for this person (``out``).

    ``ballot`` is the last vote of the item: its options have ``voters`` once a named vote is closed.
    """

    session: object
    room: Room
    items: list
    me: SessionMember | None
    item: AgendaItem | None = None
    out: bool = False
    ballot: Ballot | None = None
    options: list = field(default_factory=list)
    hidden_vote: bool = False
    voted: frozenset = frozenset()
    mine: BallotOption | None = None

    @property
    def total(self) -> int:
        """How many items this person knows of."""
        return len(self.items)

    @property
    def left(self) -> list:
        """Items not discussed yet."""
        return [item for item in self.items if item.status == AgendaItem.Status.WAITING]

    @property
    def next_item(self) -> AgendaItem | None:
        """The first one not discussed yet after the one in progress, else the first at all."""
        after = [item for item in self.left if self.item and item.number > self.item.number]
        return (after or self.left or [None])[0]

    @property
    def members_out(self) -> list:
        """Who does not take part in the item in progress."""
        return self.room.out_of(dossiers_of(self.item)) if self.item else []

    @property
    def presiding(self) -> SessionMember | None:
        """Who chairs the item in progress."""
        return self.room.presiding(self.item) if self.item else None

    @property
    def i_preside(self) -> bool:
        """Whether that is this person."""
        return self.me is not None and self.presiding is not None and self.presiding.pk == self.me.pk

    @property
    def electorate(self) -> list:
        """Who may vote on the item, or in its open vote."""
        return self.room.electorate(dossiers_of(self.item, self.options)) if self.item else []

    @property
    def electors(self) -> int:
        """How many votes there can be: who may vote, with who did before leaving."""
        return len({member.pk for member in self.electorate} | self.voted)

    @property
    def awaited(self) -> list:
        """Who may vote and has not yet."""
        return [member for member in self.electorate if member.pk not in self.voted]

    @property
    def why_no_vote(self) -> str:
        """In words, why this person does not vote in the open vote; "" when they may."""
        if self.me is None:
            return deliberation.no_vote_sentence("capacity")
        code = self.room.why_no_vote(self.me, dossiers_of(self.item, self.options))
        return deliberation.no_vote_sentence(code) if code else ""

    @property
    def may_vote(self) -> bool:
        """Whether this person's buttons are there."""
        open_ = self.ballot is not None and self.ballot.status == Ballot.Status.OPEN
        return open_ and self.me is not None and self.me.pk not in self.voted and not self.why_no_vote

    @property
    def has_voted(self) -> bool:
        """Whether this person voted in this vote."""
        return self.me is not None and self.me.pk in self.voted

    @property
    def level(self) -> list:
        """Options a closed vote left equal, when the casting vote may settle it."""
        return level_of(self.ballot, self.room.terms) if self.ballot else []

    @property
    def token(self) -> str:
        """Changes when what may be done changes: the page beside the screen is then out of date."""
        ballot = f"{self.ballot.pk}{self.ballot.status}{self.ballot.casting_option_id}" if self.ballot else ""
        decided = self.item is not None and self.item.application_id is not None and hasattr(self.item.application, "decision")
        return f"{self.session.status}-{self.item.pk if self.item else self.out}-{ballot}-{decided}-{self.room.has_quorum}"


def screen_of(user, session) -> Screen:
    """What this person's screen shows now, in at most seven queries whatever the number of members and items."""
    room = room_of(session)
    screen = Screen(session, room, items_of(user, session), room.member(user))
    screen.item = next((item for item in screen.items if item.status == AgendaItem.Status.CURRENT), None)
    if screen.item is None:
        screen.out = session.items.filter(status=AgendaItem.Status.CURRENT).exists()
        return screen
    rows = BallotOption.objects.filter(ballot__item=screen.item).select_related("ballot", "application")
    options = list(rows.order_by("-ballot__number", "position"))
    if not options:
        return screen
    ballot = options[0].ballot
    options = [option for option in options if option.ballot_id == ballot.pk]
    barred = screen.me.conflicts if screen.me else set(barred_applications(user).values_list("application_id", flat=True))
    if dossiers_of(None, options) & barred:
        screen.hidden_vote = True
        return screen
    known = {item.application_id: item for item in screen.items}
    for option in options:
        option.item = known.get(option.application_id)
    ballot.item, screen.ballot, screen.options = screen.item, ballot, options
    ballot._prefetched_objects_cache = {"options": options}
    _add_votes(screen)
    return screen


def _add_votes(screen):
    """Who voted; what each voted, only once a named vote is closed, and to each their own."""
    votes = list(Vote.objects.filter(ballot=screen.ballot))
    screen.voted = frozenset(vote.member_id for vote in votes)
    by_pk = {option.pk: option for option in screen.options}
    names = {member.pk: member.person for member in screen.room.members}
    closed = screen.ballot.status == Ballot.Status.CLOSED
    for option in screen.options:
        option.voters = [names[vote.member_id] for vote in votes if closed and vote.option_id == option.pk]
    own = next((vote for vote in votes if screen.me and vote.member_id == screen.me.pk), None)
    screen.mine = by_pk.get(own.option_id) if own else None
