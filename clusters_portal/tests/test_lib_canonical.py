"""Sealed bytes (canonical JSON)."""

import json
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest
from django.utils.functional import lazystr
from hypothesis import given
from hypothesis import strategies as st

from clusters_portal.lib.canonical import canonical_json, sha256_hex

plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.decimals(allow_nan=False, allow_infinity=False, places=2),
    lambda children: st.lists(children, max_size=4) | st.dictionaries(st.text(), children, max_size=4),
    max_leaves=12,
)


def test_shape():
    value = {
        "b": Decimal("1.50"),
        "a": [date(2026, 7, 28), datetime(2026, 7, 28, 15, tzinfo=timezone(timedelta(hours=1)))],
        "é": "قطب",
        "t": (True, None, 3),
    }
    assert canonical_json(value) == '{"a":["2026-07-28","2026-07-28T14:00:00+00:00"],"b":"1.50","t":[true,null,3],"é":"قطب"}'


@pytest.mark.parametrize(
    ("value", "text"), [(Decimal("1E+3"), '"1000"'), (Decimal("0E-2"), '"0.00"'), (UUID(int=1), '"00000000-0000-0000-0000-000000000001"')]
)
def test_plain_text_forms(value, text):
    assert canonical_json(value) == text


@pytest.mark.parametrize("value", [1.5, {1: "a"}, {"a": {1.5}}, object(), b"x", [float("nan")], lazystr("x")])
def test_unknown_kinds_are_refused(value):
    with pytest.raises(TypeError):
        canonical_json(value)


@pytest.mark.parametrize("value", [Decimal("NaN"), Decimal("Infinity"), datetime(2026, 1, 1)])
def test_values_without_meaning_are_refused(value):
    with pytest.raises(ValueError):
        canonical_json(value)


@given(plain)
def test_round_trip_gives_the_same_bytes(value):
    text = canonical_json(value)
    assert canonical_json(json.loads(text)) == text


@given(st.dictionaries(st.text(), st.integers(), min_size=2))
def test_order_of_keys_changes_nothing(value):
    assert canonical_json(dict(reversed(value.items()))) == canonical_json(value)


def test_sha256_of_text_is_that_of_its_utf8():
    assert sha256_hex("abc") == sha256_hex(b"abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert sha256_hex("é") == sha256_hex("é".encode())
