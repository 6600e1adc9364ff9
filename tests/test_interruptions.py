"""A fill and a deposit in bad conditions: a network that goes and comes, an answer that is lost, two people, two tabs."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from applications.models import Deposit, DepositCounter, StartupSupport, Strategy
from applications.tests.builders import filled_application
from applications.tests.factories import add_editor, make_user
from clusters_portal.audit.models import AuditEntry

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SAVED = "[data-save-state]:not(.save-state--failed)"
FAILED = "[data-save-state].save-state--failed"


@pytest.fixture
def dossier():
    owner = make_user()
    return owner, filled_application(user=owner)


def address(application, name, *args):
    return reverse(f"applications:{name}", args=[application.pk, *args])


def opened(page, path):
    """The page, once its modules listen."""
    page.goto(path)
    page.wait_for_load_state("networkidle")
    return page


def write(page, name, text):
    field = page.locator(f"[name={name}]")
    field.fill(text)
    field.blur()


def declare(page, application):
    """Fill the declaration, all but its sending."""
    opened(page, address(application, "declare"))
    page.locator("[name=civility]").last.check()
    for name, text in {"quality_organisation": "Dirigeant", "place": "Nouaceur"}.items():
        page.locator(f"[name={name}]").fill(text)
    page.locator("[name=accept]").check()


def cut_while_typing(page, application, slug, name, text):
    """The network goes while a field is typed, and comes back: saved by itself, then on to the next page."""
    opened(page, address(application, "step", slug))
    page.context.set_offline(True)
    write(page, name, f"{text} sans réseau")
    page.wait_for_selector(FAILED)
    page.locator(f"[name={name}]").fill(text)
    page.context.set_offline(False)
    page.wait_for_selector(SAVED)
    with page.expect_navigation():
        page.locator("#step-form .actions .btn-primary").click()
    expect(page.locator(f"[name={name}]")).to_have_value(text)


def lose_the_answer(page, application):
    """The deposit reaches the portal, its answer does not reach the person."""

    def cut(route):
        if route.request.method != "POST":
            return route.fallback()
        route.fetch(max_redirects=0)
        return route.abort()

    page.route("**/declarer/", cut)
    page.locator("main form .btn-primary").click()
    page.wait_for_url("chrome-error://**")
    page.unroute("**/declarer/")


def test_network_cut_over_two_steps_and_the_answer_of_the_deposit_lost(browser_page, browser_watch, dossier):
    owner, application = dossier
    page = browser_page(user=owner)
    cut_while_typing(page, application, "strategie", "strategy-overall", "Une vision à cinq ans")
    cut_while_typing(page, application, "start-up", "startups-preparation", "Deux appels à idées par an")
    assert Strategy.objects.get().overall == "Une vision à cinq ans"
    assert StartupSupport.objects.get().preparation == "Deux appels à idées par an"

    declare(page, application)
    lose_the_answer(page, application)
    made = Deposit.objects.get()
    # Nothing tells the person whether it went through, but their own list.
    opened(page, reverse("applications:my_applications"))
    page.locator(f'a[href="{address(application, "receipt")}"]').first.click()
    expect(page.locator("#receipt-number")).to_have_text(made.number)
    frozen = made.content["steps"]
    assert frozen["strategie"]["strategy"]["overall"] == "Une vision à cinq ans"
    assert frozen["start-up"]["startups"]["preparation"] == "Deux appels à idées par an"
    assert (Deposit.objects.count(), DepositCounter.objects.get().last) == (1, 1)
    browser_watch.problems.clear()


def test_two_tabs_depositing_at_once_are_one_deposit(browser_page, dossier):
    owner, application = dossier
    first = browser_page(user=owner)
    second = first.context.new_page()
    tabs = [first, second]
    for tab in tabs:
        declare(tab, application)
    for tab in tabs:
        tab.evaluate("document.querySelector('main form .btn-primary').click()")
    for tab in tabs:
        tab.wait_for_url("**/recepisse/", timeout=60_000)
    for tab in tabs:
        expect(tab.locator("#receipt-number")).to_have_text(Deposit.objects.get().number)
    assert DepositCounter.objects.get().last == 1
    assert AuditEntry.objects.filter(action="application.deposit").count() == 1


def test_two_people_typing_in_one_step_lose_nothing(browser_page, dossier):
    owner, application = dossier
    theirs = opened(browser_page(user=add_editor(application)), address(application, "step", "start-up"))
    mine = opened(browser_page(user=owner), address(application, "step", "start-up"))
    write(theirs, "startups-preparation", "Écrit par le rédacteur")
    theirs.wait_for_function("() => document.querySelector('#step-form [name=version]').value === '2'")
    write(mine, "startups-support", "Écrit par le mandataire")
    with mine.expect_navigation():
        mine.locator(f"{FAILED} button").click()
    with mine.expect_navigation():
        mine.locator(".error-summary .btn-primary").click()
    found = StartupSupport.objects.get()
    assert (found.preparation, found.support) == ("Écrit par le rédacteur", "Écrit par le mandataire")
