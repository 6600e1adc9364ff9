"""A form of a draft: anything may be left out, what cannot be read is handed back, and what is required is said once."""

from copy import copy

from django import forms
from django.db import models
from django.utils.functional import cached_property, lazystr
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clusters_portal.lib.fields import AmountField, CleanCharField, CleanTextField, DayField

from ..models.years import YEAR_FIELDS

EMPTY = (None, "", (), [])
CHOOSE = gettext_lazy("— Choose —")
READERS = {models.DateField: DayField, models.TextField: CleanTextField, models.CharField: CleanCharField}


def draft_formfield(db_field, **kwargs):
    """The form field of one model column: our own readers for amounts, dates and text."""
    if db_field.choices:
        field = db_field.formfield(**kwargs)
        field.choices = [(value, label if value not in EMPTY else CHOOSE) for value, label in field.choices]
        return field
    if isinstance(db_field, models.DecimalField):
        return AmountField(label=capfirst(db_field.verbose_name), help_text=db_field.help_text, **kwargs)
    reader = READERS.get(type(db_field))
    return db_field.formfield(**kwargs, **({"form_class": reader} if reader else {}))


class DraftForm(forms.ModelForm):
    """Base of every form of a step.

    `optional` names the fields that a complete dossier may leave empty: the only list of what is required.
    Nothing is required to save a draft. `conditions` says what must hold between fields before the deposit.
    """

    optional: tuple = ()
    # The columns that name a row, and those a copy leaves empty because they identify one thing or one person.
    named_by: tuple = ()
    copied_without: tuple = ()

    class Meta:
        formfield_callback = staticmethod(draft_formfield)

    def __init__(self, *args, dossier=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.dossier = dossier
        required = self.required_names()
        for name, field in self.fields.items():
            field.required = False
            field.is_optional = name not in required and not isinstance(field, forms.BooleanField)

    def _post_clean(self):
        """The part writes the row field by field: a half-valid form still saves its valid half."""

    @classmethod
    def required_names(cls) -> tuple:
        return tuple(
            name for name, field in cls.base_fields.items() if name not in cls.optional and not isinstance(field, forms.BooleanField)
        )

    @classmethod
    def missing_in(cls, instance) -> tuple:
        """Names of the required fields that are empty on a stored row."""
        return tuple(name for name in cls.required_names() if getattr(instance, name) in EMPTY)

    @classmethod
    def conditions(cls, instance) -> list:
        """(field name, sentence) of what does not hold between the fields of a stored row."""
        return []

    @classmethod
    def label_of(cls, name):
        return cls.base_fields[name].label

    @classmethod
    def missing_sentence(cls, name) -> str:
        return _("“%(field)s” is missing.") % {"field": cls.label_of(name)}

    def stored(self, instance) -> dict:
        """The stored row as this form would receive it from a browser: {input name: text or list of texts}."""
        return {self.add_prefix(name): field.prepare_value(getattr(instance, name)) for name, field in self.fields.items()}

    @cached_property
    def accepted(self) -> dict:
        """{field name: value} of everything readable; a field that is not gets its empty value."""
        self.full_clean()
        return {name: self.cleaned_data.get(name, self.empty_value(name)) for name in self.fields}

    def empty_value(self, name):
        """What the column holds when nothing readable was given."""
        column = self._meta.model._meta.get_field(name)
        if column.null:
            return None
        return column.get_default() if isinstance(column, models.BooleanField) else column.to_python("")

    @classmethod
    def name_of(cls, row) -> str:
        """The row as people call it, "" when nothing names it yet."""
        return " ".join(filter(None, (getattr(row, name) for name in cls.named_by)))

    @classmethod
    def copy_of(cls, row):
        """An unsaved copy of a stored row, which says in its name that it is one."""
        copied = copy(row)
        copied.pk, copied._state = None, models.base.ModelState()
        for name in cls.copied_without:
            setattr(copied, name, row._meta.get_field(name).get_default())
        for name in cls.named_by:
            text = getattr(copied, name)
            if text:
                mark, limit = _("%(name)s (copy)"), row._meta.get_field(name).max_length
                setattr(copied, name, mark % {"name": text[: limit - len(mark % {"name": ""})]})
        return copied

    @property
    def plain_fields(self) -> list:
        """Bound fields but for the five years, in order."""
        return [self[name] for name in self.fields if name not in YEAR_FIELDS]

    @property
    def year_cells(self) -> list:
        """Bound fields of the five years, when the form has them."""
        return [self[name] for name in self.fields if name in YEAR_FIELDS]

    def raw_of(self, name) -> str:
        """The text typed in one field, as received."""
        return str(self[name].data or "")


class RowField(forms.TypedChoiceField):
    """Choice among rows of the call already in memory, so that fifty rows of a table cost one query.

    Cleans to the model instance, shows its code.
    """

    def __init__(self, *, empty_label=CHOOSE, **kwargs):
        self.empty_label = empty_label
        super().__init__(choices=(), empty_value=None, **kwargs)

    def set_rows(self, rows):
        # Bound here and not in __init__: a form works on a copy of the field, with rows of its own.
        self.coerce = {row.code: row for row in rows}.__getitem__
        # Lazy: a label follows the language in which it is read, and the workbook reads it in all three.
        self.choices = [("", self.empty_label), *((row.code, lazystr(row)) for row in rows)]

    def prepare_value(self, value):
        return value.code if hasattr(value, "code") else (value or "")
