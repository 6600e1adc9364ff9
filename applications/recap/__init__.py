"""A frozen dossier (or a draft's snapshot) as sections to read: the same list feeds every page and PDF that shows it.

`sections_of(snapshot, call)` reads the call's labels in one query and nothing else; see `blocks` for the shapes.
`differences_between(old, new, call)` says what changed, field by field.
"""

from .blocks import Block, Cell, Document, Field, Item, Line, Section
from .choices import Choice, StepChoices, choices_by_key, choices_of
from .differences import differences_between, differences_by_part
from .sections import sections_of

__all__ = [
    "Block",
    "Cell",
    "Choice",
    "Document",
    "Field",
    "Item",
    "Line",
    "Section",
    "StepChoices",
    "choices_by_key",
    "choices_of",
    "differences_between",
    "differences_by_part",
    "sections_of",
]
