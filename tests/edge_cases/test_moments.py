"""X9, X10, X18 and X19: the second of the deadline, the counter after it, a president replaced, a deadline extended."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from applications.models import Application, Deposit, Officer, PaperDeposit
from applications.tests.builders import inputs_of
from applications.tests.factories import make_call, make_user
from clusters_portal.accounts.roles import Role
from clusters_portal.audit.models import AuditEntry
from clusters_portal.lib import clock

from .dossiers import address, declare, filled, read

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
CLOSING = datetime(2026, 7, 28, 14, 0, 0, tzinfo=UTC)  # 15:00 in Casablanca, then at +01
SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def call():
    return make_call(prefix="CL-2026", published_at=CLOSING - 60 * DAY, opens_at=CLOSING - 60 * DAY, deadline_at=CLOSING)


@pytest.fixture
def application(call, owner):
    with clock.set_to(CLOSING - DAY):
        return filled(owner, call=call)


def signed_in(*roles):
    """A browser of somebody of DPTC."""
    browser = Client()
    browser.cookies["portal_language"] = "en"
    browser.force_login(make_user(roles=roles))
    return browser


def fresh(application):
    return Application.objects.get(pk=application.pk)


@pytest.mark.parametrize(("offset", "shown"), [(-SECOND, "14:59"), (timedelta(0), "15:00")])
def test_x09_until_the_last_second_the_deposit_is_taken(client, application, offset, shown):
    with clock.set_to(CLOSING + offset):
        page = client.get(declare(client, application)["Location"])
    assert page.status_code == 200
    said = read(page)
    assert "CL-2026-0001" in said and f"28 July 2026 at {shown}, Morocco time (GMT+1)" in said
    assert f'<time datetime="{(CLOSING + offset).isoformat()}">' in page.content.decode()
    assert fresh(application).deposited_at == CLOSING + offset


def test_x09_one_second_later_it_is_refused_kept_as_evidence_and_the_draft_stays(client, application):
    with clock.set_to(CLOSING + SECOND):
        page = declare(client, application)
        assert page.status_code == 409
        sentence = "The call closed on 28 July 2026 at 15:00, Morocco time (GMT+1). Your draft is kept, but it can no longer be submitted."
        assert sentence in read(page)
        assert client.get(address("task_list", application)).status_code == 200
    assert (fresh(application).status, fresh(application).number, Deposit.objects.count()) == ("draft", None, 0)
    entry = AuditEntry.objects.get(action="application.deposit_refused")
    assert entry.data == {"received_at": (CLOSING + SECOND).isoformat(), "codes": ["closed"]}


CHECKLIST = {"seen": "1", "copies": "3", "all_pages_signed": "yes", "fingerprint_matches": "yes", "is_sealed": "yes"}


@pytest.fixture
def late_paper(client, application):
    """Online at 14:50, at the counter at 15:05."""
    with clock.set_to(CLOSING - 10 * MINUTE):
        declare(client, application)
    agent = signed_in(Role.COUNTER_AGENT)
    with clock.set_to(CLOSING + 5 * MINUTE):
        answer = agent.post(address("counter_record", application), {**CHECKLIST, "depositor_name": "Salma Bennis"})
        assert answer.status_code == 302
        sheet = read(agent.get(answer["Location"]))
    assert "CL-2026-AR-0001" in sheet and "28 July 2026 at 15:05" in sheet and "late" in sheet.lower()
    return PaperDeposit.objects.get()


def test_x10_a_late_paper_file_waits_for_a_reasoned_human_decision(client, application, late_paper):
    assert late_paper.is_late and fresh(application).deposited_at == CLOSING - 10 * MINUTE
    officer, head = signed_in(Role.CASE_OFFICER), signed_in(Role.DIVISION_HEAD)
    decision = reverse("applications:late_decision", args=[late_paper.receipt_number])
    with clock.set_to(CLOSING + 30 * MINUTE):
        line = "Received on 28 July 2026 at 15:05, Morocco time (GMT+1), acknowledgement CL-2026-AR-0001."
        waiting = f"{line} The paper file was received late: the head of division decides first."
        assert waiting in read(officer.get(address("admissibility", application)))
        assert officer.post(decision, {"accepted": "yes", "reason": "Accident."}).status_code == 403
        assert head.post(decision, {"accepted": "yes", "reason": " "}).status_code == 422
        assert not hasattr(PaperDeposit.objects.get(), "late_decision")
        head.post(decision, {"accepted": "yes", "reason": "Route coupée, constat de la gendarmerie."})
        made = PaperDeposit.objects.get().late_decision
        assert (made.accepted, made.reason) == (True, "Route coupée, constat de la gendarmerie.")
        settled = read(officer.get(address("admissibility", application)))
        assert f"{line} Received late and accepted by the head of division." in settled
    receipt = read(client.get(address("receipt", application)))
    assert "CL-2026-AR-0001" in receipt and "28 July 2026 at 15:05" in receipt
    assert fresh(application).status == "deposited"


def president_replaced(application):
    Officer.objects.filter(application=application, function="president").update(first_name="Leïla", last_name="Sefrioui")
    application.step_states.filter(slug="identite").update(saved_at=clock.now())


@pytest.mark.parametrize("withdrawn_first", [False, True], ids=["re-deposit", "withdraw-then-deposit"])
def test_x18_a_president_replaced_after_the_deposit_declares_anew(client, owner, withdrawn_first):
    application = filled(owner)
    declare(client, application)
    president_replaced(application)
    if withdrawn_first:
        client.post(address("withdraw", application), {"confirm": "on", "seen": "1"})
        assert fresh(application).status == "withdrawn"
    page = client.get(address("declare", application))
    form = page.context["form"]
    assert (form["first_name"].value(), form["last_name"].value()) == ("Leïla", "Sefrioui")
    assert not form["accept"].value()
    unsigned = declare(client, application, accept="", first_name="Leïla", last_name="Sefrioui", replaces="1")
    assert list(unsigned.context["form"].errors) == ["accept"] and Deposit.objects.count() == 1
    declare(client, application, first_name="Leïla", last_name="Sefrioui", replaces="1")
    first, second = Deposit.objects.order_by("sequence")
    assert [made.content["declaration"]["last_name"] for made in (first, second)] == ["Tahiri", "Sefrioui"]
    assert second.content["declaration"]["accepted_at"] == second.content["received_at"] != first.content["received_at"]
    assert (second.number, fresh(application).status) == (first.number, "deposited")


def test_x19_a_deadline_extended_leaves_the_deposit_valid_and_replaceable(client, call, application):
    with clock.set_to(CLOSING - DAY):
        declare(client, application)
    first, head = Deposit.objects.get(), signed_in(Role.DIVISION_HEAD)
    extension = {"day": "04/08/2026", "time": "15h00", "reason_fr": "À la demande des régions."}
    with clock.set_to(CLOSING - 2 * MINUTE):
        head.post(reverse("applications:call_extend", args=[call.slug]), extension)
        call.refresh_from_db()
        assert call.deadline_at == CLOSING + 7 * DAY
        assert fresh(application).current_deposit == first and "CL-2026-0001" in read(client.get(address("receipt", application)))
    with clock.set_to(CLOSING + DAY):
        typed = {**inputs_of("b-hydrogene")["start-up"], "startups-preparation": "Autre accompagnement", "version": "1"}
        assert client.post(address("step", application, "start-up"), typed).status_code == 302
        assert declare(client, application, replaces="1").status_code == 302
        second = Deposit.objects.get(sequence=2)
        assert (second.number, second.deadline_at, second.received_at) == (first.number, CLOSING + 7 * DAY, CLOSING + DAY)
        client.post(address("withdraw", application), {"confirm": "on", "seen": "2"})
        assert fresh(application).status == "withdrawn"
