"""`{% load rows %}`: the acts on the rows of a table. Written here, not by a template: a list of members has hundreds of buttons."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from clusters_portal.templatetags.portal import icon

register = template.Library()

# Act as the server knows it, what it says, its icon, its further class.
ACTS = (
    ("up", _("Move up"), "up", ""),
    ("down", _("Move down"), "down", ""),
    ("copy", _("Duplicate"), "copy", ""),
    ("remove", _("Remove"), "trash", " rows__remove"),
)


@register.simple_tag
def row_acts(key, form_id=""):
    """The four buttons of the row `key`, of the form around them or of the form `form_id`."""
    form = format_html(' form="{}"', form_id) if form_id else ""
    return format_html_join(
        "",
        '<button class="btn btn-sm btn-link{}" name="act" value="{}:{}"{} title="{}">{}<span class="visually-hidden">{}</span></button>',
        ((css, act, key, form, says, icon(drawing), says) for act, says, drawing, css in ACTS),
    )
