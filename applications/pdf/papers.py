"""The papers of a dossier that are printed, signed, stamped and sent back (clauses 4 and 5), made from its content.

`content` is everywhere `deposit.content` after a deposit and `draft_content(dossier)` before it. Fields, labels and
tables are those of the steps, through `recap.sections_of`.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import partial

from django.core.cache import cache
from django.utils.translation import get_language, get_language_bidi, gettext_lazy, override
from django.utils.translation import gettext as _

from clusters_portal.lib.bilingual import localized
from clusters_portal.lib.canonical import canonical_json, sha256_hex
from clusters_portal.lib.clock import format_moment
from clusters_portal.lib.pdf import render_pdf
from clusters_portal.lib.pdf_bytes import PdfError

from ..declaration import ADMINISTRATIVE, PIECES
from ..forms.declaration import BOX_OF_PIECE, boxes_sent, prefilled
from ..models import Member, Officer
from ..queries import Dossier
from ..recap import sections_of
from ..recap.blocks import Cell
from ..recap.values import cell_of, number
from ..snapshots import is_changed, snapshot_of
from ..steps import STEPS, STEPS_BY_CODE
from .declaration import declaration_pdf

LANGUAGES = ("fr", "ar")
SHORT = 16  # hexadecimal digits of the fingerprint at the foot of a page
WIDE = 8  # columns of a table from which its section is printed on landscape pages
KEPT = 30 * 24 * 3600  # seconds a number of pages is remembered: the time to print, sign and scan


# --- Content and its name -----------------------------------------------------------------------------------------
def draft_content(dossier: Dossier) -> dict:
    """What a draft says now, in the shape of `deposit.content`, with the declaration as far as it can be prefilled."""
    content = snapshot_of(dossier)
    answers = prefilled(dossier)
    asked = {BOX_OF_PIECE.get(piece.code, ADMINISTRATIVE) for piece in dossier.requirements if piece.required}
    content["declaration"] = {
        **answers,
        "version": dossier.call.declaration_version,
        "other_documents": answers["other_documents"].splitlines(),
        # A dossier is only received with every required piece: their boxes are ticked before the files are there.
        "sent": [code for code in PIECES if code in asked or code in boxes_sent(dossier)],
    }
    return _read_back(content)


def content_of(application, *, preparing: bool = False) -> dict:
    """What the papers of this dossier say: the deposit that counts, or the draft as it stands.

    `preparing`: for its people while they change what was deposited, the draft as soon as it differs from the deposit.
    """
    deposit = None if application.is_draft else application.current_deposit
    dossier = Dossier(application)
    if deposit is None or (preparing and is_changed(dossier)):
        return draft_content(dossier)
    return deposit.content


def fingerprint_of(content) -> str:
    """SHA-256 of what the papers say. The files are left out: the signed copy carries the fingerprint and is one of them,
    so that a draft and its deposit bear the same one as long as no answer changed."""
    kept = {key: content[key] for key in ("schema", "association", "steps")}
    return sha256_hex(canonical_json(kept | {"application": content["application"]["id"], "call": content["call"]["slug"]}))


def reference_of(content) -> str:
    """The number of the deposit; before it, « BROUILLON » and the reference of the draft."""
    application = content["application"]
    code = application["id"][:8].upper()
    # A code that begins with a figure would be cut in two among Arabic words.
    return application.get("number") or _("DRAFT %(reference)s") % {"reference": f"\u2066{code}\u2069" if get_language_bidi() else code}


# --- The papers ---------------------------------------------------------------------------------------------------
def technical_file_pdf(content, call, *, lang, reference, sha256) -> bytes:
    """The technical file (clause 6): cover, contents, sections; reference, fingerprint, page n/N and a box on every page."""
    with override(lang):
        sections = [Printed(section) for section in sections_of(content, call) if _is_technical(section)]
    return _paper("pdf/technical_file.html", content, lang, reference, sha256, {"sections": sections})


def board_table_pdf(content, call, *, lang, reference, sha256) -> bytes:
    """The members of the board (clause 5) with one box to sign for each, and the president's."""
    with override(lang):
        board = _block(sections_of(content, call), "governance", "board")
    return _paper("pdf/board.html", content, lang, reference, sha256, {"board": board})


def fees_pdf(content, call, *, lang, reference, sha256) -> bytes:
    """The amounts of the members' fees (clause 5): the rules, the yearly fee of each engaged member, their sum in DH."""
    with override(lang):
        fees = {"rules": _block(sections_of(content, call), "governance", "fees"), **_member_fees(content)}
    return _paper("pdf/fees.html", content, lang, reference, sha256, fees)


def _declaration(content, call, *, lang, reference, sha256):
    return declaration_pdf(call, content["declaration"], lang=lang)


@dataclass(frozen=True)
class Kind:
    """A paper: its address, its name, what is done with it, the function that makes it, the steps (slugs) it is made from."""

    slug: str
    title: str
    help: str
    make: object
    reads: tuple


def _slugs(*codes):
    return tuple(STEPS_BY_CODE[code].slug for code in codes)


KINDS = {
    kind.slug: kind
    for kind in (
        Kind(
            "technique", gettext_lazy("Technical file"),
            gettext_lazy("Signed and stamped by the President on every page, in the box at the foot of the page."), technical_file_pdf,
            tuple(step.slug for step in STEPS if step.code != "documents"),
        ),
        Kind(
            "conseil", gettext_lazy("Members of the board of directors"),
            gettext_lazy("Signed and stamped by the President and signed by every member of the board, each in the box of the row."),
            board_table_pdf, _slugs("identity", "governance"),
        ),
        Kind(
            "cotisations", gettext_lazy("Fees of the members"), gettext_lazy("Signed and stamped by the President."), fees_pdf,
            _slugs("identity", "members", "governance"),
        ),
        Kind(
            "declaration", gettext_lazy("Sworn statement"),
            gettext_lazy("Completed where a line is left blank, then signed and stamped by the President."), _declaration,
            _slugs("identity"),
        ),
    )
}  # fmt: skip
# The piece of the call that is the signed copy of a paper.
KIND_OF_PIECE = {
    "ADM_CA": KINDS["conseil"],
    "ADM_COTIS": KINDS["cotisations"],
    "ADM_DECL": KINDS["declaration"],
    "TEC_SIGNED": KINDS["technique"],
}


def generated_pdf(kind: Kind, content, call, *, lang) -> bytes:
    """One paper in one language. Its number of pages is remembered, to be compared with the signed copy."""
    with override(lang):
        reference = reference_of(content)
    made = kind.make(content, call, lang=lang, reference=reference, sha256=fingerprint_of(content))
    cache.set(_pages_key(kind, content, lang), made.pages, KEPT)
    return made


# --- Signed copies ------------------------------------------------------------------------------------------------
def page_check(application, code):
    """For the signed copy `code` of a paper: a function from its number of pages to the number it should have.

    Papers exist in two languages: the one that agrees is taken. None for every other piece. The function answers None
    when the paper cannot be made. It costs nothing after the paper was taken from the portal, else seconds of processor.
    """
    return partial(_expected, KIND_OF_PIECE[code], application) if code in KIND_OF_PIECE else None


def _expected(kind, application, scanned):
    content, wanted = content_of(application, preparing=True), get_language()
    languages = sorted(LANGUAGES, key=lambda each: each != wanted)
    counts = [found for lang in languages if (found := cache.get(_pages_key(kind, content, lang)))]
    try:
        counts = counts or [generated_pdf(kind, content, application.call, lang=lang).pages for lang in languages]
    except PdfError:
        return None
    return scanned if scanned in counts else counts[0]


def _pages_key(kind, content, lang):
    return f"pages-{kind.slug}-{lang}-{sha256_hex(canonical_json([fingerprint_of(content), content['declaration']]))}"


# --- What the templates show --------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Printed:
    """A section on paper. `wide`: it has a table that needs landscape pages."""

    section: object

    @property
    def wide(self) -> bool:
        return any(len(block.columns) >= WIDE for block in self.section.blocks)


def _paper(template, content, lang, reference, sha256, further):
    with override(lang):
        received = content.get("received_at")
        received = datetime.fromisoformat(received) if received else None
        context = {
            "reference": reference,
            "is_draft": received is None,
            "created": received,
            "received_words": format_moment(received, lang),
            "sha256": sha256,
            "short": sha256[:SHORT],
            "association": content["association"],
            "call_title": localized(content["call"], "title", lang),
            "president": _president(content),
            **further,
        }
    return render_pdf(template, context, lang=lang)


def _is_technical(section):
    """Sections 1 to 7; what the applicant wrote for the criteria if anything; never the list of files."""
    if all(block.kind == "documents" for block in section.blocks):
        return False
    return not section.optional or any(_says_something(block) for block in section.blocks)


def _says_something(block):
    return any(not field.cell.is_empty for field in block.fields) or (not block.fields and not block.is_empty)


def _block(sections, code, key):
    """The block `key` of the step of that code."""
    slug = STEPS_BY_CODE[code].slug
    return next(block for section in sections if section.slug == slug for block in section.blocks if block.key == key)


def _president(content):
    rows = content["steps"].get(STEPS_BY_CODE["identity"].slug, {}).get("officers", [])
    row = next((row for row in rows if row["function"] == Officer.Function.PRESIDENT), None)
    return " ".join(filter(None, (row["first_name"], row["last_name"]))) if row else ""


def _member_fees(content) -> dict:
    """Engaged members as rows of cells (name, category, yearly fee), the sum, and how many have no amount yet."""
    rows = content["steps"].get(STEPS_BY_CODE["members"].slug, {}).get("members", [])
    engaged = [row for row in rows if row["engagement"] == Member.Engagement.ENGAGED]
    fees = [Decimal(row["fee"]) for row in engaged if row["fee"] is not None]
    return {
        "columns": [Member._meta.get_field(name).verbose_name for name in ("name_fr", "category", "fee")],
        "members": [
            (Cell(row["name_fr"] or row["name_ar"]), cell_of(Member, "category", row["category"], None), number(row["fee"]))
            for row in engaged
        ],
        "total": sum(fees, Decimal(0)),
        "without_fee": len(engaged) - len(fees),
    }


def _read_back(content):
    """Plain values as JSON gives them back: what is printed from a draft is what will be frozen."""
    return json.loads(canonical_json(content))
