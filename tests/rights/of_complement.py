"""Messages and complement requests."""

from tests.rights.rows import OWN, READERS, of, own, who

# draft, deposited, admissible, evaluation, committee, decided
SUBMITTED = who((READERS, "404 200 200 200 200 200"), ("recused_head", "404 200 200 404 404 404"))
CONTENT = ("head", "auditor", "recused_head")

ROWS = [
    own("messages", "=pk", expects=who((OWN, 200))),
    own("messages", "=pk", expects=who((OWN, "403 422 422")), method="post"),
    of(
        "applications:messages_read", "=pk", method="post",
        expects=who((OWN, 302), (("officer", "head", "counter", "auditor"), "404 302 302 302 302 302"),
                    ("recused_head", "404 302 302 404 404 404")),
    ),
    of("applications:staff_messages", "=pk", expects=SUBMITTED),
    of(
        "applications:staff_messages", "=pk", method="post",
        expects=who((("officer", "head"), "404 422 422 422 422 422"), (("counter", "auditor"), "404 403 403 403 403 403"),
                    ("recused_head", "404 422 422 404 404 404")),
    ),
]  # fmt: skip
# No call of this world allows complements, and nothing was asked: who may ask is tested in applications/tests/test_complements.py.
ROWS += [own(name, "=pk", expects={}) for name in ("complement", "complement_send")]
ROWS += [
    own("complement_send", "=pk", expects={}, method="post"),
    own("complement_step", "=pk", "territoire", expects={}),
    own("complement_step", "=pk", "territoire", expects={}, method="post"),
    own("complement_piece", "=pk", "OTHER", expects={}, method="post"),
    of("applications:complement_review", "=pk", expects={}),
    of("applications:complement_cancel", "=pk", expects={}),
    of("applications:complement_cancel", "=pk", expects={}, method="post"),
    *(
        of(
            "applications:complement_ask", "=pk", method=method,
            expects=who((READERS, "404 403 403 403 403 403"), ("recused_head", "404 403 403 404 404 404")),
        )
        for method in ("get", "post")
    ),
]  # fmt: skip
ADMIN = {"applications.message": (CONTENT, ()), "applications.complementrequest": (CONTENT, ())}
