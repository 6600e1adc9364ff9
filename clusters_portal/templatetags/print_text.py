"""Texts people typed, on paper. The PDF engine has no `dir="auto"`: each text is given its direction here."""

import unicodedata
from itertools import groupby

from django import template
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import get_language_bidi

register = template.Library()


@register.filter
def written(text):
    """The attributes `dir` and `lang` of an element that holds `text`: those of its first letter, as a browser would do.

    Arabic reads right to left; anything else, figures included, left to right. `lang` is left out where no letter says it.
    """
    arabic = is_arabic(text)
    if arabic:
        return mark_safe('dir="rtl" lang="ar"')
    return mark_safe('dir="ltr"' if arabic is None else 'dir="ltr" lang="fr"')


def is_arabic(text):
    """Whether the first letter of the text reads right to left; None for a text without letters."""
    for char in str(text):
        kind = unicodedata.bidirectional(char)
        if kind in ("R", "AL", "L"):
            return kind != "L"
    return None


@register.filter
def isolated(text):
    """A short text that keeps its own direction inside a sentence or a cell: a `<bdi>`."""
    return format_html("<bdi {}>{}</bdi>", written(text), text) if text else ""


@register.filter
def alone(text):
    """A short text that fills its cell: marked only where its direction is not the page's, for a mark costs time to lay out."""
    return isolated(text) if bool(is_arabic(text)) != get_language_bidi() else text


@register.filter
def paragraphs(text):
    """The lines of a long text, empty ones left out: each has its own direction."""
    return [line.strip() for line in str(text).splitlines() if line.strip()]


@register.filter
def runs(fields):
    """Fields (`applications.recap.blocks.Field`) as [(is_long, [fields])]: short ones share a table, long ones fill the width."""
    return [(is_long, list(group)) for is_long, group in groupby(fields, key=lambda field: field.cell.kind == "long")]
