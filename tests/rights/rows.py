"""A row of the table of rights: an address, and what each visitor gets from it in each state."""

from dataclasses import dataclass, field

from tests.rights.world import BY_ROLE, STATES, VISITORS

LOGIN, OPEN, ANSWERED = "login", "any", (200, 302, 409, 422)
SIGNED_OUT = ("anonymous", "inactive")
APPLICANTS, OWN = ("stranger", "mandatary", "editor"), ("mandatary", "editor")
STAFF = tuple(BY_ROLE)
SIGNED_IN = (*APPLICANTS, *STAFF)
EVALUATORS = ("unassigned", "undeclared", "cleared", "recused", "peer", "recused_head")
READERS, COMMITTEE = ("officer", "head", "counter", "auditor"), ("member", "chair")
SAMPLED = ("draft", "evaluation", "decided")
OWN_STATES = ("draft", "deposited", "decided")


@dataclass(frozen=True)
class Row:
    name: str
    args: tuple
    expects: dict
    method: str = "get"
    states: tuple = STATES
    public: bool = False
    data: dict = field(default_factory=dict)

    @property
    def visits(self):
        """[(state, visitor)]: whoever is named in every state, the others in some; a few on a public page."""
        if self.public:
            return [(state, visitor) for state in self.states for visitor in ("anonymous", "inactive", "mandatary", "head")]
        some = [state for state in self.states if state in SAMPLED] or self.states
        return [(s, v) for s in self.states for v in VISITORS if v in self.expects or s in some]

    @property
    def visits_again(self):
        """On a second database, where only the statements could differ: whoever is named in the last state, and one who is not."""
        return [(self.states[-1], visitor) for visitor in VISITORS if visitor in self.expects or visitor == "stranger"]

    @property
    def id(self):
        return "-".join((self.method, self.name, *map(str, self.args)))

    def expected(self, visitor, state):
        """The status this visitor gets, `LOGIN`, or several that will do."""
        found = self.expects.get(visitor, 404)
        if visitor in SIGNED_OUT and not self.public:
            return LOGIN
        if isinstance(found, str):
            return int(found.split()[self.states.index(state)])
        return found


def who(*pairs) -> dict:
    """{visitor: statuses} from (visitors, statuses) pairs; a later pair wins."""
    return {visitor: statuses for visitors, statuses in pairs for visitor in ((visitors,) if isinstance(visitors, str) else visitors)}


def once(name, *args, expects, method="get", public=False):
    """An address on which no dossier hangs."""
    return Row(name, args, expects, method, ("draft",), public)


def own(name, *args, expects, method="get"):
    """An address of the applicants' side: a draft, a dossier just deposited, one that was decided."""
    return Row(f"applications:{name}", args, expects, method, OWN_STATES)


def of(name, *args, expects, method="get"):
    """An address that DPTC, evaluators or the committee share, in every state."""
    return Row(name, args, expects, method)
