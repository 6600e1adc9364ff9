"""Regions, provinces and sectors (domain 3.4, 3.5)."""

import pytest
from django.utils import translation

from applications import reference


def test_numbers_of_the_decree():
    assert (len(reference.REGIONS), len(reference.PROVINCES), len(reference.SECTIONS)) == (12, 75, 21)
    assert sum(province.prefecture for province in reference.PROVINCES) == 13
    assert len({province.code for province in reference.PROVINCES}) == 75


def test_every_name_is_given_in_french_and_arabic():
    for row in (*reference.REGIONS, *reference.PROVINCES, *reference.SECTIONS):
        assert row.name_fr.strip() and any("\u0600" <= char <= "\u06ff" for char in row.name_ar), row
    assert all(section.name_en for section in reference.SECTIONS)


def test_names_do_not_repeat():
    for rows in (reference.REGIONS, reference.PROVINCES, reference.SECTIONS):
        assert len({row.name_fr for row in rows}) == len({row.name_ar for row in rows}) == len(rows)


def test_every_province_belongs_to_a_region():
    regions = {region.code for region in reference.REGIONS}
    assert {province.region for province in reference.PROVINCES} == regions


@pytest.mark.parametrize(
    ("province", "region"), [("NOU", "MA-06"), ("CHT", "MA-09"), ("HAJ", "MA-03"), ("TNT", "MA-10"), ("ZZZ", ""), ("", "")]
)
def test_region_of(province, region):
    assert reference.region_of(province) == region


def test_names_follow_the_active_language():
    choices = dict(reference.region_choices())
    with translation.override("fr"):
        assert (str(choices["MA-06"]), reference.province_name("HAJ")) == ("Casablanca-Settat", "El Hajeb")
    with translation.override("ar"):
        assert (str(choices["MA-06"]), reference.province_name("HAJ")) == ("الدار البيضاء - سطات", "الحاجب")
    assert reference.region_name("MA-99") == ""


def test_section_choices_show_the_letter():
    with translation.override("fr"):
        assert str(dict(reference.nma_section_choices())["C"]) == "C – Industrie manufacturière"
    with translation.override("en"):
        assert str(dict(reference.nma_section_choices())["C"]) == "C – Manufacturing"


def test_provinces_of_one_region_and_grouped():
    assert [code for code, _name in reference.province_choices("MA-12")] == ["AOU", "OUD"]
    assert [len(provinces) for _region, provinces in reference.grouped_province_choices()] == [8, 8, 9, 7, 5, 9, 8, 5, 6, 4, 4, 2]


@pytest.mark.parametrize(
    ("section", "division", "proposed"),
    [
        ("C", "13", True),
        ("B", "", True),
        ("F", "41", True),
        ("J", "62", True),
        ("M", "72", True),
        ("M", "70", False),
        ("A", "01", False),
        ("P", "85", False),
        ("", "", False),
    ],
)
def test_qualifies_by_default(section, division, proposed):
    assert reference.qualifies_by_default(section, division) is proposed


def test_only_the_regions_and_sections_proposed_as_qualifying():
    assert "".join(section.code for section in reference.SECTIONS if section.qualifies) == "BCDEFJ"
