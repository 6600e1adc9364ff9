"""After a full session, in the browser: minutes drawn up, opened, signed by the chair; letters issued; an applicant reads and appeals."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from evaluation.models import Appeal, Letter, Minutes, MinutesSignature
from tests.test_committee_session import WHY, hold_full_session, meeting  # noqa: F401  a fixture
from tests.walk import session as walk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "une phrase de passe assez longue"


def text_of(page, address):
    """The text of a PDF of the portal, as this person downloads it."""
    answer = page.request.get(address)
    assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
    return "\n".join(sheet.extract_text() for sheet in PdfReader(BytesIO(answer.body())).pages)


def sign(page, base, chair):
    """By typing one's name; the portal asks for the password again before."""
    page.goto(f"{base}pv/1/signer/")
    page.locator('[name="typed_name"]').fill(chair.get_full_name())
    page.locator('button[name="by_typing"]').click()
    page.locator('[name="password"]').fill(PASSWORD)
    page.locator('[name="password"]').press("Enter")
    page.locator("[data-minutes] .tag--ok").wait_for()


def test_from_the_minutes_to_the_appeal(meeting, browser_page, axe):  # noqa: F811
    _call, dossiers, _secretary, _screens, chair, members = meeting
    chair.set_password(PASSWORD)
    chair.save()
    call, session, secretary, _screens = hold_full_session(meeting)
    base, fifth, sixth = walk.session_url(call), dossiers[4], dossiers[5]
    secretary.goto(f"{base}pv/")
    secretary.locator('form[action$="/pv/etablir/"] button').click()
    secretary.locator('[data-minutes="1"]').wait_for()
    minutes = Minutes.objects.get()
    text = text_of(secretary, f"{secretary.url}1/document/")
    assert all(dossier.number in text for dossier in dossiers)
    assert "Région sans cluster labellisé." in text
    assert minutes.sha256 in text.replace("\n", "")

    signer = browser_page(user=chair)
    signer.goto(f"{base}pv/1/signer/")
    assert axe(signer) == []
    sign(signer, base, chair)
    session.refresh_from_db()
    assert (session.status, MinutesSignature.objects.get().signer) == ("signed", chair)
    recused = browser_page(user=members[3])
    recused.goto(f"{base}pv/")
    read = text_of(recused, f"{recused.url}1/document/")
    assert fifth.number not in read
    assert sixth.number in read

    secretary.goto(f"{base}courriers/")
    secretary.locator("main form button.btn-primary").click()
    secretary.locator("[data-letter] .tag--ok").first.wait_for()
    assert Letter.objects.count() == 6
    assert axe(secretary) == []
    applicant = browser_page(user=sixth.collaborators.get(role="mandatary").user, language="ar", width=360)
    applicant.goto(f"/dossiers/{sixth.pk}/decision/")
    assert WHY["reasons_fact"] in applicant.locator('[data-outcome="not_selected"]').inner_text()
    assert axe(applicant) == []
    applicant.locator('a[href$="/recours/"]').first.click()
    applicant.locator('[name="kind"][value="factual"]').check()
    applicant.locator('[name="text"]').fill("Le nombre d'entreprises est atteint.")
    applicant.locator("main form button.btn-primary").click()
    applicant.locator("[data-appeal]").wait_for()
    assert Appeal.objects.get().application == sixth
