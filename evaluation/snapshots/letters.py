"""What a letter says, frozen when it is issued: printed in French and Arabic from this alone, whatever the call says later."""

import json

from clusters_portal.lib.bilingual import localized
from clusters_portal.lib.canonical import canonical_json
from evaluation.models import Decision, JudgingTerms
from evaluation.queries.consensus import consensus_for_applicant
from evaluation.queries.sessions import judging_terms

FORMAT = 1
LANGUAGES = ("fr", "ar")
CALL = ("title", "contact_service", "contact_address")
TEXTS = ("reasons_fact", "reasons_law", "reservations")


def decision_content(decision: Decision, *, reference: str, minutes, issued_at, issued_by, appeal_due) -> dict:
    """The letter that notifies a decision: what was decided, why, own scores as far as the call gives them, means of appeal."""
    terms = judging_terms(decision.application.call)
    session = minutes.session
    content = _head(decision.application, reference=reference, issued_at=issued_at, issued_by=issued_by) | {
        "kind": "decision",
        "outcome": decision.outcome,
        "adopted_rank": decision.adopted_rank,
        "session": {"number": session.number, "held_at": session.opened_at},
        "minutes": minutes.reference,
        **{name: getattr(decision, name) for name in TEXTS},
        "scores": None if terms.score_publication == JudgingTerms.ScorePublication.NONE else _scores(decision),
        "appeal_days": terms.appeal_days,
        "appeal_due": appeal_due,
    }
    return json.loads(canonical_json(content))


def answer_content(answer, *, reference: str, issued_at, issued_by) -> dict:
    """The letter that answers an appeal."""
    appeal = answer.appeal
    content = _head(appeal.application, reference=reference, issued_at=issued_at, issued_by=issued_by) | {
        "kind": "appeal",
        "appeal": {"number": appeal.number, "filed_at": appeal.filed_at, "kind": appeal.kind},
        "outcome": answer.outcome,
        "reasons_fact": answer.reasons_fact,
        "reasons_law": answer.reasons_law,
        "follows": answer.follows,
    }
    return json.loads(canonical_json(content))


def _head(application, *, reference, issued_at, issued_by) -> dict:
    call, deposit = application.call, application.current_deposit
    return {
        "format": FORMAT,
        "reference": reference,
        "issued_at": issued_at,
        "issued_by": issued_by.get_full_name(),
        "call": {f"{name}_{lang}": localized(call, name, lang) for name in CALL for lang in LANGUAGES} | {"prefix": call.number_prefix},
        "means_of_appeal": {"fr": call.appeal_fr, "ar": call.appeal_ar},
        "deposit": {
            "number": deposit.number,
            "name_fr": deposit.name_fr,
            "name_ar": deposit.name_ar,
            "received_at": deposit.received_at,
            "sha256": deposit.sha256,
        },
    }


def _scores(decision) -> dict:
    """The dossier's own official marks: exact ("n/d"), with weights and thresholds, and the text the evaluators agreed on."""
    ranking, key = decision.ranking, str(decision.application_id)
    result, inputs = json.loads(ranking.result), json.loads(ranking.inputs)
    line = next(row for row in (*result["ranked"], *result["below_threshold"]) if row["id"] == key)
    consensus = consensus_for_applicant(decision.application)
    texts = {row.criterion.criterion.code: row.text for row in consensus.scores.all()} if consensus else {}
    labels = {row.criterion.code: row.criterion for row in ranking.grid.criteria.select_related("criterion")}
    return {
        "total": line["total_shown"],
        "missed": line["missed"],
        "total_threshold": inputs["grid"]["total_threshold"],
        "block_thresholds": inputs["grid"]["block_thresholds"],
        "text": consensus.text if consensus else "",
        "criteria": [
            {
                "code": row["code"],
                **{f"label_{lang}": localized(labels[row["code"]], "label", lang) for lang in LANGUAGES},
                "weight": row["weight"],
                "threshold": row["threshold"],
                "score": line["criteria"][row["code"]],
                "text": texts.get(row["code"], ""),
            }
            for row in inputs["grid"]["criteria"]
        ],
    }
