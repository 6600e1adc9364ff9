"""Files brought without an online application: opened, numbered and acknowledged at the counter; scanned and frozen later."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from applications.models import Application, Deposit, PaperDeposit
from applications.queries import paper_state
from applications.services.admissibility import proposals
from applications.services.counter import Checklist, CounterRefused
from applications.services.documents import attach
from applications.services.drafts import DraftRefused
from applications.services.walk_in import Contact, freeze_scans, lock_scans, open_walk_in
from applications.tests.builders import deposited_application
from applications.tests.factories import make_application, make_call, make_user, pdf_file
from clusters_portal.accounts.roles import Role
from clusters_portal.lib import clock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
CHECKLIST = Checklist(copies=3, depositor_name="Rachid Alami", all_pages_signed=True, is_sealed=True)


@pytest.fixture
def call():
    return make_call(prefix="CL-2026")


@pytest.fixture
def agent():
    return make_user(roles=[Role.COUNTER_AGENT])


def brought(call, agent, *, name="Cluster Atlas Bois", pk=None, **further):
    contact = Contact(name_fr=name, name_ar="قطب الأطلس", contact_name="Rachid Alami", contact_email="r@atlas.example")
    return open_walk_in(pk=pk or uuid.uuid4(), call=call, contact=contact, checklist=CHECKLIST, actor=agent, **further)


def test_it_gets_both_numbers_and_a_frozen_deposit(call, agent):
    deposited_application(call=call, user=make_user())
    paper = brought(call, agent)
    application = paper.application
    application.refresh_from_db()
    assert (application.number, application.status, paper.receipt_number) == ("CL-2026-0002", "deposited", "CL-2026-AR-0001")
    deposit = application.current_deposit
    assert (deposit.kind, deposit.sequence, deposit.name_fr, deposit.name_ar) == ("paper", 1, "Cluster Atlas Bois", "قطب الأطلس")
    content = deposit.content
    online = Deposit.objects.get(number="CL-2026-0001").content
    assert set(online) <= set(content)
    assert content["deposited_by"] == {"name": "Rachid Alami", "email": "r@atlas.example"}
    assert "accepted_at" not in content["declaration"]
    assert not application.collaborators.exists()
    assert paper_state(application).code == "received"


def test_the_same_form_twice_makes_one_dossier(call, agent):
    pk = uuid.uuid4()
    assert brought(call, agent, pk=pk) == brought(call, agent, pk=pk)
    assert (Application.objects.count(), Deposit.objects.count(), PaperDeposit.objects.count()) == (1, 1, 1)


def test_late_is_recorded_late(call, agent):
    with clock.set_to(call.deadline_at + timedelta(seconds=1)):
        paper = brought(call, agent)
    assert paper.is_late
    assert paper_state(paper.application).code == "late_waiting"


@pytest.mark.parametrize("columns", [{"deposit_mode": "online_only"}, {"published_at": None}])
def test_refused_where_paper_is_not_taken(agent, columns):
    with pytest.raises(CounterRefused):
        brought(make_call(**columns), agent)
    assert not Application.objects.exists()


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.EVALUATOR, Role.ADMINISTRATOR])
def test_refused_to_others(call, role):
    with pytest.raises(CounterRefused):
        brought(call, make_user(roles=[role]))
    assert not Application.objects.exists()


def test_a_draft_of_that_name_is_not_shown(call, agent):
    make_application(call=call, name="Cluster Atlas Bois")
    assert brought(call, agent).receipt_number == "CL-2026-AR-0001"


def test_a_deposit_of_that_name_is_shown_and_another_association_said(call, agent):
    brought(call, agent)
    with pytest.raises(CounterRefused) as refused:
        brought(call, agent, name="CLUSTER  Atlas-Bois")
    assert list(refused.value.errors) == ["is_another"]
    assert "CL-2026-0001" in refused.value.errors["is_another"]
    brought(call, agent, name="CLUSTER  Atlas-Bois", is_another=True)
    assert Application.objects.count() == 2


# --- Scans --------------------------------------------------------------------------------------------------------
def scanned(application, agent, code="ADM_STATUTS"):
    requirement = application.call.document_requirements.get(code=code)
    return attach(application=application, requirement=requirement, upload=pdf_file(f"{code}.pdf", 2), actor=agent, lock=lock_scans)


def test_scans_are_frozen_in_a_further_deposit_of_the_same_paper_file(call, agent):
    paper = brought(call, agent)
    application = Application.objects.get(pk=paper.application_id)
    scanned(application, agent)
    made = freeze_scans(application=application, actor=agent)
    assert (made.kind, made.sequence, made.number, made.received_at) == ("paper", 2, "CL-2026-0001", paper.received_at)
    assert [document["requirement"] for document in made.content["documents"]] == ["ADM_STATUTS"]
    assert freeze_scans(application=Application.objects.get(pk=application.pk), actor=agent) == made
    application = Application.objects.get(pk=application.pk)
    assert paper_state(application).code == "received"
    found = {line.item: line.finding for line in proposals(application.current_deposit)}
    assert (found["piece:ADM_STATUTS"], found["piece:ADM_RI"], found["paper:deposit"]) == ("conforming", "non_conforming", "conforming")


def test_only_files_brought_without_an_application_are_scanned(call, agent):
    application, _deposit = deposited_application(call=call, user=make_user())
    with pytest.raises(DraftRefused):
        scanned(application, agent)
    with pytest.raises(DraftRefused):
        freeze_scans(application=application, actor=agent)
    assert application.deposits.count() == 1


# --- Pages --------------------------------------------------------------------------------------------------------
def data_of(**changes):
    return {
        "pk": str(uuid.uuid4()), "name_fr": "Cluster Atlas Bois", "contact_name": "Rachid Alami", "copies": "2", "all_pages_signed": "no",
        "is_sealed": "yes", "depositor_name": "Rachid Alami", **changes,
    }  # fmt: skip


def test_page_opens_the_dossier_and_leads_to_the_acknowledgement(call, agent, client):
    client.force_login(agent)
    address = reverse("applications:walk_in", args=[call.slug])
    assert client.get(address).status_code == 200
    response = client.post(address, data_of())
    paper = PaperDeposit.objects.get()
    assert response["Location"] == reverse("applications:acknowledgement", args=[paper.receipt_number])
    assert (paper.copies, paper.all_pages_signed, paper.fingerprint_matches) == (2, False, None)
    assert client.get(response["Location"]).status_code == 200
    for name in ("reading", "scan", "counter_record", "receipt_pdf", "admissibility"):
        args = [paper.application_id, "fr"] if name == "receipt_pdf" else [paper.application_id]
        assert client.get(reverse(f"applications:{name}", args=args)).status_code in (200, 403), name


def test_page_shows_the_deposit_of_that_name(call, agent, client):
    paper = brought(call, agent)
    client.force_login(agent)
    response = client.post(reverse("applications:walk_in", args=[call.slug]), data_of())
    assert response.status_code == 409
    assert [twin.application_id for twin in response.context["twins"]] == [paper.application_id]
    assert response.context["form"]["contact_name"].value() == "Rachid Alami"


def test_page_of_an_online_only_call_says_why(agent, client):
    client.force_login(agent)
    response = client.get(reverse("applications:walk_in", args=[make_call(deposit_mode="online_only").slug]))
    assert response.status_code == 403
    assert "online only" in response.content.decode()


def test_scans_sent_and_frozen_from_their_page(call, agent, client):
    client.force_login(agent)
    paper = brought(call, agent)
    pk = paper.application_id
    address = reverse("applications:scan_upload", args=[pk, "ADM_RI"])
    assert client.post(address, {}).status_code == 422
    assert client.post(address, {"file": pdf_file("reglement.pdf")}).status_code == 302
    assert client.get(reverse("applications:scan", args=[pk])).context["waiting"] == 1
    assert client.post(reverse("applications:scan_freeze", args=[pk])).status_code == 302
    assert Deposit.objects.filter(application=pk).count() == 2
    assert client.get(reverse("applications:reading", args=[pk])).status_code == 200
    again = client.post(reverse("applications:scan_freeze", args=[pk]))
    assert again.url == reverse("applications:scan", args=[pk])  # nothing was waiting: said so, where the next scan is sent
    assert Deposit.objects.filter(application=pk).count() == 2
