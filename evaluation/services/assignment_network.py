"""The assignment as a flow: source → evaluator → dossier → sink, with lower bounds, at the least cost.

A dossier has an expert's place, which takes exactly one, and a common place. Colleagues of one employer reach both through
one gate of width one. Ahuja, R. K., Magnanti, T. L. & Orlin, J. B. (1993), "Network Flows", chapters 6 and 11.

The gate forgets who came through. Where colleagues differ in expertise, one who is no expert may so take the expert's place:
``Solution.clash`` says where, and the caller asks again with a branch closed.
"""

import random
from collections import Counter
from dataclasses import dataclass

import networkx as nx

from evaluation.rules.assignment import Pair, Problem

SOURCE, SINK = ("source",), ("sink",)

# Costs, from the weakest wish to the strongest: chance among equals, knowledge of the sector, even loads (each further
# reading costs more than the one before), pairs that exist, pairs where marks are given.
CHANCE = 100
UNIT = 10_000
MISMATCH = 30 * UNIT
READING = 10 * UNIT
KEPT = 10**12
STARTED = 10**17


def pair_costs(problem: Problem) -> dict[Pair, int]:
    """What each allowed pair costs. The seed only chooses among assignments that are otherwise equal."""
    source = random.Random(problem.seed)
    expertise = {e.id: e.expertise for e in problem.evaluators}
    costs = {}
    for dossier in problem.dossiers:
        for reader in problem.readers(dossier.id):
            pair = (reader, dossier.id)
            cost = source.randrange(CHANCE)
            if dossier.sector not in expertise[reader]:
                cost += MISMATCH
            if pair in problem.existing:
                cost -= KEPT
            if pair in problem.started:
                cost -= STARTED
            costs[pair] = cost
    return costs


def total_cost(problem: Problem, pairs: frozenset[Pair]) -> int:
    """Cost of the pairs and of the loads: the n-th reading of an evaluator costs 2n − 1 times the first, n² in all."""
    costs, loads = pair_costs(problem), Counter(e for e, _d in pairs)
    return sum(costs[pair] for pair in pairs) + sum(READING * load**2 for load in loads.values())


class Network:
    """A circulation with lower bounds, solved by network simplex. Edges are added in a fixed order: the same answer each time."""

    def __init__(self):
        self.graph = nx.MultiDiGraph()

    def add(self, tail, head, high: int, *, low: int = 0, cost: int = 0) -> None:
        """An edge that carries from ``low`` to ``high`` units."""
        for node in (tail, head):
            if node not in self.graph:
                self.graph.add_node(node, demand=0)
        self.graph.nodes[tail]["demand"] += low
        self.graph.nodes[head]["demand"] -= low
        self.graph.add_edge(tail, head, capacity=high - low, weight=cost)

    def solve(self) -> tuple[int, dict] | None:
        """Cost and flow {tail: {head: {key: units}}} above the lower bounds, or None when nothing satisfies them all."""
        try:
            return nx.network_simplex(self.graph)
        except nx.NetworkXUnfeasible:
            return None


@dataclass(frozen=True, slots=True)
class Solution:
    """Pairs at the least cost. ``clash``: (employer, dossier) where somebody without expertise holds the expert's place."""

    cost: int
    pairs: frozenset[Pair]
    clash: tuple[str, str] | None


def solve(problem: Problem, closed: frozenset = frozenset()) -> Solution | None:
    """The cheapest assignment, or None when there is none.

    ``closed`` holds ("others", employer, dossier): only experts of that employer may read it, and ("place", employer,
    dossier): nobody from that employer holds its expert's place.
    """
    network, costs = Network(), pair_costs(problem)
    network.add(SINK, SOURCE, len(problem.dossiers) * len(problem.evaluators))
    for evaluator in problem.evaluators:
        limit, node = problem.capacity(evaluator), ("evaluator", evaluator.id)
        for reading in range(1, limit + 1):
            network.add(SOURCE, node, 1, low=int(reading <= evaluator.min_load), cost=READING * (2 * reading - 1))
    entries = {}
    for dossier in problem.dossiers:
        entries |= _add_dossier(network, problem, dossier, costs, closed)
    solved = network.solve()
    if solved is None:
        return None
    _above_bounds, flow = solved
    pairs = frozenset(pair for pair, entry in entries.items() if _carries(flow, ("evaluator", pair[0]), entry))
    return Solution(total_cost(problem, pairs), pairs, _clash(problem, flow, pairs))


def _add_dossier(network: Network, problem: Problem, dossier, costs, closed) -> dict[Pair, tuple]:
    """Edges of one dossier; returns the node by which each reader enters it."""
    experts, common, place = problem.experts(dossier), ("common", dossier.id), ("expert", dossier.id)
    groups = problem.employers(dossier.id)
    employer, entries = {reader: name for name, group in groups.items() for reader in group}, {}
    for reader in problem.readers(dossier.id):
        name, knows = employer.get(reader), experts is not None and reader in experts
        if ("others", name, dossier.id) in closed and not knows:
            continue
        entry = ("gate", name, dossier.id) if name else ("reader", reader, dossier.id) if knows else common
        network.add(("evaluator", reader), entry, 1, cost=costs[reader, dossier.id])
        entries[reader, dossier.id] = entry
        if not name and knows:
            network.add(entry, common, 1)
            network.add(entry, place, 1)
    for name, group in groups.items():
        door = ("door", name, dossier.id)
        network.add(("gate", name, dossier.id), door, 1)
        network.add(door, common, 1)
        if experts is not None and set(group) & set(experts) and ("place", name, dossier.id) not in closed:
            network.add(door, place, 1)
    if experts is not None:
        network.add(place, SINK, 1, low=1)
    network.add(common, SINK, len(problem.evaluators), low=problem.min_evaluators - int(experts is not None))
    return entries


def _carries(flow, tail, head) -> bool:
    return any(flow.get(tail, {}).get(head, {}).values())


def _clash(problem: Problem, flow, pairs) -> tuple[str, str] | None:
    """The first dossier read by no expert at all, and the employer whose reader holds the expert's place."""
    for dossier in problem.dossiers:
        experts = problem.experts(dossier)
        if experts is None or any((expert, dossier.id) in pairs for expert in experts):
            continue
        for name in problem.employers(dossier.id):
            if _carries(flow, ("door", name, dossier.id), ("expert", dossier.id)):
                return name, dossier.id
    return None


def shortage(problem: Problem, *, experts_only: bool = False) -> tuple[tuple[str, ...], int, int] | None:
    """The smallest group of dossiers that cannot be served together: ids, readings it can get, readings it needs.

    From the minimum cut of the flow without lower bounds. ``experts_only``: one expert of the sector per dossier instead of
    ``min_evaluators``. None when every dossier can be served.
    """
    graph, needs = nx.DiGraph(), {}
    graph.add_nodes_from([SOURCE, SINK])
    for evaluator in problem.evaluators:
        graph.add_edge(SOURCE, ("evaluator", evaluator.id), capacity=problem.capacity(evaluator))
    for dossier in problem.dossiers:
        readers = problem.experts(dossier) if experts_only else problem.readers(dossier.id)
        if readers is None:
            continue
        needs[dossier.id] = 1 if experts_only else problem.min_evaluators
        gates = {reader: name for name, group in problem.employers(dossier.id).items() for reader in group}
        for reader in readers:
            gate = ("gate", gates.get(reader, reader), dossier.id)
            graph.add_edge(("evaluator", reader), gate, capacity=1)
            graph.add_edge(gate, ("dossier", dossier.id), capacity=1)
        graph.add_edge(("dossier", dossier.id), SINK, capacity=needs[dossier.id])
    value, (_served, starved) = nx.minimum_cut(graph, SOURCE, SINK)
    if value == sum(needs.values()):
        return None
    short = tuple(d for d in needs if ("dossier", d) in starved)
    needed = sum(needs[d] for d in short)
    return short, value - (sum(needs.values()) - needed), needed
