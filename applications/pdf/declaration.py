"""The sworn declaration, in the annex's words: the blank model, or filled with what was declared."""

from datetime import date

from applications import declaration as declarations
from clusters_portal.lib import clock
from clusters_portal.lib.pdf import ACCESSIBLE, render_pdf

DOTS = "_" * 18  # a line to write on


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
        "done": words.done(place=place or DOTS, date=day or DOTS),
    }


def _day(value, lang):
    """A date in words from a date or its ISO text; "" when there is none."""
    if isinstance(value, str):
        value = date.fromisoformat(value) if value else None
    return clock.format_day(value, lang)
