"""Tables people send: every format read alike, nothing believed, nothing that fills the memory."""

import zipfile
from datetime import date, datetime
from io import BytesIO

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from clusters_portal.lib import tabular, tabular_workbook
from clusters_portal.lib.tabular import TableRefused, cell_name, cell_text, drop_noise, read_file, read_pasted

pytestmark = pytest.mark.usefixtures("english")


def xlsx(rows, **sheets):
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        for name, lines in {"Feuil1": rows, **sheets}.items():
            sheet = book.add_worksheet(name)
            for number, line in enumerate(lines):
                for column, value in enumerate(line):
                    sheet.write(number, column, value)
    out.seek(0)
    return out


def parts_of(data: bytes) -> dict:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def archive_of(parts: dict) -> BytesIO:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    out.seek(0)
    return out


def with_sheet(data: str) -> BytesIO:
    """A small workbook whose only sheet holds the given rows, as XML."""
    parts = parts_of(xlsx([["a"]]).getvalue())
    head = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    parts["xl/worksheets/sheet1.xml"] = f"{head}{data}</sheetData></worksheet>".encode()
    return archive_of(parts)


def refused(file) -> str:
    with pytest.raises(TableRefused) as caught:
        read_file(file)
    assert caught.value.message
    return caught.value.code


def ods(rows_xml: str) -> BytesIO:
    content = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">'
        f'<office:body><office:spreadsheet><table:table table:name="Membres">{rows_xml}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    return archive_of(
        {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content, "META-INF/manifest.xml": manifest}
    )


def test_a_workbook_gives_the_text_a_person_sees():
    [table] = read_file(xlsx([["Nom", "ICE", "Montant"], ["Société \u202eà l'envers\u200b", 990000101000153.0, 50000.5], ["", None, True]]))
    assert table.rows == [["Nom", "ICE", "Montant"], ["Société à l'envers", "990000101000153", "50000.5"], ["", "", "true"]]


def test_blank_sheets_are_left_out_and_a_file_of_blank_sheets_is_refused():
    assert [table.name for table in read_file(xlsx([["a"]], Feuil2=[]))] == ["Feuil1"]
    assert refused(xlsx([])) == "empty"


def test_days_are_read_as_days():
    assert cell_text(datetime(2026, 7, 28)) == cell_text(date(2026, 7, 28)) == "28/07/2026"
    assert cell_text(datetime(2026, 7, 28, 15)) == "28/07/2026 15:00"


@given(st.integers(min_value=0, max_value=999_999_999_999_999))
def test_fifteen_digits_of_a_number_are_never_lost(number):
    assert cell_text(float(number)) == str(number)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_a_csv_is_read_whatever_its_marks_and_its_code_page(encoding, delimiter):
    text = "\r\n".join(delimiter.join(row) for row in [["Dénomination", "Région"], ["Épices Saïs", "Fès"], ["Forêt", "Béni"]])
    [table] = read_file(BytesIO(text.encode(encoding)), name="x.csv")
    assert table.rows == [["Dénomination", "Région"], ["Épices Saïs", "Fès"], ["Forêt", "Béni"]]


def test_an_arabic_code_page_is_recognised():
    [table] = read_file(BytesIO("الاسم;الجهة\nتعاونية الزيتون;فاس\n".encode("cp1256")))
    assert table.rows == [["الاسم", "الجهة"], ["تعاونية الزيتون", "فاس"]]


def test_commas_inside_a_semicolon_file_stay_in_their_cell():
    [table] = read_file(BytesIO("Nom;Catégorie\nX;Institution, association, organisme public\n".encode()))
    assert table.rows[1] == ["X", "Institution, association, organisme public"]


def test_pasted_rows_keep_an_empty_first_cell_and_quoted_newlines():
    assert read_pasted('\tNom\n1\t"Deux\nlignes"\n').rows == [["", "Nom"], ["1", "Deux\nlignes"]]


def test_the_zero_keeping_trick_of_a_csv_is_a_text_and_a_formula_is_told():
    table = read_pasted('="001561191000066"\t=HYPERLINK("http://x")\t=1+1\t-5')
    assert table.rows[0][0] == "001561191000066"
    assert table.formulas == {(0, 1), (0, 2)}


def test_blank_and_total_rows_are_dropped_and_reported():
    table = read_pasted("Nom\tN\nA\t1\n\t\nTotal\t1\nTotal Énergies Maroc\t2\nالمجموع\t3\nSous-total :\t4")
    kept, dropped = drop_noise(table, 1)
    assert [cells[0] for _index, cells in kept] == ["A", "Total Énergies Maroc"]
    assert [(index, reason) for index, reason, _cells in dropped] == [(2, "blank"), (3, "total"), (5, "total"), (6, "total")]


def test_formulas_of_a_workbook_are_told_and_not_evaluated():
    out = BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Nom", "Montant"])
        sheet.write_formula(1, 1, "=SUM(1,2)", None, 999)
        sheet.write(1, 0, "A")
    out.seek(0)
    [table] = read_file(out)
    assert table.formulas == {(1, 1)}


def test_an_ods_is_read_with_its_repeated_cells_and_its_formulas():
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    formula = '<table:table-cell table:formula="of:=1+1" office:value-type="float" office:value="2"><text:p>2</text:p></table:table-cell>'
    head = f"<table:table-row>{cell.format('Nom')}{cell.format('N')}</table:table-row>"
    rows = head + f"<table:table-row>{cell.format('Épices')}{formula}</table:table-row>"
    end = (
        '<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    [table] = read_file(ods(rows + end))
    assert table.rows == [["Nom", "N"], ["Épices", "2"]]
    assert table.formulas == {(1, 1)}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"\xd0\xcf\x11\xe0 old or encrypted", "old_format"),
        (b"%PDF-1.7", "old_format"),
        (b"PK\x03\x04 not an archive", "unreadable"),
        (b"a\x00b", "old_format"),
        (b"x" * (tabular.MAX_BYTES + 1), "too_large"),
    ],
    ids=["empty", "ole", "pdf", "broken", "binary", "large"],
)
def test_what_is_not_a_table_is_refused_with_a_sentence(data, code):
    assert refused(BytesIO(data)) == code


def test_a_workbook_that_inflates_too_much_is_refused():
    parts = parts_of(xlsx([["a"]]).getvalue())
    parts["xl/worksheets/sheet1.xml"] += b" " * (tabular_workbook.MAX_INFLATED + 1)
    bomb = archive_of(parts)
    assert len(bomb.getvalue()) < 100_000
    assert refused(bomb) == "bomb"


def test_a_ratio_above_one_hundred_is_refused():
    parts = parts_of(xlsx([["a"]]).getvalue())
    parts["xl/worksheets/sheet1.xml"] += b" " * (5 * tabular_workbook.MIB)
    assert refused(archive_of(parts)) == "bomb"


def test_one_cell_at_the_end_of_the_sheet_does_not_fill_the_memory():
    assert refused(with_sheet('<row r="1048576"><c r="A1048576"><v>1</v></c></row>')) == "too_many_rows"
    assert refused(with_sheet('<row r="1"><c r="XFD1"><v>1</v></c></row>')) == "too_many_columns"


def test_repeated_cells_of_an_ods_are_counted():
    value = 'office:value-type="float" office:value="1"><text:p>1</text:p></table:table-cell>'
    wide = f'<table:table-cell table:number-columns-repeated="16384" {value}'
    assert refused(ods(f"<table:table-row>{wide}</table:table-row>")) == "too_many_columns"
    cell = f"<table:table-cell {value}"
    assert refused(ods(f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>')) == "too_many_rows"


def test_one_long_text_used_everywhere_is_a_bomb():
    parts = parts_of(xlsx([["a"]]).getvalue())
    long = "x" * 100_000
    parts["xl/sharedStrings.xml"] = (
        f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>{long}</t></si></sst>'.encode()
    )
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 500))
    head = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    parts["xl/worksheets/sheet1.xml"] = f"{head}{rows}</sheetData></worksheet>".encode()
    assert refused(archive_of(parts)) == "bomb"


def test_entities_and_macros_are_refused():
    parts = parts_of(xlsx([["a"]]).getvalue())
    entity = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]>'
    assert refused(archive_of({**parts, "xl/sharedStrings.xml": entity + parts["xl/sharedStrings.xml"]})) == "unreadable"
    assert refused(archive_of({**parts, "xl/vbaProject.bin": b"macro"})) == "macro"


def test_too_many_rows_of_a_csv_are_refused():
    assert refused(BytesIO(b"a;b\n" * (tabular.MAX_ROWS + 1))) == "too_many_rows"


def test_cell_names():
    assert [cell_name(0, 0), cell_name(11, 2), cell_name(0, 26), cell_name(4, 701)] == ["A1", "C12", "AA1", "ZZ5"]


def test_a_workbook_written_here_computes_nothing_and_reads_back():
    out = BytesIO()
    hostile = ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "http://example.org", "990000101000153"]
    with tabular.new_workbook(out) as book:
        tabular.write_table(book, "Membres", ["Nom", "ICE"], [[text, "001"] for text in hostile], rtl=True)
    sheet = openpyxl.load_workbook(BytesIO(out.getvalue()))["Membres"]
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == hostile
    assert {cell.data_type for row in sheet.iter_rows(min_row=2) for cell in row} == {"s"}
    assert sheet.freeze_panes == "A2" and sheet.sheet_view.rightToLeft
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.hyperlink]


def test_a_csv_written_here_never_starts_a_cell_with_a_formula():
    text = tabular.csv_text([["Nom", "Montant"], ["=1+1", 5], ["\tx", -5], ["+212 6", "@a"], ["بنك", "a;b"]])
    assert text == "\ufeffNom;Montant\r\n'=1+1;5\r\n'\tx;-5\r\n'+212 6;'@a\r\nبنك;\"a;b\"\r\n"
