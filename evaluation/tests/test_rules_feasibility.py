from dataclasses import replace

import pytest
from django.utils import translation

from evaluation.rules import feasibility
from evaluation.rules.assignment import Problem
from evaluation.rules.feasibility import Infeasible
from evaluation.services.auto_assignment import propose
from evaluation.tests.assignment_builders import changed, files, people, problem


def reasons(case):
    with pytest.raises(Infeasible) as refusal, translation.override("en"):
        propose(problem=case)
    with translation.override("en"):
        return refusal.value.sentences()


def test_too_few_possible_evaluators():
    case = problem(3, 4, excluded=frozenset({("e1", "d3"), ("e2", "d3")}))
    assert reasons(case) == ["Application CL-2026-0003 has only 2 possible evaluators; 3 are needed."]
    assert reasons(replace(case, excluded=case.excluded | {("e4", "d3")})) == [
        "Application CL-2026-0003 has only 1 possible evaluator; 3 are needed."
    ]


def test_too_few_employers():
    evaluators = changed(people(4), e1={"employer": "OFPPT"}, e2={"employer": "OFPPT"}, e3={"employer": "OFPPT"})
    assert reasons(Problem(files(1), evaluators)) == [
        "The possible evaluators of application CL-2026-0001 come from 2 employers only; 3 evaluators are needed."
    ]


def test_no_expert_of_the_sector():
    dossiers = changed(files(2), d2={"sector": "J"})
    assert reasons(Problem(dossiers, people(3))) == ["Application CL-2026-0002 has no possible evaluator who knows its sector (J)."]


def test_not_enough_readings_in_all():
    assert reasons(Problem(files(5), people(4, max_load=3))) == ["The evaluators can take 12 readings in all; 15 are needed."]


def test_loads_of_one_evaluator():
    evaluators = changed(people(4), e1={"min_load": 3, "max_load": 2}, e2={"min_load": 9})
    assert reasons(Problem(files(5), evaluators)) == [
        "Name 1: the minimum load (3) is above the maximum load (2).",
        "Name 2 must read at least 9 applications; only 5 applications are open to this evaluator.",
    ]


def test_dossiers_that_starve_together_are_named():
    # Only e1, e2 and e3 may read d1 and d2, and e3 takes a single dossier: five readings for six.
    closed = frozenset((e, d) for e in ("e4", "e5") for d in ("d1", "d2"))
    evaluators = changed(people(5), e3={"max_load": 1})
    assert reasons(Problem(files(4), evaluators, excluded=closed)) == [
        "Applications CL-2026-0001, CL-2026-0002 need 6 readings together; their evaluators can give only 5."
    ]


def test_experts_who_are_too_few_together_are_said():
    evaluators = changed(people(5, expertise=frozenset()), e1={"expertise": frozenset("C"), "max_load": 2})
    assert reasons(Problem(files(3), evaluators)) == [
        "Applications CL-2026-0001, CL-2026-0002, CL-2026-0003 need 3 readings by experts of their sector; these experts can give only 2."
    ]


def test_the_rule_that_stands_in_the_way_is_named():
    colleagues = changed(people(2), e1={"employer": "OFPPT", "min_load": 1}, e2={"employer": "OFPPT", "min_load": 1})
    assert reasons(Problem(files(1), colleagues, min_evaluators=1)) == [
        "The minimum loads of the evaluators cannot all be reached; without them an assignment exists.",
        "One evaluator per employer and application is not possible; without this rule an assignment exists.",
    ]


def test_nothing_to_assign():
    assert reasons(Problem((), people(3))) == ["There is no application or no evaluator to assign."]
    assert reasons(Problem(files(1), ())) == ["There is no application or no evaluator to assign."]


ALL_CODES = [value for name, value in vars(feasibility).items() if name.isupper() and isinstance(value, str)]


@pytest.mark.parametrize("code", ALL_CODES)
def test_every_obstacle_has_its_sentence(code):
    with translation.override("en"):
        sentence = feasibility.Obstacle(code, ("X",), count=2, needed=3, sector="C").sentence()
    assert sentence.endswith(".") and "%" not in sentence
