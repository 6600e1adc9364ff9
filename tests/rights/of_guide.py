"""The guide: the association's page is for everybody, the others for whoever holds the role or answers for the whole."""

from tests.rights.rows import EVALUATORS, once, who
from tests.rights.world import VISITORS

READ_ALL = who((("head", "administrator", "auditor", "recused_head"), 200))
ROWS = [
    once("guide", expects=who((VISITORS, 200)), public=True),
    once("guide_page", "association", expects=who((VISITORS, 200)), public=True),
    once("guide_page", "guichet", expects=READ_ALL | who(("counter", 200))),
    once("guide_page", "instructeur", expects=READ_ALL | who(("officer", 200))),
    once("guide_page", "responsable", expects=READ_ALL),
    once("guide_page", "evaluateur", expects=READ_ALL | who((EVALUATORS, 200))),
    once("guide_page", "membre-du-comite", expects=READ_ALL | who((("member", "chair"), 200))),
    once("guide_page", "president", expects=READ_ALL | who(("chair", 200))),
    once("guide_page", "administrateur", expects=READ_ALL),
    once("guide_page", "auditeur", expects=READ_ALL),
    once("guide_page", "nowhere", expects={}),
]
