"""The paper register and its second signature; what the counter found as a line of recevabilité."""

from datetime import timedelta

import pytest

from applications.models import Countersignature, PaperDeposit
from applications.queries import paper_state, paper_states
from applications.services.admissibility import AdmissibilityRefused, proposals
from applications.services.counter import CounterRefused, RegisterEntry, countersign, decide_late
from applications.tests.builders import deposited_application
from applications.tests.counter.helpers import after, at, entered_later, late, written
from applications.tests.factories import close, declare_admissible, hand_in, make_call, make_user, propose_check
from applications.tests.staff_fixtures import copies
from clusters_portal.accounts.roles import Role
from clusters_portal.lib import clock
from clusters_portal.notifications.models import Notice

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def earlier(call):
    """Deposited two hours ago: the paper register may say something of it."""
    with at(clock.now() - timedelta(hours=2)):
        return deposited_application(call=call, user=make_user())[0]


def test_register_entry_counts_once_a_second_agent_has_countersigned(earlier, agent):
    before = Notice.objects.count()
    paper = entered_later(earlier, agent)
    assert (paper.entered_at - paper.received_at) == timedelta(minutes=30) or paper.entered_at > paper.received_at
    assert (paper_state(earlier).code, Notice.objects.count()) == ("unconfirmed", before)
    countersign(paper=paper, actor=make_user(roles=[Role.CASE_OFFICER]))
    assert paper_state(earlier).code == "received"
    assert Notice.objects.count() == before + 1


def test_register_entry_is_not_countersigned_by_its_author_nor_twice(earlier, agent):
    paper = entered_later(earlier, agent)
    before = written()
    with pytest.raises(CounterRefused, match="second agent"):
        countersign(paper=paper, actor=agent)
    with pytest.raises(CounterRefused):
        countersign(paper=paper, actor=make_user(roles=[Role.AUDITOR]))
    assert written() == before
    countersign(paper=paper, actor=make_user(roles=[Role.COUNTER_AGENT]))
    with pytest.raises(CounterRefused):
        countersign(paper=paper, actor=make_user(roles=[Role.COUNTER_AGENT]))
    assert Countersignature.objects.count() == 1


def test_register_moment_decides_whether_it_is_late(earlier, agent):
    with after(earlier, 3600):
        entry = RegisterEntry("7", earlier.call.deadline_at - timedelta(minutes=1))
        assert hand_in(earlier, agent=agent, register=entry).is_late is False


@pytest.mark.parametrize("minutes", [-5, 60 * 24 * 12, 180])
def test_register_moment_that_cannot_be_is_refused(earlier, agent, minutes):
    """Still to come; before the call opened; before the online deposit."""
    with pytest.raises(CounterRefused) as refused:
        entered_later(earlier, agent, minutes=minutes)
    assert list(refused.value.errors) == ["register_day"]
    assert PaperDeposit.objects.count() == 0


def test_a_line_of_the_register_is_entered_once(earlier, agent):
    other = copies(earlier, ["CL-2026-0009"])[0]
    first = entered_later(earlier, agent)
    assert entered_later(earlier, agent) == first
    with pytest.raises(CounterRefused) as refused:
        entered_later(other, agent)
    assert list(refused.value.errors) == ["register_number"]


def test_a_file_recorded_meanwhile_leaves_the_register_entry_without_effect(earlier, agent):
    entry = entered_later(earlier, agent)
    direct = hand_in(earlier)
    with pytest.raises(CounterRefused):
        countersign(paper=entry, actor=make_user(roles=[Role.COUNTER_AGENT]))
    assert paper_state(earlier).paper == direct != entry


def line_of(application):
    return next(line for line in proposals(application.current_deposit) if line.item == "paper:deposit")


@pytest.mark.parametrize(
    ("found", "finding"),
    [
        ({}, "conforming"),
        ({"is_sealed": False}, "conforming"),
        ({"copies": 2}, "non_conforming"),
        ({"all_pages_signed": False}, "non_conforming"),
        ({"fingerprint_matches": False}, "non_conforming"),
    ],
)
def test_the_line_of_recevabilite_says_what_the_counter_found(application, found, finding):
    hand_in(application, **found)
    assert line_of(application).finding == finding


def test_without_paper_the_line_is_not_conforming_and_can_be_overridden_with_a_reason(application):
    close(application.call)
    application.refresh_from_db()
    assert line_of(application).finding == "non_conforming"
    declare_admissible(application, findings={"paper:deposit": ("conforming", "Reçu par porteur, pièce jointe au registre.")})
    application.refresh_from_db()
    assert application.status == "admissible"


def test_recevabilite_waits_for_the_decision_on_a_late_file(application, head):
    paper = late(application)
    with after(application, 600):
        with pytest.raises(AdmissibilityRefused) as refused:
            propose_check(application, outcome="inadmissible", reasons_fact="x", reasons_law="y")
        assert list(refused.value.errors) == ["paper:deposit"]
        decide_late(paper=paper, accepted=False, reason="x", actor=head)
        with pytest.raises(AdmissibilityRefused):
            propose_check(application, findings={"paper:deposit": ("conforming", "Tout de même.")})
        application.refresh_from_db()
        assert application.status == "deposited"


def test_late_and_accepted_is_conforming(application, head):
    decide_late(paper=late(application), accepted=True, reason="x", actor=head)
    assert line_of(application).finding == "conforming"


def test_a_call_without_paper_has_no_such_line():
    application, _deposit = deposited_application(call=make_call(deposit_mode="online_only"), user=make_user())
    assert "paper:deposit" not in {line.item for line in proposals(application.current_deposit)}


def test_states_of_many_dossiers_cost_one_query(application, django_assert_num_queries):
    many = [application, *copies(application, [f"CL-2026-{n:04d}" for n in range(10, 40)])]
    for each in many[:5]:
        hand_in(each)
    with django_assert_num_queries(1):
        codes = [state.code for state in paper_states(many).values()]
    assert codes == ["received"] * 5 + ["missing"] * 26
