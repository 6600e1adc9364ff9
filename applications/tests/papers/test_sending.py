"""The papers as draft and as deposit, who may read them, how they are sent, and the copies that come back signed."""

import json

import pytest
from django.urls import reverse
from django.utils.translation import override

from applications.models import Document
from applications.pdf import papers
from applications.pdf.papers import LANGUAGES
from applications.services.documents import attach
from applications.snapshots import snapshot_of
from clusters_portal.lib.canonical import canonical_json

from ..builders import deposited_application, dossier_of, filled_application
from ..factories import add_editor, make_call, make_user, pdf_file
from .helpers import DRAFT, address, content_of, pages_of, paper, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]


# --- Draft and deposit --------------------------------------------------------------------------------------------
def test_fingerprint_changes_with_an_answer_and_not_with_a_file(mandatary):
    application, content = content_of("a-textile", mandatary)
    before = papers.fingerprint_of(content)
    requirement = application.call.document_requirements.get(code="OTHER")
    attach(application=application, requirement=requirement, upload=pdf_file(), actor=mandatary)
    assert papers.fingerprint_of(papers.draft_content(dossier_of(application))) == before
    content["steps"]["strategie"]["strategy"]["overall"] += "."
    assert papers.fingerprint_of(content) != before


def test_deposit_bears_the_fingerprint_of_the_draft_that_was_signed(mandatary):
    application, deposit = deposited_application(call=make_call(), user=mandatary)
    draft = json.loads(canonical_json(snapshot_of(dossier_of(application))))
    assert papers.fingerprint_of(deposit.content) == papers.fingerprint_of(draft)


def test_after_the_deposit_papers_are_made_from_what_was_frozen(mandatary, client):
    application, deposit = deposited_application(call=make_call(), user=mandatary)
    application.association.name_fr = "Another name"
    application.association.save()
    client.force_login(mandatary)
    response = client.get(address(application))
    pages = pages_of(response.content)
    assert [deposit.number in page for page in pages] == [True] * len(pages)
    assert "Another name" not in text_of(response.content)
    assert not DRAFT.search(" ".join(pages))
    assert client.get(address(application, "declaration")).status_code == 200


# --- Who, and how it is sent --------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", ["technique", "conseil", "cotisations", "declaration"])
def test_paper_is_a_private_attachment(kind, mandatary, client):
    application = filled_application(call=make_call(), user=mandatary)
    client.force_login(add_editor(application))
    response = client.get(address(application, kind, "ar"))
    assert response.content[:5] == b"%PDF-"
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == f'attachment; filename="{kind}-brouillon-ar.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"


def test_strangers_and_unknown_papers_are_not_found(mandatary, client):
    application = filled_application(call=make_call(), user=mandatary)
    for person in (make_user(), make_user(roles=["case_officer"]), make_user(roles=["administrator"])):
        client.force_login(person)
        assert client.get(address(application)).status_code == 404
        assert client.get(reverse("applications:to_sign", args=[application.pk])).status_code == 404
    client.force_login(mandatary)
    assert client.get(address(application, "autre")).status_code == 404
    assert client.get(address(application, "technique", "en")).status_code == 404
    assert client.post(address(application)).status_code == 405
    client.logout()
    assert client.get(address(application)).status_code == 302


def test_dptc_reads_the_papers_of_a_deposit(mandatary, client):
    application, deposit = deposited_application(call=make_call(), user=mandatary)
    client.force_login(make_user(roles=["case_officer"]))
    assert deposit.number in text_of(client.get(address(application, "cotisations")).content)
    page = client.get(reverse("applications:to_sign", args=[application.pk]))
    assert [len(line.files) for line in page.context["lines"]] == [1, 1, 1, 1]


# --- Signed copies ------------------------------------------------------------------------------------------------
def upload(client, application, code, pages):
    url = reverse("applications:upload", args=[application.pk, code])
    return client.post(url, {"file": pdf_file("copie.pdf", pages)})


def test_copy_with_missing_pages_is_kept_and_said(mandatary, client):
    application, content = content_of("a-textile", mandatary)
    expected = paper("conseil", content, application).pages
    client.force_login(mandatary)
    with override("en"):
        assert upload(client, application, "ADM_CA", expected + 5).status_code == 302
    document = Document.objects.get(application=application, requirement__code="ADM_CA", replaced_at=None)
    assert (document.pages, document.expected_pages, document.pages_differ) == (expected + 5, expected, True)
    step = client.get(reverse("applications:step", args=[application.pk, "pieces"]))
    assert step.content.decode().count('class="notice notice--warn"') == 1
    assert address(application, "conseil", "ar") in step.content.decode()
    line = next(x for x in client.get(reverse("applications:to_sign", args=[application.pk])).context["lines"] if x.piece.code == "ADM_CA")
    assert [file.pages_differ for file in line.files] == [True]


def test_copy_in_either_language_agrees(mandatary, client):
    application, content = content_of("a-textile", mandatary)
    client.force_login(mandatary)
    for lang in LANGUAGES:
        expected = paper("technique", content, application, lang).pages
        upload(client, application, "TEC_SIGNED", expected)
        document = Document.objects.get(application=application, requirement__code="TEC_SIGNED", replaced_at=None)
        assert (document.expected_pages, document.pages_differ) == (expected, False)


def test_other_pieces_expect_no_number_of_pages(mandatary, client):
    application = filled_application(call=make_call(), user=mandatary)
    client.force_login(mandatary)
    upload(client, application, "ADM_RI", 7)
    document = Document.objects.get(application=application, requirement__code="ADM_RI", replaced_at=None)
    assert (document.expected_pages, document.pages_differ) == (None, False)


def test_answers_saved_after_the_copy_are_said(mandatary, client):
    application = filled_application(call=make_call(), user=mandatary)
    client.force_login(mandatary)
    url = reverse("applications:to_sign", args=[application.pk])
    assert [line.outdated for line in client.get(url).context["lines"]] == [False] * 4
    state = application.step_states.get(slug="gouvernance")
    state.saved_at = Document.objects.latest("uploaded_at").uploaded_at.replace(year=2099)
    state.save()
    outdated = {line.kind.slug: line.outdated for line in client.get(url).context["lines"]}
    assert outdated == {"technique": True, "conseil": True, "cotisations": True, "declaration": False}


def test_list_costs_the_same_with_files_or_without(mandatary, client, django_assert_max_num_queries):
    application = filled_application(call=make_call(), user=mandatary)
    client.force_login(mandatary)
    with django_assert_max_num_queries(10):
        client.get(reverse("applications:to_sign", args=[application.pk]))
