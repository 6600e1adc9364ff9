"""Inputs written without templates say what Django's templates say."""

import re
from datetime import date

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy, override

from clusters_portal.lib.widget_html import WRITTEN, QuickRenderer

HOSTILE = "<b>\"1234\" & 'é'"
CHOICES = [("", "—"), (1234, HOSTILE), ("x", gettext_lazy("Save")), (mark_safe("&amp;"), mark_safe("<i>5</i>")), (5, 12345)]
GROUPED = [("North <1>", CHOICES[:2]), ("South", [("s", "S")]), ("z", "Z")]
ATTRS = {"class": "form-control", "required": True, "disabled": False, "data-x": HOSTILE, "maxlength": 12345}


def both(widget, value, attrs=ATTRS):
    """(ours, Django's), without the line breaks between tags."""
    texts = (widget.render("f<1>", value, attrs, renderer=renderer()) for renderer in (QuickRenderer, TemplatesSetting))
    return [re.sub(r"(?<=>)\s*\n\s*(?=<)", "", text) for text in texts]


@pytest.mark.parametrize("language", ["fr", "ar", "en"])
@pytest.mark.parametrize("value", [None, "", HOSTILE, "\n two\nlines ", 1234, 0, True, False, date(2026, 7, 28), mark_safe("a&amp;b")])
def test_inputs_are_those_of_the_templates(value, language):
    widgets = (
        forms.TextInput, forms.NumberInput, forms.EmailInput, forms.URLInput, forms.PasswordInput, forms.HiddenInput, forms.DateInput,
        forms.TimeInput, forms.FileInput, forms.CheckboxInput, forms.Textarea,
    )  # fmt: skip
    with override(language):
        for widget in widgets:
            ours, theirs = both(widget(), value)
            assert ours == theirs


@pytest.mark.parametrize("value", [None, "", 1234, "1234", "x", "absent", ["x", "s"]])
def test_choices_are_those_of_the_templates(value):
    for choices in (CHOICES, GROUPED):
        for widget in (forms.Select, forms.SelectMultiple, forms.RadioSelect, forms.CheckboxSelectMultiple):
            with override("fr"):
                ours, theirs = both(widget(choices=choices), value)
            assert ours == theirs


def test_a_choice_drawn_alone_with_its_label_or_without():
    class Form(forms.Form):
        chosen = forms.ChoiceField(choices=CHOICES, widget=forms.RadioSelect)

    drawn = [
        [[" ".join(choice.tag(wrap_label=wrapped).split()) for wrapped in (False, True)] for choice in Form(renderer=renderer)["chosen"]]
        for renderer in (QuickRenderer(), TemplatesSetting())
    ]
    assert drawn[0] == drawn[1] and len(drawn[0]) == len(CHOICES)


def test_what_has_a_template_of_its_own_keeps_it():
    class Option(forms.Select):
        option_template_name = "django/forms/widgets/checkbox_option.html"

    ours, theirs = both(Option(choices=CHOICES), "x")
    assert ours == theirs and 'type="' in ours
    assert all(name.startswith("django/forms/widgets/") for name in WRITTEN)
