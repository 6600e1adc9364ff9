"""`{% load states %}`: what stands beside a dossier in a word: its complement request, the messages not read."""

from django import template
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from clusters_portal.templatetags.portal import tag_html

register = template.Library()

# State of a complement request (`ComplementRequest.state_at`): its tone, its words.
COMPLEMENTS = {
    "open": ("warn", _("Complement asked for")),
    "answered": ("ok", _("Complement received")),
    "overdue": ("neutral", _("Complement without an answer")),
    "cancelled": ("neutral", _("Complement request cancelled")),
}


@register.simple_tag
def complement_tag(state):
    """The state of a complement request in words."""
    tone, words = COMPLEMENTS[state]
    return tag_html(words, tone)


@register.simple_tag
def unread_tag(number):
    """How many messages of the other side the reader has not read, after a space; nothing for none."""
    if not number:
        return ""
    says = ngettext("%(unread)s unread", "%(unread)s unread", number) % {"unread": number}
    return format_html(' <span class="tag tag--info" data-unread="{}">{}</span>', number, says)
