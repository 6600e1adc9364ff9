"""The files the committee downloads, opened again."""

import json
from decimal import Decimal
from io import BytesIO

import pytest
from django.utils import translation
from openpyxl import load_workbook
from pypdf import PdfReader

from clusters_portal.accounts.roles import Role
from clusters_portal.lib.canonical import canonical_json, sha256_hex
from evaluation import exports, pdf
from evaluation.queries import latest_ranking
from evaluation.tests import factories as make
from evaluation.tests import session_builders as meet

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def decided():
    """Three dossiers, two places: the third displaces the second with a reason; one name begins like a formula."""
    call, dossiers, _ranking = make.call_before_committee(5, 4, 3, places=2, people=1)
    chair = make.user(Role.COMMITTEE_CHAIR, name="Chair")
    first, second, third = dossiers
    meet.decide(application=first, outcome="selected", adopted_rank=1, actor=chair)
    meet.decide(
        application=third,
        outcome="selected_with_reservations",
        adopted_rank=2,
        reservations="=1+1",
        deviation_reason="Wider reach.",
        actor=chair,
    )
    meet.decide(application=second, outcome="not_selected", deviation_reason="Overlap.", actor=chair, **make.REASONS)
    return exports.shortlist_of(latest_ranking(call)), dossiers


def rows_of(book, title):
    return [list(row) for row in load_workbook(BytesIO(book))[title].iter_rows(values_only=True)]


def test_workbook_opens_with_names_ranks_scores_and_reasons(decided):
    shortlist, (first, second, third) = decided
    book = exports.workbook(shortlist)
    listed = rows_of(book, "Shortlist")
    assert [row[:4] for row in listed[1:]] == [
        [1, 1, None, first.number],
        [2, 3, None, third.number],
        [None, 2, None, second.number],
    ]
    assert listed[1][4:9] == [first.association.name_fr, first.association.name_ar, "Selected", 100, "100/1"]
    assert rows_of(book, "Agreed marks")[2] == [third.number, third.association.name_fr, *[3] * 10, "60/1"]
    decisions = rows_of(book, "Decisions")
    assert decisions[3][4:6] == [make.REASONS["reasons_fact"], make.REASONS["reasons_law"]]
    assert decisions[2][6:8] == ["=1+1", "Wider reach."]
    seal = dict(rows_of(book, "Fingerprint")[1:])
    assert seal["SHA-256 of the ranking"] == shortlist.ranking.sha256


def test_the_workbook_of_an_arabic_reader_opens_from_the_right(decided):
    with translation.override("ar"):
        arabic = load_workbook(BytesIO(exports.workbook(decided[0])))
    assert {sheet.sheet_view.rightToLeft for sheet in arabic} == {True}


@pytest.mark.parametrize("written, shown", [("49/10", Decimal("4.9")), ("3/1", Decimal(3)), ("0/1", Decimal(0)), ("11/3", "11/3")])
def test_a_mark_is_a_number_where_two_decimals_say_it_wholly(written, shown):
    assert exports.exact_mark(written) == shown


def test_texts_never_become_formulas(decided):
    sheet = load_workbook(BytesIO(exports.workbook(decided[0])))["Decisions"]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}


def test_same_decisions_give_the_same_workbook(decided):
    assert exports.workbook(decided[0]) == exports.workbook(exports.shortlist_of(decided[0].ranking))


def test_json_is_canonical_and_carries_its_own_hash(decided):
    shortlist, (first, _second, _third) = decided
    text = exports.canonical(shortlist).decode()
    read = json.loads(text)
    assert canonical_json(read) == text
    assert read["sha256"] == sha256_hex(canonical_json(read["content"]))
    assert read["content"]["ranking"]["sha256"] == shortlist.ranking.sha256
    project = read["content"]["projects"][0]
    assert (project["number"], project["score"]["exact"], project["criteria"]["T1"]) == (first.number, "100/1", "5/1")
    assert project["decision"]["outcome"] == "selected"


def test_undecided_dossiers_are_listed_as_such():
    _call, (dossier,), ranking = make.call_before_committee(4, people=1)
    shortlist = exports.shortlist_of(ranking)
    assert rows_of(exports.workbook(shortlist), "Shortlist")[1][:7] == [
        None, 1, None, dossier.number, dossier.association.name_fr, dossier.association.name_ar, "Not decided",
    ]  # fmt: skip
    assert json.loads(exports.canonical(shortlist))["content"]["projects"][0]["decision"] is None


def test_agreed_marks_and_scores_are_written_whole():
    _call, _dossiers, ranking = make.ranked_call((3.5, 3, 3, 3, 3, 3, 3, 3, 3, 3))
    book = exports.workbook(exports.shortlist_of(ranking))
    row = rows_of(book, "Shortlist")[1]
    assert (Decimal(str(row[7])), row[8]) == (Decimal("61"), "61/1")
    assert [Decimal(str(mark)) for mark in rows_of(book, "Agreed marks")[1][2:5]] == [Decimal("3.5"), Decimal(3), Decimal(3)]


def test_marks_of_runs_before_consensus_stay_exact():
    """Their official mark was a mean: a third is written as a fraction, never rounded."""
    assert [exports.exact_mark(written) for written in ("7/2", "73/20", "11/3")] == [Decimal("3.50"), Decimal("3.65"), "11/3"]


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_pdf_opens_with_numbers_names_and_hash(decided, lang):
    shortlist, dossiers = decided
    reader = PdfReader(BytesIO(pdf.shortlist(shortlist, lang=lang)))
    text = "".join(page.extract_text() for page in reader.pages)
    packed = "".join(text.split())
    for dossier in dossiers:
        assert dossier.number in text
        assert dossier.association.name_fr in text
    assert shortlist.ranking.sha256 in packed
    assert reader.trailer["/Root"]["/Lang"] == lang


def test_gathering_costs_the_same_for_any_number_of_dossiers(django_assert_num_queries):
    for rows in (1, 4):
        _call, _dossiers, ranking = make.call_before_committee(*[3] * rows, people=1)
        with django_assert_num_queries(1):
            exports.shortlist_of(ranking)
