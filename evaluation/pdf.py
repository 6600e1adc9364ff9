"""The shortlist on paper."""

from clusters_portal.lib.bilingual import localized
from clusters_portal.lib.clock import format_moment
from clusters_portal.lib.pdf import render_pdf
from evaluation.exports import Shortlist, exact_mark, fingerprint


def shortlist(facts: Shortlist, *, lang: str) -> bytes:
    """PDF of the shortlist in "fr" or "ar": proposed and adopted ranks, exact scores, reasons, hash. Raises PdfError."""
    return render_pdf("pdf/shortlist.html", context_of(facts, lang=lang), lang=lang)


def context_of(facts: Shortlist, *, lang: str) -> dict:
    """What the template prints."""
    ranking = facts.ranking
    return {
        "call_title": localized(ranking.call, "title", lang),
        "ranking": ranking,
        "run_on": format_moment(ranking.created_at, lang),
        "created": ranking.created_at,
        "lines": facts.lines,
        "decided": [line for line in facts.lines if line.decision],
        "codes": facts.codes,
        "marks": [(line, [exact_mark(facts.criteria[str(line.application_id)][code]) for code in facts.codes]) for line in facts.lines],
        "sha256": fingerprint(facts),
        "foot": f"{ranking.call.number_prefix} · {ranking.sha256[:16]}",
    }
