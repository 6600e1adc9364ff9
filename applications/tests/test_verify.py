"""Verification of a receipt by anyone, and what its owner downloads."""

import io
import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from playwright.sync_api import expect
from pypdf import PdfReader

from applications.models import Deposit
from applications.tests import deposited
from applications.views import verify
from clusters_portal.accounts.models import User
from clusters_portal.lib.canonical import sha256_hex

pytestmark = pytest.mark.django_db


@pytest.fixture
def deposit():
    return deposited.make_deposited()


def page_of(client, number):
    response = client.get(reverse("applications:verify", args=[number]))
    return response, response.content.decode()


# --- The public page ----------------------------------------------------------------------------------------------
def test_number_date_time_and_fingerprint_are_shown_and_nothing_else(english, deposit):
    response, page = page_of(english, deposited.NUMBER)
    shown = [deposited.NUMBER, "28 July 2026 at 14:59, Morocco time (GMT+1)", "2026-07-28 14:59:58+01:00", deposit.sha256]
    hidden = [deposited.NAME_FR, deposited.NAME_AR, deposited.DEPOSITOR, "Bennis", "atlas.example", deposit.application.call.title_fr]
    hidden += [str(deposit.application_id), *deposited.HASHES, *(piece[4] for piece in deposited.PIECES)]
    assert response.status_code == 200
    assert [word for word in shown if word not in page] == []
    assert [word for word in hidden if word in page] == []


def test_unknown_number_is_answered_calmly_with_404(english, deposit):
    response, page = page_of(english, "CL-2026-9999")
    assert response.status_code == 404
    assert "No deposit is registered under the number “CL-2026-9999”." in page
    assert 'value="CL-2026-9999"' in page
    assert deposit.sha256 not in page


def test_hostile_number_is_shown_as_text(english):
    response, page = page_of(english, "<script>alert(1)<script>")
    assert response.status_code == 404
    assert "<script>alert" not in page.lower()


@pytest.mark.parametrize("typed", ["cl-2026-0007", " CL 2026-0007", "CL–2026–0007", "CL-٢٠٢٦-٠٠٠٧", "\u200fCL-2026-0007"])
def test_typed_number_leads_to_its_address_however_it_was_typed(client, typed):
    response = client.get(reverse("applications:verify_form"), {"number": typed.replace("CL 2026", "CL-2026")})
    assert response.status_code == 302
    assert response["Location"] == reverse("applications:verify", args=[deposited.NUMBER])


def test_empty_number_is_asked_again(english):
    response = english.get(reverse("applications:verify_form"), {"number": " / "})
    assert response.status_code == 200
    assert "Type the number printed on the receipt." in response.content.decode()


def test_every_deposit_under_the_number_is_shown_the_latest_first(english, deposit):
    later = deposited.make_deposit(
        deposit.application, deposit.deposited_by, sequence=2, received_at=deposited.RECEIVED + timedelta(seconds=1)
    )
    _, page = page_of(english, deposited.NUMBER)
    shown = ["Latest deposit", f">{later.sha256}<", "Earlier deposit, replaced since", f">{deposit.sha256}<"]
    assert later.sha256 != deposit.sha256
    assert sorted(shown, key=page.index) == shown


def test_page_costs_one_query(client, deposit, django_assert_num_queries):
    with django_assert_num_queries(1):
        page_of(client, deposited.NUMBER)


def test_too_many_look_ups_are_told_to_wait_and_keep_the_number(english, deposit, monkeypatch):
    monkeypatch.setattr(verify, "LIMIT", 2)
    assert [page_of(english, deposited.NUMBER)[0].status_code for _ in range(2)] == [200, 200]
    response, page = page_of(english, deposited.NUMBER)
    assert response.status_code == 429
    assert response["Retry-After"] == "600"
    assert f'value="{deposited.NUMBER}"' in page
    assert deposit.sha256 not in page


def test_look_ups_of_a_person_signed_in_are_not_those_of_the_office(client, deposit, monkeypatch):
    monkeypatch.setattr(verify, "LIMIT", 1)
    statuses = [page_of(client, deposited.NUMBER)[0].status_code for _ in range(2)]
    client.force_login(deposit.deposited_by)
    assert [*statuses, page_of(client, deposited.NUMBER)[0].status_code] == [200, 429, 200]


def test_nothing_can_be_posted(client, deposit):
    assert client.post(reverse("applications:verify", args=[deposited.NUMBER])).status_code == 405


# --- What the owner downloads -------------------------------------------------------------------------------------
def receipt_address(deposit, lang="fr"):
    return reverse("applications:receipt_pdf", args=[deposit.application_id, lang])


def snapshot_address(deposit):
    return reverse("applications:receipt_snapshot", args=[deposit.application_id])


@pytest.mark.parametrize("lang", ["fr", "ar", "en"])
def test_owner_downloads_the_receipt(client, deposit, lang):
    client.force_login(deposit.deposited_by)
    response = client.get(receipt_address(deposit, lang))
    reader = PdfReader(io.BytesIO(response.content))
    text = "".join(page.extract_text() for page in reader.pages)
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == f'attachment; filename="accuse-CL-2026-0007-{lang}.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"
    assert reader.trailer["/Root"]["/Lang"] == lang
    assert deposit.sha256 in text
    assert "http://testserver/verifier/CL-2026-0007/" in text.replace("\n", "")


def test_downloaded_application_has_the_fingerprint_of_the_receipt(client, deposit):
    client.force_login(deposit.deposited_by)
    response = client.get(snapshot_address(deposit))
    assert sha256_hex(response.content) == deposit.sha256
    assert response["Content-Disposition"] == 'attachment; filename="dossier-CL-2026-0007-1.json"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"
    assert [document["sha256"] for document in json.loads(response.content)["documents"]] == deposited.HASHES


def test_the_last_deposit_is_the_one_downloaded(client, deposit):
    later = deposited.make_deposit(deposit.application, deposit.deposited_by, sequence=2)
    client.force_login(deposit.deposited_by)
    assert sha256_hex(client.get(snapshot_address(deposit)).content) == later.sha256


@pytest.mark.parametrize("address", [receipt_address, snapshot_address])
def test_stranger_gets_the_404_of_what_does_not_exist(client, deposit, address):
    client.force_login(User.objects.create_user("other@example.test", "x"))
    assert client.get(address(deposit)).status_code == 404


@pytest.mark.parametrize("address", [receipt_address, snapshot_address])
def test_visitor_is_asked_to_sign_in(client, deposit, address):
    response = client.get(address(deposit))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("address", [receipt_address, snapshot_address])
def test_unknown_application_is_404(client, deposit, address):
    client.force_login(deposit.deposited_by)
    assert client.get(address(Deposit(application_id=uuid4()))).status_code == 404


@pytest.mark.parametrize("address", [receipt_address, snapshot_address])
def test_application_never_deposited_has_no_receipt(client, deposit, address):
    draft = type(deposit.application)(
        call=deposit.application.call,
        association=type(deposit.application.association).objects.create(name_fr="B"),
        created_by=deposit.deposited_by,
    )
    draft.save()
    draft.collaborators.create(user=deposit.deposited_by, role="mandatary")
    client.force_login(deposit.deposited_by)
    assert client.get(address(Deposit(application_id=draft.pk))).status_code == 404


def test_unknown_language_is_404(client, deposit):
    client.force_login(deposit.deposited_by)
    assert client.get(receipt_address(deposit, "de")).status_code == 404


# --- In the browser -----------------------------------------------------------------------------------------------
def given(name, content):
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content if isinstance(content, bytes) else content.encode()}


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_files_are_compared_in_the_browser(browser_page):
    deposit = deposited.make_deposited()
    page = browser_page(language="en")
    page.goto(reverse("applications:verify", args=[deposited.NUMBER]))
    frozen, piece = given("dossier.json", deposit.snapshot), given("my copy.pdf", deposited.PIECES[0][4])
    answers = page.locator("[data-results] li")

    page.set_input_files("#verify-files", [piece])
    answers.first.wait_for()
    assert answers.evaluate_all("nodes => nodes.map(node => node.className)") == ["notice notice--warn"]
    expect(answers.first).to_contain_text(sha256_hex(deposited.PIECES[0][4]))

    page.set_input_files(
        "#verify-files", [frozen, given("$& changed.json", deposit.snapshot + " "), given("accuse-CL-2026-0007-fr.pdf", "x")]
    )
    answers.nth(3).wait_for()
    texts = answers.all_inner_texts()
    assert answers.evaluate_all("nodes => nodes.map(node => node.className.split('--')[1])") == ["warn", "warn", "ok", "ok"]
    assert "a receipt is printed anew at each download" in texts[0]
    assert "“$& changed.json” is not the frozen application" in texts[1]
    assert "“dossier.json” is the frozen application registered under this number, unchanged." in texts[2]
    assert "“my copy.pdf” is a file of this application, unchanged" in texts[3]
    assert "statuts_legalises.pdf" in texts[3]


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_file_may_be_dropped_anywhere_on_the_page(browser_page):
    deposit = deposited.make_deposited()
    page = browser_page(language="en")
    page.goto(reverse("applications:verify", args=[deposited.NUMBER]))
    dropped = page.evaluate_handle(
        "text => { const data = new DataTransfer(); data.items.add(new File([text], 'dossier.json')); return data; }", deposit.snapshot
    )
    page.dispatch_event("footer", "drop", {"dataTransfer": dropped})
    expect(page.locator("[data-results] .notice--ok")).to_contain_text("is the frozen application registered under this number")


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("language", ["fr", "ar"])
@pytest.mark.parametrize("number", [deposited.NUMBER, "CL-2026-9999"])
def test_page_is_accessible_on_a_phone(browser_page, axe, language, number):
    deposited.make_deposited()
    page = browser_page(language=language, width=320, height=700)
    page.goto(reverse("applications:verify", args=[number]))
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_without_javascript_the_page_explains_how_to_compare(browser_page):
    deposit = deposited.make_deposited()
    page = browser_page(language="en", javascript=False)
    page.goto(reverse("applications:verify_form"))
    page.fill("#verify-number", "cl-2026-0007")
    page.click("main button[type=submit]")
    expect(page.locator("[data-registered] code")).to_have_text(deposit.sha256)
    expect(page.locator("[data-verify]")).to_be_hidden()
    page.click("summary")
    expect(page.locator("text=sha256sum dossier.json")).to_be_visible()
