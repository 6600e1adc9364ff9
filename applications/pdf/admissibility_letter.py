"""The letter of recevabilité (loi 03-01): what was decided, why in fact and in law, printed from the frozen decision alone."""

import json
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import override

from clusters_portal.lib import clock
from clusters_portal.lib.pdf import ARCHIVE, render_pdf

LANGUAGES = ("fr", "ar")
SHORT = 16  # hexadecimal digits of the fingerprint at the foot of a page


def letter_pdf(check, *, lang) -> bytes:
    """The letter of a validated check (PDF/A-3a): in French, or its courtesy translation in Arabic. The same bytes for years."""
    return render_pdf("pdf/admissibility_letter.html", letter_context(check, lang=lang), lang=lang, variant=ARCHIVE)


def letter_context(check, *, lang) -> dict:
    """What the letter's template shows, from `check.record`; see `services.admissibility_record`."""
    record = json.loads(check.record)
    deposit, validated = record["deposit"], datetime.fromisoformat(record["validated"]["at"])
    received = datetime.fromisoformat(deposit["received_at"])
    first = datetime.fromisoformat(deposit["first_received_at"]) if "first_received_at" in deposit else None
    call, failed = record["call"], [line for line in record["lines"] if line["finding"] == "non_conforming"]
    with override(lang):
        appeal = record["appeal"][lang] or _(
            "This decision may be appealed against under the conditions and within the time limits of the legislation in force."
        )
        return {
            "record": record,
            "created": validated,
            "admissible": record["outcome"] == "admissible",
            "day": clock.format_day(validated, lang),
            "received": clock.format_moment(first or received, lang),
            "completed": clock.format_moment(received, lang) if first else "",
            "call_title": call[f"title_{lang}"],
            "service": call[f"contact_service_{lang}"],
            "address": call[f"contact_address_{lang}"],
            "failed": [
                {name: line[f"{name}_{lang}"] for name in ("title", "detail", "note")} | {"reason": line["reason"]} for line in failed
            ],
            "appeal": appeal,
            "sha256": check.sha256,
            "short": check.sha256[:SHORT],
        }
