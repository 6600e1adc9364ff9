"""What applicants take away, in Chromium: papers to sign, the workbook there and back, everything in one file; their notices."""

import io
from zipfile import ZipFile

import openpyxl
import pytest
from django.urls import reverse
from playwright.sync_api import expect
from pypdf import PdfReader

from applications.services.documents import attach
from clusters_portal.notifications.models import Notice

from .builders import deposited_application
from .factories import make_application, make_user, pdf_bytes, pdf_file

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NAME = "Cluster Fil-Atlas"
# Documents are made while they are sent: seconds on a busy machine.
SLOW_MS = 120_000


@pytest.fixture
def dossier():
    user = make_user()
    return user, make_application(user=user, name=NAME)


def address(application, name, *args):
    return reverse(f"applications:{name}", args=[application.pk, *args])


def download(page, selector) -> bytes:
    with page.expect_download(timeout=SLOW_MS) as waiting:
        page.locator(selector).first.click()
    return waiting.value.path().read_bytes()


def test_paper_to_sign_is_printed_in_french(browser_page, axe, dossier):
    user, application = dossier
    page = browser_page(user=user)
    page.goto(address(application, "step", "pieces"))
    page.locator(f'a[href="{address(application, "to_sign")}"]').first.click()
    assert axe(page) == []
    reader = PdfReader(io.BytesIO(download(page, f'a[href="{address(application, "generated_pdf", "conseil", "fr")}"]')))
    assert reader.trailer["/Root"]["/Lang"] == "fr"
    assert NAME in "".join(sheet.extract_text() for sheet in reader.pages)


def test_everything_comes_in_one_file(browser_page, axe, dossier):
    user, application = dossier
    requirement = application.call.document_requirements.get(code="ADM_RI")
    attach(application=application, requirement=requirement, upload=pdf_file("règlement.pdf"), actor=user)
    page = browser_page(user=user)
    page.goto(address(application, "timeline"))
    page.locator(f'a[href="{address(application, "archive")}"]').first.click()
    assert axe(page) == []
    with ZipFile(io.BytesIO(download(page, "main form.actions button"))) as archive:
        assert archive.testzip() is None
        contents = {name: archive.read(name) for name in archive.namelist()}
    assert pdf_bytes() in contents.values()
    assert [name for name in contents if name.endswith("règlement.pdf")] and [name for name in contents if name.endswith(".xlsx")]


def test_workbook_goes_out_and_brings_its_changes_back(browser_page, axe, dossier, tmp_path):
    user, application = dossier
    page = browser_page(user=user)
    page.goto(address(application, "task_list"))
    page.locator(f'a[href="{address(application, "workbook")}"]').click()
    book = openpyxl.load_workbook(io.BytesIO(download(page, f'a[href="{address(application, "filled_workbook")}"]')))
    sheet = next(sheet for sheet in book if sheet["A1"].value == "canevas-sheet|identite/association")
    cell = next(cell for line in sheet.iter_rows(min_row=2) for cell in line if cell.value == NAME and not cell.protection.locked)
    cell.value = "Cluster Fil-Atlas Technique"
    path = tmp_path / "canevas.xlsx"
    book.save(path)
    page.locator("main input[type=file]").set_input_files(path)
    page.locator("main form .btn-primary").click()
    page.wait_for_url("**/canevas/differences/")
    assert axe(page) == []
    expect(page.locator("main tbody tr")).to_have_count(1)
    expect(page.locator("main tbody td").last).to_contain_text("Cluster Fil-Atlas Technique")
    page.locator("main form .btn-primary").click()
    page.wait_for_url(lambda url: "/canevas/differences/" not in url)
    application.association.refresh_from_db()
    assert application.association.name_fr == "Cluster Fil-Atlas Technique"


def test_notice_of_a_deposit_leads_to_its_receipt(browser_page, axe):
    user = make_user()
    application, made = deposited_application(user=user)
    page = browser_page(user=user)
    page.goto(reverse("applications:my_applications"))
    waiting = Notice.objects.filter(recipient=user).count()
    expect(page.locator(".notices-link__count bdi")).to_have_text(str(waiting))
    page.locator(".notices-link").click()
    assert axe(page) == []
    page.locator(".notices__item", has_text=made.number).first.locator('button[name="go"]').click()
    page.wait_for_url(f"**/dossiers/{application.pk}/**")
    expect(page.locator("main")).to_contain_text(made.number)
    assert Notice.objects.filter(recipient=user, read_at=None).count() == waiting - 1
