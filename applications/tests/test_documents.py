"""Pieces: received, refused, replaced, taken out, downloaded."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from applications.models import Document
from applications.services.documents import attach, remove
from applications.services.drafts import DraftRefused
from clusters_portal.accounts.roles import Role
from clusters_portal.audit.models import AuditEntry
from clusters_portal.lib.canonical import sha256_hex
from clusters_portal.lib.uploads import UploadRefused
from clusters_portal.tests.test_lib_uploads import _attachment, _javascript, png_announcing
from clusters_portal.tests.test_lib_uploads import pdf as made_pdf

from .builders import deposited_application
from .factories import add_editor, close, image_file, make_application, make_user, pdf_bytes, pdf_file

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def application(owner):
    return make_application(user=owner)


def piece(application, code="ADM_RI"):
    return application.call.document_requirements.get(code=code)


def send(client, application, upload, code="ADM_RI", **data):
    data |= {"file": upload} if upload else {}
    return client.post(reverse("applications:upload", args=[application.pk, code]), data)


def current(application):
    return [document.original_name for document in application.documents.filter(replaced_at=None)]


# --- Received ------------------------------------------------------------------------------------------------------------
def test_pdf_is_received_with_its_pages_size_and_hash(client, application, owner):
    answer = send(client, application, pdf_file("عقد تأسيس.pdf", pages=3))
    document = application.documents.get()
    assert answer["Location"] == reverse("applications:step", args=[application.pk, "pieces"]) + "#piece-ADM_RI"
    assert (document.original_name, document.pages, document.content_type) == ("عقد تأسيس.pdf", 3, "application/pdf")
    with document.file.open("rb") as stored:
        content = stored.read()
    assert (document.size, document.sha256) == (len(content), sha256_hex(content))
    assert "تأسيس" not in document.file.name
    assert document.uploaded_by == owner
    assert [e.action for e in AuditEntry.objects.filter(object_id=str(application.pk))][0] == "document.attached"
    text = client.get(reverse("applications:step", args=[application.pk, "pieces"])).content.decode()
    assert "عقد تأسيس.pdf" in text and "3 pages" in text


@pytest.mark.parametrize(("name", "kind", "mime"), [("scan.jpg", "JPEG", "image/jpeg"), ("scan.png", "PNG", "image/png")])
def test_picture_is_received(client, application, name, kind, mime):
    send(client, application, image_file(name, kind))
    assert application.documents.get().content_type == mime


def test_second_file_replaces_the_first_and_keeps_it_as_a_version(client, application):
    send(client, application, pdf_file("un.pdf"))
    send(client, application, pdf_file("deux.pdf"))
    assert current(application) == ["deux.pdf"]
    assert application.documents.count() == 2


def test_several_files_stand_beside_each_other_where_allowed(client, application):
    send(client, application, pdf_file("un.pdf"), "OTHER", label="Lettre")
    send(client, application, pdf_file("deux.pdf"), "OTHER", label="Bilan")
    assert current(application) == ["un.pdf", "deux.pdf"]
    assert list(application.documents.values_list("label", flat=True)) == ["Lettre", "Bilan"]


# --- Several at once ----------------------------------------------------------------------------------------------------------
def test_several_files_of_one_card_are_kept_and_refused_each_on_its_own(client, application):
    sent = [pdf_file("un.pdf"), SimpleUploadedFile("vide.pdf", b""), pdf_file("deux.pdf", 2)]
    page = send(client, application, sent, "OTHER", label="Lettres")
    assert page.status_code == 422 and "“vide.pdf”: This file is empty." in page.content.decode()
    assert list(application.documents.values_list("original_name", "label")) == [("un.pdf", "Lettres"), ("deux.pdf", "Lettres")]
    answer = send(client, application, [pdf_file("trois.pdf"), pdf_file("quatre.pdf")], "OTHER")
    assert answer.status_code == 302 and len(current(application)) == 4


def test_a_piece_of_one_file_takes_one(client, application):
    assert send(client, application, [pdf_file("un.pdf"), pdf_file("deux.pdf")]).status_code == 422
    assert current(application) == []


def test_page_that_shows_progress_is_answered_in_json(client, application):
    def sent(upload):
        data = {"file": upload} if upload else {}
        address = reverse("applications:upload", args=[application.pk, "ADM_RI"])
        return client.post(address, data, headers={"accept": "application/json"})

    answer = sent(pdf_file("un.pdf"))
    assert (answer.status_code, answer.json()) == (200, {"received": ["un.pdf"], "refused": []})
    answer = sent(SimpleUploadedFile("vide.pdf", b""))
    assert (answer.status_code, answer.json()) == (422, {"received": [], "refused": ["This file is empty."]})
    assert sent(None).json() == {"received": [], "refused": ["Choose a file first."]}
    assert current(application) == ["un.pdf"]


def test_file_sent_again_after_a_lost_answer_is_kept_once(client, application):
    for _attempt in range(2):
        assert send(client, application, pdf_file("un.pdf"), "OTHER", label="Lettre").status_code == 302
    assert application.documents.count() == 1
    send(client, application, pdf_file("un.pdf"), "OTHER", label="Autre titre")
    assert application.documents.count() == 2


def test_card_lists_earlier_versions_and_gives_them_back(client, application):
    send(client, application, pdf_file("ancien.pdf"))
    send(client, application, pdf_file("nouveau.pdf", 2))
    old = application.documents.get(original_name="ancien.pdf")
    text = client.get(reverse("applications:piece_files", args=[application.pk, "ADM_RI"])).content.decode()
    assert "1 earlier version" in text and f'href="{reverse("applications:document_download", args=[old.pk])}"' in text
    assert 'id="state-ADM_RI"' in text and "hx-swap-oob" in text
    assert download(client, old).status_code == 200


def test_cards_take_as_many_queries_whatever_the_number_of_files(client, application, django_assert_max_num_queries):
    for number in range(8):
        send(client, application, pdf_file(f"{number}.pdf"), "OTHER")
    with django_assert_max_num_queries(10):
        client.get(reverse("applications:step", args=[application.pk, "pieces"]))
    with django_assert_max_num_queries(8):
        client.get(reverse("applications:piece_files", args=[application.pk, "OTHER"]))


# --- Refused ----------------------------------------------------------------------------------------------------------------
REFUSED = {
    "nothing": None,
    "empty": SimpleUploadedFile("vide.pdf", b""),
    "program": SimpleUploadedFile("statuts.pdf", b"MZ" + b"\0" * 200),
    "picture named pdf": SimpleUploadedFile("scan.pdf", image_file().read()),
    "broken": SimpleUploadedFile("casse.pdf", pdf_bytes()[:60]),
    "text": SimpleUploadedFile("note.txt", b"bonjour"),
    "password": SimpleUploadedFile("protege.pdf", made_pdf(password="secret")),
    "JavaScript": SimpleUploadedFile("script.pdf", made_pdf(change=_javascript)),
    "attached program": SimpleUploadedFile("joint.pdf", made_pdf(change=_attachment)),
    "name turned round": SimpleUploadedFile("statuts\u202efdp.exe", pdf_bytes()),
    "picture that would fill the memory": SimpleUploadedFile("scan.png", png_announcing(60_000, 60_000)),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_file_is_said_beside_its_card_and_nothing_is_kept(client, application, case):
    send(client, application, pdf_file("bon.pdf"))
    versions = application.step_states.get().version
    if REFUSED[case]:
        REFUSED[case].seek(0)
    page = send(client, application, REFUSED[case], "ADM_RI")
    assert page.status_code == 422
    assert 'id="id_ADM_RI_file_error"' in page.content.decode()
    assert current(application) == ["bon.pdf"] and application.documents.count() == 1
    assert application.step_states.get().version == versions


def test_file_over_the_limit_is_refused(application, owner):
    application.call.max_file_mb = 0
    with pytest.raises(UploadRefused) as refused:
        attach(application=application, requirement=piece(application), upload=pdf_file(), actor=owner)
    assert refused.value.code == "too_large" and not Document.objects.exists()


def test_dossier_over_its_total_keeps_the_file_it_had(application, owner):
    attach(application=application, requirement=piece(application), upload=pdf_file("un.pdf"), actor=owner)
    type(application.call).objects.filter(pk=application.call_id).update(max_total_mb=0)
    with pytest.raises(UploadRefused) as refused:
        attach(application=application, requirement=piece(application), upload=pdf_file("deux.pdf"), actor=owner)
    assert refused.value.code == "total_too_large"
    assert current(application) == ["un.pdf"]


def test_unknown_piece_is_404(client, application):
    assert send(client, application, pdf_file(), "INCONNUE").status_code == 404
    assert not Document.objects.exists()


def test_upload_needs_a_post(client, application):
    assert client.get(reverse("applications:upload", args=[application.pk, "ADM_RI"])).status_code == 405


def test_submitted_dossier_takes_no_file_and_gives_none_back_once_the_call_is_closed(client, owner):
    application, _deposit = deposited_application(user=owner)
    close(application.call)
    before = current(application)
    assert send(client, application, pdf_file("tard.pdf")).status_code == 422
    document = application.documents.first()
    with pytest.raises(DraftRefused):
        remove(document=document, actor=owner)
    assert client.post(reverse("applications:document_remove", args=[document.pk])).status_code == 403
    assert current(application) == before


# --- Taken out ----------------------------------------------------------------------------------------------------------------
def test_removing_asks_once_then_keeps_the_version(client, application, owner):
    document = attach(application=application, requirement=piece(application), upload=pdf_file("un.pdf"), actor=owner)
    address = reverse("applications:document_remove", args=[document.pk])
    assert "un.pdf" in client.get(address).content.decode() and current(application) == ["un.pdf"]
    assert client.post(address).status_code == 302
    assert current(application) == [] and application.documents.count() == 1
    assert client.post(address).status_code == 404
    assert AuditEntry.objects.filter(action="document.removed").count() == 1


# --- Downloaded ---------------------------------------------------------------------------------------------------------------
def download(client, document):
    return client.get(reverse("applications:document_download", args=[document.pk]))


def test_download_is_an_attachment_with_the_original_bytes(client, application, owner):
    document = attach(application=application, requirement=piece(application), upload=pdf_file("Règlement.pdf", 2), actor=owner)
    answer = download(client, document)
    assert sha256_hex(b"".join(answer.streaming_content)) == document.sha256
    assert answer["Content-Disposition"].startswith("attachment;") and answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"] == "application/pdf" and "no-store" in answer["Cache-Control"]


def test_editor_downloads_and_a_stranger_finds_nothing(client, application, owner):
    document = attach(application=application, requirement=piece(application), upload=pdf_file(), actor=owner)
    client.force_login(add_editor(application))
    assert download(client, document).status_code == 200
    client.force_login(make_user())
    assert download(client, document).status_code == 404


def test_staff_open_the_files_of_the_deposit_and_not_those_taken_out_before(client, owner):
    application, _deposit = deposited_application(user=owner)
    deposited = application.documents.first()
    taken_out = Document.objects.create(
        application=application, requirement=deposited.requirement, file=deposited.file.name, original_name="ancien.pdf",
        size=1, content_type="application/pdf", sha256="0" * 64, uploaded_by=owner, uploaded_at=deposited.uploaded_at,
        replaced_at=deposited.uploaded_at,
    )  # fmt: skip
    client.force_login(make_user(roles=[Role.CASE_OFFICER]))
    assert (download(client, deposited).status_code, download(client, taken_out).status_code) == (200, 404)
    client.force_login(make_user(roles=[Role.EVALUATOR]))
    assert download(client, deposited).status_code == 404


def test_file_lost_by_the_storage_is_404(client, application, owner):
    document = attach(application=application, requirement=piece(application), upload=pdf_file(), actor=owner)
    document.file.storage.delete(document.file.name)
    assert download(client, document).status_code == 404


# --- Constraint ---------------------------------------------------------------------------------------------------------------
def test_constraint_document_not_empty(application, owner):
    document = attach(application=application, requirement=piece(application), upload=pdf_file(), actor=owner)
    with pytest.raises(IntegrityError, match="document_not_empty"), transaction.atomic():
        Document.objects.filter(pk=document.pk).update(size=0)
