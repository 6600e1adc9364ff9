"""Fields that read what people type."""

from datetime import date
from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import translation

from clusters_portal.lib import fields
from clusters_portal.lib.code_list import split_codes


def region_choices():
    return [(f"MA-{number:02d}", f"Région {number}") for number in range(1, 13)]


def refused(field, value):
    """The (code, sentence) of the refusal of one value."""
    with translation.override("en"), pytest.raises(ValidationError) as caught:
        field.clean(value)
    [error] = caught.value.error_list
    with translation.override("en"):
        return error.code, str(error.messages[0])


class Budget(forms.Form):
    amount = fields.AmountField(required=False)


# Amounts --------------------------------------------------------------------------------------------------------
def test_amount_field_reads_and_gives_back():
    field = fields.AmountField()
    assert field.clean("1\u202f234\u202f567,50") == Decimal("1234567.5")
    assert (field.prepare_value(Decimal("1500.00")), field.prepare_value(Decimal("1234.50"))) == ("1\u00a0500", "1\u00a0234,5")
    assert field.clean(field.prepare_value(Decimal("1180000"))) == Decimal("1180000")
    assert field.prepare_value("abc") == "abc"


def test_amount_field_optional_empty_is_none_and_required_empty_is_refused():
    assert fields.AmountField(required=False).clean("  ") is None
    assert refused(fields.AmountField(), "")[0] == "required"


@pytest.mark.parametrize(
    ("value", "code"),
    [("1.500", "ambiguous"), ("-1", "negative"), ("x", "invalid"), ("1,234", "ambiguous"), ("10 000 000 000", "too_large")],
)
def test_amount_field_refuses(value, code):
    assert refused(fields.AmountField(), value)[0] == code


def test_amount_field_bounds():
    assert refused(fields.AmountField(max_digits=5), "1000")[0] == "too_large"
    assert fields.AmountField(max_digits=5).clean("999,99") == Decimal("999.99")
    assert fields.AmountField(allow_negative=True).clean("-5") == Decimal(-5)
    assert refused(fields.AmountField(decimals=0), "1,5")[0] == "not_whole"


def test_amount_field_zero_is_not_empty():
    assert fields.AmountField().clean("0") == Decimal(0)


def test_amount_field_widget_speaks_to_telephones():
    attrs = Budget()["amount"].field.widget.attrs
    assert (attrs["inputmode"], attrs["dir"]) == ("decimal", "ltr")


def test_amount_field_keeps_what_was_typed_after_a_refusal():
    form = Budget({"amount": "1.500"})
    assert not form.is_valid()
    assert form["amount"].value() == "1.500"


def test_amount_field_has_changed_compares_values_not_spellings():
    field = fields.AmountField(required=False)
    assert field.has_changed(Decimal("1500.00"), "1 500") is False
    assert field.has_changed(Decimal(1500), "1501") is True
    assert field.has_changed(None, "") is False
    assert field.has_changed(None, "abc") is True


def test_count_field_gives_an_int():
    field = fields.CountField()
    assert field.clean("١٥") == 15 and type(field.clean("15")) is int
    assert refused(field, "1,5") == ("not_whole", "Enter a whole number, without decimals.")
    assert refused(field, "-1") == ("negative", "This number cannot be negative.")
    assert refused(field, "abc") == ("invalid", "Enter a whole number in digits, for example 15.")
    assert fields.CountField(required=False).clean("") is None


@pytest.mark.parametrize(("typed", "value"), [("12,5", "12.5"), ("12,5 %", "12.5"), ("100", "100"), ("0%", "0"), ("١٢٫٥٪", "12.5")])
def test_percent_field(typed, value):
    assert fields.PercentField().clean(typed) == Decimal(value)


def test_percent_field_refuses():
    assert refused(fields.PercentField(), "100,01") == ("too_large", "A percentage cannot be above 100.")
    assert refused(fields.PercentField(), "-1")[0] == "negative"


# Days -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "typed",
    [
        "28/07/2026",
        "28-07-2026",
        "28.7.2026",
        "2026-07-28",
        "٢٨/٠٧/٢٠٢٦",
        " 28 / 07 / 2026 ",
        "28 07 2026",
        "2026-07-28 00:00:00",
        "\u200f28/07/2026",
    ],
)
def test_day_field_reads(typed):
    assert fields.DayField().clean(typed) == date(2026, 7, 28)


@pytest.mark.parametrize(
    ("typed", "code"),
    [("31/02/2026", "impossible"), ("28/13/2026", "impossible"), ("28/07/26", "year"), ("28 juillet", "invalid"), ("0001-01-01", "year")],
)
def test_day_field_refuses(typed, code):
    assert refused(fields.DayField(), typed)[0] == code


def test_day_field_gives_back_and_compares():
    field = fields.DayField(required=False)
    assert field.prepare_value(date(2026, 7, 3)) == "03/07/2026"
    assert field.prepare_value("31/02/2026") == "31/02/2026"
    assert field.clean("") is None
    assert field.has_changed(date(2026, 7, 3), "3/7/2026") is False
    assert field.has_changed(date(2026, 7, 3), "4/7/2026") is True


# Phones ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("typed", ["06 22 73 20 83", "0622732083", "+212 6 22 73 20 83", "00212622732083", "٠٦٢٢٧٣٢٠٨٣", "06-22-73-20-83"])
def test_phone_field_stores_e164(typed):
    assert fields.PhoneField().clean(typed) == "+212622732083"


@pytest.mark.parametrize("typed", ["06 22 73", "abc", "0122732083", "+999 1", "0622732083 ext 5"])
def test_phone_field_refuses(typed):
    assert refused(fields.PhoneField(), typed) == (
        "invalid_phone",
        "Enter a telephone number, for example 06 22 73 20 83 or +212 6 22 73 20 83.",
    )


def test_phone_field_foreign_number_and_display():
    field = fields.PhoneField(required=False)
    assert field.clean("+33 1 42 68 53 00") == "+33142685300"
    assert field.prepare_value("+212622732083") == "06 22 73 20 83"
    assert field.prepare_value("+33142685300") == "+33 1 42 68 53 00"
    assert field.clean(field.prepare_value("+212622732083")) == "+212622732083"
    assert field.clean("") == ""


# Text -----------------------------------------------------------------------------------------------------------
def test_clean_char_field_counts_after_cleaning():
    field = fields.CleanCharField(max_length=5)
    assert field.clean("\u202e a\u200bb  cd \n") == "ab cd"
    assert refused(field, "abcdef")[0] == "max_length"
    assert refused(field, "\u200b\u202e ")[0] == "required"


def test_clean_text_field_counts_a_newline_once_and_nfc_characters():
    field = fields.CleanTextField(max_length=8000)
    arabic = "ق" * 3999 + "\r\n" + "ق" * 4000
    assert len(field.clean(arabic)) == 8000
    assert len(field.clean("e\u0301" * 8000)) == 8000
    assert refused(field, "ق" * 8001)[0] == "max_length"


def test_clean_text_field_never_lets_the_browser_cut_a_paste():
    attrs = fields.CleanTextField(max_length=5000).widget.attrs
    assert "maxlength" not in attrs and str(attrs["data-max-length"]) == "5000"


# Lists of codes -------------------------------------------------------------------------------------------------
class Place(models.Model):
    regions = fields.CodeListField("regions", choices_provider=region_choices)

    class Meta:
        app_label = "lib_fields_tests"
        managed = False

    def __str__(self):
        return " ".join(self.regions)


REGIONS = Place._meta.get_field("regions")


def test_code_list_is_one_text_in_the_database():
    assert REGIONS.get_prep_value(("MA-06", "MA-04")) == "MA-06 MA-04"
    assert REGIONS.from_db_value("MA-06 MA-04", None, None) == ("MA-06", "MA-04")
    assert (REGIONS.from_db_value("", None, None), REGIONS.get_prep_value(None), Place().regions) == ((), "", ())


def test_code_list_form_field_keeps_the_order_of_the_choices():
    field = REGIONS.formfield()
    assert isinstance(field.widget, forms.CheckboxSelectMultiple)
    assert field.clean(["MA-06", "MA-04"]) == ("MA-04", "MA-06")
    assert field.clean([]) == ()
    assert refused(field, ["MA-99"])[0] == "invalid_choice"
    assert field.label == "Regions"


def test_code_list_has_changed_ignores_order():
    field = REGIONS.formfield()
    assert field.has_changed(("MA-04", "MA-06"), ["MA-06", "MA-04"]) is False
    assert field.has_changed(("MA-04",), []) is True


def test_code_list_model_validation_refuses_unknown_codes():
    assert REGIONS.clean(("MA-06",), None) == ("MA-06",)
    with pytest.raises(ValidationError) as caught:
        REGIONS.clean(("MA-99",), None)
    assert caught.value.error_list[0].code == "invalid_choice"


def test_code_list_survives_a_migration():
    _name, path, args, kwargs = REGIONS.deconstruct()
    assert path == "clusters_portal.lib.code_list.CodeListField"
    assert kwargs["choices_provider"] is region_choices
    assert fields.CodeListField(*args, **kwargs).max_length == 400


def test_code_list_in_a_model_form():
    form_class = forms.modelform_factory(Place, fields=["regions"])
    form = form_class({"regions": ["MA-12", "MA-01"]}, instance=Place())
    assert form.is_valid() and form.save(commit=False).regions == ("MA-01", "MA-12")
    html = str(form_class(instance=Place(regions=("MA-06",)))["regions"])
    assert html.count("checked") == 1


@pytest.mark.parametrize(("value", "codes"), [(None, ()), ("", ()), ("a  b a", ("a", "b")), (["a", "", "a"], ("a",))])
def test_split_codes(value, codes):
    assert split_codes(value) == codes
