"""Fields of forms as the portal draws them. Built in beside `portal`: crispy and our components share these tags.

A field is drawn here and not by a template: a step has sixty, and the templates of their frames were half its time.
"""

from django import forms, template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from .portal import amount, icon

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
def field_block(field, hide_label=False, show_optional=False, no_placeholder=False):
    """A field whole: label, help under the label, error, input. A hidden one is its input alone.

    `hide_label` keeps the label for screen readers; `show_optional` says « (optional) » when the field is not required
    (a form field with `optional_mark = True` always says it); `no_placeholder` leaves out what would repeat the label.
    """
    if field.is_hidden:
        return str(field)
    kind = input_kind(field)
    classes = " ".join(filter(None, ("field", "field--error" if field.errors else "", field.css_classes())))
    label = format_html("{}{}", field.label, _optional(field, show_optional))
    if kind == "checkbox":
        inside = _box(field)
    elif kind == "choices":
        inside = _choices(field, label, hide_label)
    else:
        inside = _labelled(field, kind, label, hide_label, no_placeholder)
    return format_html('<div class="{}" id="div_{}">{}</div>', classes, field.auto_id, inside)


@register.simple_tag
def field_notes(field):
    """The help and the errors of a field, under the ids its input names."""
    help_text = errors = SafeString("")
    if field.help_text:
        help_text = format_html('<div class="form-text" id="{}_helptext">{}</div>', field.auto_id, mark_safe(field.help_text))
    if field.errors:
        sentences = format_html_join("", "<p>{}</p>", ((error,) for error in field.errors))
        errors = format_html('<div class="field__error" id="{}_error">{}<div>{}</div></div>', field.auto_id, icon("error"), sentences)
    return help_text + errors


def _optional(field, show_optional):
    asked = getattr(field.field, "optional_mark", False) or getattr(field.field, "is_optional", False)
    if not asked and not (show_optional and not field.field.required):
        return ""
    return format_html(' <span class="field__optional">{}</span>', _("(optional)"))


def _box(field):
    return format_html(
        '<div class="form-check">{} <label class="form-check-label" for="{}">{}</label></div>{}',
        field_input(field), field.id_for_label, field.label, field_notes(field),
    )  # fmt: skip


def _choices(field, label, hide_label):
    described = format_html(' aria-describedby="{}"', field.aria_describedby) if field.aria_describedby else ""
    boxes = format_html_join(
        "",
        '<div class="form-check">{}<label class="form-check-label" for="{}">{}</label></div>',
        ((choice_input(choice), choice.id_for_label, choice.choice_label) for choice in field),
    )
    hidden = "visually-hidden" if hide_label else ""
    return format_html('<fieldset{}><legend class="{}">{}</legend>{}{}</fieldset>', described, hidden, label, field_notes(field), boxes)


def _labelled(field, kind, label, hide_label, no_placeholder):
    hidden = " visually-hidden" if hide_label else ""
    attrs = {"placeholder": ""} if no_placeholder else {}
    counter = _counter(field) if kind == "text" and field.field.max_length else ""
    return format_html(
        '<label class="form-label{}" for="{}">{}</label>{}{}{}',
        hidden, field.id_for_label, label, field_notes(field), field_input(field, **attrs), counter,
    )  # fmt: skip


def _counter(field):
    most = field.field.max_length
    sentence = format_html(_("%(max)s characters at most") % {"max": "{}"}, amount(most, ""))
    return format_html('<p class="counter" data-counter="{}" data-max="{}">{}</p>', field.auto_id, most, sentence)


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
