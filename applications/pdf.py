"""The PDFs of the middle floor, made on demand from what is stored: the same deposit prints the same receipt for years."""

from dataclasses import dataclass
from datetime import date

import segno
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import override

from applications import declaration as declarations
from applications.models import Call
from clusters_portal.lib import clock
from clusters_portal.lib.bilingual import localized
from clusters_portal.lib.pdf import ACCESSIBLE, ARCHIVE, render_pdf


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
        "on_paper": call.deposit_mode == Call.DepositMode.ONLINE_PLUS_PAPER,
        "copies": call.required_copies,
        "counter": [localized(call, "contact_service", lang), localized(call, "contact_address", lang)],
        "verify_url": verify_url,
        "qr": qr_svg(verify_url, title=alt),
    }


def qr_svg(text, *, title):
    """An inline SVG of the QR code of `text`; `title` (escaped by segno) is what a screen reader says. Error correction M."""
    code = segno.make(text, error="m", micro=False)
    return mark_safe(code.svg_inline(scale=4, border=2, title=title, omitsize=True))


def declaration_pdf(call, declaration, *, lang):
    """The sworn declaration (PDF/UA, bytes) in the annex's words, filled with `declaration`; `{}` prints the blank model.

    `declaration` has the shape of the snapshot's: version, civility ("mr", "mrs"), first_name, last_name,
    quality_organisation, quality_association, association, legal_form, other_documents, place, date (ISO text or
    date), and optionally `sent`, the codes of `declaration.PIECES` to tick. What is missing is left as a line to
    write on. Raises `declaration.UnknownWording`.
    """
    return render_pdf("pdf/declaration.html", declaration_context(call, declaration, lang=lang), lang=lang, variant=ACCESSIBLE)


def declaration_context(call, declaration, *, lang):
    """What the declaration's template shows; see `declaration_pdf`."""
    words = declarations.wording(declaration.get("version") or call.declaration_version, lang)
    sent = frozenset(declaration.get("sent", ()))
    others = [text for text in declaration.get("other_documents", ()) if text]
    blank_lines = max(0, declarations.PRINTED_LINES - len(others))
    place, day = declaration.get("place"), _day(declaration.get("date"), lang)
    qualities = [declaration.get("quality_organisation"), declaration.get("quality_association")]
    return {
        "words": words,
        "is_model": not declaration,
        "values": declaration,
        "person": declarations.full_name(declaration, words),
        "qualities": [text for text in qualities if text],
        "pieces": [(text, code in sent) for code, text in zip(declarations.PIECES, words.pieces, strict=True)],
        "others": others + [""] * blank_lines,
        "done": words.done(place=place or _DOTS, date=day or _DOTS),
    }


_DOTS = "_" * 18


def _day(value, lang):
    """A date in words from a date or its ISO text; "" when there is none."""
    if isinstance(value, str):
        value = date.fromisoformat(value) if value else None
    return clock.format_day(value, lang)


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
