"""Tables we hand out: XLSX and CSV in which nothing a person typed can become a formula or a link."""

import csv
from io import StringIO

import xlsxwriter

HEADER = {
    "bold": True,
    "bg_color": "#0b6b3a",
    "font_color": "#ffffff",
    "text_wrap": True,
    "valign": "top",
    "border": 1,
    "border_color": "#d9ddd8",
}
TEXT = {"num_format": "@", "text_wrap": True, "valign": "top"}
WIDTH = 22
RISKY = ("=", "+", "-", "@", "\t", "\r")


def new_workbook(out, **options):
    """An XlsxWriter workbook on `out` (a binary file): text stays text, whatever it starts with. Close it or use `with`."""
    safe = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    return xlsxwriter.Workbook(out, {**safe, **options})


def write_table(book, name: str, headers: list, rows, *, rtl: bool = False, widths: list | None = None):
    """One sheet: headers that stay in view, rows of text, numbers or days. Returns the worksheet."""
    sheet = book.add_worksheet(sheet_name(name, book))
    if rtl:
        sheet.right_to_left()
    header, text, day = book.add_format(HEADER), book.add_format(TEXT), book.add_format({**TEXT, "num_format": "dd/mm/yyyy"})
    for column, title in enumerate(headers):
        sheet.write_string(0, column, str(title), header)
        sheet.set_column(column, column, widths[column] if widths else WIDTH)
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            write_cell(sheet, number, column, value, text=text, day=day)
    sheet.freeze_panes(1, 0)
    return sheet


def write_cell(sheet, row, column, value, *, text=None, number=None, day=None):
    """One value in its own kind: numbers stay numbers, days stay days, everything else is text. None is a blank cell."""
    if value is None or value == "":
        sheet.write_blank(row, column, None, text)
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value, text)
    elif hasattr(value, "strftime"):
        sheet.write_datetime(row, column, value, day)
    elif isinstance(value, str) or not hasattr(value, "__float__"):
        sheet.write_string(row, column, str(value)[:32_767], text)
    else:
        sheet.write_number(row, column, value, number)


def sheet_name(title: str, book=None) -> str:
    """A title as Excel accepts it: 31 characters, none of []:*?/\\, no apostrophe at the ends, unlike the other sheets."""
    name = "".join(" " if char in "[]:*?/\\" else char for char in str(title)).strip(" '")[:31].strip(" '") or "Table"
    taken = {sheet.get_name().casefold() for sheet in book.worksheets()} if book else set()
    number, base = 2, name
    while name.casefold() in taken:
        name, number = f"{base[:27]} {number}", number + 1
    return name


def csv_text(rows) -> str:
    """CSV as Excel opens it in Morocco: BOM, « ; », CRLF. A text that a spreadsheet would compute gets an apostrophe."""
    out = StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    for row in rows:
        writer.writerow([f"'{cell}" if isinstance(cell, str) and cell.startswith(RISKY) else cell for cell in row])
    return "\ufeff" + out.getvalue()
