"""Rights on the consensus of a dossier: there is one at deliberation, frozen; `cleared` is its rapporteur."""

from tests.rights.rows import COMMITTEE, Row, of, who

SCORERS, DPTC, READERS = ("cleared", "peer"), ("officer", "head"), ("officer", "head", "auditor")
EVERYONE = (*READERS, *COMMITTEE, *SCORERS)


def _at_deliberation(**answers) -> dict:
    """What each visitor gets at deliberation: 403 for those who read the report, unless told. Before, there is no report."""
    return who((EVERYONE, "404 404 404 404 403 403"), *((name, f"404 404 404 404 {code} {code}") for name, code in answers.items()))


ROWS = [
    of("evaluation:consensus", "=pk", expects=_at_deliberation(**dict.fromkeys(EVERYONE, 200))),
    of("evaluation:consensus", "=pk", method="post", expects=_at_deliberation()),
    of("evaluation:consensus_answer", "=pk", method="post", expects=_at_deliberation(cleared=422, peer=422)),
    of("evaluation:consensus_revise", "=pk", method="post", expects=_at_deliberation(cleared=409)),
    of("evaluation:consensus_conclude", "=pk", method="post", expects=_at_deliberation(head=409)),
    of("evaluation:consensus_reopen", "=pk", method="post", expects=_at_deliberation(head=422)),
    of("evaluation:consensus_rapporteur", "=pk", method="post", expects=_at_deliberation(head=422, officer=422)),
    of("evaluation:open_consensus", "=pk", method="post", expects=who(
        (DPTC, "404 404 302 302 302 302"), ("auditor", "404 404 403 403 403 403"), (COMMITTEE, "404 404 404 404 403 403"),
        (SCORERS, "404 404 404 403 403 403"), ("recused_head", "404 404 302 404 404 404"))),
    # The form of a dossier to score without a connection: only of one's own, still to submit.
    of("evaluation:offline_sheet", "=pk", expects=who(("cleared", "404 404 404 200 404 404"), ("peer", "404 404 404 302 404 404"))),
    Row("evaluation:call_consensus", ("=call",), who(((*EVERYONE, "recused_head"), 200)), states=("committee",)),
    Row("evaluation:open_consensuses", ("=call",), who((EVERYONE, 403), ((*DPTC, "recused_head"), 302)), "post", ("committee",)),
]  # fmt: skip
# Their rows in evaluation/tests/test_rights.py speak of roles; here evaluators of the dossier read what others do not.
NAMES = {row.name.partition(":")[2] for row in ROWS}
ADMIN = dict.fromkeys(
    ("evaluation.consensus", "evaluation.consensusscore", "evaluation.consensusapproval"),
    (("officer", "head", "auditor", "recused_head"), ()),
)
