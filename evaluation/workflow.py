"""The statuses of the judging floor, each machine as one table. A dossier's own status is in ``applications.workflow``.

Statuses are written as their codes: this floor lies under the models, whose choices repeat them (a test compares both).
"""

from django.utils.translation import gettext_lazy as _

from clusters_portal.lib.workflow import Transition, Workflow

CONFLICT_WORKFLOW = Workflow(
    (
        Transition("clear", ("declared",), "clear", _("No conflict")),
        Transition("hold", ("declared", "clear", "lifted"), "pending", _("Submit for a ruling")),
        Transition("recuse", ("declared", "clear", "pending", "lifted"), "confirmed", _("Confirm the conflict")),
        Transition("lift", ("pending",), "lifted", _("Lift the conflict")),
    )
)

ASSIGNMENT_WORKFLOW = Workflow(
    (
        Transition("accept", ("proposed",), "accepted", _("Accept")),
        Transition("suspend", ("accepted",), "proposed", _("Suspend")),
        Transition("recuse", ("proposed", "accepted"), "recused", _("Recuse")),
        Transition("release", ("proposed", "accepted"), "released", _("Remove")),
        Transition("propose_again", ("released",), "proposed", _("Assign again")),
    )
)

SESSION_WORKFLOW = Workflow(
    (
        Transition("convene", ("prepared",), "convened", _("Convene")),
        Transition("recall", ("convened",), "prepared", _("Change members or agenda")),
        Transition("open", ("convened",), "open", _("Open the session")),
        Transition("close", ("open",), "closed", _("Close the session")),
        Transition("sign", ("closed",), "signed", _("Sign the minutes")),
        Transition("cancel", ("prepared", "convened"), "cancelled", _("Cancel the session")),
    )
)

ITEM_WORKFLOW = Workflow(
    (
        Transition("open", ("waiting",), "current", _("Open the item")),
        Transition("set_aside", ("current",), "waiting", _("Come back to it later")),
        Transition("finish", ("current",), "done", _("Finish the item")),
        Transition("postpone", ("waiting", "current"), "postponed", _("Postpone to a later session")),
    )
)

BALLOT_WORKFLOW = Workflow(
    (
        Transition("close", ("open",), "closed", _("Close the vote")),
        Transition("cancel", ("open",), "cancelled", _("Cancel the vote")),
    )
)

EVALUATION_WORKFLOW = Workflow((Transition("submit", ("draft",), "submitted", _("Submit the evaluation")),))

CONSENSUS_WORKFLOW = Workflow(
    (
        Transition("write", ("open",), "draft", _("Write the report")),
        Transition("ask_approval", ("draft",), "approving", _("Ask for approval")),
        Transition("revise", ("approving",), "draft", _("Change the report")),
        Transition("validate", ("approving",), "validated", _("Validate the consensus")),
        Transition("record_disagreement", ("approving",), "disagreement", _("Record the disagreement")),
        Transition("reopen", ("approving", "validated", "disagreement", "frozen"), "draft", _("Reopen the consensus")),
        Transition("freeze", ("validated", "disagreement"), "frozen", _("Freeze")),
    )
)
