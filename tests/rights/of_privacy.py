"""Requests about personal data: one's own, and those of others for whoever answers; the register of processing."""

from tests.rights.rows import SIGNED_IN, once, who

READERS = who((("administrator", "head", "auditor", "recused_head"), 200))
ROWS = [
    once("privacy:ask", expects=who((SIGNED_IN, 200))),
    once("privacy:ask", expects=who((SIGNED_IN, 422)), method="post"),
    once("privacy:requests", expects=READERS),
    once("privacy:request", 999_999, expects={}),
    once("privacy:request", 999_999, expects={}, method="post"),
    once("privacy:register", expects=READERS),
    once("privacy:register_pdf", "fr", expects=READERS),
]
