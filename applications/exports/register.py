"""The register of labelled clusters as a workbook or as CSV: one line per period, and the support of each cluster on the day."""

from io import BytesIO

from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from clusters_portal.lib.tabular_writing import csv_text, new_workbook, write_table

KINDS = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv; charset=utf-8"}


def heads() -> list[str]:
    """Titles of the columns, in the reader's language."""
    return [
        _("Name (French)"), _("Name (Arabic)"), _("Acronym"), _("Region"), _("Sector"), _("Labelled on"), _("First day"), _("Last day"),
        _("Label decision or contract-programme"), _("Years of support"), _("and days"),
    ]  # fmt: skip


def lines(entries):
    """Rows of the table: texts, days and whole numbers."""
    for entry in entries:
        cluster, support = entry.cluster, entry.support
        start = (cluster.name_fr, cluster.name_ar, cluster.acronym, entry.region, entry.sector, cluster.labelled_on)
        end = (support.years, support.extra_days) if support else (0, 0)
        for period in list(cluster.periods.all()) or [None]:
            middle = (period.starts_on, period.ends_on, period.contract_reference) if period else (None, None, "")
            yield (*start, *middle, *end)


def written(kind: str, entries) -> bytes:
    """The file of one KIND. Texts never become formulas."""
    if kind == "csv":
        rows = [
            ["" if cell is None else cell.strftime("%d/%m/%Y") if hasattr(cell, "strftime") else cell for cell in line]
            for line in lines(entries)
        ]
        return csv_text([heads(), *rows]).encode()
    buffer = BytesIO()
    with new_workbook(buffer) as book:
        write_table(
            book,
            _("Labelled clusters"),
            heads(),
            lines(entries),
            rtl=get_language_bidi(),
            widths=[40, 40, 14, 26, 30, 12, 12, 12, 36, 12, 8],
        )
    return buffer.getvalue()
