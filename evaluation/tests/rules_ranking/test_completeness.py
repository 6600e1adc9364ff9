"""What a ranking refuses to run on."""

from decimal import Decimal

import pytest
from django.utils import translation

from evaluation.rules import completeness
from evaluation.rules.completeness import IncompleteRanking
from evaluation.rules.ranking import rank
from evaluation.tests.rule_builders import dossier, ranks, small_grid, terms
from evaluation.tests.rules_ranking.helpers import one

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
