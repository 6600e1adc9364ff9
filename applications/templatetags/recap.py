"""`{% load recap %}`: the values of a recap. Written here, not by templates: a dossier read on one page has a thousand of them."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
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


@register.simple_tag
def recap_row(row):
    """The cells of one row of a table; on a phone each bears the name of its column."""
    figures = {True: mark_safe(' class="num"'), False: ""}
    cells = ((figures[bool(field.cell.is_figure)], field.label, shown(field.cell)) for field in row)
    return format_html_join("", '<td{} data-label="{}"><span dir="auto">{}</span></td>', cells)


@register.simple_tag
def recap_years(line):
    """The five years of one line of a grid."""
    years = ((_("Year %(year)s") % {"year": number}, shown(cell)) for number, cell in enumerate(line.cells, 1))
    return format_html_join("", '<td class="num" data-label="{}"><span>{}</span></td>', years)
