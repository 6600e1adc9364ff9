"""Assignments, ranking and decisions, page by page."""

import pytest

from clusters_portal.accounts.roles import Role
from clusters_portal.lib.canonical import sha256_hex
from evaluation.models import Assignment, ConflictDeclaration, Decision, Ranking
from evaluation.services import assignments, conflicts, evaluations
from evaluation.templatetags.scoring import thresholds
from evaluation.tests import factories as make
from evaluation.tests import session_builders as meet
from evaluation.tests.pages.helpers import address

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


# Assignments


def test_assigning_by_hand_removing_and_all_read_all(client, call):
    client.force_login(make.user(Role.CASE_OFFICER))
    dossier, person, other = make.application(call), make.user(Role.EVALUATOR), make.user(Role.EVALUATOR)
    client.post(address("assign", call.slug), {"application": dossier.pk, "evaluator": person.pk})
    assignment = Assignment.objects.get()
    assert (assignment.evaluator, assignment.status) == (person, "proposed")
    client.post(address("release", call.slug, assignment.pk))
    assignment.refresh_from_db()
    assert assignment.status == "released"
    client.post(address("assign_all", call.slug))
    assert list(Assignment.objects.filter(status="proposed").values_list("evaluator", flat=True)) == [other.pk]


def test_the_matrix_says_who_is_recused_instead_of_offering_them(client, call):
    head = make.user(Role.DIVISION_HEAD)
    dossier, barred, held, free = make.application(call), *(make.user(Role.EVALUATOR) for _ in range(3))
    facts = {"application": dossier, "source": "detected", "kind": "other", "text": "x", "actor": head}
    conflicts.record(evaluator=barred, interest="disqualifying", **facts)
    conflicts.record(evaluator=held, interest="potential", **facts)
    client.force_login(head)
    page = client.get(address("call_assignments", call.slug))
    ((_dossier, cells),) = page.context["rows"]
    assert {cell.evaluator: cell.label for cell in cells} == {barred: "Recused", held: "Ruling awaited", free: ""}
    pairs = [f"{dossier.pk}:{person.pk}" in page.content.decode() for person in (barred, held, free)]
    assert pairs == [False, False, True]


@pytest.mark.parametrize(
    "data", [{}, {"application": "x", "evaluator": "y"}, {"application": "00000000-0000-4000-8000-000000000000", "evaluator": "1"}]
)
def test_a_bad_assignment_says_so(client, call, data):
    client.force_login(make.user(Role.CASE_OFFICER))
    answer = client.post(address("assign", call.slug), data, follow=True)
    assert "Choose an application and an evaluator." in answer.content.decode()
    assert not Assignment.objects.exists()


def test_ruling_on_an_interest(client, call, evaluator):
    dossier = make.application(call)
    assignments.assign(application=dossier, evaluator=evaluator, actor=make.user(Role.CASE_OFFICER))
    declaration = conflicts.declare(application=dossier, interest="potential", kind="other", text="Met.", actor=evaluator)
    client.force_login(make.user(Role.DIVISION_HEAD))
    assert client.post(address("rule", call.slug, declaration.pk), {"ruling": "lift"}).status_code == 422
    assert client.post(address("rule", call.slug, declaration.pk), {"ruling": "lift", "reason": "Remote."}).status_code == 302
    declaration.refresh_from_db()
    assert declaration.status == "lifted"
    assert client.get(address("rule", call.slug, declaration.pk)).status_code == 404


# Ranking and committee


def test_an_incomplete_ranking_lists_what_is_missing_and_writes_nothing(client):
    call, (dossier,) = make.scored_call(3, people=3)
    evaluations.reopen(evaluation=dossier.assignments.first().evaluations.get(), reason="Error.", actor=make.user(Role.DIVISION_HEAD))
    client.force_login(make.user(Role.DIVISION_HEAD))
    answer = client.post(address("run_ranking", call.slug))
    assert answer.status_code == 409
    assert f"{dossier.number} has 2 submitted evaluations out of the 3 required." in answer.content.decode()
    assert not Ranking.objects.exists()
    # No button for what would be refused.
    assert f'action="{address("run_ranking", call.slug)}"' not in client.get(address("ranking", call.slug)).content.decode()


def test_the_ranking_page_shows_the_run_the_tie_and_the_cut(client):
    call, dossiers = make.agreed_call(5, 3, 3, 1, places=3, people=1)
    client.force_login(make.user(Role.DIVISION_HEAD))
    assert f'action="{address("run_ranking", call.slug)}"' in client.get(address("ranking", call.slug)).content.decode()
    client.post(address("run_ranking", call.slug))
    page = client.get(address("ranking", call.slug))
    assert [line.rank for line in page.context["lines"]] == [1, 2, 2, 4]
    bars = page.context["bars"]
    assert bars.bars[2].y < bars.cut_y < bars.bars[3].y
    assert [bracket.rank for bracket in bars.brackets] == [2]
    assert "dashed line" in page.content.decode()
    assert "A tie must be broken" not in page.content.decode()
    assert Ranking.objects.get().sha256 in page.content.decode()
    assert client.get(address("ranking_run", call.slug, 2)).status_code == 404
    document = client.get(address("ranking_document", call.slug, 1)).content
    assert sha256_hex(document) == Ranking.objects.get().sha256
    assert len(dossiers) == 4


def test_a_tie_across_the_line_is_announced(client):
    call, _dossiers, _ranking = make.call_before_committee(5, 3, 3, places=2, people=1)
    client.force_login(make.user(Role.COMMITTEE_CHAIR))
    assert "A tie must be broken" in client.get(address("ranking", call.slug)).content.decode()
    assert "A tie must be broken" in client.get(address("committee", call.slug)).content.decode()
    ranked = client.get(address("ranking", call.slug))
    assert ranked.context["bars"].cut_y is None
    assert ("dashed line" in ranked.content.decode(), "A bracket joins equals." in ranked.content.decode()) == (False, True)


def test_the_ranking_page_says_what_separated_equals_and_names_the_thresholds(client):
    call, (first, second), _run = make.ranked_call((4,) * 5 + (2,) * 5, (2,) * 5 + (4,) * 5)
    client.force_login(make.user(Role.DIVISION_HEAD))
    page = client.get(address("ranking", call.slug))
    step = "The higher score on the technical block."
    assert (page.context["ladder"], page.content.decode().count(step)) == ({first.pk: [step], second.pk: [step]}, 2)
    assert thresholds("T1 total") == "T1, weighted score"


def test_a_tie_is_no_longer_announced_once_it_is_broken(client):
    call, (_best, one, other), _ranking = make.call_before_committee(5, 3, 3, places=2, people=1)
    chair = make.user(Role.COMMITTEE_CHAIR)
    client.force_login(chair)
    meet.elect(one)
    meet.decide(application=one, outcome="selected", adopted_rank=2, tie_break_reason="Region without a cluster.", actor=chair)
    assert "A tie must be broken" in client.get(address("committee", call.slug)).content.decode()
    reasons = make.REASONS | {"tie_break_reason": "Region already covered."}
    meet.decide(application=other, outcome="waiting_list", adopted_rank=3, actor=chair, **reasons)
    page = client.get(address("committee", call.slug)).content.decode()
    assert ("A tie must be broken" in page, "to be decided" in page, "Ex æquo" in page) == (False, False, True)


def test_bringing_before_the_committee_and_deciding(client):
    call, (first, second), ranking = make.ranked_call(4, 3, places=1, people=1)
    client.force_login(make.user(Role.DIVISION_HEAD))
    for number in ("9", "x", ""):
        assert client.post(address("submit_ranking", call.slug), {"number": number}).status_code == 404
    assert client.post(address("submit_ranking", call.slug), {"number": "1"}).headers["Location"] == address("committee", call.slug)
    chair = make.user(Role.COMMITTEE_CHAIR)
    client.force_login(chair)
    meet.in_progress(second)
    refused = client.post(address("decide", call.slug, second.pk), {"outcome": "not_selected", "reasons_fact": "Weak partnership."})
    assert refused.status_code == 422
    assert "Weak partnership." in refused.content.decode()
    assert refused.context["form"].errors.keys() == {"reasons_law"}
    assert not Decision.objects.exists()
    for dossier, data in ((first, {"outcome": "selected", "adopted_rank": "1"}), (second, {"outcome": "not_selected", **make.REASONS})):
        meet.in_progress(dossier)
        assert client.post(address("decide", call.slug, dossier.pk), data).status_code == 302
    board = client.get(address("committee", call.slug))
    assert board.context["counts"] == {"decided": 2, "favourable": 1, "left": 0, "tied": 0, "all": 2}
    assert make.REASONS["reasons_fact"] in client.get(address("decide", call.slug, second.pk)).content.decode()
    again = client.post(address("decide", call.slug, first.pk), {"outcome": "not_selected", **make.REASONS})
    assert (again.status_code, Decision.objects.count()) == (409, 2)
    # What a recused person cannot download is not offered to them.
    shortlist = address("shortlist", call.slug, "xlsx")
    assert shortlist in board.content.decode()
    ConflictDeclaration.objects.create(
        application=second, evaluator=chair, interest="disqualifying", kind="family", text="x", status="confirmed", declared_at=make.NOON
    )
    assert shortlist not in client.get(address("committee", call.slug)).content.decode()
    assert ranking.number == 1


@pytest.mark.parametrize(
    "data", [{}, {"outcome": "maybe"}, {"outcome": "selected", "adopted_rank": "-1"}, {"outcome": "selected", "adopted_rank": "first"}]
)
def test_a_bad_decision_is_refused(client, data):
    call, (dossier,), _ranking = make.call_before_committee(4, people=1)
    client.force_login(make.user(Role.COMMITTEE_CHAIR))
    assert client.post(address("decide", call.slug, dossier.pk), data).status_code == 422
    assert not Decision.objects.exists()
