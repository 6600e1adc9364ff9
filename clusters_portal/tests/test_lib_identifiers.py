"""The ICE (domain 3.2, X13): repaired when it can be, doubted aloud, never refused."""

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from clusters_portal.lib.identifiers import DEMO_ICES, ice_problem, ice_root, normalise_ice

VALID = "990000101000153"


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        (VALID, VALID),
        (" 990 000 101 0001 53 ", VALID),
        ("990.000.101.0001-53", VALID),
        ("٩٩٠٠٠٠١٠١٠٠٠١٥٣", VALID),
        (990000101000153.0, VALID),
        (990000101000153, VALID),
        ("990000101000153.0", VALID),
        ("990000101000153,00", VALID),
        ("ICE : 990000101000153", VALID),
        ("\u200e990000101000153", VALID),
        ("990\u00a0000\u202f101000153", VALID),
        ("1561191000066", "001561191000066"),
        (1561191000066.0, "001561191000066"),
        ("01561191000066", "001561191000066"),
        ("123", "123"),
        ("abc", "abc"),
        ("", ""),
        (None, ""),
    ],
)
def test_normalise_ice(value, stored):
    assert normalise_ice(value) == stored


def test_x13_padded_ice_is_valid_and_a_wrong_key_is_only_a_warning():
    with translation.override("en"):
        assert ice_problem("1561191000066") == ""
        assert ice_problem("1561191000065") == "The control key of this ICE does not match: check the number."


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("", ""),
        (None, ""),
        ("12345", "An ICE has 15 digits; this one has 5."),
        ("abc", "An ICE holds digits only."),
        ("000000000000000", "An ICE cannot be made of zeros."),
        ("9900001010001531", "An ICE has 15 digits; this one has 16."),
    ],
)
def test_ice_problem(value, problem):
    with translation.override("en"):
        assert ice_problem(value) == problem


@pytest.mark.parametrize("ice", DEMO_ICES)
def test_demonstration_numbers_are_valid(ice):
    assert ice_problem(ice) == ""


def test_ice_root_is_shared_by_establishments():
    assert ice_root(VALID) == ice_root("990000101000250") == "990000101"
    assert ice_root("123") == ""


@given(st.integers(10**8, 10**13 - 1))
def test_a_computed_key_is_accepted_and_any_other_is_doubted(first):
    key = (97 - first * 100 % 97) % 97
    assert ice_problem(f"{first:013d}{key:02d}") == ""
    assert ice_problem(f"{first:013d}{(key + 1) % 97:02d}") != ""


@given(st.text() | st.from_regex(r"[0-9 .\-]{0,20}", fullmatch=True))
def test_any_text_gives_a_stable_number_or_a_warning(text):
    once = normalise_ice(text)
    assert ice_problem(text) == ice_problem(once) or not once.isdigit()
    if once.isdigit():
        assert normalise_ice(once) == once
    assert bool(ice_root(text)) is (len(once) == 15 and once.isdigit())
