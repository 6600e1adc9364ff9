"""The receipt of a deposit, made on demand from what is stored: the same deposit prints the same receipt for years."""

from dataclasses import dataclass

import segno
from django.core.cache import caches
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import override

from applications.models import Call, Deposit
from clusters_portal.lib import clock
from clusters_portal.lib.bilingual import localized
from clusters_portal.lib.canonical import sha256_hex
from clusters_portal.lib.pdf import ARCHIVE, render_pdf

KEPT = 3600  # seconds


@dataclass(frozen=True)
class Piece:
    """One file of the deposit as the receipt lists it."""

    title: str
    label: str
    name: str
    pages: int | None
    sha256: str


def receipt_pdf(deposit, *, lang, verify_url):
    """The electronic registration receipt of one deposit (PDF/A-3a, bytes), in `lang`.

    Everything comes from the deposit's frozen snapshot; the call only gives its present titles and contact.
    `verify_url` is the absolute public address of the number, also drawn as a QR code. The receipt says what was
    registered and what remains to be done on paper (clause 2.2); it never claims to be a signature.
    """
    return render_pdf("pdf/receipt.html", receipt_context(deposit, lang=lang, verify_url=verify_url), lang=lang, variant=ARCHIVE)


def kept_receipt(deposit, *, lang, verify_url) -> bytes:
    """`receipt_pdf`, kept for an hour: a worker draws it while its depositor reads the page (services/receipts.py)."""
    key = sha256_hex(f"receipt {deposit.pk} {deposit.sha256} {lang} {verify_url}")
    return caches["pages"].get_or_set(key, lambda: receipt_pdf(deposit, lang=lang, verify_url=verify_url), KEPT)


def receipt_context(deposit, *, lang, verify_url):
    """What the receipt's template shows, as plain values; see `receipt_pdf`."""
    content, call = deposit.content, deposit.application.call
    received = clock.local(deposit.received_at)
    with override(lang):
        alt = _("QR code leading to the verification page of receipt %(number)s") % {"number": deposit.number}
    return {
        "deposit": deposit,
        "created": deposit.received_at,
        "received_words": clock.format_moment(deposit.received_at, lang),
        "received_exact": received.isoformat(sep=" ", timespec="seconds"),
        "deadline_words": clock.format_moment(deposit.deadline_at, lang),
        "association": content["association"],
        "call_title": localized(content["call"], "title", lang),
        "depositor": content["deposited_by"],
        "pieces": _pieces(content["documents"], call, lang),
        "completes": completed_by(deposit, lang),
        "on_paper": call.deposit_mode == Call.DepositMode.ONLINE_PLUS_PAPER and deposit.kind == Deposit.Kind.ONLINE,
        "copies": call.required_copies,
        "counter": [localized(call, "contact_service", lang), localized(call, "contact_address", lang)],
        "verify_url": verify_url,
        "qr": qr_svg(verify_url, title=alt),
    }


def completed_by(deposit, lang=None) -> str:
    """When the application was received that this answer to a complement request completes, in words; "" for any other deposit."""
    return clock.format_moment(deposit.application.deposited_at, lang) if deposit.kind == Deposit.Kind.COMPLEMENT else ""


def qr_svg(text, *, title):
    """An inline SVG of the QR code of `text`; `title` (escaped by segno) is what a screen reader says. Error correction M."""
    code = segno.make(text, error="m", micro=False)
    return mark_safe(code.svg_inline(scale=4, border=2, title=title, omitsize=True))


def _pieces(documents, call, lang):
    """The files as listed in the snapshot. Their kind is named as the call names it today; by its code if it no longer does."""
    titles = {row.code: localized(row, "label", lang) for row in call.document_requirements.all()}
    return [
        Piece(
            title=titles.get(document["requirement"], document["requirement"]),
            label=document["label"],
            name=document["name"],
            pages=document["pages"],
            sha256=document["sha256"],
        )
        for document in documents
    ]
