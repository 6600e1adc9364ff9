"""A PDF from a print template: in one language, from what we hold ourselves, the same bytes for the same content.

Templates extend `pdf/base.html`; their look is `static/css/pdf.css`. Nothing is fetched: fonts and images come from
two folders of this project, anything else stops the rendering.
"""

from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from clusters_portal.lib.pdf_bytes import PdfError

ARCHIVE = "pdf/a-3a"  # what must still open in decades: receipts
ACCESSIBLE = "pdf/ua-1"  # everything else: tagged for screen readers
VARIANTS = (ARCHIVE, ACCESSIBLE)
STATIC = Path(settings.BASE_DIR) / "static"
STYLESHEET = STATIC / "css" / "pdf.css"
READABLE_FOLDERS = (STATIC / "fonts" / "pdf", STATIC / "img")


def render_pdf(template, context, *, lang, variant=ACCESSIBLE):
    """The PDF (`Printed`) of `template` filled with `context`, written wholly in `lang` ("fr", "ar" or "en").

    `variant` is ARCHIVE or ACCESSIBLE. The template also receives `lang` and `dir` ("ltr" or "rtl"), and has no
    request: what it shows is what it is given. Fonts are embedded and the document is tagged in both variants.
    Same template, context, language and version of the libraries: same bytes.
    Raises PdfError.
    """
    if variant not in VARIANTS:
        raise PdfError(f"unknown kind of PDF: {variant}")
    html = render_html(template, context, lang=lang)
    # WeasyPrint loads Pango and takes a third of a second: only those who print pay for it.
    from clusters_portal.lib import pdf_engine  # noqa: PLC0415

    return pdf_engine.write(html, stylesheet=STYLESHEET, base=STATIC, folders=READABLE_FOLDERS, variant=variant)


def render_html(template, context, *, lang):
    """The HTML that `render_pdf` lays out. Raises PdfError for a language the portal does not speak."""
    if lang not in dict(settings.LANGUAGES):
        raise PdfError(f"unknown language: {lang}")
    with translation.override(lang):
        direction = "rtl" if translation.get_language_bidi() else "ltr"
        return render_to_string(template, {**context, "lang": lang, "dir": direction})
