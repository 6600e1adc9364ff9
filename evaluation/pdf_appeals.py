"""The acknowledgement of an appeal on paper."""

from clusters_portal.lib import clock
from clusters_portal.lib.bilingual import localized
from clusters_portal.lib.pdf import ARCHIVE, render_pdf

LANGUAGES = ("fr", "ar")


def acknowledgement_pdf(appeal, *, lang: str) -> bytes:
    """The numbered acknowledgement of an appeal (PDF/A-3a): when it was received and the fingerprint of what was."""
    application = appeal.application
    context = {
        "appeal": appeal,
        "created": appeal.filed_at,
        "filed": clock.format_moment(appeal.filed_at, lang),
        "due": clock.format_moment(appeal.due_at, lang),
        "deposit": application.current_deposit,
        "call_title": localized(application.call, "title", lang),
        "foot": appeal.number,
    }
    return render_pdf("pdf/appeal.html", context, lang=lang, variant=ARCHIVE)
