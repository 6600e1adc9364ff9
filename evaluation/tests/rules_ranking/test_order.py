"""The order, the ladder and the last place."""

from decimal import Decimal

import pytest

from evaluation.rules import ties
from evaluation.rules.ranking import TieToBreak, rank
from evaluation.tests.rule_builders import dossier, grid, marks, ranks, small_grid, terms
from evaluation.tests.rules_ranking.helpers import one

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
