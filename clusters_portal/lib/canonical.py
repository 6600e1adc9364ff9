"""One byte sequence per value: what is sealed today can be recomputed and compared in ten years."""

import hashlib
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID


def canonical_json(obj):
    """JSON with sorted keys, no spaces and non-ASCII kept as is.

    Decimals become plain strings (never an exponent), dates and times ISO 8601 (times in UTC), UUIDs their text,
    tuples lists. Raises TypeError on floats, sets, keys that are not text and anything unknown: a float would not
    survive a round trip. Raises ValueError on a naive datetime or a Decimal that is not finite.
    """
    return json.dumps(_plain(obj), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def sha256_hex(data):
    """SHA-256 of bytes, or of text in UTF-8, as 64 lower-case hexadecimal digits."""
    if isinstance(data, str):
        data = data.encode("utf-8")
    return hashlib.sha256(data).hexdigest()


def _plain(value):
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, dict):
        return {_key(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return _text(value)


def _text(value):
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise ValueError("a number that is not finite cannot be sealed")
        return format(value, "f")
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("a time without its zone cannot be sealed")
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no canonical form")


def _key(key):
    if not isinstance(key, str):
        raise TypeError("a key of a sealed object must be text")
    return str(key)
