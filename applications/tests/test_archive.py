"""A15: one ZIP with everything of a dossier, byte for byte what is stored, whatever a file is called or is missing."""

import io
import json
import tracemalloc
import zipfile

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications.exports import archive as exports
from applications.exports.archive import archive_of, contents_of
from applications.models import Document, Message
from applications.queries import own_applications
from applications.services.documents import attach, remove
from applications.tests.builders import deposited_application
from applications.tests.factories import add_editor, hand_in, make_application, make_call, make_user, pdf_bytes, pdf_file
from applications.tests.staff_fixtures import officer
from clusters_portal.audit.models import AuditEntry
from clusters_portal.lib import clock
from clusters_portal.lib.canonical import sha256_hex

pytestmark = pytest.mark.django_db

EVIL = "x\u202efdp.exe/../../etc/passwd"


def url(application):
    return reverse("applications:archive", args=[application.pk])


def quick(monkeypatch):
    """Papers that cost nothing: what they say is the matter of test_pdf.py and test_pdf_papers.py."""
    monkeypatch.setattr(exports, "generated_pdf", lambda kind, content, call, *, lang: pdf_bytes())
    monkeypatch.setattr(exports, "receipt_pdf", lambda deposit, *, lang, verify_url: pdf_bytes())


def chunks(application, user):
    mine = own_applications(user).get(pk=application.pk)
    return archive_of(mine, user=user, now=clock.now(), language="en", verify_url=lambda number: f"https://x.example/{number}")


def opened(application, user):
    return zipfile.ZipFile(io.BytesIO(b"".join(chunks(application, user))))


def hashes(book) -> dict:
    """{path: SHA-256} as the manifest says."""
    lines = book.read("MANIFEST.txt").decode().splitlines()
    return {line[66:]: line[:64] for line in lines if line[64:66] == "  "}


def left_out(book) -> list:
    lines = book.read("MANIFEST.txt").decode().splitlines()
    return [line[2:] for line in lines if line.startswith("- ")]


def other(application, actor, name, content=None):
    piece = application.call.document_requirements.get(code="OTHER")
    upload = SimpleUploadedFile(name, content) if content else pdf_file(name)
    return attach(application=application, requirement=piece, upload=upload, actor=actor, label="x")


def test_deposited_dossier_is_there_byte_for_byte(client):
    owner = make_user()
    application, made = deposited_application(call=make_call(), user=owner)
    gone = Document.objects.filter(application=application).first()
    Document.objects.filter(pk=gone.pk).update(replaced_at=clock.now())
    Message.objects.create(application=application, side="dptc", author=officer(), body="Bonjour", sent_at=clock.now())
    client.force_login(owner)
    response = client.post(url(application))
    assert (response.status_code, response["Content-Type"]) == (200, "application/zip")
    assert response["Content-Disposition"] == f'attachment; filename="dossier-{made.number}.zip"'
    book = zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))
    assert book.testzip() is None
    assert book.read("depots/1-online/dossier.json") == made.snapshot.encode()
    assert sha256_hex(book.read("depots/1-online/dossier.json")) == made.sha256
    for document in Document.objects.filter(application=application).select_related("requirement"):
        folder = f"pieces/{document.requirement.code}" + ("/versions-anterieures" if document.replaced_at else "")
        content = book.read(f"{folder}/{document.original_name}")
        with document.file.open("rb") as stored:
            assert content == stored.read()
        assert sha256_hex(content) == document.sha256
    assert json.loads(book.read("dossier.json"))["association"]["name_fr"] == application.association.name_fr
    assert book.read(f"canevas-{application.call.number_prefix}-dossier-fr.xlsx")[:2] == b"PK"
    assert "Bonjour" in book.read("messages.txt").decode()
    assert made.number in book.read("chronologie.txt").decode()
    papers = {"documents-a-signer/" + name for name in ("technique-fr.pdf", "conseil-fr.pdf", "cotisations-fr.pdf", "declaration-fr.pdf")}
    papers |= {f"depots/1-online/accuse-{made.number}-{lang}.pdf" for lang in ("fr", "ar")}
    assert all(book.read(path).startswith(b"%PDF") for path in papers)
    assert left_out(book) == []
    assert hashes(book) == {name: sha256_hex(book.read(name)) for name in book.namelist() if name != "MANIFEST.txt"}
    # What flows first is what costs nothing; the manifest, which knows the rest, closes the file.
    assert [name for name in book.namelist() if name in papers] == book.namelist()[-len(papers) - 1 : -1]
    assert book.namelist()[-1] == "MANIFEST.txt"


def test_download_is_journaled_before_it_starts_and_looking_is_not(client, monkeypatch):
    quick(monkeypatch)
    owner = make_user()
    application = make_application(call=make_call(), user=owner)
    client.force_login(owner)
    assert client.get(url(application)).status_code == 200
    assert not AuditEntry.objects.filter(action="application.archived").exists()
    client.post(url(application))  # nobody reads the answer
    entry = AuditEntry.objects.get(action="application.archived")
    assert (entry.object_id, entry.actor) == (str(application.pk), owner)


def test_two_exports_at_once_by_one_person(monkeypatch):
    """Defect 8: here both are half written at the same time, and both are whole."""
    quick(monkeypatch)
    owner = make_user()
    application, _made = deposited_application(call=make_call(), user=owner)
    first, second, one, two = chunks(application, owner), chunks(application, owner), b"", b""
    for _turn in range(5):
        one, two = one + next(first), two + next(second)
    for content in (one + b"".join(first), two + b"".join(second)):
        book = zipfile.ZipFile(io.BytesIO(content))
        assert book.testzip() is None
        assert left_out(book) == []


def test_visitor_is_sent_to_the_login(client):
    """Defect 9."""
    application = make_application(call=make_call())
    for method in (client.get, client.post):
        response = method(url(application))
        assert (response.status_code, response.url) == (302, f"{reverse('account_login')}?next={url(application)}")


def test_only_the_people_of_the_dossier_take_it(client, monkeypatch):
    quick(monkeypatch)
    application, _made = deposited_application(call=make_call(), user=make_user())
    for visitor in (make_user(), officer()):
        client.force_login(visitor)
        assert client.get(url(application)).status_code == 404
        assert client.post(url(application)).status_code == 404
    assert not AuditEntry.objects.filter(action="application.archived").exists()
    client.force_login(add_editor(application))
    assert client.post(url(application)).status_code == 200


def test_names_are_kept_and_lead_nowhere(monkeypatch):
    quick(monkeypatch)
    owner = make_user()
    application = make_application(call=make_call(), user=owner)
    for name in ("رسالة الدعم.pdf", "Lettre.pdf", "lettre.PDF", "con.pdf"):
        other(application, owner, name, pdf_bytes())
    Document.objects.filter(original_name="con.pdf").update(original_name=EVIL)
    other(application, owner, "con.pdf", pdf_bytes())
    names = [name for name in opened(application, owner).namelist() if name.startswith("pieces/")]
    assert sorted(names) == sorted(
        f"pieces/OTHER/{name}" for name in ("رسالة الدعم.pdf", "Lettre.pdf", "lettre (2).PDF", "passwd", "_con.pdf")
    )
    info = opened(application, owner).getinfo("pieces/OTHER/رسالة الدعم.pdf")
    assert info.flag_bits & 0x800, "the name is announced as UTF-8"


def test_what_cannot_be_included_is_listed_with_its_reason():
    owner = make_user()
    application = make_application(call=make_call(), user=owner)
    missing, infected, kept = (other(application, owner, name) for name in ("perdu.pdf", "infecte.pdf", "la.pdf"))
    missing.file.storage.delete(missing.file.name)
    Document.objects.filter(pk=infected.pk).update(scan=Document.Scan.INFECTED)

    application.call.declaration_version = "1900"  # an annex the portal does not know: its paper cannot be made
    application.call.save()
    book = opened(application, owner)
    assert left_out(book) == [
        "pieces/OTHER/perdu.pdf: The file could not be read from the storage.",
        "pieces/OTHER/infecte.pdf: The virus scan refused this file: nobody can open it.",
        "documents-a-signer/declaration-fr.pdf: This document could not be made.",
    ]
    names = book.namelist()
    assert f"pieces/OTHER/{kept.original_name}" in names
    assert not {"pieces/OTHER/perdu.pdf", "pieces/OTHER/infecte.pdf", "documents-a-signer/declaration-fr.pdf"} & set(names)
    assert {"documents-a-signer/technique-fr.pdf", "documents-a-signer/conseil-fr.pdf"} <= set(names)


def test_queries_do_not_grow_with_the_files(monkeypatch):
    quick(monkeypatch)
    owner = make_user()
    application = make_application(call=make_call(), user=owner)
    model = other(application, owner, "un.pdf")

    def count():
        with CaptureQueriesContext(connection) as queries:
            for _chunk in chunks(application, owner):
                pass
        return len(queries)

    few = count()
    for number in range(30):
        model.pk, model.original_name, model._state.adding = None, f"{number}.pdf", True
        model.save(force_insert=True)
    assert count() == few


def test_estimate_counts_what_is_there():
    owner = make_user()
    application = make_application(call=make_call(), user=owner)
    first, second = other(application, owner, "un.pdf"), other(application, owner, "deux.pdf")
    remove(document=first, actor=owner)
    contents = contents_of(application)
    assert (contents.files, contents.earlier, contents.deposits) == (1, 1, 0)
    assert contents.size == first.size + second.size + contents.papers * exports.PDF_GUESS


def test_large_file_passes_through_little_memory(monkeypatch):
    quick(monkeypatch)
    owner = make_user()
    application = make_application(call=make_call(), user=owner)
    document = other(application, owner, "gros.pdf")
    size = 48 * 1024 * 1024
    document.file.save("x", ContentFile(b"\0" * size))
    sent, found = 0, chunks(application, owner)
    next(found)
    tracemalloc.start()
    for chunk in found:
        sent += len(chunk)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert sent > size
    assert peak < 12 * 1024 * 1024


class Broken(ContentFile):
    """A file whose store goes away after its first piece."""

    def read(self, size=-1):
        if self.tell():
            raise OSError("the storage is gone")
        return super().read(size)


def test_storage_that_fails_in_the_middle_leaves_a_readable_zip(monkeypatch):
    quick(monkeypatch)
    owner = make_user()
    application = make_application(call=make_call(), user=owner)
    other(application, owner, "coupe.pdf")
    monkeypatch.setattr(FileSystemStorage, "_open", lambda self, name, mode: Broken(b"a" * 200_000))
    book = opened(application, owner)
    assert book.testzip() is None
    assert left_out(book) == ["pieces/OTHER/coupe.pdf: The file could not be read from the storage."]


def test_acknowledgement_of_the_counter_is_there(monkeypatch):
    quick(monkeypatch)
    application, _made = deposited_application(user=(owner := make_user()))
    paper = hand_in(application)
    book = opened(application, owner)
    (name,) = [name for name in book.namelist() if f"guichet-{paper.receipt_number}" in name]
    assert book.read(name).startswith(b"%PDF")
    assert left_out(book) == []
