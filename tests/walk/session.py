"""A session of the committee in the browser, as its secretary, its chair and its members hold it."""

from playwright.sync_api import expect

from tests.walk.people import prove_again


def session_url(call, number=1):
    return f"/comite/{call.slug}/seances/{number}/"


def press(page, selector):
    """A button that sends a form, then the page it leads to."""
    page.locator(selector).first.click()
    page.wait_for_load_state()


def nothing_refused(page):
    """No sentence of refusal is on the page."""
    refused = page.locator(".error-summary, .notice--danger")
    assert refused.count() == 0, refused.first.inner_text()


def prepare(page, call, day, people):
    """Prepare a session on `day` (dd/mm/yyyy): `people` is {User: capacity}. Sends the convocation."""
    page.goto(f"/comite/{call.slug}/seances/nouvelle/")
    page.locator('[name="day"]').fill(day)
    page.locator('[name="at"]').fill("10:00")
    page.locator('[name="place"]').fill("Rabat, salle du comité")
    press(page, "main form button.btn-primary")
    nothing_refused(page)
    for person, capacity in people.items():
        page.locator(f'[name="person_{person.pk}"]').select_option(capacity)
    press(page, 'form[action$="/membres/"] button')
    nothing_refused(page)
    page.goto(session_url(call) + "convocation/")
    press(page, "main form button.btn-primary")
    nothing_refused(page)


def open_with_everyone(page, call):
    """Record every arrival, then open the session."""
    page.goto(session_url(call))
    while page.locator('form[action$="/arrivee/"] button').count():
        press(page, 'form[action$="/arrivee/"] button')
    press(page, 'form[action$="/actes/ouvrir/"] button')
    nothing_refused(page)
    expect(page.locator("[data-live]")).to_have_count(1)


def go_to(page, call, application):
    """Open the item of a dossier from the agenda."""
    page.goto(session_url(call))
    page.locator("main .data-table tr", has_text=application.number).locator('form[action$="/ouvrir/"] button').click()
    page.wait_for_load_state()
    nothing_refused(page)


def decide(page, call, application, outcome, **fields):
    """On the item in progress, record the decision."""
    form = page.locator(f'form[action$="/dossiers/{application.pk}/"]')
    form.locator(f'[name="outcome"][value="{outcome}"]').check()
    for name, text in fields.items():
        form.locator(f'[name="{name}"]').fill(text)
    form.locator("button.btn-primary").click()
    page.wait_for_load_state()
    prove_again(page)
    nothing_refused(page)


def close(page, call):
    page.goto(session_url(call))
    press(page, 'form[action$="/actes/clore/"] button')
    nothing_refused(page)
