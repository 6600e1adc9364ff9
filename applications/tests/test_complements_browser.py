"""A complement in Chromium: an officer asks for one field and one piece, the applicant answers, old and new stand side by side."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from applications.models import ComplementRequest, Deposit, Message

from .complements import OVERALL, PIECE, closed_deposit
from .factories import make_user, pdf_bytes
from .staff_fixtures import officer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
VIEWS = [("fr", 1280), ("ar", 360)]


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def address(application, name, *args):
    return reverse(f"applications:{name}", args=[application.pk, *args])


def ask(page, application):
    page.goto(address(application, "reading"))
    page.locator(f'a[href="{address(application, "complement_ask")}"]').click()
    for key, question in ((OVERALL, "Quelle vision à cinq ans ?"), (PIECE, "La dernière page manque.")):
        box = page.locator(f'[id="pick-{key}"]')
        if not box.is_visible():
            page.locator("details", has=box).locator("summary").click()
        assert not page.locator(f'[id="question-{key}"]').is_visible()
        box.check()
        page.locator(f'[id="question-{key}"]').fill(question)
    page.locator('[name="reason"]').fill("Le dossier est à compléter.")
    page.locator('[name="preview"]').click()
    expect(page.locator("[data-item]")).to_have_count(2)
    assert not ComplementRequest.objects.exists()
    page.locator('[name="send"]').click()
    page.wait_for_url("**/complement/")


def complete(page, application, folder):
    page.goto(reverse("applications:my_applications"))
    page.locator('[data-complement="open"] a').click()
    page.locator(f'[data-item="{OVERALL}"] a.btn').click()
    expect(page.locator("#complement-form textarea")).to_have_count(1)
    page.locator('[name="strategy-overall"]').fill("Une vision à cinq ans.")
    page.locator("#complement-form .actions button.btn-primary").click()
    page.locator(f'[data-item="{OVERALL}"] .tag--ok').wait_for()
    path = folder / "reglement.pdf"
    path.write_bytes(pdf_bytes(2))
    card = page.locator(f'[data-item="{PIECE}"]')
    page.wait_for_load_state("networkidle")  # the modules have arrived
    card.locator('input[type="file"]').set_input_files(path)
    page.context.set_offline(True)
    card.locator("form button").click()
    card.locator("[data-upload-retry]").wait_for()
    page.context.set_offline(False)
    card.locator("[data-upload-retry]").click()
    page.locator(f'[data-item="{PIECE}"] .tag--ok').wait_for()
    page.locator(f'a[href="{address(application, "complement_send")}"]').click()
    page.locator('[name="accept"]').check()
    page.locator("form.sheet button.btn-primary").click()
    page.wait_for_url("**/recepisse/")


def test_officer_asks_applicant_answers_officer_compares(browser_page, axe, tmp_path):
    owner, person = make_user(), officer()
    application, _made = closed_deposit(owner)
    staff, applicant = browser_page(user=person), browser_page(user=owner)
    ask(staff, application)
    complete(applicant, application, tmp_path)
    assert Deposit.objects.get(sequence=2).kind == Deposit.Kind.COMPLEMENT
    staff.goto(address(application, "complement_review"))
    pair = staff.locator(f'[data-item="{OVERALL}"] .complement__pair > div')
    expect(pair.nth(0)).not_to_contain_text("Une vision à cinq ans.")
    expect(pair.nth(1)).to_contain_text("Une vision à cinq ans.")
    expect(staff.locator(f'[data-item="{PIECE}"] .complement__pair > div').nth(1)).to_contain_text("reglement.pdf")
    for page in (staff, applicant):
        assert axe(page) == []


def test_pages_fit_a_phone_and_a_desk(browser_page, axe):
    owner, person = make_user(), officer()
    application, _made = closed_deposit(owner)
    for language, width in VIEWS:
        staff = browser_page(user=person, language=language, width=width)
        staff.goto(address(application, "complement_ask"))
        assert fits(staff) and axe(staff) == []
    ask(browser_page(user=person), application)
    for language, width in VIEWS:
        applicant = browser_page(user=owner, language=language, width=width)
        for name, *args in (("complement",), ("complement_step", "strategie"), ("messages",), ("task_list",)):
            applicant.goto(address(application, name, *args))
            assert fits(applicant), (name, language, width)
            assert axe(applicant) == [], (name, language, width)


def test_message_is_read_when_it_is_seen(browser_page):
    owner, person = make_user(), officer()
    application, _made = closed_deposit(owner)
    applicant, staff = browser_page(user=owner), browser_page(user=person)
    applicant.goto(address(application, "messages"))
    applicant.locator('[name="body"]').fill("Une question")
    applicant.locator("form.sheet button.btn-primary").click()
    applicant.locator(".thread__message").wait_for()
    staff.goto(reverse("applications:worklist"))
    expect(staff.locator('[data-unread="1"]')).to_have_count(1)
    staff.goto(address(application, "staff_messages"))
    staff.locator("form[data-on-sight]").wait_for(state="detached")
    staff.goto(reverse("applications:worklist"))
    expect(staff.locator("[data-unread]")).to_have_count(0)
    assert Message.objects.get().body == "Une question"
