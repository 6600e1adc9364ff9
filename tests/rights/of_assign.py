"""Rights on profiles, likely conflicts and automatic runs in the administration; their pages are in evaluation/tests/test_rights.py."""

ROWS = []
DPTC, READERS = ("officer", "head", "recused_head"), ("officer", "head", "chair", "auditor", "recused_head")
ADMIN = {
    "evaluation.evaluatorprofile": (READERS, DPTC),
    "evaluation.likelyconflict": (READERS, ()),
    "evaluation.assignmentrun": (READERS, ()),
    "evaluation.appliedassignmentrun": (READERS, ()),
}
