"""People and self-test in Chromium: live while typing, the same without JavaScript, in both directions and on a phone."""

import re

import pytest
from django.core import mail
from django.urls import reverse
from playwright.sync_api import expect

from applications.models import Application, Collaborator
from applications.services import mandate
from applications.services.people import invite

from .factories import add_editor, make_application, make_call, make_user
from .test_self_test import ELIGIBLE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

VIEWS = [("fr", 1280), ("fr", 360), ("ar", 1280), ("ar", 360)]


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def fill_in(page, **figures):
    for name, value in figures.items():
        page.locator(f'[name="{name}"]').fill(value)


def test_self_test_answers_while_typing_and_is_carried(browser_page):
    call, user = make_call(), make_user()
    page = browser_page(user=user)
    page.goto(reverse("applications:self_test", args=[call.slug]))
    result = page.locator("#self-test-result")
    fill_in(page, qualifying_engaged="7", research_engaged="6", y1_membership_fees="400 000", y1_state_grant="600 000")
    result.locator(".rule--fail").first.wait_for()
    expect(result).to_contain_text("7/13")
    expect(result.locator(".rule--fail")).to_have_count(2)
    fill_in(page, qualifying_engaged="9", constitution_date="12/06/2024")
    result.locator(".rule--pass").nth(5).wait_for()
    expect(result).to_contain_text("9/15")
    expect(result.locator(".rule")).to_have_count(6)
    result.locator('a[href*="/dossier/?"]').click()
    fill_in(page, name="Cluster Fil-Atlas")
    page.locator("form.sheet .btn-primary").click()
    page.wait_for_url("**/dossiers/*/")
    assert str(Application.objects.get().association) == "Cluster Fil-Atlas"


def test_self_test_without_javascript(browser_page):
    call = make_call()
    page = browser_page(javascript=False)
    page.goto(reverse("applications:self_test", args=[call.slug]))
    fill_in(page, qualifying_engaged="14", y1_membership_fees="400000", y1_state_grant="600000")
    page.locator("#self-test .btn-primary").click()
    expect(page.locator("#self-test-result .rule--fail").first).to_contain_text("14")
    assert "qualifying_engaged=14" in page.url
    expect(page.locator('[name="qualifying_engaged"]')).to_have_value("14")


def test_invited_person_joins_and_takes_the_mandate(browser_page):
    boss, guest = make_user(), make_user("invitee@cluster.example")
    application = make_application(user=boss, name="Cluster Fil-Atlas")
    page = browser_page(user=boss)
    page.goto(reverse("applications:task_list", args=[application.pk]))
    page.locator('a[href$="/personnes/"]').click()
    page.locator('form[aria-labelledby="invite-title"] [name="email"]').fill(guest.email)
    page.locator('form[aria-labelledby="invite-title"] .btn-primary').click()
    page.get_by_text(guest.email).first.wait_for()
    link = re.search(r"http://\S+/invitation/\S+", mail.outbox[-1].body)[0]
    theirs = browser_page(user=guest)
    theirs.goto(link)
    theirs.locator("main form .btn-primary").click()
    theirs.wait_for_url(f"**/dossiers/{application.pk}/")
    page.reload()
    page.locator('a[href$="/mandat/"]').click()
    page.locator("form.sheet button").click()
    page.locator(".notice--warn").wait_for()
    theirs.goto(reverse("applications:people", args=[application.pk]))
    theirs.locator(".notice--warn button").first.click()
    theirs.locator(".notice--ok, .alert-success, [data-message]").first.wait_for()
    assert application.collaborators.get(role=Collaborator.Role.MANDATARY).user == guest


@pytest.mark.parametrize(("language", "width"), VIEWS)
def test_pages_are_accessible_and_fit(browser_page, axe, language, width):
    boss = make_user()
    application = make_application(user=boss, name="Cluster Fil-Atlas")
    editor = add_editor(application)
    tokens = []
    invite(application=application, email="a@cluster.example", actor=boss, link=lambda token: tokens.append(token) or token)
    mandate.request_transfer(application=application, to_user=editor, actor=boss)
    slug = application.call.slug
    query = "&".join(f"{name}={value}" for name, value in {**ELIGIBLE, "qualifying_engaged": "7"}.items())
    line = application.collaborators.get(user=editor).pk
    pages = [
        (boss, reverse("applications:people", args=[application.pk])),
        (editor, reverse("applications:people", args=[application.pk])),
        (boss, reverse("applications:people_remove", args=[application.pk, line])),
        (None, reverse("applications:invitation", args=tokens)),
        (None, f"{reverse('applications:self_test', args=[slug])}?{query}"),
        (boss, f"{reverse('applications:self_test_carry', args=[slug])}?{query}"),
    ]
    for user, address in pages:
        page = browser_page(user=user, language=language, width=width)
        assert page.goto(address).status == 200
        assert axe(page) == [], address
        assert fits(page), address
