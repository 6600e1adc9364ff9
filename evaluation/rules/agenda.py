"""The order of an agenda that makes recused members come and go as little as possible. Pure and deterministic."""

from itertools import pairwise

EXACT = 9  # groups for which every order is compared: 9·2⁹·9 steps


def movements(recusals) -> int:
    """How many times someone leaves or comes back along these sets, everyone being in the room before and after."""
    room = [frozenset(), *map(frozenset, recusals), frozenset()]
    return sum(len(before ^ after) for before, after in pairwise(room))


def order(items):
    """The items in the order to discuss them: `items` is [(item, set of members recused)] by rank; returns the items.

    Items with the same recusals follow each other by rank. Among orders with as few movements, that closest to the ranking.
    Above ``EXACT`` different groups, a good order rather than the best one, never worse than that of the ranking.
    """
    groups: dict[frozenset, list] = {}
    for item, recused in items:
        groups.setdefault(frozenset(recused), []).append(item)
    sets = list(groups)
    chosen = _exact(sets) if len(sets) <= EXACT else _improved(sets)
    return [item for index in chosen for item in groups[sets[index]]]


def _exact(sets) -> tuple[int, ...]:
    """Held and Karp's table: for each part of the groups and each last one, the cheapest path, the first by rank if equal."""
    best = {(1 << index, index): (len(group), (index,)) for index, group in enumerate(sets)}
    for _size in range(1, len(sets)):
        longer: dict = {}
        for (mask, last), (cost, path) in best.items():
            for index, group in enumerate(sets):
                if mask >> index & 1:
                    continue
                found = (cost + len(sets[last] ^ group), (*path, index))
                key = (mask | 1 << index, index)
                if key not in longer or found < longer[key]:
                    longer[key] = found
        best = longer
    return min(((cost + len(sets[last]), path) for (_mask, last), (cost, path) in best.items()), default=(0, ()))[1]


def _improved(sets) -> tuple[int, ...]:
    """From the order of the ranking, turn round any stretch as long as that spares a movement."""
    path, better = list(range(len(sets))), True
    while better:
        better = False
        for start in range(len(path) - 1):
            for end in range(start + 2, len(path) + 1):
                turned = path[:start] + path[start:end][::-1] + path[end:]
                if movements(sets[index] for index in turned) < movements(sets[index] for index in path):
                    path, better = turned, True
    return tuple(path)
