"""States of an application and every move between them, in one table."""

from django.utils.translation import gettext_lazy as _

from clusters_portal.lib.workflow import Transition, Workflow

from .models import Application

S = Application.Status

APPLICATION_WORKFLOW = Workflow(
    (
        Transition("deposit", (S.DRAFT, S.DEPOSITED, S.WITHDRAWN), S.DEPOSITED, _("Submit the application")),
        Transition("withdraw", (S.DEPOSITED,), S.WITHDRAWN, _("Withdraw the application")),
        Transition("declare_admissible", (S.DEPOSITED,), S.ADMISSIBLE, _("Declare admissible")),
        Transition("declare_inadmissible", (S.DEPOSITED,), S.INADMISSIBLE, _("Declare inadmissible")),
        Transition("start_evaluation", (S.ADMISSIBLE,), S.UNDER_EVALUATION, _("Start the evaluation")),
        Transition("submit_to_committee", (S.UNDER_EVALUATION,), S.IN_COMMITTEE, _("Bring before the committee")),
        Transition("select", (S.IN_COMMITTEE,), S.SELECTED, _("Select")),
        Transition("select_with_reservations", (S.IN_COMMITTEE,), S.SELECTED_WITH_RESERVATIONS, _("Select with reservations")),
        Transition("put_on_waiting_list", (S.IN_COMMITTEE,), S.WAITING_LIST, _("Put on the waiting list")),
        Transition("defer", (S.IN_COMMITTEE,), S.DEFERRED, _("Defer")),
        Transition("reject", (S.IN_COMMITTEE,), S.NOT_SELECTED, _("Do not select")),
    )
)

# Tone of the status tag on every page.
TONES = {
    S.DRAFT: "warn",
    S.DEPOSITED: "ok",
    S.WITHDRAWN: "neutral",
    S.ADMISSIBLE: "info",
    S.INADMISSIBLE: "danger",
    S.UNDER_EVALUATION: "info",
    S.IN_COMMITTEE: "info",
    S.SELECTED: "ok",
    S.SELECTED_WITH_RESERVATIONS: "ok",
    S.WAITING_LIST: "warn",
    S.DEFERRED: "warn",
    S.NOT_SELECTED: "neutral",
}
