"""The one door through which the status of an application changes."""

from clusters_portal.audit.lifecycle import move_all, move_status

from ..models import Application
from ..workflow import APPLICATION_WORKFLOW


def move(
    application: Application,
    name: str,
    *,
    actor,
    note: str = "",
    extra_fields: dict | None = None,
    data: dict | None = None,
    locked: bool = False,
) -> Application:
    """Apply one transition of the workflow: locks the row, journals it, in one transaction. Raises InvalidTransition.

    `extra_fields` are the number and date that come with a deposit, `data` what the journal must keep beside. `locked`:
    the caller's transaction holds the row, and read it after it locked it.
    """
    return move_status(
        application, APPLICATION_WORKFLOW, name,
        actor=actor, verb="application", note=note, extra_fields=extra_fields, data=data, locked=locked,
    )  # fmt: skip


def move_many(applications, name: str, *, actor) -> None:
    """The same transition of many applications, locked by the caller's transaction, in a few queries. Raises InvalidTransition."""
    move_all(applications, APPLICATION_WORKFLOW, name, actor=actor, verb="application")
