"""The acknowledgement of a paper file (clause 2.2): one sheet in French and Arabic, signed and stamped by the agent."""

from django.utils.translation import gettext as _
from django.utils.translation import override

from applications.queries import reservations
from clusters_portal.lib import clock
from clusters_portal.lib.bilingual import localized
from clusters_portal.lib.pdf import ARCHIVE, render_pdf

from .receipt import qr_svg

LANGUAGES = ("fr", "ar")


def acknowledgement_pdf(paper, *, verify_url) -> bytes:
    """The sheet given to the depositor (PDF/A-3a): what was received, when, by whom, in both languages, from stored data.

    `verify_url` is the public address of the dossier's number, drawn as a QR code.
    """
    return render_pdf("pdf/acknowledgement.html", acknowledgement_context(paper, verify_url=verify_url), lang="fr", variant=ARCHIVE)


def acknowledgement_context(paper, *, verify_url) -> dict:
    """What the sheet shows: the facts once, and `texts` per language."""
    application = paper.application
    with override("fr"):
        alt = _("QR code leading to the verification page of receipt %(number)s") % {"number": application.number}
    signature = getattr(paper, "countersignature", None)
    return {
        "paper": paper,
        "application": application,
        "deposit": paper.deposit,
        "created": paper.entered_at,
        "exact": clock.local(paper.received_at).isoformat(sep=" ", timespec="seconds"),
        "signature": signature,
        "second_agent": signature.agent.get_full_name() if signature else "",
        "agent": paper.agent.get_full_name(),
        "decision": getattr(paper, "late_decision", None),
        "verify_url": verify_url,
        "qr": qr_svg(verify_url, title=alt),
        "texts": [_texts(paper, lang) for lang in LANGUAGES],
    }


def _texts(paper, lang) -> dict:
    """What depends on the language, written in it."""
    call = paper.application.call
    with override(lang):
        return {
            "lang": lang,
            "dir": "rtl" if lang == "ar" else "ltr",
            "received": clock.format_moment(paper.received_at, lang),
            "entered": clock.format_moment(paper.entered_at, lang),
            "deadline": clock.format_moment(paper.deadline_at, lang),
            "call": localized(call, "title", lang),
            "association": localized(paper.deposit, "name", lang),
            "service": localized(call, "contact_service", lang),
            "reservations": reservations(paper),
        }
