"""Letters on paper, in French or in their courtesy translation in Arabic, printed from the frozen content alone."""

import json
from datetime import datetime
from functools import partial
from urllib.parse import urljoin

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from applications.pdf.receipt import qr_svg
from clusters_portal.lib import clock
from clusters_portal.lib.pdf import ARCHIVE, render_pdf
from evaluation.exports import exact_mark
from evaluation.models import AppealOutcome, Decision, Letter

LANGUAGES = ("fr", "ar")
SHORT = 16  # hexadecimal digits of the fingerprint at the foot of a page


def letter_pdf(letter, *, lang: str, verify_url: str) -> bytes:
    """One letter (PDF/A-3a). ``verify_url`` is the absolute public address of its reference, also drawn as a QR code."""
    return render_pdf("pdf/letter.html", letter_context(letter, lang=lang, verify_url=verify_url), lang=lang, variant=ARCHIVE)


def letter_context(letter, *, lang: str, verify_url: str) -> dict:
    """What the template prints, from the letter's content."""
    record = json.loads(letter.content)
    with override(lang):
        alt = _("QR code leading to the verification page of letter %(reference)s") % {"reference": letter.reference}
        return told(record, lang) | {
            "letter": letter,
            "created": letter.issued_at,
            "sha256": letter.sha256,
            "short": letter.sha256[:SHORT],
            "verify_url": verify_url,
            "qr": qr_svg(verify_url, title=alt),
        }


def told(record: dict, lang: str) -> dict:
    """The content of a letter in one language: shared by the paper and by the applicant's page."""
    decision = record["kind"] == "decision"
    return {
        "record": record,
        "decision": decision,
        "title": title_of(record),
        "outcome": (Decision.Outcome if decision else AppealOutcome)(record["outcome"]).label,
        "day": clock.format_day(_moment(record["issued_at"]), lang),
        "received": clock.format_moment(_moment(record["deposit"]["received_at"]), lang),
        "held": clock.format_day(_moment(record["session"]["held_at"]), lang) if decision else "",
        "filed": clock.format_moment(_moment(record["appeal"]["filed_at"]), lang) if not decision else "",
        "due": clock.format_moment(_moment(record["appeal_due"]), lang) if decision else "",
        "call_title": record["call"][f"title_{lang}"],
        "service": record["call"][f"contact_service_{lang}"],
        "address": record["call"][f"contact_address_{lang}"],
        "means": record["means_of_appeal"][lang],
        "scores": _scores(record, lang) if decision and record["scores"] else None,
    }


def title_of(record) -> str:
    """What the letter says, in one line."""
    if record["kind"] == "appeal":
        return _("Answer to your appeal")
    return {
        "selected": _("Your project is selected"),
        "selected_with_reservations": _("Your project is selected with reservations"),
        "waiting_list": _("Your project is on the waiting list"),
        "deferred": _("The decision on your project is deferred"),
        "not_selected": _("Your project is not selected"),
    }[record["outcome"]]


def _scores(record, lang) -> dict:
    scores = record["scores"]
    rows = [row | {"label": row[f"label_{lang}"], "mark": exact_mark(row["score"])} for row in scores["criteria"]]
    return scores | {"rows": rows, "has_thresholds": any(row["threshold"] for row in rows), "has_texts": any(row["text"] for row in rows)}


def _moment(text):
    return datetime.fromisoformat(text)


def papers_of(application, *, verify_url=None) -> list:
    """[(file name, maker of the PDF)] of every letter of a dossier in its two languages; ``verify_url(number)`` gives the
    address of a receipt, from which that of a letter is taken."""
    found = []
    for letter in Letter.objects.filter(application=application).order_by("number"):
        for lang in LANGUAGES:
            found.append((f"{letter.reference}-{lang}.pdf", partial(_paper, letter, lang, verify_url)))
    return found


def _paper(letter, lang, verify_url):
    path = reverse("evaluation:verify_letter", args=[letter.reference])
    return letter_pdf(letter, lang=lang, verify_url=urljoin(verify_url("x"), path))
