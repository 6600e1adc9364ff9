"""Text as stored (domain 3.2, X21)."""

import unicodedata

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from clusters_portal.lib.text import BIDI_CONTROLS, ascii_digits, clean_text, listed


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  Société Atlas \t", "Société Atlas"),
        ("e\u0301", "é"),
        ("a\u202eb\u202cc", "abc"),
        ("a\u200bb\ufeffc", "abc"),
        ("a\x00b\x07c", "abc"),
        ("ligne 1\r\nligne 2\rligne 3", "ligne 1\nligne 2\nligne 3"),
        ("قطب الأطلس", "قطب الأطلس"),
        ("\u2067قطب\u2069", "قطب"),
        (None, ""),
        ("a\u00a0: b", "a\u00a0: b"),
        ("\ue000x\ud800", "x"),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_clean_text(typed, stored):
    assert clean_text(typed) == stored


def test_single_line_collapses_spaces_and_newlines():
    assert clean_text("  A\u00a0\u202f B\n\nC\u200d ", multiline=False) == "A B C"


def test_x21_invisible_characters_do_not_make_a_name():
    assert clean_text("\u200b\u202e\u2066 \ufeff", multiline=False) == ""


@given(st.text())
def test_cleaning_is_idempotent_and_leaves_nothing_hidden(text):
    for multiline in (True, False):
        cleaned = clean_text(text, multiline=multiline)
        assert clean_text(cleaned, multiline=multiline) == cleaned
        assert unicodedata.is_normalized("NFC", cleaned)
        assert not set(cleaned) & set(BIDI_CONTROLS)
        assert all(char == "\n" or unicodedata.category(char) not in ("Cc", "Cs") for char in cleaned)
    assert "\n" not in clean_text(text, multiline=False)


@pytest.mark.parametrize(("text", "digits"), [("١٢٣", "123"), ("۱۲۳", "123"), ("１２３", "123"), ("a1²", "a1²")])
def test_ascii_digits(text, digits):
    assert ascii_digits(text) == digits


def test_listed_joins_with_the_comma_of_the_language():
    with translation.override("en"):
        assert (listed([2, 3, 4]), listed(["one"]), listed([])) == ("2, 3, 4", "one", "")
