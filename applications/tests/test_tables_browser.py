"""Tables used as people do: rows copied, moved by keyboard, removed and taken back; a block pasted; a list imported."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from applications.demonstration.samples import FOLDER, rows
from applications.models import BoardMember, BudgetLine, Member, RemovedRow
from applications.services.drafts import save_step
from applications.steps import STEPS_BY_SLUG

from .factories import make_application, make_user
from .imports.helpers import FILES

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NAMES = ["Filature", "Tissage", "Maille"]


@pytest.fixture
def dossier():
    user = make_user()
    application = make_application(user=user)
    members = [{"name_fr": name, "category": "company", "engagement": "engaged", "fee": "1000"} for name in NAMES]
    board = [{"last_name": name} for name in NAMES]
    for slug, data in (("membres", rows("members", members)), ("gouvernance", rows("board", board))):
        save_step(application=application, step=STEPS_BY_SLUG[slug], data=data, actor=user)
    return user, application


def address(application, slug):
    return reverse("applications:step", args=[application.pk, slug])


def names(application):
    return list(Member.objects.filter(application=application).values_list("name_fr", flat=True))


def paste(page, selector, text):
    page.focus(selector)
    page.evaluate(
        """([selector, text]) => {
            const data = new DataTransfer();
            data.setData("text/plain", text);
            const event = new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true});
            document.querySelector(selector).dispatchEvent(event);
        }""",
        [selector, text],
    )


def test_members_are_moved_by_keyboard_copied_removed_and_taken_back(browser_page, dossier, axe):
    user, application = dossier
    page = browser_page(user=user)
    page.goto(address(application, "membres"))
    last = Member.objects.get(name_fr="Maille")
    page.focus(f"#members-row-{last.pk} th a")
    for expected in (["Filature", "Maille", "Tissage"], ["Maille", "Filature", "Tissage"]):
        with page.expect_response(lambda answer: answer.request.method == "POST"):
            page.keyboard.press("Alt+ArrowUp")
        expect(page.locator("#members-table tbody th a")).to_have_text(expected)
        assert names(application) == expected
    # The focus stayed on the row, and its place was said.
    expect(page.locator(f"#members-row-{last.pk} :focus")).to_have_count(1)
    expect(page.locator("[role=status]").filter(has_text=re.compile("1.*3"))).not_to_have_count(0)
    with page.expect_navigation():
        page.click(f"button[value='copy:members-{last.pk}']")
    assert len(names(application)) == 4 and names(application)[1].startswith("Maille")
    with page.expect_navigation():
        page.click(f"button[value='remove:members-{last.pk}']")
    assert not Member.objects.filter(pk=last.pk).exists()
    assert axe(page) == []
    page.goto(reverse("applications:task_list", args=[application.pk]))
    page.goto(address(application, "membres"))
    with page.expect_navigation():
        page.click("#removed form button")
    assert names(application)[0] == "Maille" and not RemovedRow.objects.exists()
    page.fill("#members-filter", "tiss")
    expect(page.locator("#members-table tbody tr:visible")).to_have_count(1)


def test_rows_of_a_form_keep_what_is_typed_when_they_are_moved_and_removed(browser_page, dossier):
    user, application = dossier
    page = browser_page(user=user)
    page.goto(address(application, "gouvernance"))
    page.fill("[name=board-2-organisation]", "Atelier")
    page.focus("[name=board-2-last_name]")
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator(":focus")).to_have_attribute("name", "board-1-last_name")
    expect(page.locator("[name=board-1-organisation]")).to_have_value("Atelier")
    page.fill("[name=board-0-last_name]", "Filature bis")
    with page.expect_navigation():
        page.click("button[value='remove:board-0']")
    board = BoardMember.objects.filter(application=application)
    assert list(board.values_list("last_name", "organisation")) == [("Maille", "Atelier"), ("Tissage", "")]
    with page.expect_navigation():
        page.click("#removed form button")
    assert list(board.values_list("last_name", flat=True)) == ["Filature bis", "Maille", "Tissage"]


def test_every_act_works_without_javascript(browser_page, dossier):
    user, application = dossier
    page = browser_page(user=user, javascript=False)
    page.goto(address(application, "gouvernance"))
    page.fill("[name=board-1-organisation]", "Atelier")
    page.click("button[value='down:board-0']")
    expect(page.locator("[name=board-0-last_name]")).to_have_value("Tissage")
    expect(page.locator("[name=board-0-organisation]")).to_have_value("Atelier")
    page.click("button[value='copy:board-0']")
    expect(page.locator("[name=board-1-organisation]")).to_have_value("Atelier")
    expect(page.locator("[name=board-1-last_name]")).to_have_value("")
    page.click("button[value='remove:board-0']")
    page.click("#removed form button")
    assert list(BoardMember.objects.values_list("last_name", flat=True)) == ["Tissage", "", "Filature", "Maille"]


def test_block_of_a_spreadsheet_is_pasted_into_the_budget_and_read_by_the_server(browser_page, dossier):
    user, application = dossier
    page = browser_page(user=user)
    page.goto(address(application, "budget"))
    cells = page.locator("#lines table[data-grid] input[name$=_y1]")
    first, second = (cells.nth(index).get_attribute("name") for index in (0, 1))
    third = cells.nth(2).get_attribute("name")
    page.fill(f"[name='{third}']", "7")
    paste(page, f"[name='{first}']", "720 000\t760\u202f000,50\r\n120000\t126 000\r\n")
    expect(page.locator(f"[name='{second}']")).to_have_value("120000")
    page.keyboard.press("Control+z")
    expect(page.locator(f"[name='{first}']")).to_have_value("")
    expect(page.locator(f"[name='{third}']")).to_have_value("7")
    paste(page, f"[name='{first}']", "720 000\t760\u202f000,50\r\n120000\t126 000\r\n")
    page.keyboard.press("Enter")
    expect(page.locator(":focus")).to_have_attribute("name", second)
    page.keyboard.press("Control+ArrowRight")
    expect(page.locator(":focus")).to_have_attribute("name", second.replace("_y1", "_y5"))
    page.keyboard.press("Control+ArrowUp")
    expect(page.locator(":focus")).to_have_attribute("name", first.replace("_y1", "_y5"))
    with page.expect_navigation():
        page.click("#step-form .actions .btn-primary")
    stored = {f"lines-{line.heading.code}_y1": (line.y1, line.y2) for line in BudgetLine.objects.select_related("heading")}
    assert [tuple(map(str, stored[name])) for name in (first, second)] == [("720000.00", "760000.50"), ("120000.00", "126000.00")]


def test_block_pasted_into_a_table_of_rows_adds_the_rows_it_needs(browser_page, dossier):
    user, application = dossier
    page = browser_page(user=user)
    page.goto(address(application, "gouvernance"))
    paste(page, "[name=board-2-first_name]", 'Amina\tTAZI\t"Gérante,\nfondatrice"\nDriss\tALAMI\tDirecteur\n')
    expect(page.locator("[name=board-3-last_name]")).to_have_value("ALAMI")
    with page.expect_navigation():
        page.click("#step-form .actions .btn-primary")
    board = BoardMember.objects.filter(application=application)
    assert list(board.values_list("last_name", "quality"))[2:] == [("TAZI", "Gérante, fondatrice"), ("ALAMI", "Directeur")]


def test_sample_b_is_imported_through_the_pages(browser_page):
    user = make_user()
    application = make_application(user=user)
    page = browser_page(user=user)
    page.goto(reverse("applications:members_file", args=[application.pk]))
    page.set_input_files("input[type=file]", FOLDER / FILES["b-hydrogene"])
    page.click("form.sheet .btn-primary")
    page.wait_for_url(f"**{reverse('applications:members_columns', args=[application.pk])}")
    page.select_option("[name=qualify]", "all")
    page.click("form.sheet .btn-primary")
    page.wait_for_url(f"**{reverse('applications:members_preview', args=[application.pk])}")
    page.click("form.sheet .btn-primary")
    page.wait_for_url("**/etape/membres/")
    found = Member.objects.filter(application=application)
    assert (found.filter(engagement="engaged").count(), found.filter(engagement="potential").count()) == (15, 11)


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_tables_on_a_phone_are_cards_that_fit(browser_page, dossier, axe, language):
    user, application = dossier
    page = browser_page(user=user, language=language, width=360)
    for slug in ("membres", "gouvernance", "budget"):
        page.goto(address(application, slug))
        assert axe(page) == [], slug
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), slug
