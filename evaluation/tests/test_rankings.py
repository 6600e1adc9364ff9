import json
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from applications.models import Application
from clusters_portal.accounts.roles import Role
from clusters_portal.audit.models import AppendOnlyError
from clusters_portal.lib.canonical import sha256_hex
from evaluation import queries
from evaluation.models import Ranking, RankingLine
from evaluation.rules.completeness import IncompleteRanking
from evaluation.services import assignments, committee, conflicts, evaluations, rankings
from evaluation.services.refusals import Refused
from evaluation.tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def head():
    return make.user(Role.DIVISION_HEAD)


def sentences(call, head):
    with pytest.raises(IncompleteRanking) as refusal:
        rankings.run(call=call, actor=head)
    assert not Ranking.objects.exists()
    with translation.override("en"):
        assert rankings.what_is_missing(call) == refusal.value.sentences()
        return refusal.value.sentences()


def test_a_run_is_stored_with_lines_and_hash(head):
    call, dossiers = make.agreed_call(2, 4.5, 3)
    ranking = rankings.run(call=call, actor=head)
    low, high, middle = dossiers
    lines = list(ranking.lines.values_list("application", "rank", "total", "exact_total", "technical", "qualitative"))
    assert lines == [
        (high.pk, 1, Decimal("90.00"), "90/1", Decimal("45.00"), Decimal("45.00")),
        (middle.pk, 2, Decimal("60.00"), "60/1", Decimal("30.00"), Decimal("30.00")),
        (low.pk, 3, Decimal("40.00"), "40/1", Decimal("20.00"), Decimal("20.00")),
    ]
    assert ranking.sha256 == sha256_hex(queries.document_of(ranking))
    assert (ranking.number, ranking.code_version, len(ranking.code_version)) == (1, rankings.code_version(), 64)


def differing(call, *marks):
    """A dossier whose evaluators give these marks, one each."""
    dossier = make.application(call)
    for mark in marks:
        make.submitted(make.accepted(dossier, make.user(Role.EVALUATOR)), mark)
    return dossier


def test_the_agreed_marks_are_official_and_give_one_decimal(head):
    call = make.call()
    make.adopted_grid(call)
    dossier = differing(call, 3, 3.5, 4.5)
    make.agreed(dossier, 3.5, 3.5, 3.5, 3.5, 4, 3.5, 3.5, 3.5, 3.5, 3)
    ranking = rankings.run(call=call, actor=head)
    # 8 × 3.5 + 4 + 3 = 35 points of 50: 70.0; the mean of the evaluations would be 73.33.
    line, stored = ranking.lines.get(), json.loads(ranking.inputs)
    assert (line.exact_total, line.total, line.decimals) == ("70/1", Decimal("70.00"), 1)
    assert (stored["format"], stored["dossiers"][0]["agreed"]["T5"], len(stored["dossiers"][0]["evaluations"])) == (2, 8, 3)
    assert stored["dossiers"][0]["report"] == f"{dossier.consensus.pk}.1"


def test_a_run_freezes_the_reports_and_runs_again_on_them(head):
    call, (dossier,) = make.agreed_call(3)
    rankings.run(call=call, actor=head)
    dossier.consensus.refresh_from_db()
    assert dossier.consensus.status == "frozen"
    assert rankings.run(call=call, actor=head).number == 2


def test_a_disagreement_ranks_on_the_marks_of_the_majority(head):
    call, (dossier,) = make.scored_call(3)
    make.agreed(dossier, 3, dissenting=1)
    assert rankings.run(call=call, actor=head).lines.get().exact_total == "60/1"


def test_refuses_without_a_closed_consensus_and_says_which(head):
    call, (first, second, third) = make.scored_call(3, 4, 5)
    make.agreed(first)
    make.asked(second)
    assert sentences(call, head) == [
        f"{second.number}: its consensus is neither validated nor recorded as a disagreement.",
        f"{third.number}: its consensus has not been opened yet.",
    ]
    assert set(type(first.consensus).objects.values_list("status", flat=True)) == {"validated", "approving"}


def test_refuses_a_consensus_whose_evaluators_changed(head):
    call, (dossier,) = make.scored_call(3, people=4)
    type(call).objects.filter(pk=call.pk).update(min_evaluators=3)
    call.refresh_from_db()
    make.agreed(dossier)
    person = dossier.assignments.first().evaluator
    conflicts.declare(application=dossier, interest="disqualifying", kind="other", text="Found later.", actor=person)
    assert sentences(call, head) == [f"{dossier.number}: its evaluations changed since its consensus was closed; reopen the consensus."]


def test_running_again_gives_the_same_bytes_and_another_run(head):
    call, _dossiers = make.agreed_call(2, 4.5, 3, 3)
    first, second = (rankings.run(call=call, actor=head) for _ in range(2))
    assert (second.number, second.inputs, second.result, second.sha256) == (2, first.inputs, first.result, first.sha256)
    assert rankings.reproduce(first) == queries.document_of(first)


def test_a_changed_run_no_longer_matches_its_hash(head):
    _call, _dossiers, ranking = make.ranked_call(2, 4.5)
    changed = ranking.result.replace('"rank":1', '"rank":2')
    assert rankings.reproduce(ranking) != queries.sealed_document(ranking.inputs, changed, ranking.code_version)


def test_runs_and_lines_are_never_changed_or_deleted():
    _call, _dossiers, ranking = make.ranked_call(2)
    for act in (
        ranking.save,
        ranking.delete,
        Ranking.objects.all().delete,
        ranking.lines.all().delete,
        lambda: Ranking.objects.update(sha256="x"),
    ):
        with pytest.raises(AppendOnlyError):
            act()
    assert Ranking.objects.get().sha256 == ranking.sha256


def test_ex_aequo_and_tie_across_the_last_place():
    call, dossiers, ranking = make.ranked_call(4, 3, 3, 1, places=2)
    by_rank = sorted(ranking.lines.values_list("rank", "ex_aequo"))
    assert by_rank == [(1, False), (2, True), (2, True), (4, False)]
    tie = json.loads(ranking.result)["tie_to_break"]
    assert (tie["rank"], tie["seats"], set(tie["group"])) == (2, 1, {str(dossiers[1].pk), str(dossiers[2].pk)})


def test_coverage_reads_region_and_sector_of_the_deposit(head):
    call = make.call(places=2)
    make.adopted_grid(call)
    people = [make.user(Role.EVALUATOR) for _ in range(3)]
    facts = [(5, "MA-06", "C"), (3, "MA-06", "C"), (3, "MA-10", "D")]
    dossiers = []
    for mark, region, sector in facts:
        dossier = make.application(call, region=region, sector=sector)
        dossiers.append(dossier)
        for person in people:
            make.submitted(make.accepted(dossier, person), mark)
        make.agreed(dossier)
    ranking = rankings.run(call=call, actor=head)
    assert list(ranking.lines.values_list("application", "rank")) == [(dossiers[0].pk, 1), (dossiers[2].pk, 2), (dossiers[1].pk, 3)]
    assert [s["step"] for s in json.loads(ranking.result)["tie_steps"]] == ["coverage"]


def test_thresholds_of_the_grid_are_applied(head):
    call, dossiers = make.agreed_call(2, 4)
    call.grids.update(threshold_total=50)
    ranking = rankings.run(call=call, actor=head)
    assert list(ranking.lines.values_list("application", "rank", "missed")) == [(dossiers[1].pk, 1, ""), (dossiers[0].pk, None, "total")]


# Refusals


def test_refuses_without_a_grid_or_without_dossiers(head):
    call = make.call()
    with pytest.raises(Refused):
        rankings.run(call=call, actor=head)
    make.adopted_grid(call)
    assert sentences(call, head) == ["No dossier is under evaluation in this call."]


def test_refuses_and_names_everything_missing(head):
    call, (_complete,) = make.agreed_call(3)
    short, undecided = make.application(call), make.application(call, status="deposited")
    waiting, doubtful = make.user(Role.EVALUATOR, name="Waiting"), make.user(Role.EVALUATOR, name="Doubtful")
    make.accepted(short, waiting)
    assignments.assign(application=short, evaluator=doubtful, actor=head)
    conflicts.declare(application=short, interest="potential", kind="other", text="Met.", actor=doubtful)
    assert sentences(call, head) == [
        f"{short.number}: Person Waiting has not submitted an evaluation yet.",
        f"{short.number} has 0 submitted evaluations out of the 3 required.",
        f"{short.number}: the interest declared by Person Doubtful has not been ruled on.",
        f"{undecided.number}: its admissibility has not been decided yet.",
    ]


def test_a_reopened_evaluation_counts_as_not_submitted(head):
    call, (dossier,) = make.scored_call(3)
    evaluation = dossier.assignments.first().evaluations.get()
    evaluations.reopen(evaluation=evaluation, reason="Error.", actor=head)
    assert len(sentences(call, head)) == 2


def test_a_recused_evaluators_marks_no_longer_count(head):
    call, (dossier,) = make.scored_call(3)
    person = dossier.assignments.first().evaluator
    conflicts.declare(application=dossier, interest="disqualifying", kind="other", text="Found later.", actor=person)
    assert sentences(call, head) == [f"{dossier.number} has 2 submitted evaluations out of the 3 required."]


def test_inadmissible_and_withdrawn_dossiers_are_not_asked_for(head):
    call, dossiers = make.agreed_call(3)
    make.application(call, status="inadmissible")
    make.application(call, status="withdrawn")
    assert rankings.run(call=call, actor=head).lines.count() == 1


def test_no_run_once_before_the_committee(head):
    call, _dossiers, _ranking = make.call_before_committee(3, 4)
    with pytest.raises(Refused):
        rankings.run(call=call, actor=head)
    assert Ranking.objects.count() == 1


# To the committee


def test_submission_moves_every_dossier(head):
    call, dossiers, ranking = make.ranked_call(3, 4)
    assert committee.submit_to_committee(ranking=ranking, actor=head) == 2
    assert set(Application.objects.filter(call=call).values_list("status", flat=True)) == {"in_committee"}
    with pytest.raises(Refused):
        committee.submit_to_committee(ranking=ranking, actor=head)


def test_only_the_last_run_and_only_if_marks_are_still_the_same(head):
    call, (dossier, other), first = make.ranked_call(3, 4)
    second = rankings.run(call=call, actor=head)
    with pytest.raises(Refused) as refusal:
        committee.submit_to_committee(ranking=first, actor=head)
    assert refusal.value.code == "not_last"
    assignment = dossier.assignments.first()
    evaluations.reopen(evaluation=assignment.evaluations.get(), reason="Error.", actor=head)
    with pytest.raises(Refused) as refusal:
        committee.submit_to_committee(ranking=second, actor=head)
    assert refusal.value.code == "stale"
    evaluations.save_draft(assignment=assignment, sheet=make.sheet(5), revision=0, actor=assignment.evaluator)
    evaluations.submit(assignment=assignment, revision=1, actor=assignment.evaluator)
    with pytest.raises(Refused):
        committee.submit_to_committee(ranking=second, actor=head)
    dossier.refresh_from_db()
    assert dossier.status == "under_evaluation"


# Reading


def test_lines_are_numbered_again_for_someone_barred(head):
    call, dossiers, ranking = make.ranked_call(5, 4, 4, 2)
    barred = dossiers[0]
    person = make.user(Role.EVALUATOR, Role.COMMITTEE_MEMBER)
    assignment = assignments.assign(application=barred, evaluator=person, actor=head)
    conflicts.declare(application=barred, interest="disqualifying", kind="other", text="x", actor=person)
    assert [(line.application_id in {d.pk for d in dossiers[1:3]}, line.shown_rank) for line in queries.VisibleLines(person, ranking)] == [
        (True, 1),
        (True, 1),
        (False, 3),
    ]
    assert [line.shown_rank for line in queries.VisibleLines(head, ranking)] == [1, 2, 2, 4]
    assert assignment.application_id == barred.pk


# Constraints


@pytest.mark.parametrize(
    "changes, name",
    [
        ({"rank": None}, "ranking_line_below_threshold_has_no_rank"),
        ({"missed": "T1"}, "ranking_line_below_threshold_has_no_rank"),
        ({"rank": 0}, "ranking_line_rank_from_1"),
        ({"total": Decimal("100.01")}, "ranking_line_total_0_to_100"),
    ],
)
def test_line_constraints(changes, name):
    call, (_d,), ranking = make.ranked_call(3)
    other = make.application(call)
    values = {"position": 2, "rank": 2, "total": 3, "exact_total": "3/1", "technical": 1, "qualitative": 2, "missed": ""} | changes
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        RankingLine.objects.create(ranking=ranking, application=other, **values)


def test_ranking_constraints(head):
    call, (dossier,), ranking = make.ranked_call(3)
    fields = {
        "call": call,
        "grid": ranking.grid,
        "created_at": make.NOON,
        "created_by": head,
        "code_version": "x",
        "inputs": "x",
        "result": "x",
        "sha256": "x",
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        Ranking.objects.create(number=1, **fields)
    with pytest.raises(IntegrityError, match="ranking_is_complete"), transaction.atomic():
        Ranking.objects.create(number=2, **fields | {"inputs": ""})
    with pytest.raises(IntegrityError), transaction.atomic():
        RankingLine.objects.create(
            ranking=ranking, application=dossier, position=9, rank=1, total=3, exact_total="3/1", technical=1, qualitative=2
        )


@pytest.mark.parametrize(("exact", "shown"), [("91/1", ""), ("183/2", ""), ("457/5", ""), ("190/3", "190/3"), ("365/4", "365/4")])
def test_a_fraction_is_shown_only_where_a_decimal_would_cut_it(exact, shown):
    assert RankingLine(exact_total=exact).cut_from == shown
