"""S1: who took the list, or a part of it, out of the portal leaves a line in the journal before the first byte leaves."""

from clusters_portal.audit import journal


def note_export(*, kind: str, query: str, count: int, actor) -> None:
    """Journal an export of `count` lines as `kind` (xlsx or csv) under these filters."""
    journal.record("worklist.exported", actor, actor=actor, after=kind, data={"query": query, "count": count})
