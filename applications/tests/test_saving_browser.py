"""Saving as people live it: typing, a cut network, an ended session, two people at once, a page left too soon."""

import re
import time

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from applications.models import FeeRule, Strategy
from applications.services.drafts import save_step
from applications.steps import STEPS_BY_SLUG

from .factories import add_editor, make_application, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OVERALL = "#id_strategy-overall"
SAVED = "[data-save-state]:not(.save-state--failed)"
FAILED = "[data-save-state].save-state--failed"


@pytest.fixture
def dossier():
    user = make_user()
    return user, make_application(user=user)


def address(application, slug="strategie"):
    return reverse("applications:step", args=[application.pk, slug])


def opened(browser_page, user, path, **options):
    page = browser_page(user=user, **options)
    page.goto(path)
    page.wait_for_function("() => performance.getEntriesByName(location.origin + '/static/js/autosave.js').length > 0")
    page.wait_for_load_state("networkidle")
    return page


def wait_for_version(page, version):
    page.wait_for_function("version => document.querySelector('#step-form [name=version]').value === String(version)", arg=version)


def copies(page):
    return page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('portal:copy:')).length")


def wait_for_no_copy(page):
    page.wait_for_function("() => !Object.keys(localStorage).some((name) => name.startsWith('portal:copy:'))")


def test_typing_saves_by_itself_and_the_last_value_wins(browser_page, dossier):
    user, application = dossier
    page = opened(browser_page, user, address(application))
    for version, text in enumerate("ABA", start=1):
        page.fill(OVERALL, text)
        page.locator(OVERALL).blur()
        wait_for_version(page, version)
        assert Strategy.objects.get().overall == text
    assert copies(page) == 0
    assert page.locator(SAVED).inner_text().strip()
    page.goto(reverse("applications:task_list", args=[application.pk]))
    page.go_back()
    expect(page.locator(OVERALL)).to_have_value("A")


def test_row_added_and_saved_twice_is_one_row(browser_page, dossier):
    user, application = dossier
    page = opened(browser_page, user, address(application, "gouvernance"))
    page.click("#fees-new")
    for version, text in enumerate(("Un", "Un bis"), start=1):
        page.fill("[name=fees-1-category]", text)
        page.locator("[name=fees-1-category]").blur()
        wait_for_version(page, version)
    row = FeeRule.objects.get()
    assert row.category == "Un bis"
    expect(page.locator("[name=fees-1-id]")).to_have_value(str(row.pk))
    with page.expect_navigation():
        page.click("#step-form .btn-primary")
    assert FeeRule.objects.count() == 1


def test_unreadable_value_is_said_beside_its_field_and_the_focus_stays(browser_page, dossier):
    user, application = dossier
    page = opened(browser_page, user, address(application, "budget"))
    cell = page.locator("#id_lines-rent_y1")
    cell.fill("beaucoup")
    page.wait_for_selector("#id_lines-rent_y1_error")
    expect(cell).to_be_focused()
    expect(cell).to_have_attribute("aria-invalid", "true")
    expect(cell).to_have_attribute("aria-describedby", re.compile("id_lines-rent_y1_error"))
    cell.fill("1200")
    page.wait_for_selector("#id_lines-rent_y1_error", state="detached")
    expect(cell).not_to_have_attribute("aria-invalid", re.compile(""))


def test_cut_network_loses_nothing(browser_page, browser_watch, dossier):
    user, application = dossier
    page = opened(browser_page, user, address(application))
    page.context.set_offline(True)
    page.fill(OVERALL, "Écrit sans réseau")
    page.locator(OVERALL).blur()
    page.wait_for_selector(FAILED)
    assert not Strategy.objects.exists() and copies(page) == 1
    page.fill(OVERALL, "Écrit sans réseau, puis complété")
    page.context.set_offline(False)
    page.wait_for_selector(SAVED)
    wait_for_no_copy(page)
    assert Strategy.objects.get().overall == "Écrit sans réseau, puis complété"
    browser_watch.problems.clear()


def close_unsaved(page, text):
    """Type without a network, then close the tab; a new one of the same browser is returned."""
    context = page.context
    context.set_offline(True)
    page.fill(OVERALL, text)
    page.locator(OVERALL).blur()
    page.wait_for_selector(FAILED)
    # A browser that dies sends nothing more, not even on closing.
    page.evaluate("() => { window.fetch = () => Promise.reject(new TypeError()); }")
    page.close()
    context.set_offline(False)
    return context.new_page()


def test_copy_left_on_the_computer_is_offered_and_put_back(browser_page, browser_watch, dossier):
    user, application = dossier
    page = close_unsaved(opened(browser_page, user, address(application)), "Resté ici")
    page.goto(address(application))
    page.wait_for_selector("#local-copy-title")
    expect(page.locator(OVERALL)).to_have_value("")
    page.click("[data-restore]")
    expect(page.locator(OVERALL)).to_have_value("Resté ici")
    wait_for_version(page, 1)
    assert Strategy.objects.get().overall == "Resté ici" and copies(page) == 0
    browser_watch.problems.clear()


def test_copy_older_than_the_page_leads_to_both_versions(browser_page, browser_watch, dossier):
    user, application = dossier
    page = close_unsaved(opened(browser_page, user, address(application)), "Ma version")
    save_step(application=application, step=STEPS_BY_SLUG["strategie"], data={"strategy-overall": "La leur"}, actor=add_editor(application))
    page.goto(address(application))
    page.wait_for_selector("#local-copy-title")
    with page.expect_navigation():
        page.click("[data-restore]")
    page.check("[name='choose:strategy.overall'][value=mine]")
    with page.expect_navigation():
        page.click(".error-summary .btn-primary")
    assert Strategy.objects.get().overall == "Ma version"
    page.wait_for_load_state("networkidle")
    assert page.locator("#local-copy-title").count() == 0 and copies(page) == 0
    browser_watch.problems.clear()


def test_session_ended_while_typing_then_signed_in_again(browser_page, dossier):
    user, application = dossier
    page = opened(browser_page, user, address(application))
    Session.objects.all().delete()
    page.fill(OVERALL, "Tapé après la fin")
    page.locator(OVERALL).blur()
    page.wait_for_selector(f"{FAILED} a[target=_blank]")
    assert not Strategy.objects.exists() and copies(page) == 1
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    other = page.context.new_page()
    other.goto(reverse("account_login"))
    other.fill("[name=login]", user.email)
    other.fill("[name=password]", "motdepasse-essai")
    with other.expect_navigation():
        other.click("main form .btn-primary")
    page.bring_to_front()
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    wait_for_version(page, 1)
    assert Strategy.objects.get().overall == "Tapé après la fin" and copies(page) == 0


def test_two_people_at_once_get_both_values(browser_page, dossier):
    user, application = dossier
    page = opened(browser_page, user, address(application))
    save_step(
        application=application, step=STEPS_BY_SLUG["strategie"],
        data={"strategy-overall": "Leur texte", "strategy-positioning": "Leur place"}, actor=add_editor(application),
    )  # fmt: skip
    page.fill(OVERALL, "Mon texte")
    page.locator(OVERALL).blur()
    with page.expect_navigation():
        page.click(f"{FAILED} button")
    assert Strategy.objects.get().overall == "Leur texte"
    # The other's value is proposed where this person touched nothing.
    expect(page.locator("[name='choose:strategy.positioning'][value=theirs]")).to_be_checked()
    expect(page.locator("[name='choose:strategy.overall'][value=mine]")).to_be_checked()
    with page.expect_navigation():
        page.click(".error-summary .btn-primary")
    found = Strategy.objects.get()
    assert (found.overall, found.positioning) == ("Mon texte", "Leur place")


def test_leaving_warns_only_while_something_is_unsaved(browser_page, browser_watch, dossier):
    user, application = dossier
    page = opened(browser_page, user, address(application))
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.fill(OVERALL, "Tapé puis quitté aussitôt")
    with page.expect_navigation():
        page.click(f"a[href='{reverse('applications:task_list', args=[application.pk])}'] >> nth=-1")
    assert asked == [] and Strategy.objects.get().overall == "Tapé puis quitté aussitôt"
    page.go_back()
    page.wait_for_load_state("networkidle")
    page.route("**/etape/strategie/", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    page.fill(OVERALL, "Pas encore enregistré")
    page.locator(OVERALL).blur()
    page.wait_for_selector(FAILED)
    page.goto(reverse("applications:my_applications"))
    assert asked == ["beforeunload"]
    browser_watch.problems.clear()


def test_signing_out_erases_what_the_computer_kept(browser_page, browser_watch, dossier):
    user, application = dossier
    page = close_unsaved(opened(browser_page, user, address(application)), "À moi seul")
    page.goto(reverse("accounts:profile"))
    page.wait_for_load_state("networkidle")
    assert copies(page) == 1
    page.click("details.menu summary")
    with page.expect_navigation():
        page.click("form[data-logout] button")
    assert copies(page) == 0
    browser_watch.problems.clear()


def test_another_person_finds_nothing_of_the_one_before(browser_page, browser_watch, dossier):
    user, application = dossier
    page = close_unsaved(opened(browser_page, user, address(application)), "À moi seul")
    client = Client()
    client.force_login(make_user(), backend=settings.AUTHENTICATION_BACKENDS[0])
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "domain": "localhost", "path": "/"}])
    page.goto(reverse("accounts:profile"))
    wait_for_no_copy(page)
    browser_watch.problems.clear()


def age(user, seconds):
    """Let the last activity of the person's session be that long ago."""
    key = Session.objects.get().session_key
    session = SessionStore(key)
    session["last_activity"] = int(time.time()) - seconds
    session.save()


def test_end_of_the_session_is_announced_and_can_be_put_off(browser_page, axe, dossier, settings):
    settings.SESSION_IDLE_SECONDS = 600
    user, application = dossier
    page = browser_page(user=user, width=360)
    page.clock.install()
    page.goto(address(application))
    page.wait_for_load_state("networkidle")
    for _time in range(2):
        age(user, 301)
        page.clock.fast_forward(301_000)
        page.wait_for_selector("dialog[open] [data-session-left]:not(:empty)")
        assert page.evaluate("document.activeElement.closest('dialog') !== null")
        if not _time:
            assert axe(page) == []
        page.keyboard.press("Enter")
        page.wait_for_selector("dialog:not([open])", state="attached")
    age(user, 700)
    page.clock.fast_forward(301_000)
    page.wait_for_selector("dialog[open] [data-session-over] a[target=_blank]")


def test_save_works_without_javascript(browser_page, dossier):
    user, application = dossier
    page = browser_page(user=user, javascript=False)
    page.goto(address(application))
    page.fill(OVERALL, "Sans script")
    page.click("#step-form .actions .btn-primary")
    expect(page.locator(OVERALL)).to_have_value("Sans script")
    assert Strategy.objects.get().overall == "Sans script"
    page.fill(OVERALL, "Après la fin de la session")
    Session.objects.all().delete()
    page.click("#step-form .actions .btn-primary")
    expect(page.locator("main [name=strategy-overall]")).to_have_attribute("value", "Après la fin de la session")
