"""The work list as a workbook or as CSV (S1), written while it is read: a few rows in memory, whatever their number."""

from itertools import islice

from django.utils import translation
from django.utils.translation import gettext as _

from clusters_portal.lib import clock
from clusters_portal.lib.tabular_writing import csv_text
from clusters_portal.lib.xlsx_stream import stream_table

from ..filters import COMPLEMENTS
from ..queries.desk import all_labels, list_rows

AT_ONCE = 500
KINDS = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv; charset=utf-8"}
WIDTHS = [16, 40, 40, 12, 28, 20, 14, 10, 24, 36, 24, 28, 12, 26, 26, 14]


def heads() -> list[str]:
    """Titles of the columns, in the reader's language."""
    return [
        _("Number"), _("Name (French)"), _("Name (Arabic)"), _("Acronym"), _("Call"), _("Status"), _("Received on"), _("Deposit"),
        _("Region"), _("Sector"), _("Case officer"), _("Labels"), _("Points not conforming"), _("Paper file"), _("Complement request"),
        _("Answer due"),
    ]  # fmt: skip


def cells(row) -> tuple:
    """One line: texts, whole numbers and days (in Morocco)."""
    deposit, application = row.deposit, row.application
    return (
        deposit.number, deposit.name_fr, deposit.name_ar, deposit.acronym, str(application.call), application.get_status_display(),
        clock.today(deposit.received_at), deposit.sequence, row.region, row.sector, str(application.assignee or ""),
        ", ".join(map(str, row.labels)), deposit.doubts, row.paper.label, str(dict(COMPLEMENTS).get(row.complement_state, "")),
        clock.today(row.complement.due_at) if row.complement else None,
    )  # fmt: skip


def csv_of(deposits, *, language):
    """Chunks of a CSV, as Excel opens it here, of deposits read through `with_desk`: the first leaves before the last is read."""
    with translation.override(language):
        yield csv_text([heads()]).encode()
        for rows in _in_parts(deposits):
            lines = [[cell if cell is not None else "" for cell in cells(row)] for row in rows]
            yield csv_text(_days_in_words(lines)).removeprefix("\ufeff").encode()


def xlsx_of(deposits, *, language):
    """Chunks of a workbook, a few rows at a time: no formula, no link, days as days, right to left in Arabic."""
    with translation.override(language):
        lines = (cells(row) for rows in _in_parts(deposits) for row in rows)
        yield from stream_table(_("Applications received"), heads(), lines, rtl=translation.get_language_bidi(), widths=WIDTHS)


def _in_parts(deposits):
    labels, now, found = all_labels(), clock.now(), deposits.iterator(chunk_size=AT_ONCE)
    while part := list(islice(found, AT_ONCE)):
        yield list_rows(part, labels, lambda: now)


def _days_in_words(lines):
    return [[cell.strftime("%d/%m/%Y") if hasattr(cell, "strftime") else cell for cell in line] for line in lines]
