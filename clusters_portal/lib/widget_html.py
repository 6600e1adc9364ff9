"""Inputs of forms written without templates: what Django's own templates of these widgets say, at a tenth of their cost.

A step of sixty inputs spent half its time in them: a template per input, another for its attributes, two per option. The
words are those of django/forms/templates/django/forms/widgets (Django 5.2), but for the line breaks between tags; the test
compares them. A widget that is not here is drawn by its template, as is one whose options have a template of their own.
"""

from django.forms.renderers import TemplatesSetting
from django.utils.formats import localize
from django.utils.html import conditional_escape
from django.utils.safestring import SafeData, SafeString

FOLDER = "django/forms/widgets/"
OPTION = f"{FOLDER}select_option.html"
INPUTS = ("checkbox", "color", "date", "datetime", "email", "file", "hidden", "number", "password", "search", "tel", "text", "time", "url")


def _attributes(attrs) -> str:
    """` name="value"` of each attribute: True stands alone, False is left out."""
    return "".join(
        f" {conditional_escape(name)}" if value is True else f' {conditional_escape(name)}="{_text(value)}"'
        for name, value in attrs.items()
        if value is not False
    )


def _text(value) -> str:
    """As `{{ value|stringformat:'s' }}`: neither grouped nor written in the reader's digits."""
    return value if isinstance(value, SafeData) else conditional_escape(str(value))


def _shown(value) -> str:
    """As `{{ value }}`."""
    return conditional_escape(value if isinstance(value, str) else localize(value))


def _input(widget) -> str:
    value = "" if widget["value"] is None else f' value="{_text(widget["value"])}"'
    return f'<input type="{_shown(widget["type"])}" name="{_shown(widget["name"])}"{value}{_attributes(widget["attrs"])}>'


def _input_option(widget) -> str | None:
    """A radio button or box alone; one inside its label is left to the template."""
    return None if widget.get("wrap_label") else _input(widget)


def _textarea(widget) -> str:
    value = _shown(widget["value"]) if widget["value"] else ""
    return f'<textarea name="{_shown(widget["name"])}"{_attributes(widget["attrs"])}>\n{value}</textarea>'


def _select(widget) -> str | None:
    written = []
    for group, options, _index in widget["optgroups"]:
        if any(option["template_name"] != OPTION for option in options):
            return None
        lines = "".join(map(_option, options))
        written.append(f'<optgroup label="{_shown(group)}">{lines}</optgroup>' if group else lines)
    return f'<select name="{_shown(widget["name"])}"{_attributes(widget["attrs"])}>{"".join(written)}</select>'


def _option(option) -> str:
    return f'<option value="{_text(option["value"])}"{_attributes(option["attrs"])}>{_shown(option["label"])}</option>'


WRITTEN = {f"{FOLDER}{name}.html": _input for name in INPUTS} | {
    f"{FOLDER}radio_option.html": _input_option,
    f"{FOLDER}checkbox_option.html": _input_option,
    f"{FOLDER}textarea.html": _textarea,
    f"{FOLDER}select.html": _select,
}


class QuickRenderer(TemplatesSetting):
    """Django's renderer over the project's templates, but for the widgets written above (FORM_RENDERER)."""

    def render(self, template_name, context, request=None):
        write = WRITTEN.get(template_name)
        written = write(context["widget"]) if write else None
        return super().render(template_name, context, request) if written is None else SafeString(written)
