from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.rules import scoring
from evaluation.tests.rule_builders import CODES, grid, marks, small_grid

half = st.integers(0, 10).map(lambda n: Decimal(n) / 2)


@pytest.mark.parametrize("value, points", [("0", 0), ("0.5", 1), ("4.5", 9), ("5", 10), ("5.0", 10)])
def test_half_points_accepts_the_scale(value, points):
    assert scoring.half_points(Decimal(value)) == points


@pytest.mark.parametrize("value", [Decimal("0.25"), Decimal("5.5"), Decimal("-0.5"), Decimal("NaN"), 4.5, True, None, "4", []])
def test_half_points_refuses_everything_else(value):
    with pytest.raises(scoring.InvalidScore):
        scoring.half_points(value)


def test_scale_has_eleven_marks():
    assert [str(mark.normalize()) for mark in scoring.HALF_POINT_SCALE] == [
        "0",
        "0.5",
        "1",
        "1.5",
        "2",
        "2.5",
        "3",
        "3.5",
        "4",
        "4.5",
        "5",
    ]


@pytest.mark.parametrize("weights", [(50, 49), (50, 51), (), (-1, 101)])
def test_grid_refuses_weights_that_do_not_make_100(weights):
    with pytest.raises(scoring.InvalidGrid):
        small_grid(*weights)


def test_grid_refuses_a_fractional_weight():
    with pytest.raises(scoring.InvalidGrid):
        small_grid(Decimal("50.5"), Decimal("49.5"))


def test_grid_refuses_a_repeated_criterion_and_an_unknown_block():
    twice = scoring.GridCriterion("T1", scoring.TECHNICAL, 50)
    with pytest.raises(scoring.InvalidGrid):
        scoring.Grid(criteria=(twice, twice))
    with pytest.raises(scoring.InvalidGrid):
        scoring.Grid(criteria=(scoring.GridCriterion("T1", "other", 100),))


def test_official_score_is_the_agreed_half_point():
    assert scoring.official_scores({"T1": Decimal("3.5")}, ("T1",)) == {"T1": Fraction(7, 2)}
    with pytest.raises(scoring.InvalidScore):
        scoring.official_scores({"T1": Decimal("3.3")}, ("T1",))


def test_the_score_of_runs_before_consensus_is_the_exact_mean():
    evaluations = tuple(scoring.EvaluationScores(str(n), {"T1": Decimal(m)}) for n, m in enumerate(["3", "3.5", "3.5"]))
    assert scoring.mean_scores(evaluations, ("T1",)) == {"T1": Fraction(10, 3)}


def test_weighted_score_by_hand():
    # 40 × 4.5/5 + 35 × 3/5 + 25 × 2.5/5 = 36 + 21 + 12.5
    card = scoring.score_card(small_grid(40, 35, 25), {"T1": Fraction(9, 2), "T2": Fraction(3), "T3": Fraction(5, 2)})
    assert card.total == Fraction(139, 2)
    assert card.blocks == {"technical": Fraction(139, 2)}


@pytest.mark.parametrize("mark, total", [("0", 0), ("5", 100), ("2.5", 50)])
def test_total_runs_from_0_to_100(mark, total):
    card = scoring.score_card(grid(), {code: Fraction(mark) for code in CODES})
    assert card.total == total
    assert card.blocks == {"technical": Fraction(total, 2), "qualitative": Fraction(total, 2)}


@pytest.mark.parametrize("score, missed", [(Fraction(5, 2), ()), (Fraction(249999, 100000), ("T1",)), (Fraction(3), ())])
def test_criterion_threshold_is_reached_at_equality(score, missed):
    adopted = grid(thresholds={"T1": Decimal("2.5")})
    scores = {code: Fraction(5) for code in CODES} | {"T1": score}
    card = scoring.score_card(adopted, scores)
    assert (card.missed, card.passes) == (missed, not missed)


@pytest.mark.parametrize("mark, missed", [("2.5", ()), ("2", ("technical", "total"))])
def test_block_and_total_thresholds_are_reached_at_equality(mark, missed):
    adopted = grid(block_thresholds={"technical": Decimal(25)}, total_threshold=Decimal(50))
    scores = {code: Fraction(mark if code.startswith("T") else "2.5") for code in CODES}
    assert scoring.score_card(adopted, scores).missed == missed


def test_a_third_never_rounds_up_to_the_threshold():
    # 2.5, 2.5 and 2.4999… cannot be typed; the closest miss with three evaluators is (2.5 + 2.5 + 2) / 3.
    adopted = small_grid(100, total_threshold=Decimal(50))
    evaluations = tuple(scoring.EvaluationScores(str(n), {"T1": Decimal(m)}) for n, m in enumerate(["2.5", "2.5", "2"]))
    card = scoring.score_card(adopted, scoring.mean_scores(evaluations, ("T1",)))
    assert card.total == Fraction(140, 3)
    assert card.missed == ("total",)


@pytest.mark.parametrize(
    "value, shown", [(Fraction(220, 3), "73.33"), (Fraction(200, 3), "66.66"), (Fraction(100), "100.00"), (Fraction(0), "0.00")]
)
def test_display_is_cut_never_rounded(value, shown):
    assert str(scoring.truncated(value)) == shown


def test_exact_fraction_in_words():
    assert scoring.exact(Fraction(440, 6)) == "220/3"
    assert scoring.exact(Fraction(73)) == "73/1"


def test_running_total_counts_only_what_is_marked():
    partial = marks(5, 2.5, None, None, None, None, None, None, None, None)
    assert scoring.running_total(grid(), partial) == (Fraction(15), 2)
    assert scoring.running_total(grid(), {}) == (Fraction(0), 0)


@given(st.lists(half, min_size=10, max_size=10), st.integers(0, 9))
def test_total_never_falls_when_one_mark_rises(values, index):
    scores = {code: Fraction(value) for code, value in zip(CODES, values, strict=True)}
    before = scoring.score_card(grid(), scores).total
    raised = scores | {CODES[index]: min(Fraction(5), scores[CODES[index]] + Fraction(1, 2))}
    assert scoring.score_card(grid(), raised).total >= before


@given(st.lists(half, min_size=10, max_size=10))
def test_agreed_marks_give_a_total_with_no_decimal_beyond_the_first(values):
    """Whole-percent weights × half points / 5: the official score never needs rounding."""
    total = scoring.score_card(grid(), {code: Fraction(value) for code, value in zip(CODES, values, strict=True)}).total
    assert (total * 10).denominator == 1
