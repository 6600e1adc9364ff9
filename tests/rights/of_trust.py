"""What operations and security ask of the portal: each for its own reader."""

from tests.rights.rows import SIGNED_IN, once, who
from tests.rights.world import VISITORS

NOBODY_YET = who((VISITORS, 404))  # no address is set in the tests
ROWS = [
    once("security_txt", expects=NOBODY_YET, public=True),
    once("accounts:second_factor", expects=who((SIGNED_IN, 200))),
    once("healthz", expects=who((VISITORS, 200)), public=True),
    once("readyz", expects=who((VISITORS, 200)), public=True),
    once("metrics", expects=NOBODY_YET, public=True),
    once("operations:status", expects=who(("administrator", 200))),
    once("operations:mail_again", 999_999, expects={}, method="post"),
    once("operations:task_again", 999_999, expects={}, method="post"),
]
TWO_PEOPLE = (("administrator", "head", "auditor", "recused_head"), ("administrator",))
ADMIN = {"accounts.rolegrant": TWO_PEOPLE, "accounts.factorreset": TWO_PEOPLE}
