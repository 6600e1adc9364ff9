"""Presentation of values in templates: amounts, moments, states, icons, links of errors. Built in: no `load` needed."""

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clusters_portal.accounts import demo
from clusters_portal.lib import bilingual, clock
from clusters_portal.lib.amounts import NBSP, format_amount
from clusters_portal.lib.uploads import size_text

register = template.Library()

SOON = 3 * 24 * 3600  # seconds: the last three days are shown in amber

# Codes of states, never their labels: a label changes with the language.
TONES = {
    "draft": "warn",
    "deposited": "info",
    "withdrawn": "neutral",
    "admissible": "ok",
    "inadmissible": "danger",
    "under_evaluation": "info",
    "in_committee": "info",
    "selected": "ok",
    "selected_with_reservations": "ok",
    "waiting_list": "warn",
    "deferred": "warn",
    "not_selected": "neutral",
}


# --- Values -------------------------------------------------------------------------------------------------------
@register.filter
def amount(value, unit="DH"):
    """`1 234 567,50 DH` that neither wraps nor turns round in Arabic. `amount:""` leaves the unit out; "" for None."""
    text = format_amount(value, unit=_("DH") if unit == "DH" else unit)
    return format_html('<bdi class="amount">{}</bdi>', text) if text else ""


@register.filter
def percent(value):
    """`68,18 %`, cut and never rounded up: no share is ever shown as reaching a threshold it misses.

    Takes percentage points (Decimal or int) or a pair (part, whole). "" for None and for a share of nothing.
    """
    if isinstance(value, (tuple, list)):
        part, whole = value
        if not whole:
            return ""
        hundredths = abs(part) * 10000 // abs(whole)
        negative = (part < 0) != (whole < 0)
    elif value is None or value == "":
        return ""
    else:
        hundredths, negative = abs(value) * 100 // 1, value < 0
    whole, rest = divmod(int(hundredths), 100)
    sign = "-" if negative and hundredths else ""
    text = f"{sign}{whole},{rest:02d}".removesuffix(",00")
    return format_html('<bdi class="amount">{}{}%</bdi>', text, NBSP)


@register.filter
def moment(value):
    """An aware datetime in words, with its zone: « 28 juillet 2026 à 15h00, heure du Maroc (GMT+1) »."""
    return clock.format_moment(value)


@register.filter
def day(value):
    """A date, or the Casablanca day of a moment, in words: « 28 juillet 2026 »."""
    return clock.format_day(value)


@register.filter
def hour(value):
    """The time of day in Casablanca: « 14h32 »."""
    return clock.format_time(value) if value else ""


@register.filter
def megabytes(size):
    """The size of a file in bytes as « 1,5 Mo », the same everywhere; it neither wraps nor turns round in Arabic."""
    return format_html('<bdi class="amount">{}</bdi>', size_text(size).replace(" ", NBSP))


@register.filter
def bdi(text):
    """A name that keeps its own direction inside a sentence: what stands before and after it stays in place in Arabic."""
    return format_html("<bdi>{}</bdi>", text)


@register.filter
def localized(obj, name):
    """The text `name` of the object in the reader's language: `call|localized:"title"` reads title_fr, title_ar…"""
    return bilingual.localized(obj, name)


@register.filter
def item(mapping, key):
    """`mapping[key]`, or "" when there is none."""
    return mapping.get(key, "") if mapping else ""


# --- Deadlines ----------------------------------------------------------------------------------------------------
# What is shown follows this server's clock; what is decided follows `clock.now()` in the services.
@register.filter
def deadline_state(deadline):
    """`open`, `soon` (three days or less) or `over`. The very second of the deadline is still in time."""
    left = (deadline - timezone.now()).total_seconds()
    if left < 0:
        return "over"
    return "soon" if left <= SOON else "open"


@register.filter
def time_left(deadline):
    """The two largest units left: « 12 jours 4 heures », « 3 heures 20 minutes », « 0 minute »."""
    minutes = max(0, int((deadline - timezone.now()).total_seconds()) // 60)
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    words = {
        "day": ngettext("%(count)s day", "%(count)s days", days) % {"count": days},
        "hour": ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours},
        "minute": ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes},
    }
    if days:
        return f"{words['day']} {words['hour']}"
    return f"{words['hour']} {words['minute']}" if hours else words["minute"]


# --- States and icons ---------------------------------------------------------------------------------------------
@register.filter
def tone(status):
    """The colour of a state code: neutral, info, ok, warn or danger."""
    return TONES.get(status, "neutral")


@register.simple_tag
def status_tag(obj):
    """The state of an object in words. Its own `status_wording`, when it has one, says more than the status label."""
    return tag_html(getattr(obj, "status_wording", "") or obj.get_status_display(), tone(obj.status))


def tag_html(label, tone="neutral"):
    """`components/status_tag.html`, for what is written in Python."""
    return format_html('<span class="tag tag--{}">{}</span>', tone, label)


@register.simple_tag
def icon(name, label=""):
    """An icon of the sprite: decoration, or an image with `label`. Arrows turn round in Arabic."""
    css = "icon icon--arrow" if name in ("next", "previous") else "icon"
    address = f"{static('img/sprite.svg')}#{name}"
    if label:
        return format_html('<svg class="{}" role="img" aria-label="{}"><use href="{}"/></svg>', css, label, address)
    return format_html('<svg class="{}" aria-hidden="true" focusable="false"><use href="{}"/></svg>', css, address)


# --- Lists --------------------------------------------------------------------------------------------------------
@register.filter
def page_numbers(page):
    """Numbers of pages to link, None where some are left out."""
    return [n if isinstance(n, int) else None for n in page.paginator.get_elided_page_range(page.number, on_each_side=2)]


@register.simple_tag(takes_context=True)
def page_link(context, number, param=""):
    """Address of a page of the list: the present query with another page number."""
    query = context["request"].GET.copy()
    query[param or "page"] = number
    return f"?{query.urlencode()}"


# --- Signing in ---------------------------------------------------------------------------------------------------
@register.simple_tag(takes_context=True)
def listed_url(context, name, *args):
    """Address of a page about one row of a list, or of the list, with the filters of the list: the present page hands them on."""
    query = context["request"].GET.copy()
    for own in ("page", "piece"):  # of one page, not of the list
        query.pop(own, None)
    return reverse(name, args=args) + (f"?{query.urlencode()}" if query else "")


@register.inclusion_tag("components/demo_logins.html", takes_context=True)
def demo_logins(context):
    """The logins of the demonstration; nothing at all outside DEMO_MODE."""
    logins = demo.demo_logins() if settings.DEMO_MODE else []
    return {"logins": logins, "csrf_token": context.get("csrf_token"), "next": context.get("redirect_field_value", "")}
