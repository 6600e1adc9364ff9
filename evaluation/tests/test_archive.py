"""S9: the archive of a call is whole, byte for byte what is stored, and tells of itself when a byte of it changes."""

import json
import shutil
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.test import TestCase
from django.urls import reverse

from applications.models import Document, DocumentRequirement
from clusters_portal.accounts.roles import Role
from clusters_portal.audit.models import AuditEntry
from clusters_portal.lib import clock
from clusters_portal.lib.canonical import canonical_json, sha256_hex
from clusters_portal.lib.zip_manifest import first_fault
from evaluation import exports_archive, exports_records, pdf
from evaluation.models import CallArchive, ConflictDeclaration, Evaluation
from evaluation.services import archive as service
from evaluation.tests import factories as make
from evaluation.tests import session_builders as meeting

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 papers are the matter of other tests"


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    for name in ("generated_pdf", "receipt_pdf", "letter_pdf", "acknowledgement_pdf", "pack_pdf"):
        monkeypatch.setattr(exports_archive, name, lambda *args, **values: PDF)
    monkeypatch.setattr(pdf, "shortlist", lambda *args, **values: PDF)


def piece(dossier, name="statuts.pdf", content=b"%PDF-1.4 statutes", **more):
    requirement, _new = DocumentRequirement.objects.get_or_create(
        call=dossier.call, code="ADM", defaults={"label_fr": "Statuts", "clause": "5"}
    )
    values = {"sha256": sha256_hex(content), "scan": "not_scanned", **more}
    document = Document(
        application=dossier, requirement=requirement, original_name=name, size=len(content), content_type="application/pdf",
        uploaded_by=dossier.created_by, uploaded_at=make.NOON, **values,
    )  # fmt: skip
    document.file.save(name, ContentFile(content))
    return document


def with_files(call, *files, **more):
    """A dossier whose deposit names these files: [(name, content, more)]."""
    dossier = make.application(call, **more)
    documents = [piece(dossier, name, content, **values) for name, content, values in files]
    redeposit(dossier, documents)
    return dossier, documents


def redeposit(dossier, documents):
    snapshot = dossier.current_deposit.content | {"documents": [{"id": str(document.pk)} for document in documents]}
    text = canonical_json(snapshot)
    dossier.deposits.create(
        sequence=2, number=dossier.number, received_at=make.NOON, deadline_at=dossier.call.deadline_at,
        deposited_by=dossier.created_by, snapshot=text, sha256=sha256_hex(text), name_fr="Cluster",
    )  # fmt: skip
    del dossier.current_deposit


@pytest.fixture
def decided():
    call, (first, second), _ranking = make.call_before_committee(5, 3, places=1, people=1)
    chair = make.user(Role.COMMITTEE_CHAIR)
    meeting.decide(application=first, outcome="selected", adopted_rank=1, actor=chair)
    meeting.decide(application=second, outcome="not_selected", actor=chair, **make.REASONS)
    return call


def taken(client, call, person=None):
    """The archive asked for, prepared and downloaded: (response, bytes)."""
    client.force_login(person or make.user(Role.DIVISION_HEAD))
    page = reverse("evaluation:call_archive", args=[call.slug])
    with TestCase.captureOnCommitCallbacks(execute=True):
        assert client.post(page).status_code == 302
    response = client.get(address_of(call.archives.first()))
    return response, b"".join(response.streaming_content)


def address_of(archive):
    return reverse("evaluation:call_archive_file", args=[archive.call.slug, archive.pk])


def opened(content):
    book = ZipFile(BytesIO(content))
    return book, json.loads(book.read("MANIFEST.json"))


def test_everything_recorded_is_in_it_with_its_hash(client, decided):
    response, content = taken(client, decided)
    assert (response.status_code, response["Content-Type"]) == (200, "application/zip")
    book, manifest = opened(content)
    assert {entry["path"]: entry["sha256"] for entry in manifest["entries"]} == {
        name: sha256_hex(book.read(name)) for name in book.namelist() if name != "MANIFEST.json"
    }
    dossier = decided.applications.order_by("number").first()
    folder = f"dossiers/{dossier.number}"
    assert book.read(f"{folder}/depots/1-online/dossier.json").decode() == dossier.current_deposit.snapshot
    (evaluation,) = json.loads(book.read(f"{folder}/donnees/evaluation.json"))
    assert evaluation["receipt_sha256"] == Evaluation.objects.get(assignment__application=dossier).receipt_sha256
    assert len(json.loads(book.read(f"{folder}/donnees/score.json"))) == 10
    assert json.loads(book.read(f"{folder}/donnees/decision.json"))[0]["outcome"] == "selected"
    ranking = decided.rankings.get()
    assert sha256_hex(book.read("classement/classement-1.json")) == ranking.sha256
    assert {
        "appel/donnees/grid.json",
        "classement/liste.json",
        "classement/liste.xlsx",
        "journal/journal.jsonl",
        f"{folder}/evaluation-fr.pdf",
    } <= set(book.namelist())
    assert book.read(f"{folder}/evaluation-fr.pdf") == PDF
    assert manifest["left_out"] == manifest["altered"] == []


def test_the_journal_of_the_call_and_of_nothing_else(client, decided):
    other = make.call()
    make.adopted_grid(other)
    _response, content = taken(client, decided)
    lines = [json.loads(line) for line in opened(content)[0].read("journal/journal.jsonl").splitlines()]
    told = [json.loads(line["entry"]) for line in lines]
    expected = AuditEntry.objects.exclude(object_type="evaluation.grid", object_id=str(other.grids.get().pk))
    expected = expected.exclude(action__in=("call.archive_sealed", "call.archive_taken"))
    expected = expected.exclude(object_type="evaluation.evaluatorprofile")  # a commitment is signed for every call
    assert [entry["id"] for entry in told] == list(expected.order_by("id").values_list("pk", flat=True))
    assert "decision.record" in {entry["action"] for entry in told}


def test_what_cannot_be_included_is_named_with_its_reason(client, settings):
    settings.CLAMD_URL = "tcp://127.0.0.1:1"
    call = make.call()
    dossier, (good, gone, changed, *_others) = with_files(
        call, ("bon.pdf", b"%PDF good", {"scan": "clean"}), ("perdu.pdf", b"%PDF lost", {"scan": "clean"}),
        ("change.pdf", b"%PDF changed", {"scan": "clean"}), ("virus.pdf", b"%PDF bad", {"scan": "infected"}),
        ("attente.pdf", b"%PDF waits", {"scan": "pending"}),
    )  # fmt: skip
    piece(dossier, "jamais-depose.pdf", b"%PDF buffer", scan="clean")
    gone.file.storage.delete(gone.file.name)
    with changed.file.storage.open(changed.file.name, "wb") as file:
        file.write(b"%PDF other")
    book, manifest = opened(taken(client, call)[1])
    folder = f"dossiers/{dossier.number}/pieces/ADM"
    assert [row["path"] for row in manifest["left_out"]] == [f"{folder}/{name}" for name in ("perdu.pdf", "virus.pdf", "attente.pdf")]
    assert all(row["reason"] for row in manifest["left_out"])
    assert [row["path"] for row in manifest["altered"]] == [f"{folder}/change.pdf"]
    assert book.read(f"{folder}/bon.pdf") == b"%PDF good"
    assert not [name for name in book.namelist() if "jamais" in name]
    assert good.sha256 in book.read("manifest.csv").decode("utf-8-sig")


def test_a_document_that_cannot_be_made_stops_nothing(client, decided, monkeypatch):
    def broken(*_args, **_values):
        raise ValueError("no paper")

    monkeypatch.setattr(exports_archive, "receipt_pdf", broken)
    _book, manifest = opened(taken(client, decided)[1])
    assert len(manifest["left_out"]) == 4
    assert len([entry for entry in manifest["entries"] if entry["path"].endswith("dossier-technique-fr.pdf")]) == 2


def test_drafts_of_people_at_work_are_not_in_it(client):
    call, (dossier,) = make.scored_call(3, people=1)
    assignment = make.accepted(dossier, make.user(Role.EVALUATOR))
    from_now = make.evaluations.save_draft(assignment=assignment, sheet=make.sheet(1), revision=0, actor=assignment.evaluator)
    book, _manifest = opened(taken(client, call)[1])
    rows = json.loads(book.read(f"dossiers/{dossier.number}/donnees/evaluation.json"))
    assert from_now.pk not in {row["id"] for row in rows} and len(rows) == 1


def test_taking_it_is_journaled_and_its_manifest_known(client, decided, tmp_path):
    person = make.user(Role.AUDITOR)
    _response, content = taken(client, decided, person)
    started, sealed, left = AuditEntry.objects.filter(action__startswith="call.archive").order_by("id")
    assert (left.action, left.actor, left.after) == ("call.archive_taken", person, sealed.after)
    assert (started.action, started.actor, started.object_id) == ("call.archived", person, str(decided.pk))
    assert sealed.after == sha256_hex(ZipFile(BytesIO(content)).read("MANIFEST.json"))
    path, out = tmp_path / "archive.zip", StringIO()
    path.write_bytes(content)
    call_command("verify_archive", str(path), stdout=out)
    assert "recorded in the journal" in out.getvalue()
    assert sealed.after in client.get(reverse("evaluation:call_archive", args=[decided.slug])).content.decode()


def test_one_byte_changed_is_named(client, decided, tmp_path):
    path = tmp_path / "archive.zip"
    path.write_bytes(taken(client, decided)[1])
    assert first_fault(path) == ""
    with ZipFile(path) as book:
        victim = next(name for name in book.namelist() if name.endswith("dossier-technique-fr.pdf"))
    content = bytearray(path.read_bytes())
    start = content.index(victim.encode()) + len(victim)
    at = content.index(b"%PDF", start) + 2
    content[at] ^= 1
    path.write_bytes(content)
    assert first_fault(path).startswith(f"{victim}: ")
    with pytest.raises(CommandError, match=victim):
        call_command("verify_archive", str(path))


def test_an_entry_replaced_removed_or_added_is_named(client, decided, tmp_path):
    content = taken(client, decided)[1]
    with ZipFile(BytesIO(content)) as book:
        entries = {name: book.read(name) for name in book.namelist()}

    def rebuilt(name, changes):
        path = tmp_path / name
        with ZipFile(path, "w") as book:
            for entry, data in (entries | changes).items():
                if data is not None:
                    book.writestr(entry, data)
        return first_fault(path)

    assert rebuilt("same.zip", {}) == ""
    assert rebuilt("replaced.zip", {"personnes.json": b"[]"}).startswith("personnes.json: 2 bytes instead of")
    same_length = bytes([entries["personnes.json"][0] ^ 1]) + entries["personnes.json"][1:]
    assert "SHA-256" in rebuilt("changed.zip", {"personnes.json": same_length})
    assert rebuilt("removed.zip", {"personnes.json": None}).startswith("personnes.json: named by the manifest")
    assert rebuilt("added.zip", {"x.txt": b"x"}).startswith("x.txt: in the archive and not named")
    assert rebuilt("no-manifest.zip", {"MANIFEST.json": None}).startswith("MANIFEST.json: the archive has no manifest")
    shutil.copy(__file__, tmp_path / "no.zip")
    assert "no readable ZIP" in first_fault(tmp_path / "no.zip")


def test_a_barred_head_finds_no_archive(client, decided):
    person = make.user(Role.DIVISION_HEAD)
    ConflictDeclaration.objects.create(
        evaluator=person, application=decided.applications.first(), interest="disqualifying", kind="family", text="x",
        status="confirmed", declared_at=make.NOON,
    )  # fmt: skip
    client.force_login(person)
    address = reverse("evaluation:call_archive", args=[decided.slug])
    assert [client.get(address).status_code, client.post(address).status_code] == [404, 404]
    assert not AuditEntry.objects.filter(action="call.archived").exists()
    assert not CallArchive.objects.exists()
    with TestCase.captureOnCommitCallbacks(execute=True):
        archive = service.ask(call=decided, actor=make.user(Role.DIVISION_HEAD), language="fr")
    assert client.get(address_of(archive)).status_code == 404
    assert address not in client.get(reverse("evaluation:dashboard", args=[decided.slug])).content.decode()


def test_files_pass_a_piece_at_a_time(settings):
    """The first bytes leave before the files are read, and no file is ever whole in memory."""
    call, size = make.call(), 8 * 1024 * 1024
    with_files(call, ("grand.pdf", b"%PDF" + bytes(size), {}))
    chunks = exports_archive.archive_of(
        call, user=make.user(Role.DIVISION_HEAD), now=clock.now(), language="fr", verify_url=str, at_end=lambda *_args: None
    )
    largest = max(len(chunk) for chunk in chunks)
    assert largest < size / 16


def test_every_table_of_a_dossier_or_call_leads_there():
    dossier = {model._meta.model_name: way for model, way in exports_records.tables_of_dossier()}
    assert dossier["score"] == "evaluation__assignment__application"
    assert {"decision", "consensusscore", "letter", "conflictdeclaration", "admissibilitycheck"} <= set(dossier)
    assert {"ranking", "grid", "vote", "minutes"} <= {model._meta.model_name for model, _way in exports_records.tables_of_call()}
