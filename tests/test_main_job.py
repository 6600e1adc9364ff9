"""The whole job once, in the browser, as its users do it (issue « Main job », point 10)."""

from datetime import timedelta

import pytest
from django.core.management import call_command

from applications.models import Application, Call
from applications.sample_data import form_data, read_sample
from applications.tests.factories import pdf_file
from tests.walk.dossier import open_step, type_dossier, upload_pieces
from tests.walk.people import make_person, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def call(db):
    call_command("load_editions", verbosity=0)
    return Call.objects.get(slug="demonstration")


def apply(page, call, sample, folder):
    """From the home page to the receipt; returns the number."""
    page.goto("/")
    page.locator(f'a[href="/appels/{call.slug}/"]').first.click()
    page.locator(f'a[href="/dossiers/nouveau/{call.slug}/"]').first.click()
    page.locator('[name="association_name"], [name="name_fr"], main input[type="text"]').first.fill(sample["association"]["name_fr"])
    page.locator("main form button.btn-primary").click()
    page.wait_for_url("**/dossiers/*/")
    task_list = page.url
    type_dossier(page, form_data(sample))
    open_step(page, "pieces")
    upload_pieces(page, call.document_requirements.filter(required=True), folder, pdf_file().read())
    page.goto(task_list)
    page.locator('a[href$="/verifier/"]').first.click()
    page.locator('a[href$="/declarer/"]').first.click()
    page.locator('[name="civility"]').last.check()
    for name, text in (("first_name", "Youssef"), ("last_name", "Tahiri"), ("quality_organisation", "Dirigeant"), ("quality_association", "Président"), ("place", "Nouaceur")):
        page.locator(f'[name="{name}"]').fill(text)
    page.locator('[name="accept"]').check()
    page.locator("main form button.btn-primary").click()
    page.wait_for_url("**/recepisse/")
    return page.locator("#receipt-number").inner_text()


def test_main_job_from_first_page_to_shortlist(browser_page, call, tmp_path):
    sample = read_sample("a-textile")
    applicant = make_person("textile@cluster.example", first_name="Nadia", last_name="Zerouali")
    page = browser_page()
    sign_in(page, applicant)
    number = apply(page, call, sample, tmp_path)
    assert number == "DEMO-0001"
    assert Application.objects.get().number == number
