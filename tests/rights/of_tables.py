"""Tables of the dossier: acts on a row, and the rows an import refused."""

from tests.rights.rows import OWN, OWN_STATES, Row, own, who

ACT = Row("applications:row_act", ("=pk", "membres"), who((OWN, "404 404 409")), "post", OWN_STATES, data={"act": "up:members-0"})
UNDO = Row("applications:row_put_back", ("=pk", "membres", 0), who((OWN, 409)), "post", OWN_STATES, data={"part": "members"})
ROWS = [
    ACT,
    UNDO,
    own("members_refused", "=pk", expects=who(("mandatary", "200 404 404"))),
]
ADMIN = {}
