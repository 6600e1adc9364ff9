"""Scoring and deciding in a real browser, with and without JavaScript."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from clusters_portal.accounts.roles import Role
from evaluation.models import Decision, Evaluation
from evaluation.tests import factories as make
from evaluation.tests import session_builders as meet
from evaluation.tests.factories import CODES, LONG

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def assignment():
    call = make.call()
    make.adopted_grid(call)
    return make.accepted(make.application(call), make.user(Role.EVALUATOR))


def fill(page, mark):
    for code in CODES:
        page.locator(f"input[name=mark_{code}][value='{mark}']").check()
        page.fill(f"textarea[name=why_{code}]", LONG)
    page.locator("input[name=confidence][value='3']").check()


@pytest.mark.parametrize("javascript", [True, False])
def test_an_evaluator_scores_and_submits(browser_page, assignment, javascript):
    page = browser_page(user=assignment.evaluator, language="en", javascript=javascript)
    page.goto(reverse("evaluation:evaluate", args=[assignment.application_id]))
    expect(page.locator("input[type=radio]:checked")).to_have_count(0)
    fill(page, "3.5")
    if javascript:
        page.locator(".score-total__value", has_text="70.0").wait_for()
    page.click("button[value=submit]")
    page.wait_for_url("**/fiches/**")
    expect(page.locator(".score-total__value")).to_contain_text("70.0")
    assert Evaluation.objects.get().status == "submitted"


def test_marks_are_given_with_the_keyboard_alone(browser_page, assignment):
    page = browser_page(user=assignment.evaluator, language="fr")
    page.goto(reverse("evaluation:evaluate", args=[assignment.application_id]))
    page.locator("input[name=mark_T1]").first.focus()
    for _ in range(7):
        page.keyboard.press("ArrowRight")
    expect(page.locator("input[name=mark_T1]:checked")).to_have_attribute("value", "3.5")
    assert page.locator("[data-anchor-for=mark_T1]").inner_text()


def test_two_tabs_lose_nothing(browser_page, assignment):
    first = browser_page(user=assignment.evaluator, language="en")
    second = browser_page(user=assignment.evaluator, language="en")
    for page in (first, second):
        page.goto(reverse("evaluation:evaluate", args=[assignment.application_id]))
    fill(first, "4")
    with first.expect_navigation():
        first.locator("#sheet .selection-bar button[value=save]").click()
    fill(second, "2")
    second.locator("#sheet .selection-bar button[value=save]").click()
    second.locator("[role=alert]").wait_for()
    expect(second.locator("input[name=mark_T1]:checked")).to_have_attribute("value", "2")
    assert {str(s.value) for s in Evaluation.objects.get().scores.all()} == {"4.0"}


@pytest.mark.parametrize("width", [360, 1280])
def test_pages_fit_the_screen(browser_page, assignment, width):
    call, (dossier, _other), _ranking = make.call_before_committee(4, 3, people=1)
    chair = make.user(Role.COMMITTEE_CHAIR)
    evaluator = browser_page(user=assignment.evaluator, language="ar", width=width)
    committee = browser_page(user=chair, language="ar", width=width)
    visits = [
        (evaluator, reverse("evaluation:my_evaluations")),
        (evaluator, reverse("evaluation:evaluate", args=[assignment.application_id])),
        (committee, reverse("evaluation:ranking", args=[call.slug])),
        (committee, reverse("evaluation:committee", args=[call.slug])),
        (committee, reverse("evaluation:decide", args=[call.slug, dossier.pk])),
    ]
    for page, address in visits:
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), address


def test_the_chair_decides_and_downloads(browser_page):
    call, (first, _second), _ranking = make.call_before_committee(4, 3, places=1, people=1)
    meet.in_progress(first)
    page = browser_page(user=make.user(Role.COMMITTEE_CHAIR), language="en")
    page.goto(reverse("evaluation:committee", args=[call.slug]))
    page.locator("tr", has_text=first.number).get_by_role("link", name="Decide").click()
    page.get_by_label("Selected", exact=True).check()
    page.get_by_role("button", name="Record the decision").click()
    page.wait_for_url("**/comite/*/seances/1/")
    assert Decision.objects.get().adopted_rank == 1
    page.goto(reverse("evaluation:committee", args=[call.slug]))
    with page.expect_download() as download:
        page.get_by_role("link", name="Shortlist (XLSX)").click()
    assert download.value.suggested_filename == f"liste-{call.slug}.xlsx"
