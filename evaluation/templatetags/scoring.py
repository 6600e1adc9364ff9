"""`{% load scoring %}`: the row of half points (written here, not by a template: a sheet has a hundred and ten of them), and thresholds
in words."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _

from evaluation.rules.scoring import QUALITATIVE, TECHNICAL

register = template.Library()

# What a threshold may stand on beside a criterion, which its own code names.
WHOLES = {TECHNICAL: _("technical block"), QUALITATIVE: _("qualitative block"), "total": _("weighted score")}
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


@register.filter
def thresholds(codes):
    """The thresholds not reached, in words: `codes` as a line of the ranking keeps them ("T1 total"), or as a list."""
    return ", ".join(str(WHOLES.get(code, code)) for code in (codes.split() if isinstance(codes, str) else codes))
