"""The frozen dossier: everything a deposit says, as plain values ready for canonical JSON.

Shape: schema, call (with its terms), application, association, steps {slug: {part: values}}, documents, verdicts,
findings, declaration. Staff, evaluators and PDFs read this, never the live columns.
"""

from dataclasses import asdict
from decimal import Decimal

from clusters_portal.lib.canonical import canonical_json

from .models import Association
from .queries import Dossier, facts_of, terms_of
from .rules import coherence, eligibility
from .rules.figures import Ratio
from .rules.findings import Finding
from .steps import STEPS

SCHEMA = 1


def snapshot_of(dossier: Dossier) -> dict:
    """What is stored now, without the deposit's own number, date and declaration."""
    call, facts = dossier.call, facts_of(dossier)
    terms = terms_of(call)
    verdicts = eligibility.evaluate(facts, terms, deadline=call.deadline_at)
    association = dossier.one(Association)
    return {
        "schema": SCHEMA,
        "call": {
            "slug": call.slug,
            "number_prefix": call.number_prefix,
            "title_fr": call.title_fr,
            "title_ar": call.title_ar,
            "title_en": call.title_en,
            "deadline_at": call.deadline_at,
            "terms": asdict(terms),
        },
        "application": {"id": str(dossier.application.pk)},
        "association": {"name_fr": association.name_fr, "name_ar": association.name_ar},
        "steps": {step.slug: _plain(step.values(dossier)) for step in STEPS},
        "documents": [_document(document) for document in dossier.documents],
        "verdicts": [_verdict(verdict) for verdict in verdicts],
        "findings": [_finding(finding) for finding in coherence.check(facts, base_year=call.base_year)],
    }


def answers_in(snapshot: dict) -> str:
    """What a snapshot says of the applicant, as one comparable text: names, every answer, every file.

    Left out: the number, the date, who deposited, and what the call or the rules add.
    """
    return canonical_json({name: snapshot.get(name) for name in ("association", "steps", "documents")})


def is_changed(dossier: Dossier) -> bool:
    """Does the draft differ from the last deposit? Exact; costs a few queries only when something was saved since.

    A value typed that could not be read is a change too. False when nothing was ever deposited.
    """
    deposit = dossier.application.current_deposit
    if deposit is None or not saved_since(dossier.step_states.values(), deposit.received_at):
        return False
    return bool(dossier.rejected) or answers_in(snapshot_of(dossier)) != answers_in(deposit.content)


def saved_since(step_states, moment) -> bool:
    """Was any step saved after `moment`? When none was, the draft is the deposit, answer for answer."""
    return any(state.saved_at > moment for state in step_states)


def _document(document) -> dict:
    return {
        "id": str(document.pk),
        "requirement": document.requirement.code,
        "label": document.label,
        "name": document.original_name,
        "size": document.size,
        "pages": document.pages,
        "content_type": document.content_type,
        "sha256": document.sha256,
    }


def _verdict(verdict) -> dict:
    return {
        "rule": verdict.rule,
        "status": verdict.status,
        "severity": verdict.severity,
        "clause": verdict.clause,
        "figures": None if verdict.figures is None else [str(figure) for figure in verdict.figures],
        "missing": None if verdict.missing is None else str(verdict.missing),
        "reason": verdict.reason,
    }


def _finding(finding) -> dict:
    return {
        "code": finding.code,
        "level": finding.level,
        "year": finding.year,
        "kind": finding.kind,
        "figures": [str(figure) for figure in finding.figures],
        "names": list(finding.names),
    }


def verdicts_from(snapshot: dict) -> list:
    """The verdicts kept in a snapshot, as rules' own objects, so that their sentences can be said again."""
    return [
        eligibility.Verdict(
            rule=kept["rule"], status=kept["status"], severity=kept["severity"], clause=kept["clause"],
            figures=None if kept["figures"] is None else Ratio(*map(_number, kept["figures"])),
            missing=None if kept["missing"] is None else _number(kept["missing"]), reason=kept["reason"],
        )
        for kept in snapshot["verdicts"]
    ]  # fmt: skip


def findings_from(snapshot: dict) -> list:
    """The findings kept in a snapshot, as rules' own objects."""
    return [
        Finding(kept["code"], kept["level"], kept["year"], kept["kind"], tuple(map(_number, kept["figures"])), tuple(kept["names"]))
        for kept in snapshot["findings"]
    ]


def _number(text):
    number = Decimal(text)
    return int(number) if "." not in text else number


def _plain(value):
    """Rows of the call become their code; everything else is what canonical JSON knows."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return getattr(value, "code", value)
