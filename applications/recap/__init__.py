"""A frozen dossier (or a draft's snapshot) as sections to read: the same list feeds every page and PDF that shows it.

`sections_of(snapshot, call)` reads the call's labels in one query and nothing else; see `blocks` for the shapes.
"""

from .blocks import Block, Cell, Document, Field, Item, Line, Section
from .sections import sections_of

__all__ = ["Block", "Cell", "Document", "Field", "Item", "Line", "Section", "sections_of"]
