from collections import Counter
from dataclasses import replace
from itertools import combinations

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.rules import assignment
from evaluation.rules.assignment import Dossier, Evaluator, InvalidProblem, Problem, violations
from evaluation.rules.design import connected_groups
from evaluation.rules.feasibility import Infeasible
from evaluation.services.auto_assignment import propose
from evaluation.tests.assignment_builders import changed, files, people, problem

# A proposal


def test_covers_every_dossier_with_even_loads_and_knows_how_it_was_made():
    found = propose(problem=problem(seed=9))
    assert violations(problem(), found.pairs) == []
    assert Counter(d for _e, d in found.pairs) == dict.fromkeys(["d1", "d2", "d3", "d4", "d5", "d6"], 3)
    assert sorted(found.loads.values()) == [4, 4, 5, 5]
    assert (found.kept, found.removed, found.added) == ((), (), found.pairs)
    assert (found.connected, found.unmet, found.seed) == (True, (), 9)
    assert found.solver.startswith("networkx ")
    assert len(found.inputs_sha256) == 64


def test_conflicts_and_own_employer_never_read():
    dossiers = changed(files(4), d2={"organisations": frozenset({"Groupe  ATLAS"})})
    evaluators = changed(people(5), e3={"employer": "groupe atlas"})
    case = Problem(dossiers, evaluators, excluded=frozenset({("e1", "d1"), ("e2", "d1")}))
    found = propose(problem=case)
    assert {e for e, d in found.pairs if d == "d1"} == {"e3", "e4", "e5"}
    assert ("e3", "d2") not in found.pairs


def test_loads_stay_within_their_limits():
    evaluators = changed(people(4), e1={"max_load": 2}, e2={"min_load": 6}, e3={"max_load": 0})
    case = Problem(files(6), evaluators, min_evaluators=2)
    found = propose(problem=case)
    assert found.loads == {"e1": 2, "e2": 6, "e3": 0, "e4": 4}


def test_minimum_load_may_give_a_dossier_more_readers_than_required():
    found = propose(problem=Problem(files(2), people(3, min_load=2), min_evaluators=1))
    assert found.loads == {"e1": 2, "e2": 2, "e3": 2}


def test_one_evaluator_per_employer_on_a_dossier():
    evaluators = changed(people(5), e1={"employer": "OFPPT"}, e2={"employer": "ofppt "}, e3={"employer": "OFPPT"})
    found = propose(problem=Problem(files(4), evaluators))
    for dossier in ("d1", "d2", "d3", "d4"):
        assert len({"e1", "e2", "e3"} & {e for e, d in found.pairs if d == dossier}) == 1
    free = Problem(files(4), evaluators, one_per_employer=False, min_evaluators=5)
    assert len(propose(problem=free).pairs) == 20


def test_an_expert_of_the_sector_reads_each_dossier():
    evaluators = changed(people(6, expertise=frozenset()), e1={"expertise": frozenset("AC")}, e2={"expertise": frozenset("J")})
    dossiers = changed(files(5), d4={"sector": "A"}, d5={"sector": "J"})
    found = propose(problem=Problem(dossiers, evaluators))
    assert {("e1", "d1"), ("e1", "d2"), ("e1", "d3"), ("e1", "d4"), ("e2", "d5")} <= set(found.pairs)


def test_expertise_is_preferred_beyond_the_one_expert_required():
    others = people(6, expertise=frozenset("A"), max_load=1)
    evaluators = changed(others, e1={"expertise": frozenset("C")}, e2={"expertise": frozenset("C")})
    found = propose(problem=Problem((*files(1), Dossier("d2", "CL-2026-0002", "A")), evaluators, min_evaluators=2))
    assert {e for e, d in found.pairs if d == "d1"} == {"e1", "e2"}
    assert len(found.pairs) == 4


def test_colleagues_of_mixed_expertise_leave_the_expert_in():
    # e1 alone knows the sector; e2 is a colleague and everybody else is nearly full.
    evaluators = changed(
        people(4, expertise=frozenset()),
        e1={"employer": "ANAPEC", "expertise": frozenset("C"), "max_load": 3},
        e2={"employer": "ANAPEC", "min_load": 0},
    )
    case = Problem(files(3), evaluators, min_evaluators=3)
    found = propose(problem=case)
    assert violations(case, found.pairs) == []
    assert {e for e, _d in found.pairs} == {"e1", "e3", "e4"}


def test_unknown_sector_needs_no_expert_and_is_said():
    found = propose(problem=Problem((*files(1), Dossier("d2", "CL-2026-0002")), people(3)))
    with translation.override("en"):
        assert [wish.sentence() for wish in found.unmet] == ["Application CL-2026-0002 states no sector: no expert was required for it."]


# Connected design


def test_separate_groups_are_linked_by_an_exchange():
    # Each pair of evaluators is expert of its own sector: the cheapest assignment would leave two islands.
    evaluators = changed(people(4), e3={"expertise": frozenset("J")}, e4={"expertise": frozenset("J")})
    dossiers = changed(files(4), d3={"sector": "J"}, d4={"sector": "J"})
    found = propose(problem=Problem(dossiers, evaluators, min_evaluators=2))
    assert found.connected
    assert len(found.pairs) == 8
    assert found.loads == dict.fromkeys(["e1", "e2", "e3", "e4"], 2)


def test_islands_that_cannot_be_linked_are_named():
    apart = frozenset({("e1", "d2"), ("e2", "d2"), ("e3", "d1"), ("e4", "d1")})
    found = propose(problem=Problem(files(2), people(4), min_evaluators=2, excluded=apart))
    assert not found.connected
    with translation.override("en"):
        assert [wish.sentence() for wish in found.unmet] == [
            "Name 3, Name 4 share no application with the other evaluators: their severity cannot be compared."
        ]


def test_existing_islands_are_linked_by_one_more_reading():
    today = frozenset({("e1", "d1"), ("e2", "d1"), ("e3", "d2"), ("e4", "d2")})
    found = propose(problem=Problem(files(2), people(4), min_evaluators=2, existing=today))
    assert found.connected
    assert set(found.kept) == today
    assert len(found.added) == 1


# Stable


def test_a_second_run_on_its_own_result_changes_nothing():
    first = propose(problem=problem(12, 7, seed=1))
    again = propose(problem=problem(12, 7, seed=77, existing=frozenset(first.pairs)))
    assert (again.pairs, again.added, again.removed) == (first.pairs, (), ())


def test_a_new_conflict_replaces_only_the_readings_it_forbids():
    first = propose(problem=problem(8, 6))
    gone = first.pairs[0]
    again = propose(problem=problem(8, 6, existing=frozenset(first.pairs), excluded=frozenset({gone})))
    assert again.removed == (gone,)
    assert [d for _e, d in again.added] == [gone[1]]


def test_a_reading_already_marked_is_the_last_to_be_given_up():
    today = frozenset({("e1", "d1"), ("e1", "d2")})
    for started in ("d1", "d2"):
        evaluators = changed(people(4), e1={"max_load": 1})
        case = Problem(files(2), evaluators, existing=today, started=frozenset({("e1", started)}))
        assert propose(problem=case).kept == (("e1", started),)


def test_the_seed_chooses_among_equals_and_reproduces():
    found = {seed: propose(problem=problem(9, 6, seed=seed)) for seed in range(4)}
    assert len({proposal.pairs for proposal in found.values()}) > 1
    assert {seed: propose(problem=problem(9, 6, seed=seed)) for seed in range(4)} == found


def test_the_order_of_the_input_never_matters():
    case = problem(7, 5, seed=3)
    backwards = replace(case, dossiers=tuple(reversed(case.dossiers)), evaluators=tuple(reversed(case.evaluators)))
    assert propose(problem=backwards) == propose(problem=case)


# The statement of the problem


@pytest.mark.parametrize(
    "facts",
    [
        {"dossiers": (*files(1), *files(1))},
        {"evaluators": (*people(1), *people(1))},
        {"excluded": frozenset({("stranger", "d1")})},
        {"existing": frozenset({("e1", "elsewhere")})},
        {"min_evaluators": 0},
        {"evaluators": people(1, min_load=-1)},
        {"evaluators": people(1, max_load=-1)},
    ],
)
def test_a_problem_that_cannot_be_read_is_refused(facts):
    with pytest.raises(InvalidProblem):
        Problem(**({"dossiers": files(1), "evaluators": people(1)} | facts))


def test_violations_name_each_rule():
    evaluators = changed(people(4), e1={"employer": "OFPPT"}, e2={"employer": "OFPPT", "min_load": 2}, e3={"expertise": frozenset()})
    case = Problem(files(2), evaluators, min_evaluators=2, excluded=frozenset({("e4", "d1")}))
    pairs = {("e1", "d1"), ("e2", "d1"), ("e4", "d1"), ("e3", "d2")}
    assert violations(case, pairs) == ["excluded e4 d1", "load e2", "employer d1", "coverage d2", "expert d2"]


@pytest.mark.parametrize(("dossiers", "limit", "all_read"), [(20, None, True), (21, None, False), (20, 19, False), (20, 20, True)])
def test_all_read_all_is_advised_for_small_calls(dossiers, limit, all_read):
    case = Problem(files(dossiers), people(3, max_load=limit))
    assert assignment.everybody_can_read_everything(case) is all_read


# Against every possible assignment

CASES = st.builds(
    lambda sectors, employers, knows, limits, excluded, need: Problem(
        tuple(Dossier(f"d{n}", f"D{n}", sector) for n, sector in enumerate(sectors)),
        tuple(Evaluator(f"e{n}", f"E{n}", employers[n], frozenset("C") if knows[n] else frozenset(), *limits[n]) for n in range(4)),
        min_evaluators=need,
        excluded=frozenset((f"e{e}", f"d{d}") for e, d in excluded),
    ),
    st.lists(st.sampled_from(["C", ""]), min_size=2, max_size=2),
    st.lists(st.sampled_from(["", "X", "Y"]), min_size=4, max_size=4),
    st.lists(st.booleans(), min_size=4, max_size=4),
    st.lists(st.tuples(st.integers(0, 1), st.sampled_from([None, 1, 2])), min_size=4, max_size=4),
    st.frozensets(st.tuples(st.integers(0, 3), st.integers(0, 1)), max_size=3),
    st.integers(1, 3),
)


@settings(deadline=None, max_examples=80)
@given(CASES)
def test_an_assignment_is_found_exactly_when_one_exists(case):
    every = [(e.id, d.id) for e in case.evaluators for d in case.dossiers]
    exists = any(not violations(case, chosen) for size in range(len(every) + 1) for chosen in combinations(every, size))
    try:
        found = propose(problem=case)
    except Infeasible as refusal:
        assert not exists
        assert refusal.obstacles
    else:
        assert exists
        assert violations(case, found.pairs) == []
        assert found.connected is (len(connected_groups(found.pairs)) < 2)
