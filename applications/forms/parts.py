"""Parts of a step: a form, a table of rows, a grid of years. Each knows how to read, check, show and keep its rows.

`Part.bind(dossier, data)` gives a `BoundPart`. With `data` it holds what a browser sent; without, what is stored,
with the inputs that could not be read laid over it. A bound part never writes: `writes()` lists what a service saves.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Problem:
    """One thing between a step and « complet ». `input_id` is the id of the control, "" for the whole part."""

    sentence: str
    input_id: str = ""
    kind: str = "missing"  # or "invalid"


@dataclass
class Writes:
    """What saving a bound part comes to. Rows are model instances, those that change; `kept` are inputs that could not be read."""

    save: list = field(default_factory=list)
    delete: list = field(default_factory=list)
    # (row or None, field or cell name, raw text): the row gives its primary key once it is saved
    kept: list = field(default_factory=list)


class Part(ABC):
    """Base: `key` names the part in addresses, inputs and snapshots; `title` and `help` head it on the page."""

    template = ""
    inline = True  # saved with the step's own form

    def __init__(self, key: str, *, title="", help="", optional: bool = False):
        self.key, self.title, self.help, self.optional = key, title, help, optional

    @abstractmethod
    def bind(self, dossier, data=None) -> "BoundPart":
        """The part over what is stored, or over what a browser sent."""

    @abstractmethod
    def problems(self, dossier) -> list[Problem]:
        """What is missing in what is stored, in sentences."""

    @abstractmethod
    def values(self, dossier) -> Any:
        """What is stored, as plain values for the snapshot."""

    @abstractmethod
    def restored(self, dossier, values) -> Writes:
        """What puts back `values`, as a snapshot keeps them: the inverse of `values`, to the last character."""


class BoundPart(ABC):
    """A part over one dossier, see the module. Its kinds read, show and check the inputs."""

    def __init__(self, part, dossier, data=None):
        self.part, self.dossier, self.data = part, dossier, data
        self.key = part.key

    @property
    def kept_inputs(self) -> dict:
        """{input name after the part's key: raw text} of what could not be read when it was last saved."""
        prefix = f"{self.key}."
        return {key[len(prefix) :]: raw for key, raw in self.dossier.rejected.items() if key.startswith(prefix)}

    @property
    def is_sent(self) -> bool:
        """Does the browser's data hold this part? A part edited elsewhere is left alone by a save of the step."""
        return True

    @abstractmethod
    def writes(self, only=()) -> Writes:
        """What saving comes to. `only`: names of fields (codes of the lines of a grid) to which it is limited, all when empty;
        a table of rows is written whole."""

    @abstractmethod
    def forms(self) -> list:
        """The Django forms of the part, one per row."""

    @cached_property
    def errors(self) -> list[Problem]:
        """One problem per input that cannot be read."""
        return [problem for form in self.forms() for problem in errors_of(form)]

    def cells(self) -> list:
        """[(key that stays the same between two readings, where it is in words, bound field)] of what two people may both change."""
        return [(name, "", form[name]) for form in self.forms() for name in form.fields]


def set_columns(row, values: dict) -> None:
    """Give a row the values a snapshot keeps: texts, plain numbers, ISO dates. A row of the call is given already found."""
    for name, value in values.items():
        column = row._meta.get_field(name)
        setattr(row, name, value if column.is_relation else column.to_python(value))


def put(row, values: dict) -> bool:
    """Give a row what was read of a browser's inputs. False when it is stored and says all that already: nothing to write."""
    changed = row._state.adding or any(getattr(row, name) != value for name, value in values.items())
    for name, value in values.items():
        setattr(row, name, value)
    return changed


def errors_of(form, *, where="") -> list[Problem]:
    """The inputs of one form that cannot be read, each in a sentence; `where` says in which row."""
    found = []
    for name, messages in form.errors.items():
        if name in form.fields:
            label = f"{where}, {form[name].label}" if where else form[name].label
            place = form[name].id_for_label or f"div_{form[name].auto_id}"
            found += [Problem(_("{label}: {error}").format(label=label, error=error), place, "invalid") for error in messages]
    return found
