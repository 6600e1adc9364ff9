"""The minutes as one person may read them. Pure: a content in, the same content without the barred dossiers out.

What is left is numbered again, positions and ranks alike: a gap would tell a recused person what was decided, and where
(evaluation.md 1.3). Free texts that name a barred dossier are not shown.
"""

from copy import deepcopy

WITHHELD = "[…]"


def without(content: dict, barred: frozenset[str]) -> dict:
    """The content of minutes without the dossiers of these identifiers; the content itself when none of them is in it."""
    hidden = {row["application"]["id"]: row for row in content["items"] if row["application"]}
    hidden = {key: row for key, row in hidden.items() if key in barred}
    hidden_lines = [line for line in content["shortlist"] if line["id"] in barred]
    if not hidden and not hidden_lines:
        return content
    kept = deepcopy(content)
    names = _names(hidden, hidden_lines)
    kept["items"] = [_item(row, barred) for row in kept["items"] if not (row["application"] and row["application"]["id"] in barred)]
    for position, row in enumerate(kept["items"], 1):
        row["position"] = position
        _renumber(row["line"], hidden_lines, ("proposed_rank",))
        _renumber(row["decision"], hidden_lines, ("adopted_rank",))
    kept["shortlist"] = [line for line in kept["shortlist"] if line["id"] not in barred]
    for line in kept["shortlist"]:
        _renumber(line, hidden_lines, ("proposed_rank", "adopted_rank"))
    kept["tie_steps"] = [step for step in kept["tie_steps"] if not barred & set(step["group"])]
    kept["ranking"] |= {"sha256": "", "tie_rank": None}
    return _scrubbed(kept, names)


def _item(row, barred):
    """A choice between equals that names a barred dossier is not told, nor its reason."""
    told = [ballot for ballot in row["ballots"] if not barred & {option["application_id"] for option in ballot["options"]}]
    if len(told) != len(row["ballots"]) and row["decision"]:
        row["decision"]["tie_break_reason"] = ""
    row["ballots"] = told
    return row


def _renumber(row, hidden_lines, names):
    for name in names:
        if row and row[name] is not None:
            row[name] -= sum(line[name] is not None and line[name] < row[name] for line in hidden_lines)


def _names(hidden, hidden_lines) -> tuple[str, ...]:
    rows = [row["application"] for row in hidden.values()] + hidden_lines
    return tuple({row[name] for row in rows for name in ("number", "name_fr", "name_ar") if row[name]})


def _scrubbed(value, names):
    if isinstance(value, dict):
        return {key: _scrubbed(inner, names) for key, inner in value.items()}
    if isinstance(value, list):
        return [_scrubbed(inner, names) for inner in value]
    if isinstance(value, str) and any(name in value for name in names):
        return WITHHELD
    return value


def present_at(moves, moment: str) -> bool:
    """Was a member in the room at that moment? ``moves`` are [{move, at}] in order; moments in ISO, all in UTC."""
    before = [row["move"] for row in moves if row["at"] <= moment]
    return bool(before) and before[-1] == "arrived"
