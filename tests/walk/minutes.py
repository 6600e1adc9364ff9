"""What follows a session in the browser: minutes drawn up and opened, signed, letters issued, read and appealed against."""

from io import BytesIO

from pypdf import PdfReader

PASSWORD = "une phrase de passe assez longue"


def session_url(call, number=1):
    """The page of a session."""
    return f"/comite/{call.slug}/seances/{number}/"


def text_of(page, address):
    """The text of a PDF of the portal, as this person downloads it."""
    answer = page.request.get(address)
    assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
    return "\n".join(sheet.extract_text() for sheet in PdfReader(BytesIO(answer.body())).pages)


def draw_up(page, call):
    """Draw up the minutes; returns their text and its address."""
    page.goto(f"{session_url(call)}pv/")
    page.locator('form[action$="/pv/etablir/"] button').click()
    page.locator('[data-minutes="1"]').wait_for()
    return text_of(page, f"{page.url}1/document/")


def sign(page, call, chair):
    """By typing one's name; the portal asks for the password again before. The chair's password is PASSWORD."""
    page.goto(f"{session_url(call)}pv/1/signer/")
    page.locator('[name="typed_name"]').fill(chair.get_full_name())
    page.locator('button[name="by_typing"]').click()
    page.locator('[name="password"]').fill(PASSWORD)
    page.locator('[name="password"]').press("Enter")
    page.locator("[data-minutes] .tag--ok").wait_for()


def issue_letters(page, call):
    """All of them at once."""
    page.goto(f"{session_url(call)}courriers/")
    page.locator("main form button.btn-primary").click()
    page.locator("[data-letter] .tag--ok").first.wait_for()


def appeal(page, text):
    """From the page of the decision."""
    page.locator('a[href$="/recours/"]').first.click()
    page.locator('[name="kind"][value="factual"]').check()
    page.locator('[name="text"]').fill(text)
    page.locator("main form button.btn-primary").click()
    page.locator("[data-appeal]").wait_for()
