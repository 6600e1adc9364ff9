"""What holds whatever the marks; stored runs compute again to their bytes."""

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from clusters_portal.lib.canonical import canonical_json
from evaluation.rules import completeness, record
from evaluation.rules.ranking import rank
from evaluation.tests.rule_builders import NO_COVERAGE, dossier, small_grid, terms

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
