"""The page of one member is saved by its button alone: what is typed survives a cut line, a closed tab, a lost answer."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from applications.models import Member

from .factories import make_application, make_user
from .test_saving_browser import FAILED, copies, wait_for_no_copy

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NAME = "[name=members-name_fr]"
SAVE = "main form .actions .btn-primary"


@pytest.fixture
def dossier():
    user = make_user()
    return user, make_application(user=user)


def opened(browser_page, user, application):
    page = browser_page(user=user)
    page.goto(address(application))
    page.wait_for_load_state("networkidle")
    return page


def address(application):
    return reverse("applications:row_add", args=[application.pk, "membres", "members"])


def names(application):
    return list(Member.objects.filter(application=application).values_list("name_fr", flat=True))


def test_member_typed_without_a_line_is_saved_once_it_is_back(browser_page, browser_watch, dossier):
    user, application = dossier
    page = opened(browser_page, user, application)
    page.context.set_offline(True)
    page.fill(NAME, "Filature Atlas")
    page.click(SAVE)
    page.wait_for_selector(FAILED)
    assert names(application) == [] and copies(page) == 1
    page.context.set_offline(False)
    page.wait_for_url("**/etape/membres/**")
    wait_for_no_copy(page)
    assert names(application) == ["Filature Atlas"]
    browser_watch.problems.clear()


def test_member_left_half_typed_is_offered_again(browser_page, dossier):
    user, application = dossier
    page = opened(browser_page, user, application)
    page.on("dialog", lambda dialog: dialog.accept())
    page.fill(NAME, "Filature Atlas")
    page.wait_for_function("() => Object.keys(localStorage).some((name) => name.startsWith('portal:copy:'))")
    page.goto(reverse("applications:my_applications"))
    page.goto(address(application))
    page.click("[data-restore]")
    expect(page.locator(NAME)).to_have_value("Filature Atlas")
    page.click(SAVE)
    page.wait_for_url("**/etape/membres/**")
    wait_for_no_copy(page)
    assert names(application) == ["Filature Atlas"]


def test_member_sent_twice_because_the_answer_was_lost_is_one(browser_page, browser_watch, dossier):
    user, application = dossier
    page = opened(browser_page, user, application)
    page.fill(NAME, "Filature Atlas")

    def lose_the_answer(route):
        route.fetch()
        route.abort()

    page.route("**/ajouter/", lose_the_answer, times=1)
    page.click(SAVE)
    page.wait_for_selector(FAILED)
    page.click(SAVE)
    page.wait_for_url("**/etape/membres/**")
    assert names(application) == ["Filature Atlas"]
    browser_watch.problems.clear()


def test_empty_member_is_refused_by_the_page(browser_page, dossier):
    user, application = dossier
    page = opened(browser_page, user, application)
    with page.expect_navigation():
        page.click(SAVE)
    expect(page.locator(".save-state--failed, .notice--danger")).not_to_have_count(0)
    assert names(application) == []
