"""`{% load recap %}`: the values of a recap. A filter, not a template: a dossier read on one page has a thousand of them."""

from django import template
from django.utils.html import format_html
from django.utils.translation import gettext as _

from clusters_portal.templatetags.portal import amount, percent

from ..recap.blocks import CODE, NUMBER, PERCENT

register = template.Library()


@register.filter(name="cell")
def shown(cell):
    """A cell of a recap (`recap.blocks.Cell`), ready for the page; what is missing is said in words."""
    if cell.is_empty:
        return format_html('<span class="summary-list__missing">{}</span>', _("not provided"))
    if cell.kind == NUMBER:
        return amount(cell.number, "")
    if cell.kind == PERCENT:
        return percent(cell.number)
    return format_html('<bdi dir="ltr">{}</bdi>', cell.text) if cell.kind == CODE else cell.text
