"""Controls B1 to B9 and the indicators (domain 1.6, X7, X12, X22)."""

from dataclasses import replace
from decimal import Decimal

import pytest

from applications.rules import coherence, indicators
from applications.rules.budget import all_totals, totals
from applications.rules.facts import Facts

from .factories import TERMS, detail, eligible_facts, expenses, income, line, member, members, years

pytestmark = pytest.mark.usefixtures("english")


def codes(findings):
    return [(finding.code, finding.level, finding.year) for finding in findings]


def found(code, facts, **kwargs):
    return [finding for finding in coherence.check(facts, **kwargs) if finding.code == code]


def test_coherent_file_has_no_finding():
    assert coherence.check(eligible_facts(), TERMS) == ()


def test_b1_counts_empty_cells_by_year():
    lines = eligible_facts().lines
    holes = replace(lines[0], amounts=(None, *lines[0].amounts[1:4], None))
    also = replace(lines[1], amounts=(None, *lines[1].amounts[1:]))
    findings = found("B1", eligible_facts(lines=(holes, also, *lines[2:])))
    assert [(finding.year, finding.figures) for finding in findings] == [(1, (2,)), (5, (1,))]
    assert findings[0].sentence == "Year 1: 2 amounts are missing in the budget. Enter 0 where there is nothing."
    assert findings[0].step == "budget"


@pytest.mark.parametrize("lines", [(), (replace(line("rent", 0), amounts=(None,) * 5),)])
def test_b1_budget_not_started_is_said_once(lines):
    assert codes(found("B1", Facts(lines=lines))) == [("B1", "block", None)]


def test_b2_itemised_rows_must_equal_the_line():
    lines = (*expenses(staff=900_000, other=100_000), *income(fees=1_000_000))
    assert codes(found("B2", eligible_facts(lines=lines))) == [("B2", "block", year) for year in range(1, 6)]
    short = detail("other_expenses", 99_999, 100_000, nature="")
    [finding] = found("B2", eligible_facts(lines=lines, details=(short,)))
    assert (finding.year, finding.figures) == (1, (99_999, 100_000))
    assert finding.sentence.startswith("Year 1: the rows itemising the other expenses add up to 99\u00a0999\u00a0DH")
    exact = (detail("other_expenses", 60_000, nature=""), detail("other_expenses", 40_000, nature=""))
    assert found("B2", eligible_facts(lines=lines, details=exact)) == []


def test_b2_rows_without_a_line_amount_are_found_too():
    facts = eligible_facts(lines=(*expenses(staff=1), *income(fees=1)), details=(detail("other_income", 5, 0),))
    assert codes(found("B2", facts)) == [("B2", "block", 1)]


def test_b3_zero_budget_of_year_1():
    facts = eligible_facts(lines=(*expenses(), *income()))
    assert [(finding.kind, finding.level) for finding in found("B3", facts)] == [("no_expenses", "block"), ("no_income", "block")]


def test_b4_carries_the_severity_and_the_sentences_of_the_verdict():
    facts = eligible_facts(members=members(14))
    [finding] = found("B4", facts, terms=replace(TERMS, members_severity="warn"))
    assert (finding.level, finding.step) == ("warn", "members")
    assert finding.sentence == "14 engaged members counted; at least 15 are required. 1 member is missing."


@pytest.mark.parametrize(("grant", "years_found"), [(2_450_000, []), (2_450_001, [1, 2, 3, 4, 5]), (2_500_000, [1, 2, 3, 4, 5])])
def test_x7_b5_grant_above_unstarred_expenses(grant, years_found):
    lines = (*expenses(staff=1_050_000, rent=150_000, capex=300_000, actions=1_400_000), *income(fees=400_000, grant=grant))
    findings = found("B5", eligible_facts(lines=lines))
    assert [(finding.year, finding.level) for finding in findings] == [(year, "warn") for year in years_found]
    assert all(finding.figures == (grant, 2_450_000) for finding in findings)


def test_b6_forecast_of_the_strategy_differs_from_the_budget():
    facts = eligible_facts(fees_forecast=years(300_000, 300_000, 310_000, 300_000))
    [finding] = found("B6", facts)
    assert (finding.year, finding.figures, finding.step) == (3, (300_000, 310_000), "strategy")


@pytest.mark.parametrize(("fee", "warned"), [("297000", False), ("303000", False), ("296999.99", True), ("303000.01", True)])
def test_b6_member_fees_within_one_percent(fee, warned):
    row = member("Payeur", fee=Decimal(fee))
    potential = member("Intéressé", engagement="potential", fee=Decimal(10**6))
    facts = eligible_facts(members=(*members(9, 4, 2), row, potential))
    assert codes(found("B6", facts)) == ([("B6", "warn", 1)] if warned else [])


def test_b6_is_silent_while_no_member_has_a_fee():
    assert found("B6", eligible_facts()) == []


def test_x22_negative_result_every_year_is_flagged_and_needs_a_comment():
    lines = (*expenses(staff=1_000_001), *income(fees=400_000, grant=600_000))
    without = found("B7", eligible_facts(lines=lines, budget_comment="  "))
    assert codes(without) == [("B7", "block", year) for year in range(1, 6)]
    explained = found("B7", eligible_facts(lines=lines, budget_comment="Couvert par la trésorerie."))
    assert codes(explained) == [("B7", "warn", year) for year in range(1, 6)]
    assert explained[0].sentence == "Year 1: the result is negative (-1\u00a0DH)."


def test_b7_zero_result_is_not_negative():
    assert found("B7", eligible_facts()) == []


def test_b8_actions_dearer_than_their_line():
    facts = eligible_facts(action_costs=(years(300_000, 300_001, 300_000), years(100_000)))
    [finding] = found("B8", facts)
    assert (finding.year, finding.figures, finding.step) == (2, (400_001, 400_000), "actions")


def test_b9_says_the_calendar_year():
    [finding] = found("B9", eligible_facts(), base_year=2027)
    assert (finding.level, finding.sentence) == ("info", "Year 1 is 2027, the first year of the programme contract.")


def test_x12_same_ice_twice_is_a_warning():
    twice = (member("Atlas Nord", ice="990000101000153"), member("Atlas Sud", ice="990000101000153"))
    [finding] = found("M1", eligible_facts(members=(*members(9, 4, 2), *twice)))
    assert (finding.level, finding.sentence) == ("warn", "These rows are counted as one member: Atlas Nord, Atlas Sud.")


def test_i1_more_companies_than_members_blocks_that_year_only():
    series = {"active_members": years(15, 16, 16), "member_companies": years(9, 17, 16)}
    facts = eligible_facts(indicators=series)
    assert codes(indicators.check(facts)) == [("I1", "block", 2)]
    assert indicators.check(facts)[0].sentence == "Year 2: there cannot be more member companies (17) than active members (16)."


def test_figures_of_indicators_are_shown_without_the_zeros_of_their_column():
    series = {"active_members": years("15.00"), "member_companies": years("20.50")}
    sentence = indicators.check(eligible_facts(indicators=series))[0].sentence
    assert sentence == "Year 1: there cannot be more member companies (20,5) than active members (15)."


def test_i2_members_differ_from_the_forecast():
    facts = eligible_facts(indicators={"active_members": years(15, 16)}, members_forecast=years(15, 17, 16))
    assert codes(indicators.check(facts)) == [("I2", "warn", 2)]


def test_indicators_may_decrease_and_may_be_empty():
    assert indicators.check(eligible_facts(indicators={"startups": years(4, 2, 0)})) == ()


def test_blocking_keeps_only_what_forbids():
    lines = (*expenses(staff=1_000_001), *income(fees=400_000, grant=600_000))
    findings = coherence.check(eligible_facts(lines=lines, fees_forecast=years(1)))
    assert {finding.code for finding in coherence.blocking(findings)} == {"B7"}


def test_totals_of_a_year():
    lines = (*expenses(staff=10, rent=20, capex=30, actions=40, other=50), *income(fees=1, grant=2, services=3, other=4))
    facts = Facts(lines=lines, details=(detail("other_income", 3), detail("other_income", 1, nature="in_kind")))
    assert totals(facts, 0) == (150, 10, -140, 50, 7, 2)
    assert all_totals(facts) == (totals(facts, 0),) * 5


def test_every_sentence_names_no_missing_figure():
    empty_members = Facts(lines=(*expenses(other=5), *income(other=5)), fees_forecast=years(1), action_costs=(years(9),))
    for finding in coherence.check(empty_members, TERMS, base_year=2027):
        assert finding.sentence and "%(" not in finding.sentence and finding.step
