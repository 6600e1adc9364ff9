"""Who read what, as a graph: evaluators can only be compared when shared dossiers link them."""

from collections.abc import Iterable


def connected_groups(pairs: Iterable[tuple[str, str]]) -> list[tuple[frozenset[str], frozenset[str]]]:
    """Groups of (evaluators, dossiers) linked by the (evaluator, dossier) pairs, the largest first; one group = connected."""
    readers: dict[str, set[str]] = {}
    readings: dict[str, set[str]] = {}
    for evaluator, dossier in sorted(pairs):
        readers.setdefault(dossier, set()).add(evaluator)
        readings.setdefault(evaluator, set()).add(dossier)
    groups, waiting = [], set(readings)
    while waiting:
        evaluators, dossiers, border = set(), set(), [min(waiting)]
        while border:
            evaluator = border.pop()
            if evaluator not in evaluators:
                evaluators.add(evaluator)
                new = readings[evaluator] - dossiers
                dossiers |= new
                border += sorted({reader for dossier in new for reader in readers[dossier]} - evaluators)
        waiting -= evaluators
        groups.append((frozenset(evaluators), frozenset(dossiers)))
    return sorted(groups, key=lambda group: (-len(group[1]), -len(group[0]), min(group[0])))
