from decimal import Decimal
from fractions import Fraction

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from evaluation.rules import agreement, divergence
from evaluation.rules.scoring import EvaluationScores
from evaluation.tests.rule_builders import grid, marks, small_grid

# Krippendorff (2011): 4 observers, 12 units, missing data; unit 12 has a single value and does not count.
KRIPPENDORFF = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
]
# Shrout & Fleiss (1979), table 2: 6 targets, 4 judges.
SHROUT_FLEISS = [[9, 6, 8, 7, 10, 6], [2, 1, 4, 1, 5, 2], [5, 3, 6, 2, 6, 4], [8, 2, 8, 6, 9, 7]]
# Siegel (1956), chapter 9: three judges on six applicants without ties, three on ten with ties.
SIEGEL = [[1, 6, 3, 2, 5, 4], [1, 5, 6, 4, 2, 3], [6, 3, 2, 5, 4, 1]]
SIEGEL_TIES = [
    ["1", "4.5", "2", "4.5", "3", "7.5", "6", "9", "7.5", "10"],
    ["2.5", "1", "2.5", "4.5", "4.5", "8", "9", "6.5", "10", "6.5"],
    ["2", "1", "4.5", "4.5", "4.5", "4.5", "8", "8", "8", "10"],
]


def table(judges):
    """{dossier: {evaluator: mark}} from one list of marks per evaluator."""
    return {
        f"d{unit:02d}": {f"e{judge}": None if row[unit] is None else Decimal(row[unit]) for judge, row in enumerate(judges)}
        for unit in range(len(judges[0]))
    }


# Published figures


@pytest.mark.parametrize(("level", "value"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)])
def test_alpha_of_krippendorff_2011(level, value):
    found = agreement.alpha(table(KRIPPENDORFF), level)
    assert (found.n, found.k, round(found.value, 3), found.hidden) == (11, 4, value, "")


def test_alpha_by_hand():
    # One disagreement (1 against 2) in five units of two: o = 2 ordered pairs of 10, n1 = 5, n2 = 5.
    # D_o = 2/10, D_e = 2·5·5/(10·9) = 50/90, alpha = 1 − 0.2 × 90/50 = 0.64.
    found = agreement.alpha(table([[1, 1, 2, 2, 1], [1, 1, 2, 2, 2]]), "nominal")
    assert found == agreement.Agreement(5, 2, 0.64)


def test_icc_of_shrout_and_fleiss_1979():
    single, mean = agreement.icc_single(table(SHROUT_FLEISS)), agreement.icc_mean(table(SHROUT_FLEISS))
    assert (single.n, single.k, round(single.value, 2)) == (6, 4, 0.29)
    assert (mean.n, mean.k, round(mean.value, 2)) == (6, 4, 0.62)


def test_mean_squares_of_shrout_and_fleiss_1979():
    rows = [[Fraction(mark) for mark in row] for row in zip(*SHROUT_FLEISS, strict=True)]
    assert [round(float(square), 2) for square in agreement.mean_squares(rows)] == [11.24, 32.49, 1.02]


def test_kendall_w_of_siegel_1956_without_ties():
    # Sums of ranks 8, 14, 11, 11, 11, 8 around 10.5: S = 25.5; W = 12 × 25.5 / (9 × 210) = 0.1619; chi² = 3 × 5 × W.
    found = agreement.kendall_w(table(SIEGEL))
    assert (found.n, found.k, found.degrees) == (6, 3, 5)
    assert found.value == pytest.approx(306 / 1890, abs=1e-15)
    assert found.chi_square == pytest.approx(15 * 306 / 1890, abs=1e-14)


def test_kendall_w_of_siegel_1956_with_ties():
    # S = 591, ΣT = 12 + 18 + 84 = 114; W = 12 × 591 / (9 × 990 − 3 × 114) = 7092 / 8568 = 0.828 (0.796 without correction).
    found = agreement.kendall_w(table(SIEGEL_TIES))
    assert found.value == pytest.approx(7092 / 8568, abs=1e-15)
    assert round(found.value, 3) == 0.828
    assert found.chi_square == pytest.approx(27 * 7092 / 8568, abs=1e-13)


def test_mid_ranks_share_places():
    assert agreement.mid_ranks([3, 1, 3, 2]) == [Fraction(7, 2), 1, Fraction(7, 2), 2]


# Hidden, with a reason

STATISTICS = [agreement.alpha, agreement.icc_single, agreement.icc_mean, agreement.kendall_w]


@pytest.mark.parametrize("statistic", STATISTICS)
@pytest.mark.parametrize(
    ("judges", "hidden"),
    [
        ([[1, 2, 3, 4], [1, 2, 3, 5]], "too_few_dossiers"),
        ([[3, 3, 3, 3, 3], [3, 3, 3, 3, 3]], "no_variation"),
    ],
)
def test_statistic_without_meaning_is_hidden(statistic, judges, hidden):
    found = statistic(table(judges))
    assert (found.value, found.hidden, found.n) == (None, hidden, len(judges[0]))
    with translation.override("en"):
        assert found.reason.startswith("Not shown: ")


@pytest.mark.parametrize("statistic", STATISTICS[1:])
def test_one_evaluator_is_hidden(statistic):
    assert statistic(table([[1, 2, 3, 4, 5]])).hidden == "too_few_evaluators"


@pytest.mark.parametrize("statistic", STATISTICS[1:])
def test_a_hole_hides_what_needs_a_complete_design(statistic):
    found = statistic(table([[1, 2, 3, 4, 5], [1, 2, None, 4, 5]]))
    assert (found.value, found.hidden) == (None, "incomplete")


def test_alpha_counts_only_dossiers_with_two_marks():
    found = agreement.alpha(table([[1, 2, 3, 4, 5], [1, 2, None, 4, 5]]))
    assert (found.n, found.hidden) == (4, "too_few_dossiers")
    assert agreement.alpha(table([[1, 2, 3, 4, 5], [1, 2, None, 4, 5]]), min_dossiers=4).value == 1.0


def test_icc_mean_is_hidden_when_dossiers_are_not_told_apart():
    # Every dossier has the same mean: rows vary by nothing, the denominator of ICC(2,k) is negative.
    found = agreement.icc_mean(table([[1, 2, 1, 2, 1, 2], [2, 1, 2, 1, 2, 1]]))
    assert (found.value, found.hidden) == (None, "no_variation")


def test_nothing_at_all_is_hidden():
    assert [statistic({}).hidden for statistic in STATISTICS] == ["too_few_dossiers"] * 4


def test_unknown_level_is_refused():
    with pytest.raises(ValueError, match="circular"):
        agreement.alpha(table(KRIPPENDORFF), "circular")


def test_ratio_of_two_zeros_is_no_difference():
    assert agreement.alpha(table([[0, 0, 1, 2, 3], [0, 0, 1, 2, 3]]), "ratio").value == 1.0


# Properties

HALF = st.integers(0, 10).map(lambda n: Decimal(n) / 2)
ROWS = st.lists(st.lists(HALF, min_size=3, max_size=3), min_size=5, max_size=9)


def named(rows):
    return {f"d{n}": {f"e{m}": mark for m, mark in enumerate(row)} for n, row in enumerate(rows)}


@given(ROWS, st.randoms(use_true_random=False))
def test_order_of_the_input_never_matters(rows, source):
    given_marks = named(rows)
    items = [(dossier, list(row.items())) for dossier, row in given_marks.items()]
    source.shuffle(items)
    for _dossier, row in items:
        source.shuffle(row)
    shuffled = {dossier: dict(row) for dossier, row in items}
    for statistic in STATISTICS:
        assert statistic(shuffled) == statistic(given_marks)
    for level in agreement.LEVELS:
        assert agreement.alpha(shuffled, level) == agreement.alpha(given_marks, level)


@given(st.lists(HALF, min_size=5, max_size=12).filter(lambda row: len(set(row)) > 1), st.integers(2, 5))
def test_perfect_agreement_is_one(row, evaluators):
    same = table([row] * evaluators)
    assert [agreement.alpha(same, level).value for level in agreement.LEVELS] == [1.0] * 4
    assert [statistic(same).value for statistic in STATISTICS[1:]] == [1.0] * 3


@given(ROWS)
def test_statistics_stay_in_their_bounds(rows):
    for level in agreement.LEVELS:
        value = agreement.alpha(named(rows), level).value
        assert value is None or value <= 1
    w = agreement.kendall_w(named(rows)).value
    assert w is None or 0 <= w <= 1
    single = agreement.icc_single(named(rows)).value
    assert single is None or single <= 1


@given(ROWS)
def test_interval_alpha_ignores_scale_and_shift_and_ordinal_any_monotone_change(rows):
    moved = [[3 * mark + 7 for mark in row] for row in rows]
    bent = [[mark**3 for mark in row] for row in rows]
    assert agreement.alpha(named(moved), "interval") == agreement.alpha(named(rows), "interval")
    assert agreement.alpha(named(bent), "ordinal") == agreement.alpha(named(rows), "ordinal")
    assert agreement.kendall_w(named(bent)) == agreement.kendall_w(named(rows))


# Divergence


def evaluations(*scores):
    return [EvaluationScores(f"e{n}", given_scores) for n, given_scores in enumerate(scores)]


def test_criterion_is_flagged_at_two_points():
    adopted = small_grid(10, 10, 80)
    codes = adopted.codes
    found = divergence.divergences(adopted, evaluations(marks(1, 1, 3, codes=codes), marks(3, "2.5", 3, codes=codes)))
    assert found == (divergence.Divergence("criterion", "T1", Fraction(1), Fraction(3), Fraction(2)),)


@pytest.mark.parametrize(("high", "flagged"), [("3.5", False), ("4", True)])
def test_total_is_flagged_at_twenty_points(high, flagged):
    found = divergence.divergences(grid(), evaluations(marks(3), marks(high)))
    assert (found == (divergence.Divergence("total", "total", Fraction(60), Fraction(80), Fraction(20)),)) is flagged
    assert bool(found) is flagged


def test_threshold_split_on_criterion_block_and_total():
    adopted = grid(thresholds={"Q2": Decimal(3)}, block_thresholds={"technical": Decimal(30)}, total_threshold=Decimal(60))
    found = divergence.divergences(adopted, evaluations(marks(3), marks("2.5")))
    assert [(flag.kind, flag.subject, flag.low, flag.high, flag.limit) for flag in found] == [
        ("threshold_split", "Q2", Fraction(5, 2), 3, 3),
        ("threshold_split", "technical", 25, 30, 30),
        ("threshold_split", "total", 50, 60, 60),
    ]
    assert divergence.divergences(adopted, evaluations(marks(3), marks("3.5"))) == ()


def test_a_missing_mark_leaves_its_criterion_and_the_total_out():
    adopted = small_grid(50, 50)
    found = divergence.spreads(adopted, evaluations(marks(1, 4, codes=adopted.codes), marks(None, 2, codes=adopted.codes)))
    assert [(s.subject, s.count, s.low, s.high) for s in found] == [("T1", 1, 1, 1), ("T2", 2, 2, 4), ("total", 1, 50, 50)]
    assert [s.deviation for s in found] == [None, pytest.approx(2**0.5), None]
    assert found[1].range == 2


def test_no_evaluation_no_flag():
    assert divergence.divergences(grid(), []) == ()
    assert divergence.spreads(grid(), []) == ()


# The law of chi-square


@pytest.mark.parametrize(
    ("value", "degrees", "chance"),
    [(3.841, 1, 0.05), (5.991, 2, 0.05), (16.919, 9, 0.05), (18.307, 10, 0.05), (21.666, 9, 0.01), (29.588, 10, 0.001), (0, 5, 1)],
)
def test_chi_square_tail_of_the_printed_tables(value, degrees, chance):
    assert agreement.chi_square_tail(value, degrees) == pytest.approx(chance, rel=2e-3)


def test_probability_of_w_is_given_from_eight_dossiers():
    # Siegel's ten applicants: chi² = 22.35 on 9 degrees, significant at 0.01 (21.67) and not at 0.001 (27.88).
    assert 0.001 < agreement.kendall_w(table(SIEGEL_TIES)).probability < 0.01
    assert agreement.kendall_w(table(SIEGEL)).probability is None
    assert agreement.kendall_w(table(SHROUT_FLEISS)).probability is None
