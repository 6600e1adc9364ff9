"""A workbook written while it is sent opens as any other, and leaves before its rows are read."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from openpyxl import load_workbook

from clusters_portal.lib.tabular import read_file
from clusters_portal.lib.xlsx_stream import column_name, stream_table


def book(heads, rows, **options):
    return b"".join(stream_table("Liste", heads, rows, **options))


def test_values_keep_their_kind_and_text_is_never_a_formula():
    rows = [("=1+1", 7, Decimal("4.5"), date(2026, 7, 28), None, "قطب <أطلس> & « fils »", "a\x00b\nc")]
    sheet = load_workbook(BytesIO(book([*"ABCDEFG"], rows, rtl=True, widths=[10] * 7))).active
    found = list(sheet.iter_rows(min_row=2))[0]
    assert [cell.value for cell in found] == ["=1+1", 7, 4.5, found[3].value, None, "قطب <أطلس> & « fils »", "ab\nc"]
    assert (found[0].data_type, found[3].value.date(), found[3].number_format) == ("s", date(2026, 7, 28), "dd/mm/yyyy")
    assert (sheet.title, sheet.sheet_view.rightToLeft, sheet.freeze_panes, sheet.column_dimensions["A"].width) == ("Liste", True, "A2", 10)
    assert sheet["A1"].font.b


def test_our_own_reader_reads_it_back():
    upload = BytesIO(book(["Nom", "Jour"], [("Pôle", date(2026, 7, 28))]))
    assert read_file(upload)[0].rows == [["Nom", "Jour"], ["Pôle", "28/07/2026"]]


def test_the_first_bytes_leave_before_the_rows_are_read():
    read = []

    def rows():
        for number in range(1000):
            read.append(number)
            yield (number,)

    chunks = stream_table("Liste", ["n"], rows())
    assert (next(chunks)[:2], read) == (b"PK", [])
    for _chunk in chunks:
        pass
    assert len(read) == 1000


@pytest.mark.parametrize("number, name", [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_names_of_columns(number, name):
    assert column_name(number) == name
