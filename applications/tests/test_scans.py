"""The virus scan of the pieces, by a real clamd: who waits, who may open what, what an infected file comes to."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from applications.models import Document
from applications.permissions import can_open
from applications.queries import closed_files
from applications.services.deposit import DepositRefused, deposit
from applications.services.documents import attach
from applications.services.scans import record_result, rescan_documents, scan_document
from clusters_portal.accounts.roles import Role
from clusters_portal.audit.models import AuditEntry
from clusters_portal.lib.clamd import Result
from clusters_portal.notifications.models import Notice, OutgoingMail
from tests.antivirus import EICAR, SIGNATURE, STREAM_LIMIT

from .builders import DECLARATION, filled_application
from .factories import add_editor, make_application, make_user, pdf_bytes, pdf_file
from .test_documents import download, piece, send

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
Scan = Document.Scan


def infected_file(name="virus.pdf") -> SimpleUploadedFile:
    """A PDF that opens like any other, with the test string behind its end."""
    return SimpleUploadedFile(name, pdf_bytes() + b"\n%" + EICAR + b"\n")


@pytest.fixture
def application(owner):
    return make_application(user=owner)


@pytest.fixture
def committing(django_capture_on_commit_callbacks):
    """``with committing():`` does at its end what follows a commit."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def away(settings):
    """An antivirus that is set and cannot be reached."""
    settings.CLAMD_URL = "unix:///nowhere/clamd.sock"


def link_to(document):
    return f'href="{reverse("applications:document_download", args=[document.pk])}"'


def scan_of(application):
    return application.documents.get(replaced_at=None).scan


def journalled():
    return list(AuditEntry.objects.filter(action="document.scanned").values_list("before", "after", "note"))


# --- What clamd says ----------------------------------------------------------------------------------------------------------
def test_without_an_antivirus_nothing_is_scanned(client, application, committing):
    with committing():
        send(client, application, infected_file())
    assert scan_of(application) == Scan.NOT_SCANNED and rescan_documents() == 0


def test_clean_file(clamd, client, application, committing):
    with committing():
        send(client, application, pdf_file())
        assert scan_of(application) == Scan.PENDING
    document = application.documents.get()
    assert (document.scan, document.scan_note) == (Scan.CLEAN, "") and document.scanned_at
    assert journalled() == [("pending", "clean", "")]


def test_infected_file_is_told_to_the_people_and_opened_by_nobody(clamd, client, application, owner, committing):
    editor = add_editor(application)
    with committing():
        send(client, application, infected_file("statuts.pdf"))
    document = application.documents.get()
    assert document.scan == Scan.INFECTED and SIGNATURE in document.scan_note
    assert journalled() == [("pending", "infected", document.scan_note)]
    notices = Notice.objects.filter(kind="document_infected")
    assert {notice.recipient for notice in notices} == {owner, editor}
    assert all("statuts.pdf" in notice.text and notice.url.endswith("#piece-ADM_RI") for notice in notices)
    assert sorted(OutgoingMail.objects.values_list("recipient", flat=True)) == sorted([owner.email, editor.email])
    answer = download(client, document)
    assert answer.status_code == 403 and "virus scan refused" in answer.content.decode()
    page = client.get(reverse("applications:step", args=[application.pk, "pieces"])).content.decode()
    assert "statuts.pdf" in page and link_to(document) not in page


def test_a_second_scan_of_the_same_file_does_nothing(clamd, client, application, committing):
    with committing():
        send(client, application, infected_file())
    document = application.documents.get()
    scan_document(str(document.pk))
    record_result(document=document, result=Result())
    document.refresh_from_db()
    assert document.scan == Scan.INFECTED
    assert (len(journalled()), Notice.objects.count()) == (1, 1)
    scan_document("00000000-0000-4000-8000-000000000000")


def test_file_over_the_limit_of_the_daemon_stays_pending(clamd, client, application, committing):
    with committing():
        send(client, application, SimpleUploadedFile("grand.pdf", pdf_bytes() + b"\n" + b"%" * (STREAM_LIMIT + 1)))
    document = application.documents.get()
    assert document.scan == Scan.PENDING and "clamd" in document.scan_note and journalled() == []
    assert rescan_documents() == 0
    assert scan_of(application) == Scan.PENDING


def test_file_lost_by_the_storage_stays_pending_and_stops_nobody_else(clamd, application, owner):
    lost = attach(application=application, requirement=piece(application), upload=pdf_file(), actor=owner)
    lost.file.storage.delete(lost.file.name)
    other = attach(application=application, requirement=piece(application, "OTHER"), upload=pdf_file("autre.pdf"), actor=owner)
    assert rescan_documents() == 1
    lost.refresh_from_db(), other.refresh_from_db()
    assert (lost.scan, other.scan) == (Scan.PENDING, Scan.CLEAN)


def test_daemon_stopped_then_back(clamd, client, application, committing):
    clamd.stop()
    try:
        with committing():
            assert send(client, application, pdf_file()).status_code == 302
        document = application.documents.get()
        assert document.scan == Scan.PENDING and "cannot be reached" in document.scan_note
        assert rescan_documents() == 0
    finally:
        clamd.start()
    assert rescan_documents() == 1
    assert scan_of(application) == Scan.CLEAN and application.documents.get().scan_note == ""


# --- The nightly scan ----------------------------------------------------------------------------------------------------------
def test_files_that_wait_come_before_clean_ones_and_the_oldest_scan_first(clamd, application, owner):
    names = ["un.pdf", "deux.pdf", "trois.pdf"]
    made = [attach(application=application, requirement=piece(application, "OTHER"), upload=pdf_file(n), actor=owner) for n in names]
    moment = made[0].uploaded_at
    Document.objects.filter(pk=made[0].pk).update(scan=Scan.CLEAN, scanned_at=moment)
    Document.objects.filter(pk=made[1].pk).update(scan=Scan.CLEAN, scanned_at=moment.replace(year=moment.year - 1))
    Document.objects.filter(pk=made[2].pk).update(scan=Scan.NOT_SCANNED)

    def scanned_since():
        return list(application.documents.filter(scanned_at__gt=moment).order_by("original_name").values_list("original_name", flat=True))

    rescan_documents(limit=1)
    assert scanned_since() == ["trois.pdf"]
    rescan_documents(limit=1)
    assert scanned_since() == ["deux.pdf", "trois.pdf"]


def test_clean_file_stays_clean_while_the_daemon_is_away(away, application, owner):
    made = attach(application=application, requirement=piece(application), upload=pdf_file(), actor=owner)
    Document.objects.filter(pk=made.pk).update(scan=Scan.CLEAN)
    assert rescan_documents() == 0
    assert scan_of(application) == Scan.CLEAN


def test_clean_file_that_a_new_signature_recognises(clamd, application, owner):
    made = attach(application=application, requirement=piece(application), upload=infected_file(), actor=owner)
    Document.objects.filter(pk=made.pk).update(scan=Scan.CLEAN)
    assert rescan_documents() == 1
    assert scan_of(application) == Scan.INFECTED and journalled()[0][:2] == ("clean", "infected")


def test_earlier_version_that_is_infected_troubles_nobody(clamd, application, owner):
    attach(application=application, requirement=piece(application), upload=infected_file(), actor=owner)
    attach(application=application, requirement=piece(application), upload=pdf_file("bon.pdf"), actor=owner)
    assert rescan_documents() == 2
    assert sorted(application.documents.values_list("scan", flat=True)) == ["clean", "infected"]
    assert not Notice.objects.exists()


# --- The deposit ---------------------------------------------------------------------------------------------------------------
def test_pending_files_do_not_keep_from_depositing_and_staff_wait(away, client, owner):
    application = filled_application(user=owner)
    deposit(application=application, declaration=DECLARATION, actor=owner)
    document = application.documents.first()
    assert document.scan == Scan.PENDING and download(client, document).status_code == 200
    officer = make_user(roles=[Role.CASE_OFFICER])
    client.force_login(officer)
    answer = download(client, document)
    assert answer.status_code == 403 and "Virus scan in progress" in answer.content.decode()
    page = client.get(reverse("applications:reading", args=[application.pk])).content.decode()
    assert document.original_name in page and link_to(document) not in page
    Document.objects.update(scan=Scan.CLEAN)
    assert download(client, document).status_code == 200
    assert link_to(document) in client.get(reverse("applications:reading", args=[application.pk])).content.decode()


def test_infected_file_forbids_the_deposit_until_it_is_replaced(clamd, owner):
    application = filled_application(user=owner)
    attach(application=application, requirement=piece(application), upload=infected_file(), actor=owner)
    rescan_documents()
    with pytest.raises(DepositRefused) as refused:
        deposit(application=application, declaration=DECLARATION, actor=owner)
    assert [(o.step, "virus.pdf" in o.sentence) for o in refused.value.obstacles] == [("pieces", True)]
    assert not application.deposits.exists()
    attach(application=application, requirement=piece(application), upload=pdf_file("sain.pdf"), actor=owner)
    deposit(application=application, declaration=DECLARATION, actor=owner)
    assert application.deposits.count() == 1


def test_optional_file_that_is_infected_forbids_the_deposit_too(owner):
    application = filled_application(user=owner)
    made = attach(application=application, requirement=piece(application, "OTHER"), upload=pdf_file("plus.pdf"), actor=owner)
    Document.objects.filter(pk=made.pk).update(scan=Scan.INFECTED)
    with pytest.raises(DepositRefused):
        deposit(application=application, declaration=DECLARATION, actor=owner)


def test_deposited_file_that_turns_infected_is_told_to_dptc_and_the_deposit_stays(clamd, client, owner):
    application = filled_application(user=owner)
    made = attach(application=application, requirement=piece(application), upload=infected_file("reglement.pdf"), actor=owner)
    Document.objects.filter(application=application).update(scan=Scan.CLEAN)
    officer, evaluator = make_user(roles=[Role.CASE_OFFICER]), make_user(roles=[Role.EVALUATOR])
    before = deposit(application=application, declaration=DECLARATION, actor=owner)
    rescan_documents()
    told = Notice.objects.filter(kind="deposited_document_infected")
    assert [notice.recipient for notice in told] == [officer] and "reglement.pdf" in told[0].text
    assert Notice.objects.filter(kind="document_infected", recipient=owner).count() == 1
    assert not Notice.objects.filter(recipient=evaluator).exists()
    application.refresh_from_db()
    assert application.current_deposit.sha256 == before.sha256 and str(made.pk) in application.current_deposit.snapshot
    client.force_login(officer)
    assert download(client, made).status_code == 403


# --- Who may open what ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("scan", "with_antivirus", "own", "other"),
    [
        ("not_scanned", False, True, True), ("not_scanned", True, True, False), ("pending", False, True, False),
        ("pending", True, True, False), ("clean", True, True, True), ("clean", False, True, True),
        ("infected", True, False, False), ("infected", False, False, False),
    ],
)  # fmt: skip
def test_can_open(application, owner, settings, scan, with_antivirus, own, other):
    settings.CLAMD_URL = "tcp://127.0.0.1:3310" if with_antivirus else ""
    document = attach(application=application, requirement=piece(application), upload=pdf_file(), actor=owner)
    Document.objects.update(scan=scan)
    document.refresh_from_db()
    officer = make_user(roles=[Role.CASE_OFFICER])
    verdicts = can_open(owner, document), can_open(officer, document)
    assert tuple(map(bool, verdicts)) == (own, other)
    assert [bool(verdict.reason) for verdict in verdicts] == [not own, not other]
    listed = [{"id": str(document.pk)}]
    assert closed_files(officer, application, listed) == ({} if other else {str(document.pk): verdicts[1].reason})


def test_page_asks_again_while_a_scan_goes_on_and_no_longer(away, client, application):
    send(client, application, pdf_file())
    address = reverse("applications:piece_files", args=[application.pk, "ADM_RI"])
    assert f'hx-get="{address}?essai=1"' in client.get(reverse("applications:step", args=[application.pk, "pieces"])).content.decode()
    assert f'hx-get="{address}?essai=8"' in client.get(address, {"essai": 7}).content.decode()
    assert "hx-get" not in client.get(address, {"essai": 60}).content.decode()
    Document.objects.update(scan=Scan.CLEAN)
    text = client.get(address, {"essai": 1}).content.decode()
    assert "hx-get" not in text and "Virus scan: clean" in text
