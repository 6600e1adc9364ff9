"""Exact ratios and the way the rules print a figure. Nothing here rounds: a threshold missed by a hair stays missed."""

from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import NamedTuple

from django.utils.translation import get_language_bidi

NBSP = "\u00a0"


class Ratio(NamedTuple):
    """`numerator` over `denominator`, to be at least `threshold` percent. Exact ints or Decimals, never floats."""

    numerator: int | Decimal
    denominator: int | Decimal
    threshold: int | Decimal

    def reached(self):
        """Whether the threshold is met, cross-multiplied. False on a zero denominator: nothing out of nothing is not 40 %."""
        if self.denominator <= 0:
            return False
        return 100 * Fraction(self.numerator) >= Fraction(self.threshold) * Fraction(self.denominator)

    def percent(self):
        """The rate truncated (never rounded) at two decimals, None on a zero denominator."""
        if self.denominator <= 0:
            return None
        return Decimal(floor(10000 * Fraction(self.numerator) / Fraction(self.denominator))) / 100


def percent_text(percent):
    """« 59,87 % » from a Decimal, "" from None. The same in every language, like the amounts."""
    return "" if percent is None else isolated(f"{percent:.2f}{NBSP}%".replace(".", ","))


def threshold_text(percent):
    """« 60 % », « 62,5 % »: a threshold as the call writes it."""
    return isolated(f"{number_text(percent)}{NBSP}%")


def amount_text(amount):
    """« 1 234 567,50 DH » with no-break spaces; the two decimals only when they say something."""
    text = f"{Decimal(amount):,.2f}".removesuffix(".00").replace(",", NBSP).replace(".", ",")
    return isolated(f"{text}{NBSP}DH")


def number_text(number):
    """« 15 », « 12,5 »: a figure without a unit, however many zeros its column keeps."""
    text = f"{Decimal(number):f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")


def isolated(text):
    """In Arabic a figure with a sign or a unit is fenced, otherwise its parts change sides inside the sentence."""
    return f"\u2066{text}\u2069" if get_language_bidi() else text


def cents_up(value):
    """A Fraction of DH as the smallest amount of whole centimes not under it."""
    return Decimal(ceil(value * 100)) / 100


def total(series):
    """Sum of the cells that are filled in; an empty cell counts for nothing."""
    return sum((cell for cell in series if cell is not None), Decimal(0))
