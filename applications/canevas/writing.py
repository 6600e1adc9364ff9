"""The workbook itself. Column A and line 1 are hidden: they hold the codes by which the file is read back."""

from io import BytesIO

from django.core.exceptions import ValidationError
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from clusters_portal.lib.tabular import new_workbook, sheet_name, write_cell

from .layout import FORM, GRID, TABLE, choices_of, sheets_of, shown

MARK = "canevas-sheet"
BOOK_MARK = "canevas-dossier"
SKIPPED = "#"  # in column A: a title, a header or a total, never read
LISTS = "_listes"
TITLE_ROW, HELP_ROW, HEADER_ROW = 1, 2, 4
NUMBER_FORMATS = {"amount": "#,##0.00", "count": "0", "percent": "0.00", "day": "dd/mm/yyyy"}
WIDTHS = {"long": 60, "text": 30, "choice": 28, "choices": 40, "yes_no": 10, "day": 14}
EDGE = {"border": 1, "border_color": "#c4cac2", "valign": "top", "text_wrap": True}


def workbook_of(dossier, *, identified: bool) -> bytes:
    """The XLSX of a dossier. `identified` writes which dossier and which versions it holds; off for the call's empty one."""
    out = BytesIO()
    with new_workbook(out) as book:
        _Writer(book, dossier, identified).write()
    return out.getvalue()


class _Writer:
    def __init__(self, book, dossier, identified):
        self.book, self.dossier, self.identified = book, dossier, identified
        self.formats = {kind: book.add_format({**EDGE, "locked": False, "num_format": NUMBER_FORMATS.get(kind, "@")})
                        for kind in (*NUMBER_FORMATS, "text")}  # fmt: skip
        self.label = book.add_format({**EDGE, "bg_color": "#f6f7f5"})
        self.header = book.add_format({**EDGE, "bold": True, "bg_color": "#0b6b3a", "font_color": "#ffffff"})
        self.total = book.add_format({**EDGE, "bold": True, "bg_color": "#e6efe9", "num_format": "#,##0.00"})
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.help = book.add_format({"italic": True, "font_color": "#4a5560"})
        self.lists = {}

    def write(self):
        self._read_me()
        for sheet in sheets_of(self.dossier):
            page = self._page(sheet)
            {FORM: self._form, GRID: self._grid, TABLE: self._table}[sheet.kind](page, sheet)
        self._write_lists()

    def _read_me(self):
        page = self.book.add_worksheet(sheet_name(_("Read me"), self.book))
        versions = ",".join(f"{slug}={state.version}" for slug, state in sorted(self.dossier.step_states.items()))
        mine = (str(self.dossier.application.pk), versions) if self.identified else ("", "")
        page.write_string(0, 0, "|".join([BOOK_MARK, "1", self.dossier.call.slug, *mine]))
        lines = [
            str(self.dossier.call),
            str(self.dossier.application.association) if self.identified else "",
            _("Fill the white cells, then send this workbook back from the page of your application."),
            _("You will see what it changes before anything is saved."),
            _("Lists of several answers are separated by a semicolon. Amounts are in DH. Dates are day/month/year."),
            _("Totals are shown for you: the portal computes its own. Do not write formulas in the cells to fill."),
            _("Administrative documents are sent from the page of the application, not from this workbook."),
        ]
        for number, line in enumerate(filter(None, lines), start=1):
            page.write_string(number, 1, line, self.title if number == 1 else None)
        page.set_column(1, 1, 110)
        self._close(page)

    def _page(self, sheet):
        page = self.book.add_worksheet(sheet_name(sheet.title, self.book))
        page.write_string(0, 0, f"{MARK}|{sheet.key}")
        for row in range(TITLE_ROW, HEADER_ROW + 1):
            page.write_string(row, 0, SKIPPED)
        page.write_string(TITLE_ROW, 1, sheet.title, self.title)
        page.write_string(HELP_ROW, 1, str(sheet.part.help), self.help)
        for column, (code, label, _help) in enumerate(sheet.columns, start=1 if sheet.kind == TABLE else 2):
            page.write_string(0, column, code)
            page.write_string(HEADER_ROW, column, label, self.header)
        self._close(page)
        page.freeze_panes(HEADER_ROW + 1, 2)
        return page

    def _close(self, page):
        if get_language_bidi():
            page.right_to_left()
        page.set_row(0, None, None, {"hidden": True})
        page.set_column(0, 0, None, None, {"hidden": True})
        page.protect("", {"format_columns": True, "format_rows": True, "select_locked_cells": True})

    def _form(self, page, sheet):
        page.write_string(HEADER_ROW, 1, _("Question"), self.header)
        page.write_string(HEADER_ROW, 3, _("Help"), self.header)
        page.set_column(1, 1, 38)
        page.set_column(2, 2, 80)
        page.set_column(3, 3, 50)
        for row, line in enumerate(sheet.lines, start=HEADER_ROW + 1):
            [slot] = line.slots.values()
            page.write_string(row, 0, line.code)
            page.write_string(row, 1, line.label, self.label)
            self._cell(page, row, 2, slot)
            page.write_string(row, 3, str(slot.field.help_text), self.help)

    def _grid(self, page, sheet):
        page.write_string(HEADER_ROW, 1, _("Line"), self.header)
        page.set_column(1, 1, 55)
        page.set_column(2, 1 + len(sheet.columns), 18)
        row, totals = HEADER_ROW + 1, {}
        for index, line in enumerate(sheet.lines):
            page.write_string(row, 0, line.code)
            page.write_string(row, 1, f"{line.label} *" if line.starred else line.label, self.label)
            for column, (code, _label, _help) in enumerate(sheet.columns, start=2):
                self._cell(page, row, column, line.slots[code])
            row += 1
            following = sheet.lines[index + 1].group if index + 1 < len(sheet.lines) else None
            if line.group and following != line.group:
                members = [other for other in sheet.lines if other.group == line.group]
                totals[line.group] = self._sum(page, row, _("Total"), sheet, members, row - len(members), row - 1)
                row += 1
        if {"income", "expense"} <= totals.keys():
            self._result(page, row, totals, len(sheet.columns))

    def _sum(self, page, row, label, sheet, lines, first, last, start=2):
        """One total line; the value shown before any recalculation is ours. Returns (row, values)."""
        page.write_string(row, 0, SKIPPED)
        page.write_string(row, 1, label, self.total)
        values = []
        for column, (code, _label, _help) in enumerate(sheet.columns, start=start):
            values.append(sum(_number(line.slots[code]) or 0 for line in lines))
            letter = chr(65 + column)
            page.write_formula(row, column, f"=SUM({letter}{first + 1}:{letter}{last + 1})", self.total, float(values[-1]))
        return row, values

    def _result(self, page, row, totals, count):
        (expense_row, expenses), (income_row, incomes) = totals["expense"], totals["income"]
        page.write_string(row, 0, SKIPPED)
        page.write_string(row, 1, _("Result: income less expenses"), self.total)
        for index in range(count):
            letter = chr(67 + index)
            formula = f"={letter}{income_row + 1}-{letter}{expense_row + 1}"
            page.write_formula(row, 2 + index, formula, self.total, float(incomes[index] - expenses[index]))

    def _table(self, page, sheet):
        for column, (code, _label, help_text) in enumerate(sheet.columns, start=1):
            page.set_column(column, column, WIDTHS.get(sheet.blank[code].kind, 16))
            page.write_string(HEADER_ROW - 1, column, help_text, self.help)
        rows = [line.slots for line in sheet.lines] + [sheet.blank] * sheet.spare
        first, last = HEADER_ROW + 1, HEADER_ROW + len(rows)
        for row, slots in enumerate(rows, start=first):
            if row - first < len(sheet.lines):
                page.write_string(row, 0, sheet.lines[row - first].code)
            for column, (code, _label, _help) in enumerate(sheet.columns, start=1):
                self._cell(page, row, column, slots[code], validate=False)
        for column, (code, _label, _help) in enumerate(sheet.columns, start=1):
            self._drop_down(page, first, column, last, sheet.blank[code])
        if sheet.is_summed:
            self._table_total(page, sheet, first, last)

    def _table_total(self, page, sheet, first, last):
        row = last + 1
        page.write_string(row, 0, SKIPPED)
        page.write_string(row, 1, _("Total"), self.total)
        for column, (code, _label, _help) in enumerate(sheet.columns, start=1):
            if sheet.blank[code].kind == "amount":
                letter = chr(65 + column)
                value = float(sum(_number(line.slots[code]) or 0 for line in sheet.lines))
                page.write_formula(row, column, f"=SUM({letter}{first + 1}:{letter}{last + 1})", self.total, value)

    def _cell(self, page, row, column, slot, validate=True):
        style = self.formats.get(slot.kind, self.formats["text"])
        write_cell(page, row, column, _value(slot), text=style, number=style, day=style)
        if validate:
            self._drop_down(page, row, column, row, slot)

    def _drop_down(self, page, first, column, last, slot):
        labels = {
            "choice": [label for _code, label in choices_of(slot.field)] if slot.kind == "choice" else [],
            "yes_no": [_("Yes"), _("No")],
        }
        if labels.get(slot.kind):
            source = self._list(tuple(labels[slot.kind]))
            page.data_validation(
                first, column, last, column, {"validate": "list", "source": source, "error_title": _("Choose from the list")}
            )

    def _list(self, labels):
        """The range of the hidden sheet that holds these answers."""
        index = self.lists.setdefault(labels, len(self.lists))
        letter = chr(65 + index) if index < 26 else f"A{chr(65 + index - 26)}"
        return f"='{LISTS}'!${letter}$1:${letter}${len(labels)}"

    def _write_lists(self):
        page = self.book.add_worksheet(LISTS)
        for labels, column in self.lists.items():
            for row, label in enumerate(labels):
                page.write_string(row, column, label)
        page.hide()


def _value(slot):
    """What the cell shows: a number or a day where the text can be read as one, labels for codes, else the text itself."""
    if slot.kind in ("choice", "choices"):
        return shown(slot.field, slot.text)
    if slot.kind == "yes_no":
        return "" if slot.text in (None, "") else shown(slot.field, slot.text)
    if slot.kind in NUMBER_FORMATS:
        read = _number(slot)
        return slot.text if read is None else read
    return slot.text


def _number(slot):
    try:
        return slot.field.to_python(slot.text)
    except ValidationError:
        return None


def file_name(call, application=None) -> str:
    """« canevas-CL-2026-fr.xlsx »."""
    return f"canevas-{call.number_prefix}{'-dossier' if application else ''}-{get_language()[:2]}.xlsx"
