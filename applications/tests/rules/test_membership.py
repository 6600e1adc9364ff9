"""One legal person is one member (domain T1, X12)."""

import pytest

from applications.rules.membership import count, ice_root, name_key

from .factories import member

ICE_1, ICE_1_OTHER_SITE, ICE_2 = "990000101000153", "990000101000250", "990000102000126"


def counted(*rows):
    result = count(rows)
    return result.engaged, result.qualifying, result.duplicates


def test_same_ice_is_one_member():
    assert counted(member("A", ice=ICE_1), member("B", ice=ICE_1)) == (1, 1, (("A", "B"),))


def test_two_establishments_of_one_root_are_one_member():
    assert counted(member("Siège", ice=ICE_1), member("Usine", ice=ICE_1_OTHER_SITE)) == (1, 1, (("Siège", "Usine"),))


def test_same_name_without_ice_is_one_member():
    assert counted(member("Société  Atlas."), member("SOCIETE ATLAS")) == (1, 1, (("SOCIETE ATLAS", "Société  Atlas."),))


def test_same_name_with_ice_on_one_row_only_is_one_member():
    assert counted(member("Atlas", ice=ICE_1), member("ATLAS")) == (1, 1, (("ATLAS", "Atlas"),))


def test_same_name_with_two_companies_are_two_members():
    assert counted(member("Atlas", ice=ICE_1), member("Atlas", ice=ICE_2)) == (2, 2, ())


def test_row_without_ice_joins_one_of_two_namesakes():
    assert counted(member("Atlas", ice=ICE_2), member("Atlas"), member("Atlas", ice=ICE_1))[:2] == (2, 2)


def test_row_without_name_or_ice_is_nobody():
    assert counted(member(""), member(" - ")) == (0, 0, ())


def test_x20_members_without_ice_count_by_name():
    assert counted(member("Université", "research_training", qualifies=False), member("Foreign GmbH")) == (2, 1, ())


def test_arabic_names_with_and_without_vowels_are_one():
    assert counted(member("شَرِكَة الأطلس"), member("شركة الأطلـس"))[0] == 1


def test_duplicate_qualifies_when_either_row_does():
    assert counted(member("A", ice=ICE_1, qualifies=False), member("A", ice=ICE_1))[:2] == (1, 1)


@pytest.mark.parametrize("ice", ["", "123", "abcdefghijklmno", "000000000000000", "٩٩٠٠٠٠١٠١٠٠٠١٥٣"])
def test_ice_root_of_anything_else_is_empty(ice):
    assert ice_root(ice) == ""


def test_name_key_ignores_bidi_controls():
    assert name_key("At\u202elas\u200b") == name_key("atlas")
