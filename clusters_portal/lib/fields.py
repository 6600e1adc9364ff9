"""Form fields that read what people in Morocco type: amounts, counts, days, phones, clean text. And lists of codes."""

import re
from datetime import date, datetime
from decimal import Decimal

import phonenumbers
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from clusters_portal.lib.amounts import MAX_AMOUNT, AmountError, grouped_amount, parse_amount, plain_amount
from clusters_portal.lib.code_list import CodeListField, CodeListFormField
from clusters_portal.lib.text import BIDI_CONTROLS, ascii_digits, clean_text

__all__ = [
    "AmountField",
    "CleanCharField",
    "CleanTextField",
    "CodeListField",
    "CodeListFormField",
    "CountField",
    "DayField",
    "PercentField",
    "PhoneField",
    "format_phone",
]

REGION = "MA"


class AmountField(forms.Field):
    """An amount in DH, typed as people write it; cleans to a Decimal or None.

    `decimals` (0..2) and `max_digits` (whole and decimal digits together) bound it, `allow_negative` is off.
    """

    # Sentences that differ from the parser's own, by error code.
    sentences = {}
    # Stored amounts are shown in groups of three, as they are read; a count or a percentage is typed without.
    show = staticmethod(grouped_amount)

    def __init__(self, *, max_digits=12, decimals=2, allow_negative=False, **kwargs):
        self.decimals, self.allow_negative = decimals, allow_negative
        self.maximum = min(MAX_AMOUNT, (Decimal(10) ** max_digits - 1).scaleb(-decimals))
        kwargs.setdefault("widget", forms.TextInput)
        super().__init__(**kwargs)

    def widget_attrs(self, widget):
        mode = "decimal" if self.decimals else "numeric"
        return {**super().widget_attrs(widget), "inputmode": mode, "autocomplete": "off", "dir": "ltr"}

    def to_python(self, value):
        if value in self.empty_values or (isinstance(value, str) and not value.strip()):
            return None
        try:
            return parse_amount(value, decimals=self.decimals, allow_negative=self.allow_negative, maximum=self.maximum)
        except AmountError as error:
            if error.code == "empty":
                return None
            raise ValidationError(self.sentences.get(error.code, error.message), code=error.code) from error

    def prepare_value(self, value):
        """A stored number as one would type it; what the user typed comes back untouched."""
        return self.show(value) if isinstance(value, (int, float, Decimal)) else value

    def has_changed(self, initial, data):
        try:
            return self.to_python(data) != self.to_python(initial)
        except ValidationError:
            return True


class CountField(AmountField):
    """A whole number of things, zero or more; cleans to an int or None."""

    sentences = {
        "invalid": _("Enter a whole number in digits, for example 15."),
        "ambiguous": _("This number can be read in two ways. Type it without a dot or a comma."),
        "grouping": _("Type this number without spaces."),
        "negative": _("This number cannot be negative."),
        "too_large": _("This number is too large."),
        "too_precise": _("Enter a whole number, without decimals."),
    }
    show = staticmethod(plain_amount)

    def __init__(self, *, max_digits=9, **kwargs):
        super().__init__(max_digits=max_digits, decimals=0, **kwargs)

    def to_python(self, value):
        value = super().to_python(value)
        return None if value is None else int(value)


class PercentField(AmountField):
    """A percentage from 0 to 100; a trailing « % » is accepted. Cleans to a Decimal or None."""

    sentences = {
        "invalid": _("Enter a percentage in digits, for example 12,5."),
        "ambiguous": _("This percentage has too many decimals: two at most."),
        "too_precise": _("This percentage has too many decimals: two at most."),
        "grouping": _("Enter a percentage in digits, for example 12,5."),
        "negative": _("A percentage cannot be negative."),
        "too_large": _("A percentage cannot be above 100."),
    }
    show = staticmethod(plain_amount)

    def __init__(self, *, decimals=2, **kwargs):
        super().__init__(decimals=decimals, **kwargs)

    def to_python(self, value):
        if isinstance(value, str):
            value = re.sub(r"\s*[%٪]\s*$", "", value)
        value = super().to_python(value)
        if value is not None and value > 100:
            raise ValidationError(self.sentences["too_large"], code="too_large")
        return value


class DayField(forms.Field):
    """A day typed as 28/07/2026, 28-07-2026, 28.7.2026 or 2026-07-28, with any digits; cleans to a date or None."""

    default_error_messages = {
        "invalid": _("Enter a date as day/month/year, for example 28/07/2026."),
        "impossible": _("This day does not exist in the calendar. Check the day and the month."),
        "year": _("Write the year with four digits, between 1900 and 2100."),
    }
    DAY_FIRST = re.compile(r"(\d{1,2})\s*[/.\-\s]\s*(\d{1,2})\s*[/.\-\s]\s*(\d{1,4})")
    YEAR_FIRST = re.compile(r"(\d{4})[/.\-](\d{1,2})[/.\-](\d{1,2})(?:[T ]00:00(?::00)?)?")

    def __init__(self, **kwargs):
        kwargs.setdefault("widget", forms.TextInput)
        super().__init__(**kwargs)

    def widget_attrs(self, widget):
        return {**super().widget_attrs(widget), "inputmode": "numeric", "autocomplete": "off", "dir": "ltr", "data-kind": "day"}

    def to_python(self, value):
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date) or value in self.empty_values:
            return value or None
        text = ascii_digits(str(value)).translate(dict.fromkeys(map(ord, BIDI_CONTROLS))).strip()
        if not text:
            return None
        if match := self.YEAR_FIRST.fullmatch(text):
            year, month, day = map(int, match.groups())
        elif match := self.DAY_FIRST.fullmatch(text):
            day, month, year = map(int, match.groups())
        else:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        if not 1900 <= year <= 2100:
            raise ValidationError(self.error_messages["year"], code="year")
        try:
            return date(year, month, day)
        except ValueError as error:
            raise ValidationError(self.error_messages["impossible"], code="impossible") from error

    def prepare_value(self, value):
        """A stored day as 28/07/2026; what the user typed comes back untouched."""
        return value.strftime("%d/%m/%Y") if isinstance(value, date) else value

    def has_changed(self, initial, data):
        try:
            return self.to_python(data) != self.to_python(initial)
        except ValidationError:
            return True


class PhoneField(forms.CharField):
    """A telephone number, Moroccan unless it starts with + or 00; cleans to E.164 (« +212622732083 ») or ""."""

    default_error_messages = {
        "invalid_phone": _("Enter a telephone number, for example 06 22 73 20 83 or +212 6 22 73 20 83."),
    }

    def __init__(self, **kwargs):
        kwargs.setdefault("widget", forms.TextInput(attrs={"type": "tel", "dir": "ltr"}))
        kwargs.setdefault("max_length", 40)
        super().__init__(**kwargs)

    def to_python(self, value):
        text = ascii_digits(clean_text(value, multiline=False))
        if not text:
            return ""
        try:
            number = phonenumbers.parse(text, REGION)
        except phonenumbers.NumberParseException as error:
            raise ValidationError(self.error_messages["invalid_phone"], code="invalid_phone") from error
        # E.164 has no extension: accepting one would silently drop it.
        if number.extension or not phonenumbers.is_valid_number(number):
            raise ValidationError(self.error_messages["invalid_phone"], code="invalid_phone")
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)

    def prepare_value(self, value):
        """A stored number as people read it: « 06 22 73 20 83 » for Morocco, international otherwise."""
        return format_phone(value)


def format_phone(value):
    """An E.164 number in national form for Morocco, international form elsewhere; anything else unchanged."""
    if not isinstance(value, str) or not value.startswith("+"):
        return value
    try:
        number = phonenumbers.parse(value)
    except phonenumbers.NumberParseException:
        return value
    if not phonenumbers.is_valid_number(number):
        return value
    if number.country_code == 212:
        digits = phonenumbers.national_significant_number(number)
        return "0" + digits[0] + "".join(f" {digits[at : at + 2]}" for at in range(1, len(digits), 2))
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


class CleanCharField(forms.CharField):
    """One line of text without controls or bidi tricks. `max_length` counts characters after cleaning."""

    multiline = False

    def to_python(self, value):
        text = clean_text(value, multiline=self.multiline)
        return self.empty_value if text in self.empty_values else text

    def widget_attrs(self, widget):
        # What is typed has a direction of its own: French in the Arabic page, Arabic in the French one.
        attrs = super().widget_attrs(widget)
        return attrs if "dir" in widget.attrs else {"dir": "auto", **attrs}


class CleanTextField(CleanCharField):
    """A longer text: newlines are kept and count for one character each, as the counter beside it says."""

    multiline = True

    def __init__(self, **kwargs):
        kwargs.setdefault("widget", forms.Textarea)
        super().__init__(**kwargs)

    def widget_attrs(self, widget):
        # A browser counts a newline as one character but stops typing at maxlength without a word; the limit is
        # shown by the counter and enforced here instead, so that a long paste is never silently cut.
        attrs = super().widget_attrs(widget)
        limit = attrs.pop("maxlength", None)
        return {**attrs, "data-max-length": limit} if limit else attrs
