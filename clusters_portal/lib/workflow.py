"""A state machine as one table of named moves: nothing hidden, everything can be found by searching for its name."""

from dataclasses import dataclass

from django.utils.translation import gettext as _


class InvalidTransition(Exception):
    """The named move does not exist, or does not leave from the current status. `name` and `status` say which."""

    def __init__(self, name, status):
        self.name, self.status = name, status
        super().__init__(f"{name!r} is not possible from {status!r}")

    @property
    def message(self):
        """A sentence for the user, in the active language."""
        return _("This action is no longer possible: the state of the file has changed. Reload the page.")


@dataclass(frozen=True)
class Transition:
    """One move: `name` (code), `sources` (statuses it leaves from), `target` (status it reaches), `label` (button text)."""

    name: str
    sources: tuple
    target: str
    label: str = ""


class Workflow:
    """The moves of one kind of object. `Workflow((Transition(...), ...))`; names are unique or ValueError is raised."""

    def __init__(self, transitions):
        self.transitions = tuple(transitions)
        self._by_name = {transition.name: transition for transition in self.transitions}
        if len(self._by_name) != len(self.transitions):
            raise ValueError("two transitions of a workflow share a name")

    def get(self, name):
        """The transition of that name, or None."""
        return self._by_name.get(name)

    def target(self, name, status):
        """The status reached by `name` from `status`. Raises InvalidTransition."""
        transition = self._by_name.get(name)
        if transition is None or status not in transition.sources:
            raise InvalidTransition(name, status)
        return transition.target

    def can(self, name, status):
        """Whether `name` may leave from `status`; an unknown name may not."""
        transition = self._by_name.get(name)
        return transition is not None and status in transition.sources

    def allowed(self, status):
        """The transitions that leave from `status`, in the order they were declared."""
        return tuple(transition for transition in self.transitions if status in transition.sources)
