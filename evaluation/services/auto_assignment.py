"""The automatic assignment: a proposal computed from plain values. Nothing is written; applying it is another act.

The flow decides all but one thing: who, among colleagues of mixed expertise, may stand as the expert of a dossier. There the
search branches, cheaper branch first, and takes the first assignment that keeps every rule.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

import networkx as nx

from clusters_portal.lib.canonical import canonical_json, sha256_hex
from evaluation.rules import feasibility
from evaluation.rules.assignment import Pair, Problem, dossier_violations, inputs_record, violations
from evaluation.rules.design import connected_groups
from evaluation.rules.feasibility import Infeasible, Obstacle
from evaluation.services.assignment_network import pair_costs, shortage, solve, total_cost

SOLVER = f"networkx {nx.__version__} network simplex"
MAX_ATTEMPTS = 200


@dataclass(frozen=True)
class Proposal:
    """A valid assignment. ``pairs`` = ``kept`` (existing) + ``added``; ``removed`` are existing pairs that a hard rule forbids.

    ``loads``: readings per evaluator. ``unmet``: wishes that could not be met, by name. ``cost`` only compares
    proposals for the same problem; with ``seed``, ``solver`` and the SHA-256 of the inputs the run can be checked again.
    """

    pairs: tuple[Pair, ...]
    kept: tuple[Pair, ...]
    added: tuple[Pair, ...]
    removed: tuple[Pair, ...]
    loads: Mapping[str, int]
    connected: bool
    unmet: tuple[Obstacle, ...]
    cost: int
    seed: int
    solver: str
    inputs_sha256: str


def propose(*, problem: Problem) -> Proposal:
    """The cheapest assignment that keeps every hard rule, the same for the same problem. Writes nothing.

    Raises Infeasible, whose obstacles say by name what is missing.
    """
    found = feasibility.obstacles(problem)
    if found:
        raise Infeasible(found)
    solved = _search(problem)
    if solved is None:
        raise Infeasible(_explained(problem))
    return _proposal(problem, _connected(problem, solved))


def _search(problem: Problem) -> frozenset[Pair] | None:
    """The pairs, or None when no branch holds. Raises Infeasible when it takes too many attempts."""
    stack, attempts = [(frozenset(), solve(problem))], 1
    while stack:
        closed, solution = stack.pop()
        if solution is None:
            continue
        if solution.clash is None:
            return solution.pairs
        attempts += 2
        if attempts > MAX_ATTEMPTS:
            raise Infeasible((Obstacle(feasibility.SEARCH_STOPPED, needed=MAX_ATTEMPTS),))
        # Either the reader from that employer is an expert, or somebody from another employer is the expert.
        branches = [closed | {(rule, *solution.clash)} for rule in ("others", "place")]
        solved = [(branch, solve(problem, branch)) for branch in branches]
        stack += sorted((row for row in solved if row[1]), key=lambda row: -row[1].cost)
    return None


def _possible(problem: Problem) -> bool:
    try:
        return _search(problem) is not None
    except Infeasible:
        return False


def _explained(problem: Problem) -> tuple[Obstacle, ...]:
    """Why the flow found nothing: groups of dossiers that starve, otherwise the rule without which it would work."""
    labels, found = {d.id: d.label for d in problem.dossiers}, []
    for code, experts_only in ((feasibility.SHORTAGE, False), (feasibility.EXPERT_SHORTAGE, True)):
        short = shortage(problem, experts_only=experts_only)
        if short is not None:
            dossiers, given, needed = short
            found.append(Obstacle(code, tuple(sorted(labels[d] for d in dossiers)), given, needed))
    if found:
        return tuple(found)
    relaxed = {
        feasibility.WITHOUT_MIN_LOADS: {"evaluators": tuple(replace(e, min_load=0) for e in problem.evaluators)},
        feasibility.WITHOUT_EXPERTS: {"sector_expert": False},
        feasibility.WITHOUT_EMPLOYERS: {"one_per_employer": False},
    }
    found = [Obstacle(code) for code, change in relaxed.items() if _possible(replace(problem, **change))]
    return tuple(found) or (Obstacle(feasibility.TOGETHER),)


# A design in one piece, where possible


def _connected(problem: Problem, pairs: frozenset[Pair]) -> frozenset[Pair]:
    """The pairs with as few separate groups as a swap of two new readings, or else one more reading, can leave."""
    while len(groups := connected_groups(pairs)) > 1:
        better = _swap(problem, pairs, groups) or _addition(problem, pairs, groups)
        if better is None:
            break
        pairs = better
    return pairs


def _swap(problem: Problem, pairs, groups) -> frozenset[Pair] | None:
    """Two evaluators of different groups exchange a dossier: loads and coverage stay as they are."""
    costs, group_of = pair_costs(problem), {e: n for n, (people, _files) in enumerate(groups) for e in people}
    free = sorted(pairs - problem.existing)
    swaps = [
        (costs[e1, d2] + costs[e2, d1] - costs[e1, d1] - costs[e2, d2], (e1, d1), (e2, d2))
        for n, (e1, d1) in enumerate(free)
        for e2, d2 in free[n + 1 :]
        if group_of[e1] != group_of[e2] and (e1, d2) in costs and (e2, d1) in costs
    ]
    for _cost, (e1, d1), (e2, d2) in sorted(swaps):
        swapped = pairs - {(e1, d1), (e2, d2)} | {(e1, d2), (e2, d1)}
        if _holds(problem, swapped, {d1, d2}) and len(connected_groups(swapped)) < len(groups):
            return swapped
    return None


def _addition(problem: Problem, pairs, groups) -> frozenset[Pair] | None:
    """One more reading across two groups, within the loads."""
    costs, loads = pair_costs(problem), Counter(e for e, _d in pairs)
    room = {e.id for e in problem.evaluators if loads[e.id] and loads[e.id] < problem.capacity(e)}
    files_of = {e: files for people, files in groups for e in people}
    for (evaluator, dossier), _cost in sorted(costs.items(), key=lambda item: (loads[item[0][0]], item[1], item[0])):
        if evaluator in room and dossier not in files_of[evaluator]:
            longer = pairs | {(evaluator, dossier)}
            if _holds(problem, longer, {dossier}):
                return longer
    return None


def _holds(problem: Problem, pairs, changed: set[str]) -> bool:
    return not any(dossier_violations(problem, d, {e for e, x in pairs if x == d.id}) for d in problem.dossiers if d.id in changed)


# The proposal


def _proposal(problem: Problem, pairs: frozenset[Pair]) -> Proposal:
    broken = violations(problem, pairs)
    if broken:
        raise AssertionError(f"the solver broke a hard rule: {broken}")
    loads = Counter(e for e, _d in pairs)
    groups = connected_groups(pairs)
    return Proposal(
        pairs=tuple(sorted(pairs)),
        kept=tuple(sorted(pairs & problem.existing)),
        added=tuple(sorted(pairs - problem.existing)),
        removed=tuple(sorted(problem.existing - pairs)),
        loads={e.id: loads[e.id] for e in problem.evaluators},
        connected=len(groups) < 2,
        unmet=_unmet(problem, groups),
        cost=total_cost(problem, pairs),
        seed=problem.seed,
        solver=SOLVER,
        inputs_sha256=sha256_hex(canonical_json(inputs_record(problem))),
    )


def _unmet(problem: Problem, groups) -> tuple[Obstacle, ...]:
    names = {e.id: e.name for e in problem.evaluators}
    apart = [Obstacle(feasibility.NOT_CONNECTED, tuple(sorted(names[e] for e in people))) for people, _files in groups[1:]]
    unknown = [d.label for d in problem.dossiers if problem.sector_expert and not d.sector]
    return tuple(apart + [Obstacle(feasibility.SECTOR_UNKNOWN, (label,)) for label in sorted(unknown)])
