"""The pages of the counter: finding a dossier anyhow, recording, the sheet, the lists, and who may open what."""

from datetime import timedelta

import pytest
from django.urls import reverse

from applications.filters import received_by
from applications.models import PaperDeposit
from applications.pdf.papers import fingerprint_of
from applications.queries.counter import found_at_counter
from applications.rules.numbers import matches, normalised
from applications.services.counter import RegisterEntry, decide_late
from applications.tests.builders import deposited_application
from applications.tests.factories import hand_in, make_application, make_call, make_user
from applications.tests.staff_fixtures import copies
from clusters_portal.accounts.roles import Role
from clusters_portal.lib import clock

from .counter.helpers import after, entered_later

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
GOOD = {"copies": "3", "all_pages_signed": "yes", "fingerprint_matches": "yes", "is_sealed": "yes", "depositor_name": "Salma Bennis"}


@pytest.fixture
def application():
    return deposited_application(call=make_call(prefix="CL-2026"), user=make_user())[0]


@pytest.fixture
def agent(client):
    user = make_user(roles=[Role.COUNTER_AGENT])
    client.force_login(user)
    return user


def record_address(application):
    return reverse("applications:counter_record", args=[application.pk])


# --- Finding ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "typed",
    [
        "CL-2026-0007",
        "cl-2026-0007",
        " cl 2026 0007 ",
        "CL–2026–0007",
        "CL20260007",
        "7",
        "0007",
        "2026-7",
        "٧",
        "https://p.example/verifier/CL-2026-0007/",
    ],
)
def test_a_number_is_understood_however_it_is_typed(typed):
    assert matches(typed, "CL-2026-0007")


@pytest.mark.parametrize("typed", ["", " ", "8", "CL-2026-0070", "CL-2025-0007", "2025 7", "Atlas 7", "-", "/verifier//"])
def test_another_number_is_not(typed):
    assert not matches(typed, "CL-2026-0007")


def test_a_scan_is_the_number_of_its_address():
    assert normalised("https://portail.example/verifier/cl-2026-0007/?x=1") == "CL-2026-0007"


@pytest.mark.parametrize(
    "typed", ["1", "cl-2026-0001", "https://testserver/verifier/CL-2026-0001/", "fil atlas", "FIL-ATLAS", "techniques cluster"]
)
def test_one_match_opens_at_once(application, agent, client, typed):
    response = client.get(reverse("applications:counter"), {"q": typed})
    assert response["Location"] == record_address(application)


def test_accents_do_not_matter(application, agent):
    other = copies(application, ["CL-2026-0044"], name_fr="Pôle Électronique Souss")[0]
    assert [deposit.application_id for deposit in found_at_counter(received_by(agent), "pole electronique")] == [other.pk]


def test_several_matches_are_listed_and_none_is_said(application, agent, client):
    copies(application, ["CL-2026-0002", "CL-2026-0003"])
    response = client.get(reverse("applications:counter"), {"q": "association"})
    assert [deposit.number for deposit, _state in response.context["found"]] == ["CL-2026-0002", "CL-2026-0003"]
    assert client.get(reverse("applications:counter"), {"q": "inconnu"}).context["found"] == []


def test_a_draft_is_never_found(agent, client):
    make_application(name="Cluster Secret")
    assert client.get(reverse("applications:counter"), {"q": "secret"}).context["found"] == []


def test_an_acknowledgement_is_found_by_its_number(application, agent, client):
    paper = hand_in(application)
    response = client.get(reverse("applications:counter"), {"q": paper.receipt_number.lower()})
    assert response["Location"] == reverse("applications:acknowledgement", args=[paper.receipt_number])


def test_today_and_the_calls_are_counted(application, agent, client):
    other = copies(application, ["CL-2026-0002"])[0]
    hand_in(application)
    context = client.get(reverse("applications:counter")).context
    assert ([paper.application_id for paper in context["papers"]], context["late"]) == ([application.pk], 0)
    line = context["calls"][0]
    assert (line["total"], line["received"], line["missing"]) == (2, 1, 1)
    assert other.pk != application.pk


def test_an_online_only_call_is_not_at_the_counter(agent, client):
    deposited_application(call=make_call(deposit_mode="online_only"), user=make_user())
    assert client.get(reverse("applications:counter")).context["calls"] == []


@pytest.mark.parametrize("rows", [1, 30])
def test_cost_does_not_grow_with_rows(application, agent, client, rows, django_assert_max_num_queries):
    for each in [application, *copies(application, [f"CL-2026-{n:04d}" for n in range(10, 9 + rows)])]:
        hand_in(each, agent=agent)
    with django_assert_max_num_queries(12):
        client.get(reverse("applications:counter"), {"q": "a"})


# --- Recording ----------------------------------------------------------------------------------------------------
def test_recording_leads_to_the_acknowledgement_and_a_second_click_to_the_same(application, agent, client):
    page = client.get(record_address(application))
    assert page.context["short"] == fingerprint_of(application.current_deposit.content)[:16]
    first, second = (client.post(record_address(application), GOOD) for _click in range(2))
    paper = PaperDeposit.objects.get()
    assert first["Location"] == second["Location"] == reverse("applications:acknowledgement", args=[paper.receipt_number])
    assert (paper.agent, paper.copies, paper.depositor_name) == (agent, 3, "Salma Bennis")


@pytest.mark.parametrize("missing", ["copies", "all_pages_signed", "fingerprint_matches", "is_sealed", "depositor_name"])
def test_every_question_is_answered(application, agent, client, missing):
    response = client.post(record_address(application), {**GOOD, missing: ""})
    assert (response.status_code, list(response.context["form"].errors)) == (422, [missing])
    assert not PaperDeposit.objects.exists()


def test_a_line_of_the_register_is_whole_or_absent(application, agent, client):
    response = client.post(record_address(application), {**GOOD, "register_day": "20/11/2026"})
    assert sorted(response.context["form"].errors) == ["register_number", "register_time"]
    assert response.context["form"].register_is_open


def test_auditor_is_told_and_applicant_finds_nothing(application, client):
    client.force_login(make_user(roles=[Role.AUDITOR]))
    assert client.get(record_address(application)).status_code == 403
    client.force_login(application.created_by)
    assert client.get(record_address(application)).status_code == 404
    assert client.get(reverse("applications:counter")).status_code == 404


def test_countersigning_from_the_page(client):
    with clock.set_to(clock.now() - timedelta(hours=2)):
        application, _deposit = deposited_application(call=make_call(prefix="CL-2026"), user=make_user())
    author = make_user(roles=[Role.COUNTER_AGENT])
    paper = entered_later(application, author)
    address = reverse("applications:countersign", args=[paper.receipt_number])
    client.force_login(author)
    assert client.post(address).status_code == 403
    client.force_login(make_user(roles=[Role.COUNTER_AGENT]))
    assert client.get(reverse("applications:counter")).context["to_countersign"] == [paper]
    assert client.post(address).status_code == 302
    assert client.get(reverse("applications:counter")).context["to_countersign"] == []


def test_late_decision_from_the_page(application, client):
    with after(application, 60):
        paper = hand_in(application)
    address = reverse("applications:late_decision", args=[paper.receipt_number])
    client.force_login(make_user(roles=[Role.CASE_OFFICER]))
    assert client.get(address).status_code == 403
    client.force_login(make_user(roles=[Role.DIVISION_HEAD]))
    refused = client.post(address, {"accepted": "yes", "reason": ""})
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["reason"])
    assert client.post(address, {"accepted": "no", "reason": "Sans motif."}).status_code == 302
    paper.refresh_from_db()
    assert paper.late_decision.accepted is False


# --- The sheet ----------------------------------------------------------------------------------------------------
def test_sheet_is_for_those_who_read_the_dossier(application, client):
    paper = hand_in(application)
    address = reverse("applications:acknowledgement_pdf", args=[application.pk, paper.receipt_number])
    for user, status in ((application.created_by, 200), (make_user(roles=[Role.AUDITOR]), 200), (make_user(), 404)):
        client.force_login(user)
        assert client.get(address).status_code == status


def test_an_entry_to_countersign_is_not_given_to_the_association(client):
    with clock.set_to(clock.now() - timedelta(hours=2)):
        application, _deposit = deposited_application(call=make_call(), user=make_user())
    paper = hand_in(application, register=RegisterEntry("4", clock.now() - timedelta(minutes=9)))
    client.force_login(application.created_by)
    assert client.get(reverse("applications:acknowledgement_pdf", args=[application.pk, paper.receipt_number])).status_code == 404


# --- Lists --------------------------------------------------------------------------------------------------------
def test_work_list_filters_by_the_state_of_the_paper(application, client):
    head = make_user(roles=[Role.DIVISION_HEAD])
    missing, accepted, refused, waiting = copies(application, [f"CL-2026-000{n}" for n in (2, 3, 4, 5)])
    hand_in(application)
    with after(application, 5):
        papers = [hand_in(each) for each in (accepted, refused, waiting)]
    decide_late(paper=papers[0], accepted=True, reason="x", actor=head)
    decide_late(paper=papers[1], accepted=False, reason="x", actor=head)
    client.force_login(head)
    expected = {"received": application, "missing": missing, "late_accepted": accepted, "late_refused": refused, "late_waiting": waiting}
    for code, only in expected.items():
        rows = client.get(reverse("applications:worklist"), {"paper": code}).context["rows"]
        assert [(row.deposit.application_id, row.paper.code) for row in rows] == [(only.pk, code)], code
    assert client.get(reverse("applications:reading", args=[waiting.pk])).context["paper"].code == "late_waiting"
