"""Rights on the committee's sessions, one being open: the chair and a member called, one item decided, with a vote closed on it.

Whoever declared an interest in the dossier of the item gets the 404 of what does not exist, whatever the role.
"""

from evaluation.tests.session_routes import ACTS, PAGES
from tests.rights.rows import ANSWERED, Row, who

NAMES = {"slug": "=call", "one": 1, "item": "=item", "seat": "=seat", "ballot": "=ballot"}
HOLDERS, READERS = ("head", "chair"), ("member", "auditor")
# The head of division recused from both dossiers holds sessions too: what hangs on no item is theirs.
HOLDING = who((READERS, 403), ((*HOLDERS, "recused_head"), ANSWERED))
READING = who(((*HOLDERS, *READERS, "recused_head"), (200, 302)))
RUNNING = who((READERS, 403), (HOLDERS, ANSWERED))
CALLED = who((("chair", "member"), ANSWERED))
EXPECTED = {
    "sessions": READING,
    "session": READING,
    "session_live": READING,
    "session_screen": READING,
    "item_declare": CALLED,
    "session_prepare_item": RUNNING,
    "ballot_vote": CALLED | who((("head", "auditor"), 403)),
    "ballot_cast": who((("head", "member", "auditor"), 403), ("chair", ANSWERED)),
}


def _row(name, args, method):
    of_an_item = not {"item", "ballot"}.isdisjoint(args)
    expects = EXPECTED.get(name, RUNNING if of_an_item else HOLDING)
    return Row(f"evaluation:{name}", tuple(NAMES.get(arg, arg) for arg in args), expects, method, ("decided",))


ROWS = [*(_row(name, args, "get") for name, args in PAGES), *(_row(name, args, "post") for name, args in ACTS)]
READ = (("head", "chair", "auditor", "recused_head"), ())
ADMIN = {
    "evaluation.committeesession": READ,
    "evaluation.sessionmember": READ,
    "evaluation.attendance": READ,
    "evaluation.agendaitem": READ,
    "evaluation.ballot": READ,
    "evaluation.vote": READ,
    "evaluation.judgingterms": (("head", "officer", "member", "chair", "auditor", "recused_head"), ("head", "recused_head")),
}
