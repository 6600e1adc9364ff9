"""Fields of forms as the portal draws them. Built in beside `portal`: crispy and our components share these tags."""

from django import forms, template
from django.utils.translation import gettext as _

register = template.Library()


@register.simple_tag
def input_kind(field):
    """How a field is laid out: `checkbox`, `choices` (several inputs, one legend), `select`, `file`, `text` or `input`."""
    widget = field.field.widget
    if isinstance(widget, forms.CheckboxInput):
        return "checkbox"
    if isinstance(widget, forms.RadioSelect):  # CheckboxSelectMultiple is one of its children
        return "choices"
    if isinstance(widget, forms.Select):
        return "select"
    if isinstance(widget, forms.FileInput):
        return "file"
    return "text" if isinstance(widget, forms.Textarea) else "input"


@register.simple_tag(name="input")
def field_input(field, **attrs):
    """The input alone, with its class; further attributes are written with `_` for `-`: `data_total="year1"`."""
    classes = {"checkbox": "form-check-input", "select": "form-select", "choices": ""}
    css = [field.field.widget.attrs.get("class", ""), classes.get(input_kind(field), "form-control")]
    if field.errors:
        css.append("is-invalid")
    attrs = {name.replace("_", "-"): value for name, value in attrs.items()}
    return field.as_widget(attrs={**attrs, "class": " ".join(filter(None, css))})


@register.filter
def choice_input(choice):
    """One radio button or box of a list of choices, with its class."""
    choice.data["attrs"] = {**choice.data["attrs"], "class": "form-check-input"}
    return choice.tag()


@register.simple_tag
def error_links(form=None, formset=None, forms=None, errors=None):
    """Every error as a pair (address of the field or "", sentence), in the order of the page."""
    links = list(errors or [])
    for each in [form, *(forms or [])]:
        if each:
            links += _links_of(each)
    if formset:
        links += [("", error) for error in formset.non_form_errors()]
        for number, row in enumerate(formset.forms, start=1):
            links += [
                (address, _("Row {number} – {sentence}").format(number=number, sentence=sentence)) for address, sentence in _links_of(row)
            ]
    return links


def _links_of(form):
    if not form.is_bound:
        return []
    links = [("", error) for error in form.non_field_errors()]
    for field in form:
        # A box whose label is a whole sentence: the error says enough without it (`error_alone = True` on the field).
        alone = getattr(field.field, "error_alone", False)
        # Alike in every line of a page: the line's own name tells them apart (`summary_label` on the field).
        label = getattr(field.field, "summary_label", field.label)
        for error in field.errors:
            links.append((f"#{_anchor(field)}", error if alone else _("{label}: {error}").format(label=label, error=error)))
    return links


def _anchor(field):
    """The id to go to: the input, or the block of a list of choices, which has no single input."""
    return field.id_for_label or f"div_{field.auto_id}"
