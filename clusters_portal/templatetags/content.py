"""`{% load content %}`: texts of a call, written in Markdown by staff."""

from django import template

from clusters_portal.lib.markup import first_paragraph, render_markdown

register = template.Library()


@register.filter
def markdown(text):
    """Safe HTML of a Markdown text: `{{ call|localized:"summary"|markdown }}`."""
    return render_markdown(text)


@register.filter
def opening(text):
    """Safe HTML of the first paragraph alone, for lists."""
    return render_markdown(first_paragraph(text))
