"""The three fictitious files give the figures written in their own « expected » blocks."""

from dataclasses import replace
from decimal import Decimal

import pytest

from applications.rules import coherence
from applications.rules.budget import all_totals
from applications.rules.eligibility import blocking, evaluate, self_financing_years
from applications.rules.indicators import self_financing_series
from applications.rules.membership import count

from .factories import TERMS, sample

NAMES = ["a-textile", "b-hydrogene", "c-agritech"]
WARNINGS = {
    "a-textile": [],
    "b-hydrogene": [("B7", "warn", 2, (Decimal(-150_000),))],
    "c-agritech": [("B6", "warn", 1, (Decimal(390_000), Decimal(515_000)))],
}
RESULTS = {"a-textile": [0] * 5, "b-hydrogene": [0, -150_000, 0, 0, 0], "c-agritech": [0, 30_000, 15_000, 5_000, 10_000]}


@pytest.mark.parametrize("name", NAMES)
def test_sample_members_and_share(name):
    facts, expected = sample(name)
    counted = count(facts.members)
    assert (counted.engaged, counted.qualifying, counted.duplicates) == (expected["engaged"], expected["qualifying"], ())
    share = next(verdict for verdict in evaluate(facts, TERMS) if verdict.rule == "qualifying")
    assert share.percent == Decimal(expected["share_percent_truncated"])


@pytest.mark.parametrize("name", NAMES)
def test_sample_self_financing_of_the_five_years(name):
    facts, expected = sample(name)
    assert self_financing_series(facts, TERMS) == tuple(map(Decimal, expected["self_financing_percent_truncated"]))


@pytest.mark.parametrize("name", NAMES)
def test_sample_is_eligible(name):
    facts, expected = sample(name)
    assert (blocking(evaluate(facts, TERMS)) == ()) is expected["eligible"]


@pytest.mark.parametrize("name", NAMES)
def test_sample_findings(name):
    facts, _expected = sample(name)
    findings = coherence.check(facts, TERMS)
    assert [(finding.code, finding.level, finding.year, finding.figures) for finding in findings] == WARNINGS[name]


@pytest.mark.parametrize("name", NAMES)
def test_sample_results(name):
    facts, _expected = sample(name)
    assert [year.result for year in all_totals(facts)] == RESULTS[name]


def test_sample_b_year_2_by_expenses():
    facts, _expected = sample("b-hydrogene")
    rates = self_financing_years(facts, replace(TERMS, self_financing_formula="own_over_expenses"))
    assert rates[1].percent() == Decimal("39.13")
