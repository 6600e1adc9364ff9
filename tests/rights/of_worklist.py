"""DPTC's desk: saved views, columns, batches, exports of the list; notes and labels of an application."""

from tests.rights.rows import READERS, of, once, who

DESK = (*READERS, "recused_head")
WRITE = ("officer", "head", "recused_head")
ANNOTATE = who(
    (("officer", "head"), "404 302 302 302 302 302"), (("counter", "auditor"), "404 403 403 403 403 403"),
    ("recused_head", "404 302 302 404 404 404"),
)  # fmt: skip
EMPTY = ANNOTATE | who((("officer", "head"), "404 422 422 422 422 422"), ("recused_head", "404 422 422 404 404 404"))
ROWS = [
    once("applications:view_save", expects=who((DESK, 422)), method="post"),
    once("applications:view_change", 999_999, expects={}, method="post"),
    once("applications:list_columns", expects=who((DESK, 302)), method="post"),
    once("applications:batch", expects=who((("counter", "auditor"), 403), (WRITE, 422)), method="post"),
    once("applications:batch_report", 999_999, expects={}),
    once("applications:worklist_export", "xlsx", expects=who((DESK, 200)), method="post"),
    once("applications:worklist_export", "csv", expects=who((DESK, 200)), method="post"),
    once("applications:worklist_export", "pdf", expects={}, method="post"),
    of("applications:note_add", "=pk", expects=EMPTY, method="post"),
    of("applications:labels_set", "=pk", expects=ANNOTATE, method="post"),
]
ADMIN = {
    "applications.label": (("head", "auditor", "recused_head"), ("head", "recused_head")),
    "applications.note": (("head", "auditor", "recused_head"), ()),
    "applications.savedview": (("head", "auditor", "recused_head"), ()),
    "applications.batch": (("head", "auditor", "recused_head"), ()),
}
