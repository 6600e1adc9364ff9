"""The thresholds of clause 3.3 just under, at and just over, with the figures of the edge-case matrix (X1 to X8, X11)."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from applications.rules.eligibility import blocking, evaluate, thresholds
from applications.rules.facts import Facts, Terms

from .factories import TERMS, detail, eligible_facts, expenses, income, member, members

pytestmark = pytest.mark.usefixtures("english")

DEADLINE = datetime(2026, 7, 28, 14, tzinfo=UTC)
EIGHT_YEARS = Terms(new_allowed=False, existing_allowed=True, existing_min_support_years=8)


def judged(rule, facts, terms=TERMS, deadline=DEADLINE):
    return {verdict.rule: verdict for verdict in evaluate(facts, terms, deadline=deadline)}[rule]


def test_evaluate_eligible_file_passes_every_rule():
    verdicts = evaluate(eligible_facts(), TERMS, deadline=DEADLINE)
    assert [(verdict.rule, verdict.status) for verdict in verdicts] == [
        ("members", "pass"),
        ("qualifying", "pass"),
        ("self_financing", "pass"),
        ("applicant_type", "pass"),
        ("legal_form", "pass"),
        ("constitution_date", "pass"),
    ]
    assert blocking(verdicts) == ()
    assert [verdict.missing_sentence for verdict in verdicts] == [""] * 6


# T1 -------------------------------------------------------------------------------------------------------------
def test_x1_potential_members_never_count():
    verdict = judged("members", eligible_facts(members=members(8, 4, 2, potential=10)))
    assert (verdict.status, verdict.figures, verdict.missing) == ("fail", (14, 1, 15), 1)
    assert verdict.sentence == "14 engaged members counted; at least 15 are required."
    assert verdict.missing_sentence == "1 member is missing."


@pytest.mark.parametrize(
    ("number", "status", "missing"), [(0, "fail", 15), (13, "fail", 2), (14, "fail", 1), (15, "pass", None), (16, "pass", None)]
)
def test_members_threshold(number, status, missing):
    verdict = judged("members", eligible_facts(members=members(number)))
    assert (verdict.status, verdict.missing) == (status, missing)


def test_members_missing_two_is_said_in_the_plural():
    assert judged("members", eligible_facts(members=members(13))).missing_sentence == "2 members are missing."


def test_major_partners_never_count():
    partners = tuple(member(f"Partenaire {i}", engagement="major_partner") for i in range(5))
    assert judged("members", eligible_facts(members=(*members(10), *partners))).figures.numerator == 10


# T2 -------------------------------------------------------------------------------------------------------------
def test_x2_97_of_162_fails_and_is_truncated():
    verdict = judged("qualifying", eligible_facts(members=members(97, 60, 5)))
    assert (verdict.status, verdict.figures) == ("fail", (97, 162, Decimal(60)))
    assert (verdict.percent, verdict.percent_text) == (Decimal("59.87"), "59,87\u00a0%")
    assert verdict.missing == 1
    assert verdict.sentence == (
        "Industrial, technological or specific companies: 59,87\u00a0% of members (97/162); at least 60\u00a0% is required."
    )


def test_x3_one_more_other_member_breaks_the_share():
    before = judged("qualifying", eligible_facts(members=members(9, 4, 2)))
    after = judged("qualifying", eligible_facts(members=members(9, 4, 3)))
    assert (before.status, before.percent_text) == ("pass", "60,00\u00a0%")
    assert (after.status, after.percent_text, after.missing) == ("fail", "56,25\u00a0%", 2)


def test_qualifying_8_of_14_misses_one_company():
    verdict = judged("qualifying", eligible_facts(members=members(8, 4, 2)))
    assert (verdict.status, verdict.missing) == ("fail", 1)
    assert verdict.missing_sentence == "1 industrial, technological or specific company is missing."


def test_qualifying_counts_companies_only():
    school = member("École", "research_training", qualifies=True)
    shop = member("Boutique", "company", qualifies=False)
    assert judged("qualifying", eligible_facts(members=(*members(3), school, shop))).figures == (3, 5, 60)


def test_qualifying_without_members_cannot_be_computed_and_blocks():
    verdict = judged("qualifying", eligible_facts(members=()), replace(TERMS, qualifying_severity="warn"))
    assert (verdict.status, verdict.blocks, verdict.percent, verdict.missing) == ("not_computable", True, None, None)


def test_qualifying_threshold_of_100_percent_says_no_missing_number():
    verdict = judged("qualifying", eligible_facts(), replace(TERMS, min_qualifying_percent=Decimal(100)))
    assert (verdict.status, verdict.missing, verdict.missing_sentence) == ("fail", None, "")


def test_qualifying_decimal_threshold_is_exact():
    facts = eligible_facts(members=members(5, 3))
    assert judged("qualifying", facts, replace(TERMS, min_qualifying_percent=Decimal("62.5"))).status == "pass"
    assert judged("qualifying", facts, replace(TERMS, min_qualifying_percent=Decimal("62.51"))).status == "fail"


# T3 -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("case", "fees", "status", "text"),
    [("x4", 1_199_999, "fail", "39,99\u00a0%"), ("x5", 1_200_000, "pass", "40,00\u00a0%"), ("over", 1_200_001, "pass", "40,00\u00a0%")],
)
def test_self_financing_threshold(case, fees, status, text):
    facts = eligible_facts(lines=(*expenses(staff=3_000_000), *income(fees=fees, grant=3_000_000 - fees)))
    verdict = judged("self_financing", facts)
    assert (verdict.status, verdict.percent_text, verdict.figures) == (status, text, (fees, 3_000_000, 40))


def test_x4_missing_amount_is_just_enough():
    lines = (*expenses(staff=3_000_000), *income(fees=1_199_999, grant=1_800_001))
    missing = judged("self_financing", eligible_facts(lines=lines)).missing
    assert missing == Decimal("1.67")

    def with_services(amount):
        return judged("self_financing", eligible_facts(lines=(*lines[:-2], replace(lines[-2], amounts=(amount,) * 5), lines[-1]))).status

    assert with_services(missing) == "pass"
    assert with_services(missing - Decimal("0.01")) == "fail"


def test_x6_all_zeros_cannot_be_computed_and_blocks_even_as_a_warning():
    zeros = eligible_facts(lines=(*expenses(), *income()))
    verdict = judged("self_financing", zeros, replace(TERMS, self_financing_severity="warn"))
    assert (verdict.status, verdict.blocks, verdict.percent_text) == ("not_computable", True, "")
    assert verdict.sentence == "The self-financing rate of year 1 cannot be computed: the budget of year 1 is empty or zero."


@pytest.mark.parametrize(
    ("nature", "rate"),
    [
        ("private", "50.00"),
        ("public_local", "30.00"),
        ("public_state", "30.00"),
        ("international_donor", "30.00"),
        ("in_kind", "30.00"),
        ("", "30.00"),
    ],
)
def test_x8_only_private_other_income_is_own(nature, rate):
    lines = (*expenses(staff=2_000_000), *income(fees=400_000, grant=1_000_000, services=200_000, other=400_000))
    facts = eligible_facts(lines=lines, details=(detail("other_income", 400_000, nature=nature),))
    assert judged("self_financing", facts).percent == Decimal(rate)


def test_private_details_beyond_their_heading_do_not_raise_the_rate():
    lines = (*expenses(staff=1_000_000), *income(grant=900_000, other=100_000))
    facts = eligible_facts(lines=lines, details=(detail("other_income", 900_000),))
    assert judged("self_financing", facts).figures == (100_000, 1_000_000, 40)


def test_formula_over_expenses_uses_the_other_side():
    lines = (*expenses(staff=3_450_000), *income(fees=800_000, grant=1_950_000, services=400_000, other=150_000))
    facts = eligible_facts(lines=lines, details=(detail("other_income", 150_000),))
    over_expenses = replace(TERMS, self_financing_formula="own_over_expenses")
    assert judged("self_financing", facts).percent_text == "40,90\u00a0%"
    verdict = judged("self_financing", facts, over_expenses)
    assert (verdict.status, verdict.percent_text, verdict.missing) == ("fail", "39,13\u00a0%", Decimal("30000"))


def test_severity_warn_does_not_block():
    facts = eligible_facts(members=members(14))
    terms = replace(TERMS, members_severity="warn")
    assert judged("members", facts, terms).status == "fail"
    assert blocking(evaluate(facts, terms, deadline=DEADLINE)) == ()


def test_thresholds_are_the_three_of_clause_3_3():
    assert [verdict.rule for verdict in thresholds(Facts(), TERMS)] == ["members", "qualifying", "self_financing"]


# Applicant, legal form, foundation ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("kind", "new", "existing", "status", "sentence"),
    [
        ("new", True, False, "pass", "This call is open to this kind of cluster."),
        ("existing", True, False, "fail", "This call is open to new clusters only."),
        ("new", False, True, "fail", "This call is open to existing clusters only."),
        ("existing", True, True, "pass", "This call is open to this kind of cluster."),
        ("", True, True, "fail", "This call is not open to this kind of cluster."),
    ],
)
def test_applicant_type(kind, new, existing, status, sentence):
    terms = replace(TERMS, new_allowed=new, existing_allowed=existing)
    verdict = judged("applicant_type", eligible_facts(applicant_type=kind), terms)
    assert (verdict.status, verdict.sentence) == (status, sentence)


def test_x11_exactly_eight_years_is_ineligible_and_one_day_more_is_eligible():
    deadline = datetime(2023, 6, 14, 14, tzinfo=UTC)
    exactly = eligible_facts(applicant_type="existing", support_periods=((date(2015, 1, 1), date(2022, 12, 31)),))
    one_more = replace(exactly, support_periods=((date(2015, 1, 1), date(2023, 1, 1)),))
    verdict = judged("support_years", exactly, EIGHT_YEARS, deadline)
    assert (verdict.status, verdict.figures) == ("fail", (8, 0, 8))
    assert verdict.sentence == "State support received: 8 years and 0 days; strictly more than 8 years are required."
    verdict = judged("support_years", one_more, EIGHT_YEARS, deadline)
    assert (verdict.status, verdict.figures) == ("pass", (8, 1, 8))


def test_existing_cluster_without_periods_cannot_be_computed_and_blocks():
    verdict = judged("support_years", eligible_facts(applicant_type="existing"), EIGHT_YEARS)
    assert (verdict.status, verdict.blocks) == ("not_computable", True)


def test_new_cluster_has_no_support_rule():
    assert "support_years" not in {verdict.rule for verdict in evaluate(eligible_facts(), EIGHT_YEARS, deadline=DEADLINE)}


def test_legal_form_other_than_association_blocks():
    verdict = judged("legal_form", eligible_facts(legal_form_is_association=False))
    assert (verdict.status, verdict.blocks, verdict.clause) == ("fail", True, "3.1")


@pytest.mark.parametrize(
    ("founded", "status"),
    [(date(2026, 7, 27), "pass"), (date(2026, 7, 28), "pass"), (date(2026, 7, 29), "fail"), (None, "not_computable")],
)
def test_constitution_date_against_the_deadline(founded, status):
    verdict = judged("constitution_date", eligible_facts(constitution_date=founded))
    assert (verdict.status, verdict.blocks) == (status, status != "pass")


def test_constitution_date_uses_the_day_in_morocco():
    # 23:30 UTC on the 27th is 00:30 on the 28th in Casablanca in July 2026.
    late = datetime(2026, 7, 27, 23, 30, tzinfo=UTC)
    assert judged("constitution_date", eligible_facts(constitution_date=date(2026, 7, 28)), deadline=late).status == "pass"


def test_self_test_without_deadline_only_asks_for_a_date():
    assert judged("constitution_date", eligible_facts(constitution_date=date(2099, 1, 1)), deadline=None).status == "pass"


def test_every_verdict_has_a_title_and_a_sentence():
    broken = Facts(applicant_type="existing", legal_form_is_association=False)
    for verdict in evaluate(broken, EIGHT_YEARS, deadline=DEADLINE):
        assert verdict.title and verdict.sentence.endswith(".")
