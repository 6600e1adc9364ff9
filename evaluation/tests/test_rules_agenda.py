"""The order of an agenda: fewest comings and goings, always the same."""

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from evaluation.rules import agenda

MEMBERS = st.frozensets(st.integers(1, 4), max_size=3)


def test_movements_count_who_leaves_and_who_comes_back():
    assert agenda.movements([]) == 0
    assert agenda.movements([set(), set()]) == 0
    assert agenda.movements([{1}, set(), {1}]) == 4
    assert agenda.movements([{1}, {1, 2}, {2}]) == 4


def test_recusals_are_grouped_and_the_ranking_kept_inside():
    items = [("a", set()), ("b", {1}), ("c", set()), ("d", {1}), ("e", {2})]
    assert agenda.order(items) == ["a", "c", "b", "d", "e"]


def test_without_recusals_the_order_is_that_of_the_ranking():
    assert agenda.order([(name, ()) for name in "abc"]) == ["a", "b", "c"]
    assert agenda.order([]) == []


def cost(items, order):
    sets = dict(items)
    return agenda.movements(sets[item] for item in order)


@given(st.lists(MEMBERS, max_size=6))
def test_no_order_is_better(sets):
    items = list(enumerate(sets))
    order = agenda.order(items)
    assert sorted(order) == list(range(len(sets)))
    assert cost(items, order) == min(cost(items, other) for other in permutations(range(len(sets))))


@given(st.lists(st.frozensets(st.integers(1, 8), max_size=4), min_size=12, max_size=20, unique=True))
def test_many_recusals_are_never_worse_than_the_ranking(sets):
    items = list(enumerate(sets))
    order = agenda.order(items)
    assert sorted(order) == list(range(len(sets)))
    assert cost(items, order) <= cost(items, range(len(sets)))
    assert order == agenda.order(items)
