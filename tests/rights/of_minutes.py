"""Rights on what follows a session: minutes, letters, appeals, observations in the administration, and their pages of a dossier.

No decision of this world is notified, and no facts were put to anybody: to everyone these pages do not exist. Who gets what
once they do is in evaluation/tests/test_rights_minutes.py.
"""

from tests.rights.rows import VISITORS, of, once, who

ROWS = [
    of("evaluation:decision_told", "=pk", expects={}),
    of("evaluation:told_letter", "=pk", 1, "fr", expects={}),
    of("evaluation:file_appeal", "=pk", expects={}),
    of("evaluation:file_appeal", "=pk", expects={}, method="post"),
    of("evaluation:appeal_receipt", "=pk", "fr", expects={}),
    of("evaluation:own_appeal_piece", "=pk", expects={}),
    of("evaluation:observe", "=pk", expects={}),
    of("evaluation:observe", "=pk", expects={}, method="post"),
    once("evaluation:verify_letter", "CL-0000-L-0000", expects=who((VISITORS, 404)), public=True),
]
READERS = ("head", "auditor", "recused_head")
WITH_OFFICERS = (*READERS, "officer")
ADMIN = {
    "evaluation.minutes": (READERS, ()),
    "evaluation.minutessignature": (READERS, ()),
    "evaluation.letter": (READERS, ()),
    "evaluation.resultspublication": (READERS, ()),
    "evaluation.appeal": (WITH_OFFICERS, ()),
    "evaluation.appealanswer": (WITH_OFFICERS, ()),
    "evaluation.observationstep": (WITH_OFFICERS, ()),
    "evaluation.factualfindings": (WITH_OFFICERS, ()),
    "evaluation.observation": (WITH_OFFICERS, ()),
}
