import random
from decimal import Decimal
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.rules.design import connected_groups
from evaluation.rules.severity import severity

QUALITY = {"d1": 80, "d2": 70, "d3": 60, "d4": 50, "d5": 40, "d6": 30}


def additive(bias, readers, noise=None):
    """{dossier: {evaluator: quality + bias}} for the readers of each dossier."""
    noise = noise or {}
    return {d: {e: Decimal(q + bias[e]) + noise.get((d, e), 0) for e in readers[d]} for d, q in QUALITY.items()}


ALL = dict.fromkeys(QUALITY, ("ada", "bob", "cid"))
CHAIN = {"d1": ("ada", "bob"), "d2": ("bob", "cid"), "d3": ("ada", "cid"), "d4": ("ada", "bob"), "d5": ("bob", "cid"), "d6": ("cid", "ada")}


def effects(found):
    return {line.evaluator: line.effect for line in found.effects}


def test_exactly_additive_marks_give_back_the_bias_and_the_quality():
    found = severity(additive({"ada": -6, "bob": 0, "cid": 6}, CHAIN))
    assert (found.n, found.k, found.hidden, found.shrinkage) == (6, 3, "", 0.0)
    assert effects(found) == pytest.approx({"ada": -6, "bob": 0, "cid": 6}, abs=1e-6)
    assert {line.dossier: line.corrected for line in found.lines} == pytest.approx(QUALITY, abs=1e-6)
    assert found.residual == pytest.approx(0, abs=1e-6)


def test_rank_if_corrected_differs_where_a_severe_evaluator_sat():
    # e and f deserve 62 and 60, but e was read by the severe pair and f by the lenient one.
    marks = {d: {"hard": q - 10, "soft": q + 10, "even": q} for d, q in QUALITY.items()}
    marks |= {"e": {"hard": 52, "even": 62}, "f": {"soft": 70, "even": 60}}
    lines = {line.dossier: line for line in severity(marks).lines}
    assert (lines["e"].mean, lines["f"].mean) == (57, 65)
    assert (lines["e"].corrected, lines["f"].corrected) == pytest.approx((62, 60), abs=1e-6)
    assert (lines["e"].rank, lines["f"].rank) == (5, 3)
    assert (lines["e"].corrected_rank, lines["f"].corrected_rank, lines["d3"].corrected_rank) == (3, 4, 4)


def noisy(bias, seed=4, scale=3):
    source = random.Random(seed)
    noise = {(d, e): Decimal(source.randint(-scale, scale)) for d in QUALITY for e in bias}
    return additive(bias, dict.fromkeys(QUALITY, tuple(bias)), noise)


def test_effect_is_shrunk_by_n_over_n_plus_lambda_when_everybody_reads_everything():
    found = severity(noisy({"ada": -8, "bob": 1, "cid": 7}))
    assert 0 < found.shrinkage < inf
    for line in found.effects:
        assert line.readings == 6
        assert line.effect == pytest.approx(line.raw * 6 / (6 + found.shrinkage), abs=1e-8)
    assert sum(effects(found).values()) == pytest.approx(0, abs=1e-8)


def test_raw_effect_is_the_distance_to_the_grand_mean_when_everybody_reads_everything():
    marks = noisy({"ada": -8, "bob": 1, "cid": 7})
    grand = sum(mark for row in marks.values() for mark in row.values()) / 18
    own = {e: sum(row[e] for row in marks.values()) / 6 - grand for e in ("ada", "bob", "cid")}
    assert {line.evaluator: line.raw for line in severity(marks).effects} == pytest.approx({e: float(v) for e, v in own.items()})


def test_interval_of_an_effect_rests_on_readings_and_shrinkage():
    found = severity(noisy({"ada": -9, "bob": 0, "cid": 9}))
    for line in found.effects:
        assert found.margin(line) == pytest.approx(1.96 * found.residual / (6 + found.shrinkage) ** 0.5)


def test_noise_alone_gives_no_effect_at_all():
    # Every evaluator has the same mean: nothing between them, λ is infinite and the order is that of the plain means.
    swing = {0: (4, -2, -2), 1: (-2, 4, -2), 2: (-2, -2, 4)}
    noise = {(d, e): Decimal(swing[n % 3][m]) for n, d in enumerate(QUALITY) for m, e in enumerate(("ada", "bob", "cid"))}
    found = severity(additive({"ada": 0, "bob": 0, "cid": 0}, ALL, noise))
    assert found.shrinkage == inf
    assert {found.margin(line) for line in found.effects} == {0.0}
    assert effects(found) == {"ada": 0, "bob": 0, "cid": 0}
    assert [(line.rank, line.corrected_rank) for line in found.lines] == [(n, n) for n in range(1, 7)]


# Hidden


def test_disconnected_evaluators_are_not_compared():
    readers = {"d1": ("a", "b"), "d2": ("a", "b"), "d3": ("a", "b"), "d4": ("c", "d"), "d5": ("c", "d"), "d6": ("c", "d")}
    found = severity(additive(dict.fromkeys("abcd", 0), readers))
    assert (found.hidden, found.effects, found.lines) == ("disconnected", (), ())
    assert found.reason != ""


@pytest.mark.parametrize(
    ("marks", "hidden"),
    [
        ({}, "too_few_dossiers"),
        ({f"d{n}": {"a": n} for n in range(6)}, "too_few_evaluators"),
        ({f"d{n}": {"a": n, "b": n} if not n else {"a": n} for n in range(6)}, "no_freedom"),
    ],
)
def test_too_little_to_say(marks, hidden):
    found = severity(marks)
    assert (found.hidden, found.effects) == (hidden, ())


def test_dossier_without_marks_is_left_out():
    assert severity(additive({"ada": 1, "bob": 2, "cid": 3}, ALL) | {"empty": {"ada": None}}).n == 6


# Properties

ROWS = st.lists(st.lists(st.integers(0, 100), min_size=3, max_size=3), min_size=5, max_size=8)


def named(rows):
    return {f"d{n}": {f"e{m}": mark for m, mark in enumerate(row)} for n, row in enumerate(rows)}


@given(ROWS, st.randoms(use_true_random=False))
def test_order_of_the_input_never_matters(rows, source):
    items = list(named(rows).items())
    source.shuffle(items)
    assert severity(dict(items)) == severity(named(rows))


@given(ROWS, st.integers(-50, 50))
def test_adding_a_constant_to_one_evaluator_never_changes_the_others_order_of_raw_effects(rows, constant):
    before = {line.evaluator: line.raw for line in severity(named(rows)).effects}
    moved = named([[row[0], row[1], row[2] + constant] for row in rows])
    after = {line.evaluator: line.raw for line in severity(moved).effects}
    assert after["e2"] - after["e0"] == pytest.approx(before["e2"] - before["e0"] + constant, abs=1e-6)
    assert after["e1"] - after["e0"] == pytest.approx(before["e1"] - before["e0"], abs=1e-6)


@given(ROWS)
def test_a_complete_design_keeps_the_order_of_the_means(rows):
    # Everybody read everything: a severe evaluator weighs on all alike, so that correcting changes no rank.
    assert all(line.rank == line.corrected_rank for line in severity(named(rows)).lines)


# The graph


def test_connected_groups_largest_first():
    pairs = [("a", "1"), ("b", "1"), ("b", "2"), ("c", "3")]
    assert connected_groups(pairs) == [(frozenset("ab"), frozenset("12")), (frozenset("c"), frozenset("3"))]
    assert connected_groups([*pairs, ("c", "2")]) == [(frozenset("abc"), frozenset("123"))]
    assert connected_groups([]) == []
