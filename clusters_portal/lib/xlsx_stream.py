"""A workbook of one sheet written while it is sent: the first bytes leave before the second row is read, whatever their number.

XlsxWriter closes its file before anything can leave, and the reader of ten thousand rows waits all that while. One sheet of
text, numbers and days needs five small parts and rows: they are written here, as the norm (ECMA-376) has them. Text is text:
no formula, no link, nothing evaluated.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED

from zipstream import ZipStream

from .tabular_writing import HEADER, WIDTH, sheet_name

AT_ONCE = 200
LONGEST = 32_767
PLAIN, TEXT, HEAD, DAY = range(4)  # places of the styles below
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_NS = "http://schemas.openxmlformats.org"
_START = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TYPES = (
    f'{_START}<Types xmlns="{_NS}/package/2006/content-types"><Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
    '<Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>'
)
_RELATION = f"{_NS}/officeDocument/2006/relationships"
_ROOT = (
    f'{_START}<Relationships xmlns="{_NS}/package/2006/relationships"><Relationship Id="rId1" Type="{_RELATION}/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>'
)
_PARTS = (
    f'{_START}<Relationships xmlns="{_NS}/package/2006/relationships"><Relationship Id="rId1" Type="{_RELATION}/worksheet" '
    f'Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="{_RELATION}/styles" Target="styles.xml"/></Relationships>'
)
_TOP = '<alignment vertical="top" wrapText="1"/>'
_STYLES = (
    f'{_START}<styleSheet xmlns="{_NS}/spreadsheetml/2006/main">'
    '<numFmts count="1"><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    f'<font><b/><sz val="11"/><color rgb="FF{HEADER["font_color"][1:].upper()}"/><name val="Calibri"/></font></fonts>'
    '<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    f'<fill><patternFill patternType="solid"><fgColor rgb="FF{HEADER["bg_color"][1:].upper()}"/></patternFill></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="4">'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    f'<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1">{_TOP}</xf>'
    f'<xf numFmtId="49" fontId="1" fillId="2" borderId="0" xfId="0" applyFont="1" applyFill="1" applyAlignment="1">{_TOP}</xf>'
    f'<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1">{_TOP}</xf>'
    '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
_EPOCH = date(1899, 12, 30)


def stream_table(name: str, heads: list, rows: Iterable, *, rtl: bool = False, widths: list | None = None) -> Iterator[bytes]:
    """Chunks of a workbook: headers that stay in view, rows of text, numbers or days. None and "" are blank cells."""
    zipped = ZipStream(compress_type=ZIP_DEFLATED)
    book = (
        f'{_START}<workbook xmlns="{_NS}/spreadsheetml/2006/main" xmlns:r="{_RELATION}"><sheets>'
        f'<sheet name="{_text(sheet_name(name), quoted=True)}" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )
    for path, content in (
        ("[Content_Types].xml", _TYPES), ("_rels/.rels", _ROOT), ("xl/workbook.xml", book), ("xl/_rels/workbook.xml.rels", _PARTS),
        ("xl/styles.xml", _STYLES),
    ):  # fmt: skip
        zipped.add(content.encode(), path)
        yield from zipped.file()
    zipped.add(_sheet(heads, rows, rtl, widths or [WIDTH] * len(heads)), "xl/worksheets/sheet1.xml")
    yield from zipped.file()
    yield from zipped.finalize()


def _sheet(heads, rows, rtl, widths):
    side = ' rightToLeft="1"' if rtl else ""
    columns = "".join(f'<col min="{n}" max="{n}" width="{width}" customWidth="1"/>' for n, width in enumerate(widths, 1))
    yield (
        f'{_START}<worksheet xmlns="{_NS}/spreadsheetml/2006/main"><sheetViews><sheetView workbookViewId="0"{side}>'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f"<cols>{columns}</cols><sheetData>"
    ).encode()
    names = [column_name(number) for number in range(len(heads))]
    part = [_row(1, [str(head) for head in heads], names, HEAD)]
    for number, row in enumerate(rows, 2):
        part.append(_row(number, row, names, TEXT))
        if len(part) == AT_ONCE:
            yield "".join(part).encode()
            part = []
    yield ("".join(part) + "</sheetData></worksheet>").encode()


def _row(number, cells, names, style) -> str:
    return f'<row r="{number}">{"".join(_cell(f"{name}{number}", cell, style) for name, cell in zip(names, cells, strict=True))}</row>'


def _cell(place, value, style) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return f'<c r="{place}" s="{DAY}"><v>{(value - _EPOCH).days}</v></c>'
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return f'<c r="{place}" s="{PLAIN}"><v>{value}</v></c>'
    return f'<c r="{place}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{_text(str(value)[:LONGEST])}</t></is></c>'


def _text(text, *, quoted=False) -> str:
    return escape(_FORBIDDEN.sub("", text), {'"': "&quot;"} if quoted else {})


def column_name(number: int) -> str:
    """A column counted from 0 as spreadsheets name it: A, Z, AA."""
    name, number = "", number + 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name
