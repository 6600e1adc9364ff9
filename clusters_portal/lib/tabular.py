"""Tables people send: XLSX, ODS, CSV or text pasted from a spreadsheet, all read as rows of text.

Whatever the format, a cell is the text a person sees: « 990000101000153 » for a number, « 28/07/2026 » for a day.
Formulas are never evaluated and never believed: their places are given, the caller refuses or ignores them.
"""

import csv
import re
from dataclasses import dataclass, field
from datetime import date, datetime, time
from io import StringIO

from django.utils.translation import gettext as _

from clusters_portal.lib.tabular_workbook import MIB, TableRefused, read_sheets
from clusters_portal.lib.tabular_writing import csv_text, new_workbook, sheet_name, write_cell, write_table
from clusters_portal.lib.text import clean_text

__all__ = [
    "Table", "TableRefused", "cell_name", "cell_text", "csv_text", "drop_noise", "new_workbook", "read_file", "read_pasted", "sheet_name",
    "write_cell", "write_table",
]  # fmt: skip

MAX_BYTES = 5 * MIB
MAX_ROWS = 5_000
MAX_COLUMNS = 100
DELIMITERS = ("\t", ";", ",")
ARABIC = re.compile("[\u0621-\u064a]")
LETTER = re.compile(r"[^\W\d_]")
# Excel keeps leading zeros in a CSV only when they are written ="001…": a text, not a computation.
QUOTED_NUMBER = re.compile(r'="([^"=]*)"')
FORMULA = re.compile(r"=\s*[\w(+\-\"'@]")
# « Total », « Sous-total », « المجموع » and nothing else: a company may well be called « Total Énergies ».
TOTAL = re.compile(
    r"(?:sous[\s-]*)?tota(?:l|ux)(?:\s+g[ée]n[ée]ra(?:l|ux))?\s*:?|grand total\s*:?|(?:ال)?مجموع(?:\s+(?:العام|الكلي))?\s*:?", re.IGNORECASE
)


@dataclass(frozen=True)
class Table:
    """One sheet: `rows[i][j]` is text, `formulas` holds the (i, j) of computed cells, both from 0; all rows same width."""

    name: str
    rows: list
    formulas: frozenset = field(default_factory=frozenset)

    @property
    def width(self) -> int:
        return max(map(len, self.rows), default=0)


def read_file(file, *, name: str = "") -> list[Table]:
    """Every sheet that is not blank, in the order of the file. `file` is open for reading bytes.

    Raises TableRefused: empty, too_large, bomb, old_format, unreadable, too_many_rows, too_many_columns, macro.
    """
    data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise TableRefused("too_large", _("This file is too large: the limit is %(limit)d MB.") % {"limit": MAX_BYTES // MIB})
    if not data.strip():
        raise TableRefused("empty", _("This file is empty."))
    if data.startswith(b"PK"):
        sheets = read_sheets(data, max_rows=MAX_ROWS, max_columns=MAX_COLUMNS)
        tables = [_table(title, [[cell_text(cell) for cell in row] for row in rows], formulas) for title, rows, formulas in sheets]
    else:
        tables = [_csv_table(_decode(data), name)]
    tables = [table for table in tables if table.rows]
    if not tables:
        raise TableRefused("empty", _("There is nothing in this file."))
    return tables


def read_pasted(text: str) -> Table:
    """What was copied from a spreadsheet (tabs) or typed with « ; ». Raises TableRefused."""
    if len(text) > MAX_BYTES:
        raise TableRefused("too_large", _("This text is too long: import a file instead."))
    table = _csv_table(text, "")
    if not table.rows:
        raise TableRefused("empty", _("Paste at least one row."))
    return table


def drop_noise(table: Table, start: int = 0):
    """(kept, dropped) from row `start`: kept are (index, cells); dropped are (index, "blank" or "total", cells).

    Blank rows at the end are not mentioned: every sheet has some.
    """
    kept, dropped = [], []
    for index, row in enumerate(table.rows[start:], start=start):
        filled = [cell for cell in row if cell]
        if not filled:
            dropped.append((index, "blank", row))
        elif any(TOTAL.fullmatch(cell) for cell in filled[:3]):
            dropped.append((index, "total", row))
        else:
            kept.append((index, row))
    return kept, dropped


def cell_text(value) -> str:
    """A cell as a person reads it. Whole numbers lose the « .0 » and keep every digit; midnight is a day."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        return value.strftime("%d/%m/%Y" if value.time() == time(0) else "%d/%m/%Y %H:%M")
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    return clean_text(value)


def cell_name(row: int, column: int) -> str:
    """« C12 » for (11, 2)."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"


def _decode(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _strict(data, "utf-16")
    if b"\x00" in data or data.startswith((b"\xd0\xcf\x11\xe0", b"%PDF", b"{\\rtf")):
        raise TableRefused(
            "old_format", _("This file is not a workbook that can be read: save it as XLSX, ODS or CSV, without a password.")
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _decode_old(data)


def _decode_old(data):
    """Windows' French or Arabic code page: the one in which the letters beyond ASCII make sense."""
    arabic = data.decode("cp1256", errors="replace")
    beyond = [char for char in arabic if ord(char) > 127]
    letters = sum(1 for char in arabic if LETTER.match(char))
    if len(ARABIC.findall(arabic)) > 0.8 * len(beyond) and len(beyond) > 0.4 * letters:
        return arabic
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _strict(data, encoding):
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise TableRefused("unreadable", _("The characters of this file cannot be read: save it as CSV UTF-8 or as XLSX.")) from error


def _csv_table(text, name) -> Table:
    text = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    hint = re.match(r"sep=([;,\t])\n", text)
    if hint:
        text = text[hint.end() :]
    reader = csv.reader(StringIO(text), delimiter=hint[1] if hint else _delimiter(text))
    rows, formulas = [], set()
    try:
        for index, row in enumerate(reader):
            if index >= MAX_ROWS:
                raise TableRefused("too_many_rows", _("There are more than %(limit)d rows.") % {"limit": MAX_ROWS})
            cells = [QUOTED_NUMBER.sub(r"\1", cell_text(cell)) for cell in row]
            formulas |= {(index, column) for column, cell in enumerate(cells) if FORMULA.match(cell)}
            rows.append(cells)
    except csv.Error as error:
        raise TableRefused("unreadable", _("This text cannot be cut into columns: save the table as XLSX.")) from error
    return _table(name, rows, formulas)


def _delimiter(text):
    """The one that cuts the first lines into the same number of columns, and the most of them."""
    lines = [line for line in text.split("\n", 40)[:40] if line.strip()]

    def score(delimiter):
        counts = [len(row) for row in csv.reader(lines, delimiter=delimiter)]
        usual = max(set(counts), key=counts.count) if counts else 1
        return (usual > 1, counts.count(usual) * (usual - 1))

    return max(DELIMITERS, key=score)


def _table(name, rows, formulas) -> Table:
    """Same width everywhere, nothing blank at the end."""
    width = max((index + 1 for row in rows for index, cell in enumerate(row) if cell), default=0)
    if width > MAX_COLUMNS:
        raise TableRefused("too_many_columns", _("There are more than %(limit)d columns.") % {"limit": MAX_COLUMNS})
    last = max((index + 1 for index, row in enumerate(rows) if any(row)), default=0)
    return Table(name, [[*row[:width], *[""] * (width - len(row))] for row in rows[:last]], frozenset(formulas))
