"""Parts of a step: a form, a table of rows, a grid of years. Each knows how to read, check, show and keep its rows.

`Part.bind(dossier, data)` gives a `BoundPart`. With `data` it holds what a browser sent; without, what is stored,
with the inputs that could not be read laid over it. A bound part never writes: `writes()` lists what a service saves.
"""

from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import cached_property


@dataclass(frozen=True)
class Problem:
    """One thing between a step and « complet ». `input_id` is the id of the control, "" for the whole part."""

    sentence: str
    input_id: str = ""
    kind: str = "missing"  # or "invalid"


@dataclass
class Writes:
    """What saving a bound part comes to. Rows are model instances; `kept` are inputs that could not be read."""

    save: list = field(default_factory=list)
    delete: list = field(default_factory=list)
    # (row or None, field or cell name, raw text): the row gives its primary key once it is saved
    kept: list = field(default_factory=list)


class Part:
    """Base: `key` names the part in addresses, inputs and snapshots; `title` and `help` head it on the page."""

    template = ""

    def __init__(self, key: str, *, title="", help="", optional: bool = False):
        self.key, self.title, self.help, self.optional = key, title, help, optional

    def bind(self, dossier, data=None) -> "BoundPart":
        raise NotImplementedError("each kind of part binds its own way")

    def problems(self, dossier) -> list[Problem]:
        """What is missing in what is stored, in sentences."""
        raise NotImplementedError("each kind of part checks its own rows")

    def values(self, dossier) -> Any:
        """What is stored, as plain values for the snapshot."""
        raise NotImplementedError("each kind of part reads its own rows")


class BoundPart:
    def __init__(self, part, dossier, data=None):
        self.part, self.dossier, self.data = part, dossier, data
        self.key = part.key

    @property
    def kept_inputs(self) -> dict:
        """{input name after the part's key: raw text} of what could not be read when it was last saved."""
        prefix = f"{self.key}."
        return {key[len(prefix) :]: raw for key, raw in self.dossier.rejected.items() if key.startswith(prefix)}

    def writes(self) -> Writes:
        raise NotImplementedError

    def forms(self) -> list:
        raise NotImplementedError

    @cached_property
    def errors(self) -> list[Problem]:
        """One problem per input that cannot be read."""
        return [
            Problem(f"{form[name].label} : {error}", form[name].id_for_label, "invalid")
            for form in self.forms()
            for name, messages in form.errors.items()
            if name in form.fields
            for error in messages
        ]
