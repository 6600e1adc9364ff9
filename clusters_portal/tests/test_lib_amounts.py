"""Amounts typed, pasted and printed (domain 3.2, X14)."""

from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import example, given
from hypothesis import strategies as st

from clusters_portal.lib.amounts import MAX_AMOUNT, MESSAGES, AmountError, format_amount, parse_amount, plain_amount

amounts = st.decimals(0, MAX_AMOUNT, places=2)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 234 567,50", "1234567.5"),
        ("1\u202f234\u202f567,50", "1234567.5"),
        ("1\u00a0234\u00a0567,50", "1234567.5"),
        ("1\u2009234", "1234"),
        ("١٢٣٤", "1234"),
        ("۱۲۳۴", "1234"),
        ("١٬٢٣٤٫٥٠", "1234.5"),
        ("٣٫٥", "3.5"),
        ("１２", "12"),
        ("1500", "1500"),
        ("1500,5", "1500.5"),
        ("1234.56", "1234.56"),
        ("0", "0"),
        ("000", "0"),
        (",5", "0.5"),
        ("12,", "12"),
        ("\u200f1 500\u200f", "1500"),
        ("\u202a1500\u202c", "1500"),
        ("1 500 DH", "1500"),
        ("1500dhs", "1500"),
        ("MAD 1500", "1500"),
        ("1 500 درهم", "1500"),
        ("+5", "5"),
        ("9 999 999 999,99", "9999999999.99"),
        ("1500.00", "1500"),
        (1500, "1500"),
        (1500.0, "1500"),
        (0.1, "0.1"),
        (Decimal("12.30"), "12.3"),
    ],
)
def test_parse_amount_reads(text, value):
    assert parse_amount(text) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        ("   ", "empty"),
        (None, "empty"),
        ("DH", "empty"),
        ("1.500", "ambiguous"),
        ("1,500", "ambiguous"),
        ("999.999", "ambiguous"),
        ("1.234.567", "ambiguous"),
        ("1.234.567,50", "ambiguous"),
        ("1,234.50", "ambiguous"),
        ("abc", "invalid"),
        ("1e5", "invalid"),
        ("1.5E3", "invalid"),
        ("NaN", "invalid"),
        ("Infinity", "invalid"),
        ("-inf", "invalid"),
        ("(5)", "invalid"),
        ("1-2", "invalid"),
        ("=1+1", "invalid"),
        ("12 34", "grouping"),
        ("1 23 456", "grouping"),
        ("1234 567", "grouping"),
        ("-5", "negative"),
        ("\u22125", "negative"),
        ("- 5", "negative"),
        ("10 000 000 000", "too_large"),
        ("9".rjust(60, "9"), "too_large"),
        (1e22, "too_large"),
        (Decimal("1E+40"), "too_large"),
        ("1234,567", "too_precise"),
        ("1 500,123", "too_precise"),
        ("0,500", "too_precise"),
        (0.125, "too_precise"),
        (float("nan"), "invalid"),
        (float("inf"), "invalid"),
        (Decimal("NaN"), "invalid"),
        (True, "invalid"),
    ],
)
def test_parse_amount_refuses(text, code):
    with pytest.raises(AmountError) as caught:
        parse_amount(text)
    assert caught.value.code == code


def test_parse_amount_options():
    assert parse_amount("-5,5", allow_negative=True) == Decimal("-5.5")
    assert parse_amount("15,00", decimals=0) == 15
    with pytest.raises(AmountError) as caught:
        parse_amount("15,5", decimals=0)
    assert caught.value.code == "not_whole"


def test_every_code_has_a_sentence():
    with translation.override("en"):
        assert all(str(sentence).endswith(".") for sentence in MESSAGES.values())
        assert (
            str(AmountError("ambiguous").message)
            == "This amount can be read in two ways. Write 1500 for one thousand five hundred, or 1,5 for one and a half."
        )


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("1234567.5"), "1\u00a0234\u00a0567,50\u00a0DH"),
        (1234567, "1\u00a0234\u00a0567\u00a0DH"),
        (0, "0\u00a0DH"),
        (Decimal("-150000"), "-150\u00a0000\u00a0DH"),
        (Decimal("0.05"), "0,05\u00a0DH"),
        (None, ""),
        ("", ""),
    ],
)
def test_format_amount(value, text):
    assert format_amount(value) == text


def test_format_amount_without_unit():
    assert format_amount(1000, unit="") == "1\u00a0000"


@given(amounts)
@example(Decimal("1.50"))
@example(Decimal("999.99"))
def test_what_is_printed_is_read_back(value):
    assert parse_amount(format_amount(value)) == value
    assert parse_amount(plain_amount(value)) == value
    assert parse_amount(format_amount(value).replace("\u00a0", "\u202f")) == value


@given(amounts)
def test_arabic_digits_are_read_alike(value):
    text = plain_amount(value)
    assert parse_amount(text.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))) == value


@given(st.text())
def test_any_text_is_read_or_refused_with_a_sentence(text):
    try:
        value = parse_amount(text)
    except AmountError as error:
        assert error.code in MESSAGES
    else:
        assert 0 <= value <= MAX_AMOUNT and value == round(value, 2)


@pytest.mark.parametrize(
    ("value", "text"), [(Decimal("1500.00"), "1500"), (Decimal("1234.50"), "1234,5"), (1_000_000, "1000000"), (None, "")]
)
def test_plain_amount(value, text):
    assert plain_amount(value) == text
