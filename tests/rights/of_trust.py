"""What operations and security ask of the portal: each for its own reader."""

from tests.rights.rows import SIGNED_IN, once, who
from tests.rights.world import VISITORS

NOBODY_YET = who((VISITORS, 404))  # no address is set in the tests
ROWS = [
    once("security_txt", expects=NOBODY_YET, public=True),
    once("accounts:second_factor", expects=who((SIGNED_IN, 200))),
]
ADMIN = {"accounts.rolegrant": (("administrator", "head", "auditor", "recused_head"), ("administrator",))}
