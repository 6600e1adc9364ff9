"""The shortlist as a workbook and as canonical JSON. One gathering of the facts serves every format."""

import json
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from io import BytesIO

import xlsxwriter
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from clusters_portal.lib.bilingual import localized
from clusters_portal.lib.canonical import canonical_json, sha256_hex
from clusters_portal.lib.clock import CASABLANCA
from evaluation.models import Ranking, RankingLine
from evaluation.queries import decision_of, with_deposit

DECISION_TEXTS = ("reasons_fact", "reasons_law", "reservations", "deviation_reason", "tie_break_reason")


@dataclass(frozen=True)
class Shortlist:
    """A run, its lines with names and decisions, its criteria codes and the exact marks of each dossier."""

    ranking: Ranking
    lines: list
    codes: list
    criteria: dict

    @property
    def call(self):
        """The call for projects."""
        return self.ranking.call


def shortlist_of(ranking: Ranking) -> Shortlist:
    """Gather everything the formats need, in two queries. Lines come in adopted order, then proposed order."""
    rows = RankingLine.objects.filter(ranking=ranking).select_related("application__decision__decided_by")
    lines = list(with_deposit(rows, "application_id"))
    for line in lines:
        line.decision = decision_of(line)
    result, inputs = json.loads(ranking.result), json.loads(ranking.inputs)
    criteria = {row["id"]: row["criteria"] for row in (*result["ranked"], *result["below_threshold"])}
    codes = [criterion["code"] for criterion in inputs["grid"]["criteria"]]
    return Shortlist(ranking, sorted(lines, key=_adopted_order), codes, criteria)


def _adopted_order(line):
    adopted = line.decision.adopted_rank if line.decision else None
    return (adopted is None, adopted or 0, line.position)


# JSON


def content(shortlist: Shortlist) -> dict:
    """The shortlist as plain values: scores exact ("n/d") and cut at two decimals."""
    ranking = shortlist.ranking
    return {
        "format": 1,
        "call": {"slug": ranking.call.slug, "title_fr": ranking.call.title_fr, "title_ar": ranking.call.title_ar, "places": ranking.places},
        "ranking": {
            "number": ranking.number,
            "sha256": ranking.sha256,
            "created_at": ranking.created_at,
            "code_version": ranking.code_version,
            "grid": {"version": ranking.grid.version, "adoption_reference": ranking.grid.adoption_reference},
        },
        "projects": [_project(line, shortlist.criteria[str(line.application_id)]) for line in shortlist.lines],
    }


def _project(line, criteria) -> dict:
    decision = line.decision
    return {
        "number": line.application.number,
        "name_fr": line.name_fr,
        "name_ar": line.name_ar,
        "proposed_rank": line.rank,
        "ex_aequo": line.ex_aequo,
        "thresholds_missed": line.missed.split(),
        "score": {
            "exact": line.exact_total,
            "shown": str(line.total),
            "technical": str(line.technical),
            "qualitative": str(line.qualitative),
        },
        "criteria": criteria,
        "decision": decision
        and {
            "outcome": decision.outcome,
            "adopted_rank": decision.adopted_rank,
            "decided_at": decision.decided_at,
            "decided_by": str(decision.decided_by),
            **{name: getattr(decision, name) for name in DECISION_TEXTS},
        },
    }


def canonical(shortlist: Shortlist) -> bytes:
    """``{"content": …, "sha256": …}`` where the hash is that of the canonical JSON of ``content``."""
    return canonical_json({"content": content(shortlist), "sha256": fingerprint(shortlist)}).encode()


def fingerprint(shortlist: Shortlist) -> str:
    """SHA-256 of the canonical JSON of the shortlist's content."""
    return sha256_hex(canonical_json(content(shortlist)))


# Workbook


def workbook(shortlist: Shortlist) -> bytes:
    """XLSX with four sheets: shortlist, marks per criterion, decisions and reasons, hash. Texts never become formulas."""
    buffer = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(buffer, options)
    # A fixed date: the same decisions give the same file.
    book.set_properties({"title": str(shortlist.call), "created": shortlist.ranking.created_at.replace(tzinfo=None)})
    styles = {
        "head": book.add_format({"bold": True, "text_wrap": True, "bottom": 1, "valign": "top"}),
        "text": book.add_format({"text_wrap": True, "valign": "top"}),
        # One decimal says a score on agreed marks wholly; a second shows in runs on means of marks only.
        "score": book.add_format({"num_format": "0.0#", "valign": "top"}),
    }
    _sheet(book, _("Shortlist"), styles, *_shortlist_rows(shortlist))
    _sheet(book, _("Agreed marks"), styles, *_criteria_rows(shortlist))
    _sheet(book, _("Decisions"), styles, *_decision_rows(shortlist))
    _sheet(book, _("Fingerprint"), styles, *_seal_rows(shortlist))
    book.close()
    return buffer.getvalue()


def _sheet(book, title, styles, heads, rows, widths):
    sheet = book.add_worksheet(title[:31])
    if get_language_bidi():
        sheet.right_to_left()
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    for column, (head, width) in enumerate(zip(heads, widths, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, head, styles["head"])
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            _write(sheet, number, column, value, styles)


def _write(sheet, row, column, value, styles):
    if value is None or value == "":
        sheet.write_blank(row, column, None, styles["text"])
    elif isinstance(value, str):
        sheet.write_string(row, column, value, styles["text"])
    elif isinstance(value, int):
        sheet.write_number(row, column, value, styles["text"])
    else:
        sheet.write_number(row, column, value, styles["score"])


def _outcome(line) -> str:
    return line.decision.get_outcome_display() if line.decision else _("Not decided")


def _shortlist_rows(shortlist):
    heads = [
        _("Adopted rank"), _("Proposed rank"), _("Ex æquo"), _("Number"), _("Name (French)"), _("Name (Arabic)"), _("Outcome"),
        _("Weighted score"), _("Exact weighted score"), _("Technical block"), _("Qualitative block"),
        _("Thresholds not reached"),
    ]  # fmt: skip
    rows = [
        (
            line.decision.adopted_rank if line.decision else None, line.rank, _("Yes") if line.ex_aequo else "", line.application.number,
            line.name_fr, line.name_ar, _outcome(line), line.total, line.exact_total, line.technical, line.qualitative, line.missed,
        )
        for line in shortlist.lines
    ]  # fmt: skip
    return heads, rows, (10, 10, 9, 16, 36, 36, 22, 16, 16, 12, 12, 16)


def _criteria_rows(shortlist):
    heads = [_("Number"), _("Name (French)"), *shortlist.codes, _("Exact weighted score")]
    rows = [
        (line.application.number, line.name_fr, *[_mark(shortlist, line, code) for code in shortlist.codes], line.exact_total)
        for line in shortlist.lines
    ]
    return heads, rows, (16, 36, *[9] * len(shortlist.codes), 16)


def _mark(shortlist, line, code) -> Decimal | str:
    return exact_mark(shortlist.criteria[str(line.application_id)][code])


def exact_mark(written: str) -> Decimal | str:
    """The exact official mark as a number: "7/2" is 3.5. Means of runs before consensus may be fractions ("11/3"), left as such."""
    for places in (1, 2):
        shifted = Fraction(written) * 10**places
        if shifted.denominator == 1:
            return Decimal(int(shifted)).scaleb(-places)
    return written


def _decision_rows(shortlist):
    heads = [
        _("Number"), _("Name (French)"), _("Outcome"), _("Adopted rank"), _("Reasons of fact"), _("Reasons of law"), _("Reservations"),
        _("Reason for departing from the proposed ranking"), _("Reason for the choice between equals"), _("Recorded by"), _("Decided on"),
    ]  # fmt: skip
    rows = [_decision_row(line) for line in shortlist.lines]
    return heads, rows, (16, 36, 22, 10, 40, 40, 40, 40, 40, 24, 20)


def _decision_row(line):
    decision = line.decision
    if decision is None:
        return (line.application.number, line.name_fr, _("Not decided"))
    when = decision.decided_at.astimezone(CASABLANCA).strftime("%Y-%m-%d %H:%M")
    texts = [getattr(decision, name) for name in DECISION_TEXTS]
    what = (decision.get_outcome_display(), decision.adopted_rank)
    return (line.application.number, line.name_fr, *what, *texts, str(decision.decided_by), when)


def _seal_rows(shortlist):
    ranking = shortlist.ranking
    rows = [
        (_("Call for projects"), localized(ranking.call, "title")),
        (_("Places"), str(ranking.places or "")),
        (_("Run of the ranking"), str(ranking.number)),
        (_("Run on"), ranking.created_at.astimezone(CASABLANCA).strftime("%Y-%m-%d %H:%M:%S")),
        (_("Run by"), str(ranking.created_by)),
        (_("Grid"), f"v{ranking.grid.version} · {ranking.grid.adoption_reference}"),
        (_("SHA-256 of the ranking"), ranking.sha256),
        (_("SHA-256 of this shortlist (content of the JSON file)"), fingerprint(shortlist)),
        (_("Version of the rules"), ranking.code_version),
    ]
    return [_("Item"), _("Value")], rows, (50, 80)
