"""The counter in Chromium: a scan, Enter, the checklist by keyboard, the sheet; a late file decided by the head of division."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from pypdf import PdfReader

from applications.models import LateDecision, PaperDeposit
from clusters_portal.accounts.roles import Role

from .builders import deposited_application
from .factories import close, make_call, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_agent_records_prints_and_the_head_decides_a_late_file(browser_page, axe, tmp_path):
    call = make_call(prefix="CL-2026")
    application, _deposit = deposited_application(call=call, user=make_user())
    close(call)
    page = browser_page(user=make_user(roles=[Role.COUNTER_AGENT]))
    page.goto(reverse("applications:counter"))
    assert axe(page) == []
    # A scanner types the address of the QR code, then Enter; the field has the focus.
    page.keyboard.type("https://portail.example/verifier/CL-2026-0001/")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/guichet/{application.pk}/")
    expect(page.locator(".notice--danger")).to_have_count(1)
    assert axe(page) == []
    page.keyboard.type("3")
    for name in ("all_pages_signed", "fingerprint_matches", "is_sealed"):
        page.locator(f'[name="{name}"][value="yes"]').check()
    page.locator('[name="depositor_name"]').fill("Salma Bennis")
    page.keyboard.press("Enter")
    page.wait_for_url("**/guichet/accuses/CL-2026-AR-0001/")
    assert axe(page) == []
    expect(page.locator("#receipt-number")).to_have_text("CL-2026-AR-0001")
    assert PaperDeposit.objects.get().is_late

    sheet = page.locator('a[href$="CL-2026-AR-0001.pdf"]').get_attribute("href")
    path = tmp_path / "accuse.pdf"
    path.write_bytes(page.context.request.get(page.url.split("/guichet/")[0] + sheet).body())
    pages = PdfReader(path).pages
    assert len(pages) == 1
    assert "CL-2026-AR-0001" in pages[0].extract_text() and "Salma Bennis" in pages[0].extract_text()

    head = browser_page(user=make_user(roles=[Role.DIVISION_HEAD]), language="ar", width=360)
    head.goto(reverse("applications:worklist") + "?paper=late_waiting")
    head.locator(f'a[href^="/instruction/{application.pk}/"]').first.click()
    head.locator('a[href="/guichet/accuses/CL-2026-AR-0001/"]').first.click()
    head.locator('a[href$="/hors-delai/"]').click()
    assert axe(head) == []
    head.locator('[name="accepted"][value="yes"]').check()
    head.locator('[name="reason"]').fill("Accident constaté.")
    head.locator("form.sheet .btn-primary").click()
    head.wait_for_url("**/guichet/accuses/CL-2026-AR-0001/")
    assert head.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert LateDecision.objects.get().accepted
