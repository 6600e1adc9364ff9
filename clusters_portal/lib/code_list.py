"""A short list of codes (regions, provinces) in one column: a tuple in Python, checkboxes in a form."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, MinLengthValidator
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _


class CodeListFormField(forms.MultipleChoiceField):
    """Several codes among choices, shown as checkboxes; cleans to a tuple of codes in the order of the choices."""

    widget = forms.CheckboxSelectMultiple

    def clean(self, value):
        chosen = set(super().clean(value))
        return tuple(str(code) for code, _label in self.choices if str(code) in chosen)

    def prepare_value(self, value):
        return split_codes(value) if isinstance(value, str) else value

    def has_changed(self, initial, data):
        return set(split_codes(initial)) != set(split_codes(data))


class CodeListField(models.CharField):
    """A short list of codes kept as one text separated by spaces, read as a tuple of codes.

    `choices_provider` is called for the form's choices, (code, label) pairs; pass a module-level function, it is
    written in migrations by its name.
    """

    def __init__(self, *args, choices_provider=None, **kwargs):
        self.choices_provider = choices_provider
        kwargs.setdefault("max_length", 400)
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", tuple)
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        if self.choices_provider is not None:
            kwargs["choices_provider"] = self.choices_provider
        return name, path, args, kwargs

    def from_db_value(self, value, expression, connection):
        return split_codes(value)

    def to_python(self, value):
        return split_codes(value)

    def get_prep_value(self, value):
        return " ".join(split_codes(value))

    def value_to_string(self, obj):
        return self.get_prep_value(self.value_from_object(obj))

    def run_validators(self, value):
        """Length is a matter of what is stored; each code must be one of the choices."""
        text = self.get_prep_value(value)
        for validator in self.validators:
            if isinstance(validator, (MaxLengthValidator, MinLengthValidator)):
                validator(text)
        known = {str(code) for code, _label in self.choices_provider()} if self.choices_provider else None
        unknown = [code for code in split_codes(value) if known is not None and code not in known]
        if unknown:
            raise ValidationError(_("Unknown value: %(value)s."), code="invalid_choice", params={"value": unknown[0]})

    def formfield(self, **kwargs):
        options = {
            "choices": self.choices_provider or (),
            "required": not self.blank,
            "label": capfirst(self.verbose_name),
            "help_text": self.help_text,
        }
        if self.has_default():
            options["initial"] = self.get_default()
        kwargs.pop("choices_form_class", None)
        return (kwargs.pop("form_class", None) or CodeListFormField)(**{**options, **kwargs})


def split_codes(value):
    """A tuple of distinct codes, in order, from a text separated by spaces or from any sequence of codes."""
    if not value:
        return ()
    parts = value.split() if isinstance(value, str) else [str(part) for part in value]
    return tuple(dict.fromkeys(part for part in parts if part))
