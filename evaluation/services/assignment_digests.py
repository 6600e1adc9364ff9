"""Evaluators told which dossiers are assigned to them, open to them again or no longer theirs: one notice and one mail per
person and act."""

from collections import defaultdict

from django.urls import reverse

from clusters_portal.notifications import outbox
from evaluation.queries import committed, current_grid


class Digest:
    """What one act changed for each evaluator. Filled while the act runs, sent in its transaction."""

    def __init__(self):
        self._changes = defaultdict(lambda: ([], [], []))

    def add(self, person, application) -> None:
        """This dossier is assigned to this person."""
        self._changes[person][0].append(application)

    def remove(self, person, application) -> None:
        """This dossier is no longer theirs."""
        self._changes[person][1].append(application)

    def clear(self, person, application) -> None:
        """The interest that kept this person from this dossier is lifted."""
        self._changes[person][2].append(application)

    def send(self, call) -> None:
        """Tell everybody concerned: numbers of the dossiers only, for a mail is no place for more."""
        grid = current_grid(call)
        due_on = grid.due_on if grid else None
        for person in sorted(self._changes, key=lambda person: person.pk):
            added, removed, cleared = (sorted(row.number for row in rows) for rows in self._changes[person])
            context = {
                "call": call, "added": added, "removed": removed, "cleared": cleared, "due_on": due_on,
                "unsigned": bool(added or cleared) and not committed(person).exists(),
            }  # fmt: skip
            outbox.tell(person, kind="assignments_changed", context=context, url=reverse("evaluation:my_evaluations"))
