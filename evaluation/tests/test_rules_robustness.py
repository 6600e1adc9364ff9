import random
from decimal import Decimal
from fractions import Fraction

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.rules import robustness, sensitivity
from evaluation.rules.robustness import ADOPTED, UNIFORM, bootstrap, rank_acceptability

HALF = st.integers(0, 10).map(lambda n: Fraction(n, 2))
EQUAL = {"T1": 50, "T2": 50}


def row(*values):
    return {f"T{n}": Fraction(str(value)) for n, value in enumerate(values, 1)}


# Weights


@given(st.integers(0, 2**32), st.integers(1, 12))
def test_simplex_weights_are_positive_and_sum_to_one(seed, count):
    drawn = robustness.simplex_weights(random.Random(seed), count)
    assert len(drawn) == count
    assert min(drawn) >= 0
    assert sum(drawn) == pytest.approx(1, abs=1e-12)


def test_simplex_weights_are_uniform():
    # Under Dirichlet(1, 1, 1) each weight has mean 1/3 and variance 1/18.
    source = random.Random(7)
    drawn = [robustness.simplex_weights(source, 3) for _draw in range(20000)]
    for column in zip(*drawn, strict=True):
        mean = sum(column) / len(column)
        assert mean == pytest.approx(1 / 3, abs=0.01)
        assert sum((w - mean) ** 2 for w in column) / len(column) == pytest.approx(1 / 18, abs=0.002)


@given(st.integers(0, 2**32), st.lists(st.integers(1, 50), min_size=2, max_size=10))
def test_nearby_weights_stay_near_and_sum_to_one(seed, percents):
    adopted = [percent / sum(percents) for percent in percents]
    drawn = robustness.nearby_weights(random.Random(seed), adopted, 0.3)
    assert sum(drawn) == pytest.approx(1, abs=1e-12)
    for weight, start in zip(drawn, adopted, strict=True):
        assert 0.7 / 1.3 - 1e-9 <= weight / start <= 1.3 / 0.7 + 1e-9


# Rank acceptability


def test_dominating_dossier_is_first_whatever_the_weights():
    found = rank_acceptability({"b": row(3, 3), "a": row(5, 4), "c": row(1, 0)}, EQUAL, places=1, seed=1, draws=500)
    assert found.ranks == {"a": (1, 0, 0), "b": (0, 1, 0), "c": (0, 0, 1)}
    assert found.first == {"a": 1, "b": 0, "c": 0}
    assert (found.scheme, found.seed, found.draws, found.places, found.hidden) == ("uniform", 1, 500, 1, "")


def test_acceptability_of_two_opposed_dossiers_is_the_measure_of_the_weights():
    # a beats b when 5 w > 2 (1 − w), that is w > 2/7: for 5/7 of the simplex.
    marks = {"a": row(5, 0), "b": row(0, 2)}
    found = rank_acceptability(marks, EQUAL, places=1, seed=3, draws=20000)
    assert found.first["a"] == pytest.approx(5 / 7, abs=0.01)
    # Within ± 30 % of equal weights, w stays over 0.35: a is always first.
    assert rank_acceptability(marks, EQUAL, places=1, seed=3, scheme=ADOPTED, draws=2000).first == {"a": 1, "b": 0}


def test_equals_share_the_places_they_cover():
    found = rank_acceptability({"a": row(3, 3), "b": row(3, 3), "c": row(1, 1)}, EQUAL, places=1, seed=1, draws=100)
    assert found.ranks == {"a": (0.5, 0.5, 0), "b": (0.5, 0.5, 0), "c": (0, 0, 1)}
    assert found.first == {"a": 0.5, "b": 0.5, "c": 0}


def test_weight_of_zero_stays_zero_around_the_adopted_weights():
    found = rank_acceptability({"a": row(3, 0), "b": row(2, 5)}, {"T1": 100, "T2": 0}, places=1, seed=1, scheme=ADOPTED, draws=200)
    assert found.first == {"a": 1, "b": 0}


MARKS = st.lists(st.tuples(HALF, HALF, HALF), min_size=2, max_size=7)
WEIGHTS = {"T1": 50, "T2": 30, "T3": 20}


@settings(deadline=None, max_examples=40)
@given(MARKS, st.integers(0, 2**32), st.integers(1, 4), st.randoms(use_true_random=False))
def test_shares_sum_and_neither_order_nor_a_second_run_changes_them(rows, seed, places, source):
    marks = {f"d{n}": row(*values) for n, values in enumerate(rows)}
    items = list(marks.items())
    source.shuffle(items)
    for scheme in (UNIFORM, ADOPTED):
        found = rank_acceptability(marks, WEIGHTS, places=places, seed=seed, scheme=scheme, draws=60)
        assert found == rank_acceptability(dict(items), WEIGHTS, places=places, seed=seed, scheme=scheme, draws=60)
        assert [sum(shares) for shares in found.ranks.values()] == pytest.approx([1] * len(rows))
        assert [sum(column) for column in zip(*found.ranks.values(), strict=True)] == pytest.approx([1] * len(rows))
        assert sum(found.first.values()) == pytest.approx(min(places, len(rows)))


def test_another_seed_draws_something_else():
    marks = {"a": row(5, 0), "b": row(0, 4)}
    shares = {rank_acceptability(marks, EQUAL, places=1, seed=seed, draws=500).first["a"] for seed in range(5)}
    assert len(shares) > 1


def test_a_single_dossier_has_no_rank_to_question():
    found = rank_acceptability({"a": row(5, 0)}, EQUAL, places=1, seed=1)
    assert (found.ranks, found.first, found.hidden) == ({}, {}, "too_few_dossiers")


def test_a_call_too_large_is_hidden_with_a_reason():
    marks = {f"d{n}": row(1, 2) for n in range(robustness.MAX_DOSSIERS + 1)}
    found = rank_acceptability(marks, EQUAL, places=1, seed=1)
    assert (found.ranks, found.hidden) == ({}, "too_many_dossiers")
    with translation.override("en"):
        assert found.reason == "Not shown: this figure is made for calls of at most 500 applications."


def test_unknown_scheme_is_refused():
    with pytest.raises(ValueError, match="gaussian"):
        rank_acceptability({}, EQUAL, places=1, seed=1, scheme="gaussian")


# Bootstrap


def readings(*values):
    return {f"e{n}": Fraction(str(value)) for n, value in enumerate(values)}


def test_bootstrap_of_dossiers_apart_is_certain():
    found = bootstrap({"a": readings(90, 80), "b": readings(70, 60), "c": readings(50, 40)}, places=2, seed=1, draws=300)
    assert found.first == {"a": 1, "b": 1, "c": 0}
    assert (found.scheme, found.draws) == ("evaluators", 300)


def test_bootstrap_by_hand():
    # a's mean is 40, 60 or 80 with chances 1/4, 1/2, 1/4 against 60: first with 1/4 + half of 1/2.
    found = bootstrap({"a": readings(40, 80), "b": readings(60, 60)}, places=1, seed=5, draws=20000)
    assert found.first["a"] == pytest.approx(0.5, abs=0.01)
    # Against 50 and three readings: 60 and 80 win: 3/4.
    found = bootstrap({"a": readings(40, 80), "b": readings(50, 50, 50)}, places=1, seed=5, draws=20000)
    assert found.first["a"] == pytest.approx(0.75, abs=0.01)


def test_bootstrap_knows_equal_means_of_two_and_three_readings():
    third = Fraction(1, 3)
    found = bootstrap({"a": {"x": third, "y": third}, "b": {"x": third, "y": third, "z": third}}, places=1, seed=1, draws=50)
    assert found.first == {"a": 0.5, "b": 0.5}


def test_bootstrap_is_hidden_when_a_dossier_cannot_vary():
    found = bootstrap({"a": readings(90, 80), "b": readings(70)}, places=1, seed=1)
    assert (found.first, found.hidden) == ({}, "too_few_evaluations")
    assert bootstrap({"a": readings(90, 80)}, places=1, seed=1).hidden == "too_few_dossiers"


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.lists(st.integers(0, 200).map(lambda n: Fraction(n, 2)), min_size=2, max_size=4), min_size=2, max_size=6),
    st.integers(0, 2**32),
    st.integers(1, 3),
)
def test_bootstrap_sums_and_reproduces(rows, seed, places):
    totals = {f"d{n}": readings(*values) for n, values in enumerate(rows)}
    found = bootstrap(totals, places=places, seed=seed, draws=60)
    backwards = {d: dict(reversed(totals[d].items())) for d in reversed(totals)}
    assert found == bootstrap(backwards, places=places, seed=seed, draws=60)
    assert sum(found.first.values()) == pytest.approx(min(places, len(rows)))
    assert [sum(shares) for shares in found.ranks.values()] == pytest.approx([1] * len(rows))


# Figures and badge


def test_expected_rank_and_interval():
    assert robustness.expected_rank((0.5, 0.25, 0.25)) == 1.75
    assert robustness.rank_interval((0.04, 0.9, 0.06)) == (2, 3)
    assert robustness.rank_interval((1.0, 0.0)) == (1, 1)
    assert robustness.rank_interval((0.0, 0.0, 1.0)) == (3, 3)


@pytest.mark.parametrize(
    ("probability", "inside", "code"),
    [
        (1, True, "solid"),
        (0.9, True, "solid"),
        (0.8998, True, "likely"),
        (0.6, True, "likely"),
        (0.5998, True, "sensitive"),
        (0.1, False, "solid"),
        (0.4, False, "likely"),
        (0.41, False, "sensitive"),
        (0, False, "solid"),
    ],
)
def test_badge_at_its_limits(probability, inside, code):
    assert robustness.badge(probability, inside=inside) == code
    with translation.override("en"):
        assert robustness.badge_label(code) == code.capitalize()


# Critical change of a weight


def total(weights, marks):
    return sum(weights[code] * marks[code] for code in weights)


def test_critical_change_by_hand():
    # 0.5·1 − 0.5·0.5 = 0.25 ahead. With w'₁ = 0.5 + δ: (0.5 + δ)·1 − (0.5 − δ)·0.5 = 0 for δ = −1/6.
    assert sensitivity.critical_change(EQUAL, "T1", row(4, 3), row(3, "3.5")) == Fraction(-50, 3)
    assert sensitivity.critical_change(EQUAL, "T2", row(4, 3), row(3, "3.5")) == Fraction(50, 3)


def test_no_weight_swaps_a_dominated_dossier():
    assert sensitivity.critical_change(EQUAL, "T1", row(4, 4), row(3, 3)) is None
    assert sensitivity.critical_change(EQUAL, "T1", row(5, 4), row(3, 3)) is None


def test_level_dossiers_need_no_change_and_a_whole_weight_cannot_be_shared_out():
    assert sensitivity.critical_change(EQUAL, "T1", row(4, 3), row(3, 4)) == 0
    assert sensitivity.critical_change({"T1": 100, "T2": 0}, "T1", row(4, 0), row(3, 5)) is None
    assert sensitivity.critical_change({"T1": 100, "T2": 0}, "T2", row(4, 0), row(3, 5)) == Fraction(100, 6)


@given(
    st.lists(st.integers(1, 50), min_size=2, max_size=5),
    st.lists(HALF, min_size=5, max_size=5),
    st.lists(HALF, min_size=5, max_size=5),
)
def test_critical_change_makes_them_equal_and_nothing_smaller_does(percents, first, second):
    weights = {f"T{n}": percent for n, percent in enumerate(percents, 1)}
    one, two = ({code: marks[n] for n, code in enumerate(weights)} for marks in (first, second))
    gap = total(weights, one) - total(weights, two)
    for code in weights:
        delta = sensitivity.critical_change(weights, code, one, two)
        if delta is not None:
            there = sensitivity.moved_weights(weights, code, delta)
            assert sum(there.values()) == 100
            assert total(there, one) == total(there, two)
            half_way = sensitivity.moved_weights(weights, code, delta / 2)
            assert (total(half_way, one) - total(half_way, two) > 0) == (gap > 0)
        else:
            for weight in (0, 100):
                end = sensitivity.moved_weights(weights, code, weight - Fraction(100 * weights[code], sum(percents)))
                assert (total(end, one) - total(end, two) > 0) == (gap > 0)


def test_line_changes_look_at_every_pair_across_the_line():
    # b is n-th and c (n+1)-th, yet b dominates c: the first to cross the line is d, which overtakes a when T2 gains weight.
    marks = {"a": row(5, "2.5"), "b": row(4, 3), "c": row(3, "2.5"), "d": row(1, 4)}
    found = sensitivity.line_changes(EQUAL, marks, ["a", "b", "c", "d"], 2)
    assert [(change.criterion, change.ahead, change.behind) for change in found] == [("T1", "a", "d"), ("T2", "a", "d")]
    assert [change.delta for change in found] == [Fraction(-250, 11), Fraction(250, 11)]
    assert sensitivity.smallest(found) == found[0]
    pair = sensitivity.critical_changes(EQUAL, marks, "b", "c")
    assert [(change.criterion, change.delta) for change in pair] == [("T1", None), ("T2", None)]
    assert sensitivity.smallest(pair) is None


def test_no_line_no_change():
    marks = {"a": row(5, 3), "b": row(4, 3)}
    assert sensitivity.line_changes(EQUAL, marks, ["a", "b"], 2) == ()
    assert sensitivity.line_changes(EQUAL, marks, ["a", "b"], 0) == ()


@pytest.mark.parametrize("delta", [Fraction(51), Fraction(-51)])
def test_moved_weights_stay_between_0_and_100(delta):
    with pytest.raises(ValueError, match="between 0 and 100"):
        sensitivity.moved_weights(EQUAL, "T1", delta)


# Weights from an order


def test_roc_weights_of_five_criteria():
    assert [str(round(Decimal(float(weight)), 4)) for weight in sensitivity.roc_weights(5)] == [
        "0.4567",
        "0.2567",
        "0.1567",
        "0.0900",
        "0.0400",
    ]


@given(st.integers(1, 15))
def test_roc_weights_sum_to_one_and_fall(count):
    found = sensitivity.roc_weights(count)
    assert sum(found) == 1
    assert list(found) == sorted(found, reverse=True)
