"""`{% load scoring %}`: the row of half points. Written here, not by a template: a sheet has a hundred and ten of them."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe

register = template.Library()

MARK = '<label class="score-scale__mark" for="{}"><input type="radio" name="{}" id="{}" value="{}"{}{}><span><bdi>{}</bdi></span></label>'


@register.simple_tag
def scale_marks(name, options):
    """A radio button called `name` for each of `options` (`forms.marks.Option`)."""
    return format_html_join(
        "",
        MARK,
        (
            (
                option.id, name, option.id, option.value, mark_safe(" checked") if option.checked else "",
                format_html(' data-anchor="{}"', option.anchor) if option.anchor else "", option.text,
            )
            for option in options
        ),
    )  # fmt: skip
