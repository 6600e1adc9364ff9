"""Data entered in several languages: `label_fr`, `label_ar`, `label_en` on one row, one of them shown."""

from django.utils.translation import get_language

FALLBACK = "fr"


def localized(obj, name, language=None):
    """The text `name` of `obj` (an object or a dict) in `language`, else the active one.

    An empty text falls back to French, then to any language that is filled in, then to "". Never raises for a
    missing column: a call may have no English.
    """
    for code in (language or active_language(), FALLBACK, "ar", "en"):
        text = _read(obj, f"{name}_{code}")
        if text:
            return text
    return ""


def active_language():
    """Two-letter code of the active language, French when translation is off."""
    return (get_language() or FALLBACK)[:2]


def _read(obj, name):
    if isinstance(obj, dict):
        return obj.get(name, "")
    return getattr(obj, name, "") or ""
