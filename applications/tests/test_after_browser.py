"""After a deposit, in Chromium: change behind it, see what differs, deposit again, give up, withdraw."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from applications.models import Application, Deposit, KeptDraft

from .builders import deposited_application
from .factories import make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TEXT = "Incubation de six jeunes pousses par an."


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def address(application, name, *args):
    return reverse(f"applications:{name}", args=[application.pk, *args])


def follow(page, target):
    page.locator(f'main a[href="{target}"]').first.click()
    page.wait_for_url(f"**{target}")


def change(page, application):
    """From the application's own page to a step, saved."""
    page.goto(address(application, "task_list"))
    follow(page, address(application, "modify"))
    follow(page, address(application, "step", "start-up"))
    page.locator('[name="startups-preparation"]').fill(TEXT)
    with page.expect_navigation():  # a save under way is awaited first
        page.locator("#step-form .actions button.btn-primary").click()
    page.goto(address(application, "modify"))


def declare(page, application):
    follow(page, address(application, "check"))
    expect(page.locator("[data-change]").first).to_contain_text(TEXT)
    follow(page, address(application, "declare"))
    page.locator('[name="civility"]').last.check()
    for name, text in {"quality_organisation": "Dirigeant", "place": "Nouaceur"}.items():
        page.locator(f'[name="{name}"]').fill(text)
    page.locator('[name="accept"]').check()
    page.locator("main form button.btn-primary").click()
    page.wait_for_url("**/recepisse/")


def withdraw(page, application):
    page.goto(address(application, "withdraw"))
    page.locator('[name="reason"]').fill("Statuts à refaire")
    page.locator("main form button").click()
    page.locator("[data-error-summary]").wait_for()
    expect(page.locator('[name="reason"]')).to_have_value("Statuts à refaire")
    page.locator('[name="confirm"]').check()
    page.locator("main form button").click()
    page.wait_for_url(f"**{address(application, 'task_list')}")


def test_deposited_application_is_changed_deposited_again_and_withdrawn(browser_page):
    owner = make_user()
    application, first = deposited_application(user=owner)
    page = browser_page(user=owner)
    change(page, application)
    expect(page.locator("#dossier-state")).to_contain_text(first.number)
    expect(page.locator("#dossier-state.tag--warn")).to_have_count(1)
    declare(page, application)
    expect(page.locator("#receipt-number")).to_have_text(first.number)
    expect(page.locator("[data-deposit]")).to_have_count(2)
    assert Deposit.objects.get(sequence=2).number == first.number
    follow(page, address(application, "receipt_of", 1))
    withdraw(page, application)
    assert Application.objects.get().status == "withdrawn"
    expect(page.locator("#dossier-state.tag--neutral")).to_have_count(1)


@pytest.mark.parametrize(("language", "width"), [("fr", 1280), ("ar", 360)])
def test_changes_are_given_up_without_javascript_and_pages_fit(browser_page, language, width):
    owner = make_user()
    application, first = deposited_application(user=owner)
    page = browser_page(user=owner, language=language, width=width, javascript=False)
    change(page, application)
    for name in ("task_list", "modify", "check", "changes", "receipt", "withdraw"):
        page.goto(address(application, name))
        assert fits(page), name
    page.goto(address(application, "give_up"))
    assert fits(page)
    page.locator("main form button").click()
    page.wait_for_url(f"**{address(application, 'changes')}")
    assert KeptDraft.objects.count() == 1 and Deposit.objects.get() == first
    application.startupsupport.refresh_from_db()
    assert application.startupsupport.preparation == first.content["steps"]["start-up"]["startups"]["preparation"]


def test_state_says_at_once_that_what_is_typed_behind_a_deposit_is_not_deposited(browser_page):
    owner = make_user()
    application, first = deposited_application(user=owner)
    page = browser_page(user=owner)
    page.goto(address(application, "step", "start-up"))
    expect(page.locator("#dossier-state.tag--ok")).to_have_count(1)
    page.locator('[name="startups-preparation"]').fill(TEXT)
    page.locator("#dossier-state.tag--warn").wait_for()
    expect(page.locator("#dossier-state")).to_contain_text(first.number)


def test_step_with_ticked_boxes_opened_and_left_alone_is_not_saved(browser_page):
    owner = make_user()
    application, _first = deposited_application(user=owner)
    before = application.step_states.get(slug="gouvernance").version
    page = browser_page(user=owner)
    page.goto(address(application, "step", "gouvernance"))
    expect(page.locator('[name$="-from_company"]:checked')).not_to_have_count(0)
    page.wait_for_timeout(2500)  # more than the pause after which what is typed is saved
    page.wait_for_load_state("networkidle")
    assert application.step_states.get(slug="gouvernance").version == before
