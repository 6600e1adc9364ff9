"""The evaluation file of one dossier on paper: from stored data alone, one fingerprint for what it says."""

from django.utils.translation import gettext as _
from django.utils.translation import override

from applications.pdf.receipt import qr_svg
from applications.recap import sections_of
from applications.reference import region_name, section_name
from applications.snapshots import verdicts_from
from clusters_portal.lib import clock
from clusters_portal.lib.bilingual import localized
from clusters_portal.lib.canonical import canonical_json, sha256_hex
from clusters_portal.lib.pdf import render_pdf
from evaluation.queries.pack import Pack

LANGUAGES = ("fr", "ar")
SHORT = 16  # hexadecimal digits of the fingerprint at the foot of a page
DECISION_TEXTS = ("reservations", "reasons_fact", "reasons_law", "deviation_reason", "tie_break_reason")


def content_of(pack: Pack) -> dict:
    """What the file says, as plain values in no language: the fingerprint printed on it is that of their canonical JSON."""
    return {
        "format": 1,
        "number": pack.application.number,
        "status": pack.application.status,
        "deposit": {"sequence": pack.deposit.sequence, "sha256": pack.deposit.sha256},
        "admissibility": pack.check and {"outcome": pack.check.outcome, "sha256": pack.check.sha256},
        "grid": pack.grid and {"version": pack.grid.version, "adoption_reference": pack.grid.adoption_reference},
        "evaluations": [_opinion(opinion, pack.named or number) for number, opinion in enumerate(pack.opinions, 1)],
        "interests": [
            {"person": name if pack.named else number, "status": row.status, "declared_at": row.declared_at, "ruled_at": row.ruled_at}
            for number, (name, row) in enumerate(pack.interests, 1)
        ],
        "consensus": pack.consensus and _consensus(pack),
        "decision": pack.decision
        and {
            "outcome": pack.decision.outcome,
            "adopted_rank": pack.decision.adopted_rank,
            "decided_at": pack.decision.decided_at,
            **{name: getattr(pack.decision, name) for name in DECISION_TEXTS},
        },
    }


def _opinion(opinion, called) -> dict:
    row = opinion.evaluation
    return {
        "evaluator": opinion.name if called is True else called,
        "version": row.version,
        "submitted_at": row.submitted_at,
        "receipt_sha256": row.receipt_sha256,
        "marks": {code: {"value": value, "justification": why} for code, (value, why) in opinion.marks.items()},
        "strengths": row.strengths,
        "weaknesses": row.weaknesses,
        "confidence": row.confidence,
    }


def _consensus(pack) -> dict:
    report = pack.consensus
    return {
        "closed_at": report.closed_at,
        "text": report.text,
        "majority_view": report.majority_view,
        "minority_view": report.minority_view,
        "marks": {
            code: {"value": row.value, "text": row.text, "outside_reason": row.outside_reason} for code, row in sorted(pack.agreed.items())
        },
    }


def pack_pdf(pack: Pack, *, lang: str, verify_url: str) -> bytes:
    """The file in "fr" or "ar" (PDF/UA). `verify_url` is the public address of the deposit's number, also a QR code. Raises PdfError."""
    return render_pdf("pdf/evaluation_pack.html", context_of(pack, lang=lang, verify_url=verify_url), lang=lang)


def context_of(pack: Pack, *, lang: str, verify_url: str) -> dict:
    """What the template prints, as plain values in one language."""
    deposit, call, sha256 = pack.deposit, pack.application.call, sha256_hex(canonical_json(content_of(pack)))
    with override(lang):
        blocks = sections_of(deposit.content, call)[0].blocks
        identity = [one for block in blocks for one in block.fields if not one.cell.is_empty]
        verdicts = [
            {"title": verdict.title, "sentence": verdict.sentence, "passed": verdict.passed} for verdict in verdicts_from(deposit.content)
        ] if "verdicts" in deposit.content else []  # fmt: skip
        alt = _("QR code leading to the verification page of receipt %(number)s") % {"number": deposit.number}
    return {
        "pack": pack,
        "deposit": deposit,
        "created": deposit.received_at,
        "call_title": localized(call, "title", lang),
        "received_words": clock.format_moment(deposit.received_at, lang),
        "region": region_name(deposit.region),
        "sector": section_name(deposit.nma_section),
        "identity": identity,
        "verdicts": verdicts,
        "criteria": [_criterion(pack, row, lang) for row in pack.criteria],
        "decision_texts": _decision_texts(pack),
        "sha256": sha256,
        "short": sha256[:SHORT],
        "verify_url": verify_url,
        "qr": qr_svg(verify_url, title=alt),
    }


def _criterion(pack, row, lang) -> dict:
    code = row.criterion.code
    marks = [(opinion.name, *opinion.marks.get(code, (None, ""))) for opinion in pack.opinions]
    given = [value for _name, value, _why in marks if value is not None]
    return {
        "code": code,
        "label": localized(row.criterion, "label", lang),
        "weight": row.weight,
        "marks": marks,
        "range": (min(given), max(given)) if len(given) > 1 else None,
        "agreed": pack.agreed.get(code),
    }


def _decision_texts(pack) -> list[tuple[str, str]]:
    """[(label, text)] of the decision's reasons that were written."""
    if pack.decision is None:
        return []
    labels = {name: pack.decision._meta.get_field(name).verbose_name for name in DECISION_TEXTS}
    return [(labels[name], getattr(pack.decision, name)) for name in DECISION_TEXTS if getattr(pack.decision, name)]
