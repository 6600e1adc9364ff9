"""The minutes on paper, in French, printed from the sealed content alone: the same content prints the same pages for years."""

import json
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import override

from clusters_portal.lib import clock
from clusters_portal.lib.canonical import canonical_json, sha256_hex
from clusters_portal.lib.pdf import ARCHIVE, render_pdf
from evaluation.models import AgendaItem, Ballot, Decision, SessionMember
from evaluation.rules.ties import COVERAGE, CRITERIA_ORDER, HIGHEST_MINIMUM, TECHNICAL_BLOCK

LANG = "fr"
STEPS = {TECHNICAL_BLOCK: "a", HIGHEST_MINIMUM: "b", CRITERIA_ORDER: "c", COVERAGE: "d"}


def minutes_pdf(minutes, *, content: dict | None = None, signature=None) -> bytes:
    """The minutes (PDF/A-3a, tagged), with their hash and « page n/N » at the foot of every page.

    ``content`` is what a person barred from some dossiers may read of them: it then bears its own hash. ``signature`` adds
    the record of a typed signature instead of the box to sign in.
    """
    return render_pdf("pdf/minutes.html", minutes_context(minutes, content=content, signature=signature), lang=LANG, variant=ARCHIVE)


def minutes_context(minutes, *, content=None, signature=None) -> dict:
    """What the template prints."""
    told = content or json.loads(minutes.content)
    sha256 = sha256_hex(canonical_json(told)) if content else minutes.sha256
    with override(LANG):
        return {
            "minutes": minutes,
            "content": told,
            "created": minutes.created_at,
            "drawn_up": clock.format_moment(minutes.created_at, LANG),
            "held": _read(told["session"]),
            "sha256": sha256,
            "members": [_member(row) for row in told["members"]],
            "items": [_item(row) for row in told["items"]],
            "shortlist": [row | {"outcome_label": _outcome(row["outcome"])} for row in told["shortlist"]],
            "steps": [_step(row, told) for row in told["tie_steps"]],
            "ranking_at": told["ranking"] and _moment(told["ranking"]["created_at"]),
            "adopted_on": told["ranking"] and clock.format_day(datetime.fromisoformat(told["ranking"]["grid"]["adopted_on"]).date(), LANG),
            "signature": signature,
            "signed_on": signature and clock.format_moment(signature.signed_at, LANG),
        }


def _moment(text) -> str:
    return clock.format_moment(datetime.fromisoformat(text), LANG) if text else ""


def _time(text) -> str:
    return clock.format_time(datetime.fromisoformat(text), LANG) if text else ""


def _read(session) -> dict:
    return {name: _moment(session[name]) for name in ("scheduled_at", "convened_at", "opened_at", "closed_at")}


def _outcome(code) -> str:
    return Decision.Outcome(code).label if code else _("Not decided")


def _member(row) -> dict:
    moves = [
        (_("arrived at %(time)s") if move["move"] == "arrived" else _("left at %(time)s")) % {"time": _time(move["at"])}
        for move in row["moves"]
    ]
    return row | {"label": SessionMember.Capacity(row["capacity"]).label, "presence": ", ".join(moves) or _("absent")}


def _item(row) -> dict:
    more = {
        "state": AgendaItem.Status(row["status"]).label,
        "from": _time(row["opened_at"]),
        "to": _time(row["closed_at"]),
        "ballots": [_ballot(ballot) for ballot in row["ballots"]],
    }
    if row["decision"]:
        more["decision"] = row["decision"] | {"label": _outcome(row["decision"]["outcome"]), "at": _time(row["decision"]["decided_at"])}
    return row | more


def _ballot(ballot) -> dict:
    return ballot | {
        "subject_label": Ballot.Subject(ballot["subject"]).label,
        "method_label": Ballot.Method(ballot["method"]).label,
        "outcome_label": _outcome(ballot["proposed_outcome"]) if ballot["proposed_outcome"] else "",
        "options": [option | {"label": _choice(option["choice"])} for option in ballot["options"]],
        "votes": [vote | {"label": _choice(vote["choice"])} for vote in ballot["votes"]],
        "elected": ", ".join(_choice(option["choice"]) for option in ballot["options"] if option["elected"]),
        "casting_label": _choice(ballot["casting"]) if ballot["casting"] else "",
    }


def _choice(code) -> str:
    return {"for": _("For"), "against": _("Against"), "abstain": _("Abstention")}.get(code, code)


def _step(row, content) -> dict:
    numbers = {line["id"]: line["number"] for line in content["shortlist"]}
    return {"letter": STEPS.get(row["step"], ""), "numbers": ", ".join(sorted(filter(None, map(numbers.get, row["group"]))))}
