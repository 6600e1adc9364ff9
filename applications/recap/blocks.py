"""What a recap is made of. Values are ready to show; amounts stay Decimals, so that one filter prints them all."""

from dataclasses import dataclass
from decimal import Decimal

TEXT, LONG, NUMBER, PERCENT, CODE = "text", "long", "number", "percent", "code"


@dataclass(frozen=True)
class Cell:
    """One value. `kind`: text, long (several paragraphs), number, percent, or code (always read left to right)."""

    text: str = ""
    number: Decimal | None = None
    kind: str = TEXT

    @property
    def is_empty(self) -> bool:
        return not self.text and self.number is None

    @property
    def is_figure(self) -> bool:
        return self.kind in (NUMBER, PERCENT)


@dataclass(frozen=True)
class Field:
    """A label and its value."""

    label: str
    cell: Cell


@dataclass(frozen=True)
class Line:
    """One row of a grid: five annual cells. `kind`: line, group (a heading without cells), total or result."""

    label: str
    cells: tuple[Cell, ...] = ()
    kind: str = "line"
    starred: bool = False
    notes: tuple[Field, ...] = ()


@dataclass(frozen=True)
class Item:
    """One row too long for a table: its heading and its fields."""

    title: Cell
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Document:
    """A piece of the call and its files: dicts `id`, `label`, `name`, `size` (bytes), `pages`, `sha256`."""

    label: str
    required: bool
    files: tuple[dict, ...]


@dataclass(frozen=True)
class Block:
    """One part of a section. `kind` says which of the lists is filled: fields, table (columns and rows), grid (lines),
    items or documents. `star_note` says what a star means in a grid that has some."""

    kind: str
    key: str
    title: str = ""
    help: str = ""
    fields: tuple[Field, ...] = ()
    columns: tuple[Field, ...] = ()
    rows: tuple[tuple[Field, ...], ...] = ()
    lines: tuple[Line, ...] = ()
    items: tuple[Item, ...] = ()
    documents: tuple[Document, ...] = ()
    star_note: str = ""

    @property
    def count(self) -> int:
        """Rows of a table, of items or of a grid of rows."""
        return len(self.rows) or len(self.items) or len(self.lines)

    @property
    def is_empty(self) -> bool:
        return not (self.fields or self.rows or self.lines or self.items or self.documents)


@dataclass(frozen=True)
class Section:
    """One step of the dossier. `number` is its section of the call document, `optional` as declared by the step."""

    slug: str
    number: str
    label: str
    blocks: tuple[Block, ...]
    optional: bool = False

    @property
    def anchor(self) -> str:
        return f"section-{self.slug}"
