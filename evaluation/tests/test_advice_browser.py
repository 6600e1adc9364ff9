"""The advice in a real browser: nothing that axe refuses, nothing wider than the screen, all of it without scripts."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from clusters_portal.accounts.roles import Role
from evaluation.models import RankingAdvice
from evaluation.tests import factories as make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def call():
    """Five dossiers, three evaluators, two places, two of them level."""
    return make.agreed_call((5, 4, 5, 4, 5, 4, 5, 4, 5, 4), 4.5, 4, 3, 1, people=3, places=2)[0]


def ranked(page, call):
    page.goto(reverse("evaluation:ranking", args=[call.slug]))
    page.locator(f"form[action='{reverse('evaluation:run_ranking', args=[call.slug])}'] button").click()
    page.wait_for_url("**/classement/*/")


@pytest.mark.parametrize("width", [1280, 360])
def test_the_advice_is_accessible_and_fits_the_screen(browser_page, axe, call, width):
    page = browser_page(user=make.user(Role.DIVISION_HEAD), language="fr", width=width)
    ranked(page, call)
    found = {}
    for address in (reverse("evaluation:ranking", args=[call.slug]), reverse("evaluation:advice", args=[call.slug, 1])):
        page.goto(address)
        page.evaluate("document.querySelectorAll('main details').forEach(one => one.open = true)")
        found[address] = axe(page)
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), address
    assert found == dict.fromkeys(found, [])
    expect(page.locator("figure svg")).to_have_count(5)


def test_running_the_ranking_brings_the_advice(browser_page, call):
    page = browser_page(user=make.user(Role.DIVISION_HEAD), language="en", javascript=False)
    ranked(page, call)
    kept = RankingAdvice.objects.get()
    page.locator("details.advice-panel > summary").click()
    page.locator("details.advice-panel a").click()
    page.wait_for_url("**/eclairage/")
    expect(page.locator("main")).to_contain_text(kept.sha256)
    with page.expect_download() as download:
        page.locator("a[href$='/xlsx/']").click()
    assert download.value.suggested_filename == f"eclairage-{call.slug}-1.xlsx"
