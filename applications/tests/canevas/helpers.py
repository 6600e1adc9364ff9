"""What these tests share: a workbook made, opened, saved and read back."""

from io import BytesIO

import openpyxl

from applications.canevas.reading import read_workbook
from applications.canevas.writing import workbook_of
from applications.models import Application, Association, StepState
from applications.queries import Dossier
from applications.services.canevas import apply_workbook, comparison_of, keep_workbook
from applications.steps import STEPS
from clusters_portal.lib.tabular import read_file

from ..builders import dossier_of


def content_of(application, **options):
    return workbook_of(dossier_of(application), identified=options.get("identified", True))


def opened(content):
    return openpyxl.load_workbook(BytesIO(content))


def saved(book) -> BytesIO:
    out = BytesIO()
    book.save(out)
    out.seek(0)
    return out


def page(book, key):
    """The sheet of « step/part »."""
    return next(sheet for sheet in book if sheet["A1"].value == f"canevas-sheet|{key}")


def cell(sheet, line, column):
    """A cell by the hidden codes of its line and of its column."""
    row = next(row for row in range(2, sheet.max_row + 1) if str(sheet.cell(row, 1).value or "") == str(line))
    return sheet.cell(row, next(c for c in range(2, sheet.max_column + 1) if sheet.cell(1, c).value == column))


def first_blank(sheet):
    return next(row for row in range(6, sheet.max_row + 1) if not sheet.cell(row, 1).value and not sheet.cell(row, 2).value)


def read_back(application, user, content):
    file = content if isinstance(content, BytesIO) else BytesIO(content)
    book = read_workbook(read_file(file), name="x.xlsx")
    draft = keep_workbook(application=application, book=book, actor=user)
    return draft, comparison_of(draft, fresh(application))


def fresh(application):
    """As a page reads it."""
    return dossier_of(application).application


def empty_of(call) -> bytes:
    """The call's blank workbook."""
    return workbook_of(Dossier(Application(call=call, association=Association())), identified=False)


def changes(found):
    return [(change.kind, change.old, change.new) for step in found.steps for change in step.changes]


def apply(draft, found, user, slugs=None):
    chosen = slugs if slugs is not None else [step.step.slug for step in found.steps]
    return apply_workbook(draft=draft, slugs=chosen, digest=found.digest, actor=user)


def everything(application):
    dossier = dossier_of(application)
    return {step.slug: step.values(dossier) for step in STEPS}


def versions(application):
    return dict(StepState.objects.filter(application=application).values_list("slug", "version"))
