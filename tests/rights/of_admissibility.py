"""Rights on recevabilité beyond its page: the second person's acts, what waits for them, the result and its letter."""

from tests.rights.rows import OWN, READERS, of, once, own, who

# draft, deposited, admissible, evaluation, committee, decided: the call of the first two is open, the others are decided.
REFUSED = who((READERS, "404 403 403 403 403 403"), ("recused_head", "404 403 403 404 404 404"))
# The head validated those checks: a second click leads to what was decided, and writes nothing.
VALIDATED = REFUSED | {"head": "404 403 302 302 302 302"}
LETTER = who(((*READERS, *OWN), "404 404 200 200 200 200"), ("recused_head", "404 404 200 404 404 404"))
ROWS = [
    once("applications:admissibility_queue", expects=who((("officer", "head", "recused_head"), 200))),
    of("applications:admissibility_validate", "=pk", expects=VALIDATED, method="post"),
    of("applications:admissibility_send_back", "=pk", expects=REFUSED, method="post"),
    own("admissibility_told", "=pk", expects=who((OWN, "404 404 200"))),
    of("applications:admissibility_letter", "=pk", "fr", expects=LETTER),
    of("applications:admissibility_letter", "=pk", "en", expects={}),
]
