"""The pages as people use them: scoring with its conflicts and refusals, ranking, deliberation; and what each costs."""

from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from applications.models import Application, Document, DocumentRequirement
from clusters_portal.accounts.roles import Role
from clusters_portal.lib.canonical import canonical_json, sha256_hex
from evaluation.models import Assignment, ConflictDeclaration, Decision, Evaluation, Grid, Ranking
from evaluation.services import assignments, conflicts, evaluations, rankings
from evaluation.tests import factories as make
from evaluation.tests import session_builders as meet
from evaluation.tests.factories import CODES, LONG

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def call():
    created = make.call()
    make.adopted_grid(created)
    return created


@pytest.fixture
def evaluator(client):
    person = make.user(Role.EVALUATOR)
    client.force_login(person)
    return person


@pytest.fixture
def assignment(call, evaluator):
    return make.accepted(make.application(call), evaluator)


def sheet(mark="3", *, revision=0, action="save", why=LONG, **more):
    data = {"version": str(revision), "action": action, "confidence": "2", "strengths": "", "weaknesses": ""}
    for code in CODES:
        data |= {f"mark_{code}": mark, f"why_{code}": why}
    return data | more


def address(name, *args):
    return reverse(f"evaluation:{name}", args=args)


# The evaluator's list


def test_empty_list_says_what_will_be_here(client, evaluator):
    assert "No application to evaluate" in client.get(address("my_evaluations")).content.decode()


def test_list_shows_what_is_to_be_done(client, call, evaluator):
    officer = make.user(Role.CASE_OFFICER)
    to_declare, held, to_score, done = (make.application(call) for _ in range(4))
    for dossier in (to_declare, held):
        assignments.assign(application=dossier, evaluator=evaluator, actor=officer)
    conflicts.declare(application=held, interest="potential", kind="other", text="Met.", actor=evaluator)
    make.accepted(to_score, evaluator)
    make.submitted(make.accepted(done, evaluator), 3)
    work = client.get(address("my_evaluations")).context["work"]
    assert {row.application_id: (row.state, row.marked) for row in work.rows} == {
        to_declare.pk: ("declare", 0),
        held.pk: ("waiting", 0),
        to_score.pk: ("score", 0),
        done.pk: ("submitted", 10),
    }
    assert (work.submitted, work.total) == (1, 4)


# Declaring


def test_nothing_is_preselected_and_a_choice_is_needed(client, call, evaluator):
    dossier = make.application(call)
    assignments.assign(application=dossier, evaluator=evaluator, actor=make.user(Role.CASE_OFFICER))
    page = client.get(address("declare", dossier.pk))
    assert " checked" not in page.content.decode()
    assert client.post(address("declare", dossier.pk), {}).status_code == 422
    assert client.post(address("declare", dossier.pk), {"interest": "potential", "text": "Why not"}).status_code == 422
    assert not ConflictDeclaration.objects.exists()
    answer = client.post(address("declare", dossier.pk), {"interest": "none"})
    assert (answer.status_code, answer.headers["Location"]) == (302, address("evaluate", dossier.pk))


# Scoring


def test_nothing_is_preselected_on_the_sheet(client, assignment):
    page = client.get(address("evaluate", assignment.application_id))
    assert page.status_code == 200
    assert " checked" not in page.content.decode()
    assert [len(row.options) for row in page.context["rows"]] == [11] * 10
    assert not Evaluation.objects.exists()


def test_a_draft_is_saved_in_any_state_and_shown_again(client, assignment):
    answer = client.post(address("evaluate", assignment.application_id), sheet("", why="", mark_T1="3.5", strengths="Strong."))
    assert answer.status_code == 302
    stored = Evaluation.objects.get()
    assert {s.value for s in stored.scores.all()} == {None, Decimal("3.5")}
    page = client.get(address("evaluate", assignment.application_id))
    assert [o.value for row in page.context["rows"] for o in row.options if o.checked] == ["3.5"]
    assert (page.context["total"], page.context["marked"], page.context["revision"]) == (Decimal("7.00"), 1, 1)


def test_zero_is_a_mark_and_shown_as_chosen(client, assignment):
    client.post(address("evaluate", assignment.application_id), sheet("0"))
    page = client.get(address("evaluate", assignment.application_id))
    assert [o.value for row in page.context["rows"] for o in row.options if o.checked] == ["0"] * 10


@pytest.mark.parametrize("mark", ["3.3", "6", "-1", "abc", "NaN"])
def test_a_mark_off_the_scale_is_refused_with_nothing_lost(client, assignment, mark):
    answer = client.post(address("evaluate", assignment.application_id), sheet(mark_T1=mark, why_T2="Typed at length."))
    assert answer.status_code == 422
    assert "Typed at length." in answer.content.decode()
    assert not Evaluation.objects.exists()


@pytest.mark.parametrize("revision", ["0", "7", "", "x", "²", "9" * 40])
def test_a_stale_save_is_refused_keeping_what_was_typed(client, assignment, revision):
    client.post(address("evaluate", assignment.application_id), sheet("3"))
    answer = client.post(address("evaluate", assignment.application_id), sheet("4", revision=revision, strengths="Only in this tab."))
    assert answer.status_code == 409
    assert "Only in this tab." in answer.content.decode()
    assert answer.context["differing"][:2] == [
        {"label": "Strengths", "stored": "", "typed": "Only in this tab."},
        {"label": "T1", "stored": "3", "typed": "4"},
    ]
    assert {s.value for s in Evaluation.objects.get().scores.all()} == {Decimal("3.0")}
    kept = client.post(address("evaluate", assignment.application_id), sheet("4", revision=answer.context["revision"]))
    assert kept.status_code == 302
    assert {s.value for s in Evaluation.objects.get().scores.all()} == {Decimal("4.0")}


def test_an_incomplete_submission_is_saved_and_says_what_is_missing(client, assignment):
    answer = client.post(address("evaluate", assignment.application_id), sheet(action="submit", mark_T3="", why_Q1="Short", confidence=""))
    assert answer.status_code == 422
    assert [target for target, _sentence in answer.context["problems"]] == ["#criterion-T3", "#criterion-Q1", "#id_confidence_0"]
    stored = Evaluation.objects.get()
    assert (stored.status, stored.scores.filter(value=None).count(), answer.context["revision"]) == ("draft", 1, 1)
    done = client.post(address("evaluate", assignment.application_id), sheet(action="submit", revision=1))
    assert (done.status_code, done.headers["Location"]) == (302, address("sheet", stored.pk))


def test_a_submitted_sheet_is_read_back_and_no_longer_written(client, assignment):
    client.post(address("evaluate", assignment.application_id), sheet("4.5", action="submit"))
    stored = Evaluation.objects.get()
    page = client.get(address("sheet", stored.pk)).content.decode()
    assert "4,5" in page
    assert stored.receipt_sha256 in page
    answer = client.post(address("evaluate", assignment.application_id), sheet("1", revision=1))
    assert (answer.status_code, answer.headers["Location"]) == (302, address("sheet", stored.pk))
    assert {s.value for s in Evaluation.objects.get().scores.all()} == {Decimal("4.5")}


def test_the_total_is_computed_by_the_server_and_writes_nothing(client, assignment):
    answer = client.post(address("total", assignment.application_id), sheet("2.5", mark_T1="", mark_T2="9"))
    assert (answer.context["total"], answer.context["marked"]) == (Decimal("40.00"), 8)
    assert not Evaluation.objects.exists()
    assert not Grid.objects.get().is_locked


def test_scoring_closes_with_the_committee(client, assignment):
    Application.objects.filter(pk=assignment.application_id).update(status="in_committee")
    assert client.get(address("evaluate", assignment.application_id)).status_code == 403
    assert client.post(address("evaluate", assignment.application_id), sheet()).status_code == 403
    assert client.get(address("dossier", assignment.application_id)).status_code == 200


def test_without_a_grid_one_reads_but_cannot_score(client, evaluator):
    call = make.call()
    assignment = make.accepted(make.application(call), evaluator)
    assert "No scoring grid has been adopted" in client.get(address("evaluate", assignment.application_id)).content.decode()
    assert client.post(address("evaluate", assignment.application_id), sheet()).status_code == 409
    assert client.post(address("total", assignment.application_id), sheet()).status_code == 200
    assert not Evaluation.objects.exists()


# Files


@pytest.mark.parametrize("scan, status", [("not_scanned", 200), ("clean", 200), ("pending", 403), ("infected", 403)])
def test_files_of_the_deposit_are_attachments(client, call, evaluator, scan, status):
    dossier = make.application(call)
    make.accepted(dossier, evaluator)
    requirement = DocumentRequirement.objects.create(call=call, code="statutes", label_fr="Statuts", clause="5")
    common = {"application": dossier, "requirement": requirement, "size": 3, "content_type": "application/pdf", "sha256": "0" * 64}
    inside, outside = (
        Document.objects.create(
            **common,
            original_name="عقد.pdf",
            scan=scan,
            uploaded_by=dossier.created_by,
            uploaded_at=make.NOON,
            file=ContentFile(b"PDF", "x"),
        )
        for _ in range(2)
    )
    content = dossier.current_deposit.content | {
        "documents": [{"id": str(inside.pk), "requirement": "statutes", "label": "", "name": "عقد.pdf", "size": 3}]
    }
    text = canonical_json(content)
    last = dossier.current_deposit
    type(last).objects.create(
        application=dossier, sequence=2, number=dossier.number, received_at=make.NOON, deadline_at=last.deadline_at,
        deposited_by=last.deposited_by, snapshot=text, sha256=sha256_hex(text), name_fr="X",
    )  # fmt: skip
    answer = client.get(address("document", dossier.pk, inside.pk))
    assert answer.status_code == status
    if status == 200:
        assert b"".join(answer.streaming_content) == b"PDF"
        assert answer.headers["Content-Disposition"].startswith("attachment")
    assert client.get(address("document", dossier.pk, outside.pk)).status_code == 404
    page = client.get(address("dossier", dossier.pk))
    assert "عقد.pdf" in page.content.decode()
    assert page.context["piece_of"] == {str(inside.pk): "Statuts"}


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


def test_the_ranking_page_shows_the_run_the_tie_and_the_cut(client):
    call, dossiers = make.agreed_call(5, 3, 3, 1, places=3, people=1)
    client.force_login(make.user(Role.DIVISION_HEAD))
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
    assert refused.context["form"].errors.keys() == {"reasons_fact"}
    assert not Decision.objects.exists()
    for dossier, data in ((first, {"outcome": "selected", "adopted_rank": "1"}), (second, {"outcome": "not_selected", **make.REASONS})):
        meet.in_progress(dossier)
        assert client.post(address("decide", call.slug, dossier.pk), data).status_code == 302
    board = client.get(address("committee", call.slug))
    assert board.context["counts"] == {"decided": 2, "favourable": 1, "left": 0, "tied": 0, "all": 2}
    assert make.REASONS["reasons_fact"] in client.get(address("decide", call.slug, second.pk)).content.decode()
    again = client.post(address("decide", call.slug, first.pk), {"outcome": "not_selected", **make.REASONS})
    assert (again.status_code, Decision.objects.count()) == (422, 2)
    assert ranking.number == 1


@pytest.mark.parametrize(
    "data", [{}, {"outcome": "maybe"}, {"outcome": "selected", "adopted_rank": "-1"}, {"outcome": "selected", "adopted_rank": "first"}]
)
def test_a_bad_decision_is_refused(client, data):
    call, (dossier,), _ranking = make.call_before_committee(4, people=1)
    client.force_login(make.user(Role.COMMITTEE_CHAIR))
    assert client.post(address("decide", call.slug, dossier.pk), data).status_code == 422
    assert not Decision.objects.exists()


# Cost: the same number of queries with 1 and 30 rows


def counted(client, django_assert_max_num_queries, most, *urls):
    numbers = []
    for url in urls:
        with django_assert_max_num_queries(most) as queries:
            assert client.get(url).status_code == 200
        numbers.append(len(queries))
    return numbers


def many(rows, people):
    """A call with many dossiers, all submitted by the same people, built in bulk where nothing is tested."""
    call = make.call(min_evaluators=people)
    make.adopted_grid(call)
    panel = [make.user(Role.EVALUATOR) for _ in range(people)]
    dossiers = [make.application(call) for _ in range(rows)]
    for dossier in dossiers:
        for person in panel:
            make.submitted(make.accepted(dossier, person), 3)
    return call, dossiers, panel


def test_cost_of_the_evaluators_list(client, django_assert_max_num_queries):
    numbers = []
    for rows in (1, 30):
        _call, _dossiers, (person,) = many(rows=rows, people=1)
        client.force_login(person)
        numbers += counted(client, django_assert_max_num_queries, 10, address("my_evaluations"))
    assert numbers[0] == numbers[1]


def test_cost_of_matrix_ranking_and_committee(client, django_assert_max_num_queries):
    head, costs = make.user(Role.DIVISION_HEAD), []
    for rows in (1, 30):
        call, dossiers, _panel = many(rows=rows, people=1)
        client.force_login(head)
        matrix = counted(client, django_assert_max_num_queries, 10, address("call_assignments", call.slug))
        for dossier in dossiers:
            make.agreed(dossier)
        ranking = rankings.run(call=call, actor=head)
        shown = counted(client, django_assert_max_num_queries, 8, address("ranking", call.slug))
        client.post(address("submit_ranking", call.slug), {"number": ranking.number})
        board = counted(client, django_assert_max_num_queries, 10, address("committee", call.slug))
        costs.append((matrix, shown, board))
    assert costs[0] == costs[1]


def test_cost_of_scoring(client, assignment, django_assert_max_num_queries):
    url = address("evaluate", assignment.application_id)
    assert counted(client, django_assert_max_num_queries, 12, url)
    client.post(url, sheet())
    assert counted(client, django_assert_max_num_queries, 12, url)


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_pages_render_in_french_and_arabic(client, language):
    call, (dossier, _other), _ranking = make.call_before_committee(4, 3, people=1)
    client.cookies["portal_language"] = language
    client.force_login(make.user(Role.COMMITTEE_CHAIR))
    for url in (
        address("ranking", call.slug),
        address("committee", call.slug),
        address("decide", call.slug, dossier.pk),
        address("call_assignments", call.slug),
    ):
        page = client.get(url)
        assert page.status_code == 200
        assert f'lang="{language}"' in page.content.decode()
        assert "style=" not in page.content.decode()
