"""Everything the minutes of a session say, gathered once from what was recorded, in queries constant in the number of dossiers."""

import json
from collections import defaultdict

from django.db.models import Prefetch

from clusters_portal.lib.canonical import canonical_json
from evaluation.models import AgendaItem, Attendance, Ballot, ConflictDeclaration, Decision, RankingLine, Vote
from evaluation.queries import BARRING, latest_ranking, with_deposit
from evaluation.queries.sessions import by_capacity, judging_terms
from evaluation.rules.minutes import present_at
from evaluation.rules.record import read_inputs
from evaluation.rules.scoring import SCALE_MAX

FORMAT = 1
DECISION_TEXTS = ("reasons_fact", "reasons_law", "reservations", "deviation_reason", "tie_break_reason")
MOMENTS = ("scheduled_at", "convened_at", "opened_at", "closed_at")


def minutes_content(session) -> dict:
    """The content of the minutes of a closed session, as plain values. Moments are ISO texts in UTC."""
    call, ranking = session.call, latest_ranking(session.call)
    terms = judging_terms(call)
    members = _members(session)
    opened = _moment(session.opened_at)
    record = {
        "format": FORMAT,
        "session": {"number": session.number, "place": session.place} | {name: _moment(getattr(session, name)) for name in MOMENTS},
        "call": {
            "slug": call.slug,
            "prefix": call.number_prefix,
            "title_fr": call.title_fr,
            "title_ar": call.title_ar,
            "places": call.places,
        },
        "rules": {"conflict_scope": terms.conflict_scope, "casting_vote": terms.casting_vote},
        "ranking": _ranking(ranking),
        "members": members,
        "quorum": {
            "percent": terms.quorum_percent,
            "needed": session.quorum_needed,
            "appointed": sum(row["votes"] for row in members),
            "present": sum(row["votes"] and present_at(row["moves"], opened) for row in members),
        },
        "items": _items(session, ranking),
        "shortlist": _shortlist(ranking),
        "tie_steps": _tie_steps(ranking),
    }
    return json.loads(canonical_json(record))


def _moment(value) -> str | None:
    return value and value.isoformat(timespec="seconds")


def _ranking(ranking) -> dict | None:
    if ranking is None:
        return None
    return {
        "number": ranking.number,
        "sha256": ranking.sha256,
        "created_at": _moment(ranking.created_at),
        "places": ranking.places,
        "tie_rank": ranking.tie_rank,
        "grid": {"version": ranking.grid.version, "reference": ranking.grid.adoption_reference, "adopted_on": str(ranking.grid.adopted_on)},
    }


def _members(session) -> list:
    moves = Prefetch("attendance", Attendance.objects.order_by("at", "pk"))
    return [
        {
            "name": _name(member.person),
            "capacity": member.capacity,
            "votes": member.votes,
            "exclusion_lifted": member.exclusion_lift_reason,
            "moves": [{"move": row.move, "at": _moment(row.at)} for row in member.attendance.all()],
        }
        for member in by_capacity(session.members.select_related("person").prefetch_related(moves))
    ]


def _items(session, ranking) -> list:
    ballots = Ballot.objects.select_related("winner__application", "casting_option__application").order_by("number")
    ballots = ballots.prefetch_related("options__application", Prefetch("votes", Vote.objects.select_related("member__person", "option")))
    items = with_deposit(AgendaItem.objects.filter(session=session).select_related("application", "stand_in__person"), "application_id")
    items = list(items.prefetch_related(Prefetch("ballots", ballots)).order_by("position", "pk"))
    decided = Decision.objects.filter(item__session=session).select_related("decided_by", "ballot")
    decisions = {row.application_id: row for row in decided}
    lines = {row.application_id: row for row in RankingLine.objects.filter(ranking=ranking)} if ranking else {}
    recused, spreads = _recusals(session), _spreads(ranking)
    return [
        {
            "position": number,
            "application": _dossier(item) if item.application_id else None,
            "title": item.title,
            "status": item.status,
            "opened_at": _moment(item.opened_at),
            "closed_at": _moment(item.closed_at),
            "summary": item.summary,
            "chaired_by": item.stand_in and _name(item.stand_in.person),
            "postponement_reason": item.postponement_reason,
            "recused": recused[item.application_id],
            "line": _line(lines.get(item.application_id), spreads),
            "ballots": [_ballot(ballot) for ballot in item.ballots.all()],
            "decision": _decision(decisions.get(item.application_id)),
        }
        for number, item in enumerate(items, 1)
    ]


def _dossier(row) -> dict:
    """The dossier of an item or of a line, under the names of its deposit."""
    return {"id": str(row.application_id), "number": row.application.number, "name_fr": row.name_fr, "name_ar": row.name_ar or ""}


def _ranked(line) -> dict:
    """What the run says of a dossier."""
    return {"proposed_rank": line.rank, "ex_aequo": line.ex_aequo, "total": str(line.total), "missed": line.missed}


def _recusals(session) -> dict:
    """{dossier: names of the members who declared an interest in it}."""
    found = defaultdict(list)
    people = session.members.values("person")
    rows = ConflictDeclaration.objects.filter(evaluator__in=people, application__call=session.call_id, status__in=BARRING)
    for row in rows.select_related("evaluator").order_by("evaluator__last_name", "evaluator_id"):
        name = _name(row.evaluator)
        if name not in found[row.application_id]:
            found[row.application_id].append(name)
    return found


def _spreads(ranking) -> dict:
    """{dossier: [lowest, highest]} of the weighted totals of its evaluations, in text; exact, since marks are half points."""
    if ranking is None:
        return {}
    grid, dossiers, _terms = read_inputs(json.loads(ranking.inputs))
    found = {}
    for dossier in dossiers:
        totals = [sum(row.weight * each.scores[row.code] for row in grid.criteria) / SCALE_MAX for each in dossier.evaluations]
        found[str(dossier.id)] = [f"{min(totals):.1f}", f"{max(totals):.1f}"] if totals else []
    return found


def _line(line, spreads) -> dict | None:
    if line is None:
        return None
    return _ranked(line) | {
        "exact": line.exact_total,
        "technical": str(line.technical),
        "qualitative": str(line.qualitative),
        "spread": spreads.get(str(line.application_id), []),
    }


def _ballot(ballot) -> dict:
    return {
        "number": ballot.number,
        "subject": ballot.subject,
        "question": ballot.question,
        "proposed_outcome": ballot.proposed_outcome,
        "seats": ballot.seats,
        "places_left": ballot.places_left,
        "method": ballot.method,
        "status": ballot.status,
        "present": ballot.present,
        "opened_at": _moment(ballot.opened_at),
        "closed_at": _moment(ballot.closed_at),
        "options": [_option(option) for option in ballot.options.all()],
        "votes": [{"name": _name(vote.member.person), "choice": str(_code(vote.option))} for vote in ballot.votes.all()]
        if ballot.method == "named"
        else [],
        "winner": _code(ballot.winner),
        "casting": _code(ballot.casting_option),
        "casting_reason": ballot.casting_reason,
        "cancellation_reason": ballot.cancellation_reason,
    }


def _option(option) -> dict:
    key = option.application_id
    return {"choice": _code(option), "application_id": str(key) if key else None, "count": option.count, "elected": option.elected}


def _code(option) -> str | None:
    """for, against, abstain, or the number of a dossier."""
    if option is None:
        return None
    return option.application.number if option.application_id else option.code


def _name(person) -> str:
    return person.get_full_name() or person.email


def _decision(decision) -> dict | None:
    if decision is None:
        return None
    return {
        "outcome": decision.outcome,
        "adopted_rank": decision.adopted_rank,
        "decided_at": _moment(decision.decided_at),
        "ballot": decision.ballot and decision.ballot.number,
        "ladder_step": decision.ladder_step,
        **{name: getattr(decision, name) for name in DECISION_TEXTS},
    }


def _shortlist(ranking) -> list:
    """Annex: every dossier of the run, in adopted then proposed order."""
    if ranking is None:
        return []
    rows = with_deposit(RankingLine.objects.filter(ranking=ranking).select_related("application__decision"), "application_id")
    found = []
    for row in rows:
        decision = getattr(row.application, "decision", None)
        found.append(
            _dossier(row)
            | _ranked(row)
            | {
                "adopted_rank": decision and decision.adopted_rank,
                "outcome": decision and decision.outcome,
                "position": row.position,
            }
        )
    return sorted(found, key=lambda line: (line["adopted_rank"] is None, line["adopted_rank"] or 0, line["position"]))


def _tie_steps(ranking) -> list:
    """Steps of the published ladder that parted equals: [{step, group}], the group as identifiers."""
    if ranking is None:
        return []
    steps = json.loads(ranking.result)["tie_steps"]
    return [{"step": step["step"], "group": sorted(str(key) for part in step["groups"] for key in part)} for step in steps]
