"""The rows an import refused, as a workbook: corrected there, it is sent again as it is."""

from io import BytesIO

from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from applications.forms.organisation import MemberForm
from clusters_portal.lib.tabular import new_workbook, write_table

from .preview import Mapping, Preview
from .source import Source


def refused_workbook(source: Source, mapping: Mapping, found: Preview) -> bytes:
    """XLSX: the file's own columns, cells as they were read, then « Erreur » with what is wrong. A formula goes out as text."""
    cells = dict(source.rows)
    headers = [
        title or (str(MemberForm.label_of(name)) if name else "") for title, name in zip(source.headers, mapping.columns, strict=True)
    ]
    rows = [[*cells[row.number], " ".join(row.errors)] for row in found.refused]
    out = BytesIO()
    with new_workbook(out) as book:
        write_table(book, _("Rows to correct"), [*headers, _("Error")], rows, rtl=get_language_bidi())
    return out.getvalue()
