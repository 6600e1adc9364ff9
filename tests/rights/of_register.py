"""The register of labelled clusters: DPTC and auditors read it, the head of division keeps it."""

from tests.rights.rows import once, who

READERS, KEEPERS = ("officer", "head", "auditor", "recused_head"), ("head", "recused_head")
READ = who((READERS, 200))
FORM = who((READERS, 403), (KEEPERS, 200))
EMPTY = who((READERS, 403), (KEEPERS, 422))
ABSENT = who((READERS, 403), (KEEPERS, 404))
ROWS = [
    once("applications:register", expects=READ),
    once("applications:register_export", "xlsx", expects=READ),
    once("applications:register_export", "csv", expects=READ),
    once("applications:register_export", "pdf", expects={}),
    once("applications:register_new", expects=FORM),
    once("applications:register_new", expects=EMPTY, method="post"),
    once("applications:register_import", expects=FORM),
    once("applications:register_import", expects=EMPTY, method="post"),
    once("applications:register_cluster", 999_999, expects={}),
    once("applications:register_edit", 999_999, expects=ABSENT),
    once("applications:register_edit", 999_999, expects=ABSENT, method="post"),
    once("applications:register_period_new", 999_999, expects=ABSENT),
    once("applications:register_period_new", 999_999, expects=ABSENT, method="post"),
    once("applications:register_period", 999_999, 1, expects=ABSENT),
    once("applications:register_period", 999_999, 1, expects=ABSENT, method="post"),
    once("applications:register_period_remove", 999_999, 1, expects=ABSENT, method="post"),
]
ADMIN = {
    "applications.labelledcluster": (READERS, ()),
    "applications.registeredperiod": (READERS, ()),
}
