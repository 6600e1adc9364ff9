"""XLSX and ODS opened with care: measured before anything is loaded, then read by python-calamine.

A workbook is a ZIP of XML. It is unpacked by us within a limit and packed again, so that the reader never meets an
archive whose announced sizes lie; its sheets are walked once to know how many cells they hold and which are formulas,
so that one cell placed at XFD1048576 does not fill the memory.
"""

import re
import zipfile
import zlib
from io import BytesIO
from pathlib import PurePosixPath
from xml.etree import ElementTree

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

MIB = 1024 * 1024
MAX_INFLATED = 30 * MIB
MAX_RATIO = 100
# Below this, a ratio says nothing: an empty styled sheet is only zeros and costs nobody anything.
RATIO_FROM = 2 * MIB
MAX_PARTS = 500
MAX_TEXT = 30 * MIB
READ = (".xml", ".rels")
REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


class TableRefused(Exception):
    """The file is not read. `code` says why (tests and journal), `message` says it to the user, translated."""

    def __init__(self, code, message):
        self.code, self.message = code, message
        super().__init__(message)


def read_sheets(data: bytes, *, max_rows: int, max_columns: int) -> list:
    """[(title, rows of raw values, {(row, column)} of formulas)] of every visible sheet. Raises TableRefused."""
    parts = _unpack(data)
    if "content.xml" in parts:
        measured = _OpenDocument(parts, max_rows, max_columns).sheets()
    elif "xl/workbook.xml" in parts:
        measured = _OfficeOpen(parts, max_rows, max_columns).sheets()
    else:
        raise _unreadable()
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(_pack(parts)))
        return [(title, book.get_sheet_by_name(title).to_python(skip_empty_area=False), formulas) for title, formulas in measured]
    except (CalamineError, ValueError, OSError) as error:
        raise _unreadable() from error


def _unpack(data) -> dict:
    """{name: bytes} of the XML parts, counted while they inflate."""
    parts, inflated = {}, 0
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            members = archive.infolist()
            if len(members) > MAX_PARTS:
                raise _bomb()
            for member in members:
                if member.flag_bits & 1:
                    raise _locked()
                if PurePosixPath(member.filename).name.lower() == "vbaproject.bin":
                    raise TableRefused("macro", _("This workbook holds a program (macro): save it as XLSX."))
                if member.filename.endswith(READ) or member.filename == "mimetype":
                    with archive.open(member) as part:
                        parts[member.filename] = part.read(MAX_INFLATED - inflated + 1)
                    inflated += len(parts[member.filename])
                if inflated > MAX_INFLATED or (inflated > RATIO_FROM and inflated > MAX_RATIO * len(data)):
                    raise _bomb()
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as error:
        raise _unreadable() from error
    if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
        raise _locked()
    for content in parts.values():
        # Entities are how a small XML becomes a huge one; UTF-16 is how they would be hidden. Workbooks need neither.
        if b"<!DOCTYPE" in content or b"<!ENTITY" in content or b"\x00" in content:
            raise _unreadable()
    return parts


def _pack(parts) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def _locked():
    return TableRefused("old_format", _("This workbook is protected by a password: send it without protection."))


def _bomb():
    return TableRefused("bomb", _("This workbook becomes far too large once opened. Copy its values into a new workbook."))


def _unreadable():
    return TableRefused("unreadable", _("This workbook cannot be opened: it is damaged, or is neither XLSX nor ODS. Save it again."))


def _local(tag):
    return tag.rsplit("}", 1)[-1]


def _attributes(element):
    return {_local(name): value for name, value in element.attrib.items()}


def _elements(content):
    """Elements of a part as they end, each forgotten once seen."""
    try:
        for _event, element in ElementTree.iterparse(BytesIO(content), events=("end",)):
            yield element
    except ElementTree.ParseError as error:
        raise _unreadable() from error


class _Measure:
    """Limits shared by both formats."""

    def __init__(self, parts, max_rows, max_columns):
        self.parts, self.max_rows, self.max_columns = parts, max_rows, max_columns
        self.text = 0

    def _check(self, row, column):
        if row > self.max_rows:
            raise TableRefused("too_many_rows", _("There are more than %(limit)d rows.") % {"limit": self.max_rows})
        if column > self.max_columns:
            raise TableRefused("too_many_columns", _("There are more than %(limit)d columns.") % {"limit": self.max_columns})

    def _count_text(self, length):
        self.text += length
        if self.text > MAX_TEXT:
            raise _bomb()


class _OfficeOpen(_Measure):
    def sheets(self):
        lengths = self._shared_lengths()
        paths = {}
        for element in _elements(self.parts.get("xl/_rels/workbook.xml.rels", b"<none/>")):
            found = _attributes(element)
            if "Id" in found:
                paths[found["Id"]] = str(PurePosixPath("xl") / found.get("Target", "")).removeprefix("/")
        measured = []
        for element in _elements(self.parts["xl/workbook.xml"]):
            found = _attributes(element)
            if _local(element.tag) != "sheet" or "name" not in found:
                continue
            formulas = self._walk(self.parts.get(paths.get(found.get("id"), ""), b"<none/>"), lengths)
            if found.get("state", "visible") == "visible":
                measured.append((found["name"], formulas))
        self._walk_others(paths, lengths)
        return measured

    def _walk_others(self, paths, lengths):
        """Sheets the list does not name are measured too: the reader opens what it finds."""
        for name, content in self.parts.items():
            if name.startswith("xl/worksheets/") and name.endswith(".xml") and name not in paths.values():
                self._walk(content, lengths)

    def _shared_lengths(self):
        lengths, current = [], 0
        for element in _elements(self.parts.get("xl/sharedStrings.xml", b"<none/>")):
            tag = _local(element.tag)
            if tag == "t":
                current += len(element.text or "")
            elif tag == "si":
                lengths.append(current)
                current = 0
                element.clear()
        return lengths

    def _walk(self, content, lengths):
        formulas, row, column = set(), 0, 0
        for element in _elements(content):
            tag = _local(element.tag)
            if tag == "row":
                row, column = row + 1, 0
                element.clear()
            elif tag == "c":
                column += 1
                match = REFERENCE.fullmatch(element.get("r", ""))
                at = _place(match) if match else (row, column - 1)
                children = {_local(child.tag): child for child in element}
                if children:
                    self._check(at[0] + 1, at[1] + 1)
                    self._count_text(_shared_length(element, children, lengths))
                if "f" in children:
                    formulas.add(at)
        # Row numbers come from the references, or from their order when a writer leaves them out.
        self._check(row, 0)
        return formulas


def _shared_length(element, children, lengths):
    value = children["v"].text or "" if "v" in children else ""
    if element.get("t") == "s" and value.isdecimal() and int(value) < len(lengths):
        return lengths[int(value)]
    return len(value) + (sum(map(len, children["is"].itertext())) if "is" in children else 0)


def _place(match):
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]) - 1, column - 1


class _OpenDocument(_Measure):
    def sheets(self):
        measured, formulas, row, column, filled = [], set(), 0, 0, []
        for element in _elements(self.parts["content.xml"]):
            tag, found = _local(element.tag), _attributes(element)
            if tag in ("table-cell", "covered-table-cell"):
                repeat = _repeat(found, "number-columns-repeated")
                text = sum(len(part) for part in element.itertext())
                if "formula" in found or "value-type" in found or text:
                    filled.append((column, repeat, text, "formula" in found))
                column += repeat
                element.clear()
            elif tag == "table-row":
                repeat = _repeat(found, "number-rows-repeated")
                formulas |= self._row(row, repeat, filled)
                row, column, filled = row + repeat, 0, []
            elif tag == "table" and "name" in found:
                measured.append((found["name"], formulas))
                formulas, row = set(), 0
        return measured

    def _row(self, row, repeat, filled):
        if not filled:
            return set()
        last = max(column + count for column, count, _text, _formula in filled)
        self._check(row + repeat, last)
        self._count_text(repeat * sum(count * text for _column, count, text, _formula in filled))
        return {(row, column) for column, _count, _text, formula in filled if formula}


def _repeat(found, name):
    text = found.get(name, "1")
    return int(text) if text.isdecimal() and len(text) < 9 else 1
