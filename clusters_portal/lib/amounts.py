"""Amounts as people in Morocco type, paste and read them. One parser for the whole portal, no locale guessing.

Accepted: « 1 234 567,50 » with any kind of space, « 1234.5 », « ١٢٣٤ », a trailing « DH », « MAD » or « درهم ».
Refused rather than guessed: « 1.500 » and « 1,500 », which are 1500 for some and 1.5 for others.
"""

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext_lazy as _

from clusters_portal.lib.text import BIDI_CONTROLS, ZERO_WIDTH, ascii_digits

NBSP = "\u00a0"
MAX_AMOUNT = Decimal("9999999999.99")

MESSAGES = {
    "empty": _("Enter an amount, or 0 if there is none."),
    "invalid": _("Enter an amount in digits, for example 1 234 567,50."),
    "ambiguous": _("This amount can be read in two ways. Write 1500 for one thousand five hundred, or 1,5 for one and a half."),
    "grouping": _("The thousands are not grouped by three. Check the amount, or type it without spaces."),
    "negative": _("The amount cannot be negative."),
    "too_large": _("The amount is too large: the maximum is 9 999 999 999,99."),
    "too_precise": _("The amount has too many decimals: two at most."),
    "not_whole": _("Enter a whole number, without decimals."),
}

_SPACES = dict.fromkeys(map(ord, " \t\u00a0\u202f\u2009\u2007\u2008\u200a\u2002\u2003\u2004\u2005\u2006\u3000"), " ")
_REMOVED = dict.fromkeys(map(ord, BIDI_CONTROLS + ZERO_WIDTH))
_UNITS = re.compile(r"(?:^(?:dhs?|mad)\b|\b(?:dhs?|mad)$|(?<=\d)(?:dhs?|mad)$|دراهم$|درهما$|درهم$|د\.م\.$)", re.IGNORECASE)
_SHAPE = re.compile(r"(?P<sign>[-+\u2212]?)(?P<whole>\d+(?: \d+)*|)(?:(?P<mark>[.,])(?P<decimals>\d*))?")
_GROUPED = re.compile(r"\d{1,3}(?: \d{3})+")


class AmountError(ValueError):
    """The text is not an amount. `code` is a key of MESSAGES; `message` is its sentence, translated when shown."""

    def __init__(self, code):
        self.code, self.message = code, MESSAGES[code]
        super().__init__(code)


def parse_amount(text, *, decimals=2, allow_negative=False, maximum=MAX_AMOUNT):
    """The Decimal written in `text`. Raises AmountError with one of the codes of MESSAGES.

    `decimals` is how many digits after the mark are allowed (0..2). Numbers from a workbook may be passed as they
    are: int, Decimal, or a float, which is read through its shortest text.
    """
    value = _number(text) if isinstance(text, (int, float, Decimal)) else _parse_text(text)
    if value < 0 and not allow_negative:
        raise AmountError("negative")
    if abs(value) > maximum:
        raise AmountError("too_large")
    if value != round(value, decimals):
        raise AmountError("not_whole" if decimals == 0 else "too_precise")
    # 0E+2, -0 and 1500.00 all become the shortest plain form, so that equal amounts are equal texts.
    return _shortest(value)


def format_amount(value, unit="DH"):
    """« 1 234 567,50 DH » with no-break spaces; no decimals when there are none, two otherwise. "" for None."""
    if value is None or value == "":
        return ""
    value = Decimal(value).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    text = f"{value:,.2f}".removesuffix(".00").replace(",", NBSP).replace(".", ",")
    return f"{text}{NBSP}{unit}" if unit else text


def plain_amount(value):
    """The amount as one would type it: "1500", "1234,5". "" for None."""
    return "" if value is None else format(_shortest(Decimal(value)), "f").replace(".", ",")


def grouped_amount(value):
    """The amount as one would read it in its input: « 1 234 567,5 » with no-break spaces. "" for None."""
    whole, mark, decimals = plain_amount(value).partition(",")
    return f"{int(whole):,}".replace(",", NBSP) + mark + decimals if whole else ""


def _parse_text(text):
    text = ascii_digits(unicodedata.normalize("NFKC", str(text if text is not None else ""))).translate(_REMOVED)
    # The Arabic decimal and thousands separators have no other meaning, so they are never ambiguous.
    arabic_mark = "\u066b" in text
    text = text.translate(_SPACES).replace("\u066c", " ").replace("\u066b", ",").strip()
    text = _UNITS.sub("", text).strip()
    if not text:
        raise AmountError("empty")
    text = re.sub(r"^([-+\u2212]) +", r"\1", re.sub(r" +", " ", text))
    match = _SHAPE.fullmatch(text)
    if not match or not (match["whole"] or match["decimals"]):
        raise AmountError(_why_not(text))
    _refuse_ambiguous(match, arabic_mark)
    whole = match["whole"]
    if " " in whole and not _GROUPED.fullmatch(whole):
        raise AmountError("grouping")
    # Counted on what was written: « 0,500 » is refused too, nobody types a third decimal on purpose.
    if len(match["decimals"] or "") > 2:
        raise AmountError("too_precise")
    digits = f"{whole.replace(' ', '') or '0'}.{match['decimals'] or '0'}"
    if len(digits) > 40:
        raise AmountError("too_large")
    value = Decimal(digits)
    return -value if match["sign"] in ("-", "\u2212") else value


def _refuse_ambiguous(match, arabic_mark):
    """Three digits after one mark, and a whole part that could be a first group of thousands, has two readings."""
    whole, decimals = match["whole"], match["decimals"] or ""
    if arabic_mark or len(decimals) != 3 or " " in whole:
        return
    if len(whole) <= 3 and whole.strip("0"):
        raise AmountError("ambiguous")


def _why_not(text):
    """« 1.234.567 » and « 1,234.50 » are grouped by marks: the reader may mean either, so we do not choose."""
    return "ambiguous" if re.fullmatch(r"[-+]?\d+(?:[.,]\d+){2,}", text) else "invalid"


def _number(value):
    if isinstance(value, bool):
        raise AmountError("invalid")
    value = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not value.is_finite():
        raise AmountError("invalid")
    if value.adjusted() > 20:
        raise AmountError("too_large")
    return value


def _shortest(value):
    value = value.normalize()
    if not value:
        return Decimal(0)
    return value.quantize(Decimal(1)) if value.as_tuple().exponent > 0 else value
