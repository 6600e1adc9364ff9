"""The counter: numbering, the checklist kept as found, late files, the paper register, and one acknowledgement whatever one clicks."""

from datetime import timedelta

import pytest

from applications.models import Deposit, LateDecision, PaperDeposit
from applications.queries import paper_state, reservations
from applications.services.counter import CounterRefused, RegisterEntry, decide_late
from applications.services.deposit import deposit
from applications.services.drafts import save_step
from applications.services.withdrawal import withdraw
from applications.steps import STEPS_BY_SLUG
from applications.tests.builders import DECLARATION, deposited_application, inputs_of
from applications.tests.counter.helpers import after, at, late, written
from applications.tests.factories import hand_in, make_call, make_user
from applications.tests.staff_fixtures import copies
from clusters_portal.accounts.roles import Role
from clusters_portal.audit.models import AppendOnlyError, AuditEntry
from clusters_portal.lib import clock
from clusters_portal.notifications.models import Notice, OutgoingMail

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def again(application):
    """The association deposits once more, changed."""
    user = application.created_by
    step = STEPS_BY_SLUG["territoire"]
    data = {**inputs_of()["territoire"]}
    name = next(name for name, value in data.items() if isinstance(value, str) and len(value) > 60)
    save_step(application=application, step=step, data={**data, name: f"{data[name]} Précisé."}, actor=user)
    return deposit(application=application, declaration=DECLARATION, actor=user)


# --- Numbering ----------------------------------------------------------------------------------------------------
def test_acknowledgements_are_numbered_in_their_call_without_gap(application):
    others = copies(application, ["CL-2026-0002", "CL-2026-0003"])
    numbers = [hand_in(each).receipt_number for each in (application, *others)]
    assert numbers == ["CL-2026-AR-0001", "CL-2026-AR-0002", "CL-2026-AR-0003"]


def test_a_refusal_takes_no_number(application):
    with pytest.raises(CounterRefused):
        hand_in(application, register=RegisterEntry("12", clock.now() + timedelta(hours=1)))
    assert hand_in(application).receipt_number == "CL-2026-AR-0001"


def test_record_keeps_what_was_found_and_when(application, agent):
    moment = clock.now().replace(microsecond=0)
    with at(moment):
        paper = hand_in(application, agent=agent, copies=2, all_pages_signed=False, remarks="Chemise bleue.")
    paper.refresh_from_db()
    assert (paper.received_at, paper.entered_at, paper.is_late) == (moment, moment, False)
    assert (paper.copies, paper.copies_required, paper.all_pages_signed, paper.agent) == (2, 3, False, agent)
    assert paper.deposit == application.current_deposit
    assert reservations(paper) == ["2 copies received, 3 asked for.", "Not all pages are signed and stamped."]
    entry = AuditEntry.objects.get(action="paper.received")
    assert (entry.object_id, entry.after, entry.actor) == (str(application.pk), "CL-2026-AR-0001", agent)


def test_everything_in_order_has_no_reservation(application):
    assert reservations(hand_in(application)) == []


def test_the_second_click_gets_the_same_acknowledgement(application):
    first = hand_in(application)
    before = written()
    assert hand_in(application, copies=1) == first
    assert written() == before


def test_acknowledgement_is_never_changed(application):
    paper = hand_in(application)
    paper.copies = 5
    with pytest.raises(AppendOnlyError):
        paper.save()


def test_people_of_the_dossier_are_told(application):
    before = Notice.objects.count()
    hand_in(application)
    told = Notice.objects.order_by("pk")[before:]
    assert [(notice.recipient, notice.kind) for notice in told] == [(application.created_by, "paper_received")]
    assert "CL-2026-AR-0001" in OutgoingMail.objects.latest("pk").body


# --- Deadline -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("seconds", "is_late"), [(-1, False), (0, False), (0.9, False), (1, True)])
def test_the_deadline_counts_to_the_second(application, seconds, is_late):
    with after(application, seconds):
        assert hand_in(application).is_late is is_late


def test_late_file_waits_for_the_head_of_division(application, head):
    paper = late(application)
    assert paper_state(application).code == "late_waiting"
    decide_late(paper=paper, accepted=True, reason="Accident sur la route, constaté.", actor=head)
    state = paper_state(application)
    assert (state.code, state.is_accepted) == ("late_accepted", True)
    assert LateDecision.objects.get().reason == "Accident sur la route, constaté."
    assert Notice.objects.filter(recipient=application.created_by, kind="late_decided").count() == 1
    assert "Accident" in OutgoingMail.objects.latest("pk").body


def test_late_file_refused(application, head):
    decide_late(paper=late(application), accepted=False, reason="Aucun empêchement.", actor=head)
    assert paper_state(application).code == "late_refused"


@pytest.mark.parametrize("role", [Role.COUNTER_AGENT, Role.CASE_OFFICER, Role.AUDITOR, Role.ADMINISTRATOR])
def test_nobody_else_decides_on_a_late_file(application, role):
    paper = late(application)
    before = written()
    with pytest.raises(CounterRefused):
        decide_late(paper=paper, accepted=True, reason="x", actor=make_user(roles=[role]))
    assert written() == before


def test_late_decision_needs_a_reason_and_is_taken_once(application, head):
    paper = late(application)
    with pytest.raises(CounterRefused) as refused:
        decide_late(paper=paper, accepted=True, reason="  ", actor=head)
    assert list(refused.value.errors) == ["reason"]
    decide_late(paper=paper, accepted=True, reason="x", actor=head)
    before = written()
    with pytest.raises(CounterRefused):
        decide_late(paper=paper, accepted=False, reason="y", actor=head)
    assert written() == before


def test_a_file_in_time_is_not_decided_upon(application, head):
    with pytest.raises(CounterRefused):
        decide_late(paper=hand_in(application), accepted=True, reason="x", actor=head)


# --- Which deposit ------------------------------------------------------------------------------------------------
def test_a_newer_online_deposit_needs_a_new_paper_file(application):
    first = hand_in(application)
    newer = again(application)
    assert newer.sequence == 2
    assert paper_state(application).code == "missing"
    second = hand_in(application)
    assert (second.deposit, second.receipt_number) == (newer, "CL-2026-AR-0002")
    assert paper_state(application).paper == second != first


def test_the_answer_to_a_complement_needs_no_paper(application):
    paper = hand_in(application)
    old = application.current_deposit
    Deposit.objects.create(
        application=application, sequence=2, kind=Deposit.Kind.COMPLEMENT, number=old.number, received_at=old.received_at,
        deadline_at=old.deadline_at, deposited_by=old.deposited_by, snapshot=old.snapshot, sha256=old.sha256, name_fr=old.name_fr,
    )  # fmt: skip
    assert paper_state(application).paper == paper


def test_a_checklist_filled_against_a_former_deposit_is_refused(application, client, agent):
    client.force_login(agent)
    again(application)
    data = {"seen": 1, "copies": 3, "all_pages_signed": "yes", "fingerprint_matches": "yes", "is_sealed": "yes", "depositor_name": "S"}
    response = client.post(f"/guichet/{application.pk}/", data)
    assert response.status_code == 409
    assert PaperDeposit.objects.count() == 0
    form = response.context["form"]
    assert (form["seen"].value(), form["fingerprint_matches"].value(), form["copies"].value()) == ("2", "", "3")


def test_nothing_is_received_for_a_withdrawn_dossier(application):
    withdraw(application=application, actor=application.created_by, reason="x")
    with pytest.raises(CounterRefused):
        hand_in(application)
    assert PaperDeposit.objects.count() == 0


def test_nothing_is_received_where_the_call_is_online_only():
    application, _deposit = deposited_application(call=make_call(deposit_mode="online_only"), user=make_user())
    with pytest.raises(CounterRefused, match="no paper file"):
        hand_in(application)
    assert paper_state(application).code == "not_asked"
