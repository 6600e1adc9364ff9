"""The session: anybody may ask whether he is signed in, only who is may stay so."""

from tests.rights.rows import SIGNED_IN, once, who
from tests.rights.world import VISITORS

ROWS = [
    once("accounts:session_status", expects=who((VISITORS, 200)), public=True),
    once("accounts:session_extend", expects=who((SIGNED_IN, 302)), method="post"),
]
