"""The letter of recevabilité: what the applicant is told and when, who signs it, who never finds it."""

import json
from io import BytesIO

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from pypdf import PdfReader

from applications.models import Application, Call
from applications.pdf.admissibility_letter import letter_context
from applications.tests.factories import declare_admissible, make_call, make_user, propose_check
from applications.tests.staff_fixtures import officer, received
from applications.tests.test_admissibility import REASONS
from clusters_portal.accounts.roles import Role

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def application():
    return received(make_call(prefix="CL-2026"))


@pytest.fixture
def head():
    return make_user(roles=[Role.DIVISION_HEAD], first_name="Houda", last_name="BENALI")


def address(name, application, *args):
    return reverse(f"applications:{name}", args=[application.pk, *args])


def text_of(content):
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).split())


def test_the_letter_says_the_reasons_and_the_means_of_appeal(client, application, head):
    Call.objects.filter(pk=application.call_id).update(appeal_fr="Recours possible devant le service désigné.")
    application = Application.objects.get(pk=application.pk)
    lines = {"piece:ADM_CA": ("non_conforming", "Deux signatures manquent.")}
    check = declare_admissible(application, head=head, findings=lines, **REASONS)
    client.force_login(application.created_by)
    response = client.get(address("admissibility_letter", application, "fr"))
    assert response["Content-Type"] == "application/pdf" and response["Cache-Control"] == "private, no-store"
    text = text_of(response.content)
    for said in (
        f"{application.number}-REC", "Autofinancement de 42,71 %.", "Clause 3.3", "Deux signatures manquent.",
        "Recours possible devant le service désigné.", "Houda BENALI", check.sha256[:16],
    ):  # fmt: skip
        assert said in text, said
    assert client.get(address("admissibility_letter", application, "fr")).content == response.content
    Call.objects.filter(pk=application.call_id).update(appeal_fr="Autre chose", title_fr="Autre titre")
    assert client.get(address("admissibility_letter", application, "fr")).content == response.content
    assert client.get(address("admissibility_letter", application, "ar")).status_code == 200
    assert client.get(address("admissibility_letter", application, "en")).status_code == 404
    page = client.get(address("admissibility_told", application)).content.decode()
    assert "Deux signatures manquent." in page and "Clause 3.3" in page
    assert address("admissibility_told", application) in client.get(address("task_list", application)).content.decode()


def test_nothing_is_told_before_the_validation(client, application):
    propose_check(application, **REASONS)
    client.force_login(application.created_by)
    for name, *args in (("admissibility_told",), ("admissibility_letter", "fr")):
        assert client.get(address(name, application, *args)).status_code == 404
    assert "Clause 3.3" not in client.get(address("task_list", application)).content.decode()
    client.force_login(officer())
    assert client.get(address("admissibility_letter", application, "fr")).status_code == 404


def test_strangers_find_no_letter(client, application):
    declare_admissible(application)
    client.force_login(make_user())
    for name, *args in (("admissibility_told",), ("admissibility_letter", "fr")):
        assert client.get(address(name, application, *args)).status_code == 404


@pytest.mark.parametrize("role", [Role.DIVISION_HEAD, Role.CASE_OFFICER])
def test_the_letter_is_signed_in_the_office_of_who_validated(application, role):
    check = declare_admissible(application, head=make_user(roles=[role]))
    assert json.loads(check.record)["validated"]["office"] == role
    with translation.override("en"):
        signer = {Role.DIVISION_HEAD: "The head of division", Role.CASE_OFFICER: "The case officer"}[role]
        html = render_to_string("pdf/admissibility_letter.html", letter_context(check, lang="fr") | {"lang": "en", "dir": "ltr"})
    assert f"{signer}: signature and stamp" in html
