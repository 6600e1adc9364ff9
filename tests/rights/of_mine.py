"""Addresses of what is one's own: the timeline of a dossier, everything of it in one file, what the account holds."""

from tests.rights.rows import OWN, SIGNED_IN, once, own, who
from tests.rights.world import VISITORS

ROWS = [
    own("timeline", "=pk", expects=who((OWN, 200))),
    own("archive", "=pk", expects=who((OWN, 200))),
    own("archive", "=pk", expects=who((OWN, 200)), method="post"),
    once("accounts:my_data", expects=who((SIGNED_IN, 200))),
    once("accounts:my_data_file", expects=who((SIGNED_IN, 200))),
    once("favicon", expects=who((VISITORS, 302)), public=True),
]
