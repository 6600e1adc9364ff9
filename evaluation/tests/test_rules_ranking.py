import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from clusters_portal.lib.canonical import canonical_json
from evaluation.rules import completeness, record, ties
from evaluation.rules.completeness import IncompleteRanking
from evaluation.rules.ranking import TieToBreak, rank
from evaluation.tests.rule_builders import NO_COVERAGE, dossier, grid, marks, ranks, small_grid, terms


def one(name, *values, **facts):
    """A dossier with a single evaluation on T1, T2…"""
    codes = tuple(f"T{n}" for n in range(1, len(values) + 1))
    return dossier(name, marks(*values, codes=codes), **facts)


# Order, ranks, thresholds


def test_orders_by_weighted_score():
    result = rank(small_grid(100), [one("low", 2), one("high", 4.5), one("mid", 3)], terms())
    assert ranks(result) == [("high", 1), ("mid", 2), ("low", 3)]
    assert result.steps == ()
    assert result.tie_to_break is None


def test_standard_competition_ranks_1_2_2_4():
    result = rank(small_grid(100), [one("a", 5), one("b", 3), one("c", 3), one("d", 1)], terms(places=3))
    assert ranks(result) == [("a", 1), ("b", 2), ("c", 2), ("d", 4)]
    assert [line.ex_aequo for line in result.ranked] == [False, True, True, False]
    assert result.tie_to_break is None


def test_below_a_threshold_is_listed_apart_and_takes_no_rank():
    adopted = small_grid(50, 50, total_threshold=Decimal(60))
    result = rank(adopted, [one("at", 3, 3), one("under", 3, 2.5), one("over", 5, 5)], terms())
    assert ranks(result) == [("over", 1), ("at", 2)]
    assert [(line.id, line.rank, line.card.missed) for line in result.below] == [("under", None, ("total",))]


def test_below_threshold_lines_are_in_descending_score():
    adopted = small_grid(100, total_threshold=Decimal(90))
    result = rank(adopted, [one("a", 1), one("b", 4), one("c", 2)], terms())
    assert [line.id for line in result.below] == ["b", "c", "a"]


# The ladder, one step at a time


def test_technical_block_breaks_a_tie_first():
    strong = marks(3, 3, 3, 3, 3, 2, 2, 2, 2, 2)
    weak = marks(2, 2, 2, 2, 2, 3, 3, 3, 3, 3)
    result = rank(grid(), [dossier("qualitative", weak), dossier("technical", strong)], terms(places=1))
    assert ranks(result) == [("technical", 1), ("qualitative", 2)]
    assert [(s.step, s.groups, s.values) for s in result.steps] == [
        ("technical_block", (("technical",), ("qualitative",)), ("30/1", "20/1")),
    ]


def test_highest_minimum_comes_second():
    result = rank(small_grid(50, 50), [one("uneven", 5, 1), one("even", 3, 3)], terms())
    assert ranks(result) == [("even", 1), ("uneven", 2)]
    assert [(s.step, s.values) for s in result.steps] == [("highest_minimum", ("3/1", "1/1"))]


def test_criteria_order_comes_third():
    result = rank(small_grid(50, 50), [one("second", 2, 4), one("first", 4, 2)], terms())
    assert ranks(result) == [("first", 1), ("second", 2)]
    assert [s.step for s in result.steps] == ["criteria_order"]


def test_coverage_comes_last_and_only_inside_a_tie():
    dossiers = [
        one("best", 5, region="R1", sector="C"),
        one("same", 3, region="R1", sector="C"),
        one("new", 3, region="R2", sector="D"),
        one("lower-new", 2, region="R3", sector="E"),
    ]
    result = rank(small_grid(100), dossiers, terms(places=2))
    assert ranks(result) == [("best", 1), ("new", 2), ("same", 3), ("lower-new", 4)]
    assert [(s.step, s.values) for s in result.steps] == [("coverage", ("2/1", "0/1"))]
    assert result.tie_to_break is None


def test_coverage_is_looked_at_again_after_each_placement():
    dossiers = [
        one("best", 5, region="R1", sector="C"),
        one("two-new", 3, region="R2", sector="D"),
        one("sector-taken", 3, region="R1", sector="D"),
        one("region-new", 3, region="R3", sector="C"),
    ]
    result = rank(small_grid(100), dossiers, terms())
    # Once "two-new" is placed, sector D is covered: "sector-taken" brings nothing and falls behind "region-new".
    assert ranks(result) == [("best", 1), ("two-new", 2), ("region-new", 3), ("sector-taken", 4)]


def test_coverage_leaves_equally_new_dossiers_ex_aequo():
    dossiers = [one("a", 3, region="R1", sector="C"), one("b", 3, region="R2", sector="D"), one("c", 3)]
    result = rank(small_grid(100), dossiers, terms(places=3))
    assert ranks(result) == [("a", 1), ("b", 1), ("c", 3)]


def test_unknown_region_and_sector_are_never_new():
    result = rank(small_grid(100), [one("unknown", 3), one("known", 3, region="R1")], terms())
    assert ranks(result) == [("known", 1), ("unknown", 2)]


def test_below_threshold_dossiers_cover_nothing():
    adopted = small_grid(100, total_threshold=Decimal(50))
    dossiers = [one("out", 1, region="R1", sector="C"), one("a", 3, region="R1", sector="C"), one("b", 3, region="R1")]
    assert ranks(rank(adopted, dossiers, terms())) == [("a", 1), ("b", 2)]


def test_coverage_before_another_step_is_recomputed_between_placements():
    ladder = ("coverage", "criteria_order")
    dossiers = [
        one("a", 4, 2, region="R1", sector="C"),
        one("b", 3, 3, region="R1", sector="C"),
        one("c", 2, 4, region="R2", sector=""),
    ]
    result = rank(small_grid(50, 50), dossiers, terms(ladder=ladder))
    # a and b are equally new; a wins on T1; b then brings nothing while c still brings a region.
    assert ranks(result) == [("a", 1), ("c", 2), ("b", 3)]


def test_ladder_off_leaves_equals_ex_aequo():
    result = rank(small_grid(50, 50), [one("a", 4, 2), one("b", 2, 4)], terms(ladder=()))
    assert ranks(result) == [("a", 1), ("b", 1)]


@pytest.mark.parametrize("ladder", [("deposit_time",), ("coverage", "coverage")])
def test_unknown_or_repeated_step_is_refused(ladder):
    with pytest.raises(ties.UnknownStep):
        rank(small_grid(100), [one("a", 4)], terms(ladder=ladder))


# The last place


@pytest.mark.parametrize(
    "places, expected",
    [
        (1, None),
        (2, TieToBreak(rank=2, seats=1, group=("b", "c", "d"))),
        (3, TieToBreak(rank=2, seats=2, group=("b", "c", "d"))),
        (4, None),
        (5, None),
        (9, None),
    ],
)
def test_tie_across_the_last_place_stops_and_names_the_group(places, expected):
    dossiers = [one("a", 5), one("b", 3), one("c", 3), one("d", 3), one("e", 1)]
    assert rank(small_grid(100), dossiers, terms(places=places)).tie_to_break == expected


# Incomplete input


def problems(dossiers, **more):
    with pytest.raises(IncompleteRanking) as refusal:
        rank(small_grid(100), dossiers, terms(**more))
    with translation.override("en"):
        return refusal.value.sentences()


def test_refuses_an_empty_call():
    assert problems([]) == ["No dossier is under evaluation in this call."]


def test_refuses_too_few_evaluations_by_name():
    short = dossier("CL-2026-0004", {"T1": Decimal(3)}, {"T1": Decimal(4)})
    assert problems([short], min_evaluators=3) == ["CL-2026-0004 has 2 submitted evaluations out of the 3 required."]


def test_refuses_a_dossier_without_any_evaluation_even_when_none_is_required():
    assert problems([dossier("X")], min_evaluators=0) == ["X has 0 submitted evaluations out of the 1 required."]


def test_refuses_pending_evaluators_missing_marks_and_open_conflicts():
    broken = dossier("X", {"T1": None}, pending=("Ms Benali",), conflicts=("Mr Alami",))
    assert problems([broken, one("Y", 3)]) == [
        "X: e1 gave no mark for criterion T1.",
        "X: Ms Benali has not submitted an evaluation yet.",
        "X: the interest declared by Mr Alami has not been ruled on.",
    ]


def test_refuses_while_an_admissibility_is_undecided_and_says_only_that():
    assert problems([one("Y", 3), dossier("X", undecided=True)]) == ["X: its admissibility has not been decided yet."]


def test_exactly_enough_evaluations_is_enough():
    full = dossier("X", *({"T1": Decimal(3)},) * 3)
    assert ranks(rank(small_grid(100), [full], terms(min_evaluators=3))) == [("X", 1)]


def test_the_same_dossier_twice_is_refused():
    with pytest.raises(ValueError, match="twice"):
        rank(small_grid(100), [one("a", 3), one("a", 4)], terms())


def test_problem_list_does_not_depend_on_input_order():
    one_way = completeness.missing([dossier("b"), dossier("a")], ("T1",), 3)
    assert one_way == completeness.missing([dossier("a"), dossier("b")], ("T1",), 3)


# Properties

half = st.integers(0, 10).map(lambda n: Decimal(n) / 2)
coarse = st.sampled_from([Decimal(2), Decimal(3)])


@st.composite
def fields_of_dossiers(draw, mark=coarse, most=6):
    """A few dossiers with few distinct marks, regions and sectors, so that ties are common."""
    count = draw(st.integers(1, most))
    return [
        dossier(
            f"d{n}",
            *[{code: draw(mark) for code in ("T1", "T2", "T3")} for _ in range(draw(st.integers(1, 3)))],
            agreed={code: draw(mark) for code in ("T1", "T2", "T3")},
            region=draw(st.sampled_from(["", "R1", "R2"])),
            sector=draw(st.sampled_from(["", "C", "D"])),
        )
        for n in range(count)
    ]


three = small_grid(40, 30, 30)


@given(st.data(), fields_of_dossiers())
@settings(max_examples=150)
def test_input_order_never_matters(data, dossiers):
    shuffled = [
        replace(d, evaluations=tuple(data.draw(st.permutations(d.evaluations))), agreed=dict(reversed(d.agreed.items())))
        for d in data.draw(st.permutations(dossiers))
    ]
    first, second = rank(three, dossiers, terms(places=2)), rank(three, shuffled, terms(places=2))
    assert canonical_json(record.result_record(first)) == canonical_json(record.result_record(second))
    assert record.inputs_record(three, dossiers, terms()) == record.inputs_record(three, shuffled, terms())


@given(fields_of_dossiers(most=7))
@settings(max_examples=150)
def test_withdrawing_the_last_never_reorders_the_rest(dossiers):
    before = rank(three, dossiers, terms(ladder=NO_COVERAGE)).ranked
    gone = before[-1].id
    rest = [d for d in dossiers if d.id != gone]
    if rest:
        after = rank(three, rest, terms(ladder=NO_COVERAGE)).ranked
        assert [(line.id, line.rank) for line in after] == [(line.id, line.rank) for line in before[:-1]]


@given(fields_of_dossiers(most=7))
@settings(max_examples=100)
def test_ranks_agree_with_scores_and_ties_are_exact(dossiers):
    lines = rank(three, dossiers, terms(ladder=())).ranked
    totals = {line.id: line.card.total for line in lines}
    assert [line.rank for line in lines] == [1 + sum(t > line.card.total for t in totals.values()) for line in lines]
    assert [line.ex_aequo for line in lines] == [list(totals.values()).count(line.card.total) > 1 for line in lines]


@given(fields_of_dossiers(mark=half), st.integers(0, 20))
@settings(max_examples=150)
def test_a_better_mark_never_costs_a_place(dossiers, pick):
    """With the coverage step off: coverage may reward a region, never a mark."""
    target = dossiers[pick % len(dossiers)]
    better = replace(target, agreed=target.agreed | {"T1": min(Decimal(5), target.agreed["T1"] + Decimal("0.5"))})
    after = [better if d is target else d for d in dossiers]

    def place(field):
        return {line.id: line.rank for line in rank(three, field, terms(ladder=NO_COVERAGE)).ranked}[target.id]

    assert place(after) <= place(dossiers)


@given(fields_of_dossiers())
@settings(max_examples=100)
def test_the_group_to_break_is_exactly_what_crosses_the_line(dossiers):
    result = rank(three, dossiers, terms(places=2))
    shared = [line for line in result.ranked if line.rank <= 2]
    if len(shared) <= 2:
        assert result.tie_to_break is None
    else:
        tie = result.tie_to_break
        assert set(tie.group) == {line.id for line in result.ranked if line.rank == tie.rank}
        assert 0 < tie.seats < len(tie.group)


@given(fields_of_dossiers(mark=half))
@settings(max_examples=60)
def test_a_stored_run_computes_again_to_the_same_text(dossiers):
    stored = canonical_json(record.inputs_record(three, dossiers, terms(places=2)))
    again = rank(*record.read_inputs(json.loads(stored)))
    assert canonical_json(record.inputs_record(*record.read_inputs(json.loads(stored)))) == stored
    assert record.result_record(again) == record.result_record(rank(three, dossiers, terms(places=2)))


def test_a_better_individual_mark_changes_nothing_official():
    marks_of = [{"T1": Decimal(m)} for m in ("3", "3.5")]
    before, after = dossier("X", *marks_of), dossier("X", marks_of[0], {"T1": Decimal(5)})
    assert rank(small_grid(100), [before], terms()) == rank(small_grid(100), [after], terms())


OLD_RUN = Path(__file__).parent / "run_format_1.json"


def test_a_run_stored_before_there_were_consensus_reports_still_computes_to_its_bytes():
    """Written by the rules of that time: three evaluations a dossier, the mean official, a tie across the last place."""
    stored = json.loads(OLD_RUN.read_text(encoding="utf-8"))
    grid_, dossiers, terms_ = record.read_inputs(stored["inputs"])
    again = {
        "code_version": stored["code_version"],
        "inputs": record.inputs_record(grid_, dossiers, terms_),
        "result": record.result_record(rank(grid_, dossiers, terms_), terms_.basis),
    }
    assert (stored["inputs"]["format"], terms_.basis) == (1, completeness.MEAN)
    assert canonical_json(again) == OLD_RUN.read_text(encoding="utf-8").strip()
    assert stored["result"]["ranked"][0]["total"] == "533/6"


@pytest.mark.parametrize(
    "reason, sentence",
    [
        (completeness.NO_CONSENSUS, "X: its consensus has not been opened yet."),
        (completeness.CONSENSUS_OPEN, "X: its consensus is neither validated nor recorded as a disagreement."),
        (completeness.CONSENSUS_STALE, "X: its evaluations changed since its consensus was closed; reopen the consensus."),
    ],
)
def test_refuses_a_dossier_without_a_closed_consensus_and_says_why(reason, sentence):
    assert problems([dossier("X", {"T1": Decimal(3)}, agreed=None, consensus=reason), one("Y", 3)]) == [sentence]


def test_refuses_a_consensus_that_leaves_a_mark_out():
    assert problems([one("X", 3, agreed={"T1": None})]) == ["X: the consensus gives no mark for criterion T1."]


def test_record_holds_exact_and_cut_scores():
    evaluations = [{"T1": Decimal(m)} for m in ("3", "3.5", "4.5")]
    mean = terms(basis=completeness.MEAN)
    written = record.result_record(rank(small_grid(100), [dossier("X", *evaluations)], mean), mean.basis)
    assert written["ranked"] == [
        {
            "id": "X",
            "rank": 1,
            "ex_aequo": False,
            "total": "220/3",
            "total_shown": "73.33",
            "blocks": {"technical": "220/3"},
            "criteria": {"T1": "11/3"},
            "missed": [],
        }
    ]
