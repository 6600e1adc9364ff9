"""Rights at the counter: paper files, acknowledgements, files without an online application, deadlines."""

from tests.rights.rows import OWN, SIGNED_IN, Row, of, once, who

COUNTER = ("officer", "head", "counter")
# draft, deposited, admissible, evaluation, committee, decided
SEEN = "404 200 200 200 200 200"
BARRED = ("recused_head", "404 200 200 404 404 404")
RECORD = who((COUNTER, SEEN), ("auditor", "404 403 403 403 403 403"), BARRED)
RECORDED = RECORD | who((COUNTER, "404 422 422 422 422 422"), ("recused_head", "404 422 422 404 404 404"))
# Received before admissibility was decided: the first state of the table that has an acknowledgement.
PAPER = who(((*COUNTER, "auditor"), "404 404 200 200 200 200"), ("recused_head", "404 404 200 404 404 404"))
SHEET = PAPER | who((OWN, "404 404 200 200 200 200"))
TOLD = who(((*COUNTER, "auditor"), "404 404 403 403 403 403"), ("recused_head", "404 404 403 404 404 404"))
# Nobody's file here was brought without an application: whoever reads the dossier is told why nothing is scanned.
SCANS = who(((*COUNTER, "auditor"), "404 403 403 403 403 403"), ("recused_head", "404 403 403 404 404 404"))
EXTENDS = ("head", "administrator", "recused_head")
ROWS = [
    once("applications:counter", expects=who(((*COUNTER, "recused_head"), 200))),
    of("applications:counter_record", "=pk", expects=RECORD),
    of("applications:counter_record", "=pk", expects=RECORDED, method="post"),
    of("applications:acknowledgement", "=acknowledgement", expects=PAPER),
    of("applications:acknowledgement_pdf", "=pk", "=acknowledgement", expects=SHEET),
    of("applications:countersign", "=acknowledgement", expects=TOLD, method="post"),
    of("applications:late_decision", "=acknowledgement", expects=TOLD),
    of("applications:late_decision", "=acknowledgement", expects=TOLD, method="post"),
    once("applications:walk_in", "=call", expects=who(((*COUNTER, "recused_head"), 200))),
    once("applications:walk_in", "=call", expects=who(((*COUNTER, "recused_head"), 422)), method="post"),
    of("applications:scan", "=pk", expects=SCANS),
    of("applications:scan_upload", "=pk", "OTHER", expects=SCANS, method="post"),
    of("applications:scan_freeze", "=pk", expects=SCANS, method="post"),
    Row("applications:call_extend", ("=call",), who((SIGNED_IN, 403), (EXTENDS, 200)), "get", ("draft",)),
    Row("applications:call_extend", ("=call",), who((SIGNED_IN, 403), (EXTENDS, 422)), "post", ("draft",)),
]  # fmt: skip

EVIDENCE = ("head", "auditor", "recused_head")
CONFIGURE = ("administrator", "head", "recused_head")
ADMIN = {
    "applications.paperdeposit": (EVIDENCE, ()),
    "applications.latedecision": (EVIDENCE, ()),
    "applications.deadlineextension": ((*CONFIGURE, "officer", "auditor"), ()),
    "applications.holiday": ((*CONFIGURE, "officer", "auditor"), CONFIGURE),
}
