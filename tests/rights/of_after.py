"""After a deposit (A12): who changes, gives up, withdraws, and reads earlier receipts. States: a draft, deposited, decided."""

from tests.rights.rows import OWN, own, who

OF_THE_DEPOSITED = who((OWN, "404 200 200"))
EARLIER = ("=pk", 1)
ROWS = [
    own("modify", "=pk", expects=who((OWN, "302 200 302"))),
    own("changes", "=pk", expects=OF_THE_DEPOSITED),
    own("give_up", "=pk", expects=who((OWN, "404 200 302"))),
    own("give_up", "=pk", expects=who((OWN, "404 302 409")), method="post"),
    own("kept_draft", "=pk", 1, expects={}),
    own("withdraw", "=pk", expects=who(("mandatary", "404 200 403"), ("editor", "404 403 403"))),
    own("withdraw", "=pk", expects=who(("mandatary", "404 422 422"), ("editor", "404 403 403")), method="post"),
    own("receipt_of", *EARLIER, expects=OF_THE_DEPOSITED),
    own("receipt_of_pdf", *EARLIER, "fr", expects=OF_THE_DEPOSITED),
    own("receipt_of_snapshot", *EARLIER, expects=OF_THE_DEPOSITED),
]
