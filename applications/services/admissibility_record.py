"""What a validated check says, frozen: the letter is printed from it, in French and Arabic, whatever the call says later."""

from dataclasses import asdict

from django.utils.translation import override

from clusters_portal.accounts.roles import Role, has_role
from clusters_portal.lib.bilingual import localized

from ..models import ComplementRequest
from .admissibility import proposals

SCHEMA = 1
LANGUAGES = ("fr", "ar")
CALL = ("title", "contact_service", "contact_address")


def letter_number(check) -> str:
    """A dossier is decided once: the letter bears its number."""
    return f"{check.deposit.number}-REC"


def record_of(check) -> dict:
    """Everything the letter shows, as plain values. Texts of the portal and of the call are kept per language."""
    deposit, call = check.deposit, check.deposit.application.call
    return {
        "schema": SCHEMA,
        "number": letter_number(check),
        "deposit": {
            "number": deposit.number,
            "sequence": deposit.sequence,
            "received_at": deposit.received_at,
            "sha256": deposit.sha256,
            "name_fr": deposit.name_fr,
            "name_ar": deposit.name_ar,
            **_completed(deposit),
        },
        "call": {
            f"{name}_{lang}": localized(call, name, lang) for name in ("title", "contact_service", "contact_address") for lang in LANGUAGES
        },
        "appeal": {"fr": call.appeal_fr, "ar": call.appeal_ar},
        "outcome": check.outcome,
        "reasons_fact": check.reasons_fact,
        "reasons_law": check.reasons_law,
        "companies": check.companies,
        "companies_reason": check.companies_reason,
        "lines": _lines(check),
        "proposed": {"by": check.proposed_by.get_full_name(), "at": check.proposed_at},
        "validated": {"by": check.validated_by.get_full_name(), "at": check.validated_at, "office": _office(check.validated_by)},
    }


def _completed(deposit) -> dict:
    """A complement is a further deposit, made after the deadline on DPTC's demand: when the one it completes was received."""
    asked = ComplementRequest.objects.filter(answer=deposit).select_related("deposit").first()
    return {"first_received_at": asked.deposit.received_at} if asked else {}


def _office(person) -> str:
    """The role in which someone validates: the head of division signs as such, any other officer as a case officer."""
    return str(Role.DIVISION_HEAD if has_role(person, Role.DIVISION_HEAD) else Role.CASE_OFFICER)


def _lines(check) -> list:
    """[{item, proposed, finding, reason, note, title_fr, detail_fr, title_ar, detail_ar}] in the order of the check."""
    texts = {}
    for lang in LANGUAGES:
        with override(lang):
            for line in proposals(check.deposit, check.companies):
                said = asdict(line)
                texts.setdefault(line.item, {}).update({f"{name}_{lang}": said[name] for name in ("title", "detail", "note")})
    return [
        {"item": line.item, "proposed": line.proposed, "finding": line.finding, "reason": line.reason, **texts[line.item]}
        for line in check.lines.all()
    ]
