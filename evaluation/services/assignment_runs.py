"""Automatic assignment: a run is computed and kept as evidence, looked at, then applied if nothing has changed since."""

import json
from functools import cache
from hashlib import sha256
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from applications.models import Application, Call
from clusters_portal.audit import journal
from clusters_portal.lib import clock
from clusters_portal.lib.canonical import canonical_json, sha256_hex
from evaluation import rules
from evaluation.models import AppliedAssignmentRun, Assignment, AssignmentRun
from evaluation.queries import ACTIVE, EVALUABLE
from evaluation.queries.problems import Parameters, is_barred_in, problem_of
from evaluation.rules import feasibility
from evaluation.rules.assignment import Problem, inputs_record
from evaluation.rules.feasibility import Infeasible, Obstacle
from evaluation.services import assignments, auto_assignment, lifecycle, likely_conflicts
from evaluation.services.assignment_digests import Digest
from evaluation.services.evaluators import evaluators
from evaluation.services.refusals import Refused

RULE_FILES = ("rules/assignment", "rules/design", "rules/feasibility", "services/assignment_network", "services/auto_assignment")


@cache
def code_version() -> str:
    """SHA-256 of the source of what assigns: says which code computed a run, deployed from git or not."""
    folder = Path(rules.__file__).parent.parent
    return sha256(b"\0".join((folder / f"{name}.py").read_bytes() for name in RULE_FILES)).hexdigest()


@transaction.atomic
def preview(*, call, actor, parameters: Parameters) -> AssignmentRun:
    """Compute a proposal for the call and keep it, or the reasons by name why there is none. Assigns nobody. Journals.

    Raises Refused when the person is barred from a dossier of the call, whose readers every proposal would tell.
    """
    call = Call.objects.select_for_update().get(pk=call.pk)
    _check_person(call, actor)
    problem = _problem(call, parameters)
    result, cost = _solved(problem)
    texts = {"parameters": parameters.canonical(), "inputs": canonical_json(inputs_record(problem)), "result": canonical_json(result)}
    run = AssignmentRun.objects.create(
        call=call,
        number=AssignmentRun.objects.filter(call=call).count() + 1,
        seed=parameters.seed,
        inputs_sha256=sha256_hex(texts["inputs"]),
        cost=cost,
        solver=auto_assignment.SOLVER,
        code_version=code_version(),
        sha256=sha256_hex(sealed(texts, code_version())),
        created_at=clock.now(),
        created_by=actor,
        **texts,
    )
    journal.record("assignment_run.preview", run, actor=actor, after=run.sha256)
    return run


def sealed(texts, version: str) -> str:
    """The canonical JSON text a run is sealed by; its SHA-256 is the run's hash."""
    return canonical_json({"code_version": version, **{name: json.loads(text) for name, text in texts.items()}})


def document_of(run: AssignmentRun) -> str:
    """The sealed text of a stored run."""
    return sealed({name: getattr(run, name) for name in ("parameters", "inputs", "result")}, run.code_version)


def _check_person(call, actor):
    if is_barred_in(actor, call):
        raise Refused(_("You have a declared interest in this call: somebody else runs the automatic assignment."), "barred")


def _problem(call, parameters) -> Problem:
    likely_conflicts.look(call=call)
    return problem_of(call, list(evaluators()), parameters)


def _solved(problem: Problem) -> tuple[dict, str]:
    """The result as plain values, and the cost as text ("" without a proposal)."""
    try:
        proposal = auto_assignment.propose(problem=problem)
    except Infeasible as impossible:
        return {"feasible": False, "obstacles": [_plain(obstacle) for obstacle in impossible.obstacles]}, ""
    blocked = _marks_taken_away(problem, proposal)
    return {
        "feasible": not blocked,
        "obstacles": [_plain(obstacle) for obstacle in blocked],
        "unmet": [_plain(obstacle) for obstacle in proposal.unmet],
        "pairs": proposal.pairs,
        "kept": proposal.kept,
        "added": proposal.added,
        "removed": proposal.removed,
        "loads": dict(proposal.loads),
        "connected": proposal.connected,
    }, str(proposal.cost)


def _marks_taken_away(problem: Problem, proposal) -> list[Obstacle]:
    """A run never takes a dossier from somebody who has begun to score it: that is done by hand, with a reason."""
    names = {e.id: e.name for e in problem.evaluators} | {d.id: d.label for d in problem.dossiers}
    pairs = sorted(f"{names[e]} – {names[d]}" for e, d in set(proposal.removed) & problem.started)
    return [Obstacle(feasibility.MARKS_GIVEN, tuple(pairs), len(pairs))] if pairs else []


def _plain(obstacle: Obstacle) -> dict:
    return {
        "code": obstacle.code, "names": obstacle.names, "count": obstacle.count, "needed": obstacle.needed, "sector": obstacle.sector,
    }  # fmt: skip


def obstacles_in(rows) -> list[Obstacle]:
    """Obstacles kept with a run, as rules' own objects, so that their sentences can be said again."""
    return [Obstacle(row["code"], tuple(row["names"]), row["count"], row["needed"], row["sector"]) for row in rows]


@transaction.atomic
def apply(*, run, actor) -> AppliedAssignmentRun:
    """Assign as the run proposes: new pairs with its number, pairs a hard rule forbids removed, the others untouched. Journals.

    Raises Refused: applied already, no proposal, person barred, or anything it was computed from has changed since.
    """
    call = Call.objects.select_for_update().get(pk=run.call_id)
    _check_person(call, actor)
    if AppliedAssignmentRun.objects.filter(run=run).exists():
        raise Refused(_("This run is already applied."), "applied")
    result = json.loads(run.result)
    if not result["feasible"]:
        raise Refused(_("This run proposes no assignment."), "infeasible")
    rows = Application.objects.select_for_update(of=("self",)).filter(call=call, status__in=EVALUABLE).order_by("pk")
    applications = {str(row.pk): row for row in rows}
    problem = _problem(call, Parameters(**json.loads(run.parameters)))
    if sha256_hex(canonical_json(inputs_record(problem))) != run.inputs_sha256 or run.code_version != code_version():
        raise Refused(_("Something has changed since this preview: run the automatic assignment again."), "changed")
    digest = Digest()
    _remove(run, result["removed"], actor, digest)
    _add(run, result["added"], applications, actor, digest)
    digest.send(call)
    applied = AppliedAssignmentRun.objects.create(
        run=run, applied_at=clock.now(), applied_by=actor, added=len(result["added"]), removed=len(result["removed"])
    )
    journal.record("assignment_run.apply", run, actor=actor, data={"added": applied.added, "removed": applied.removed})
    return applied


def _remove(run, pairs, actor, digest):
    active = Assignment.objects.filter(application__call=run.call_id, status__in=ACTIVE).select_related("application", "evaluator")
    held = {(str(row.evaluator_id), str(row.application_id)): row for row in active}
    note = _("Automatic assignment, run %(number)d") % {"number": run.number}
    for evaluator, dossier in pairs:
        assignment = held[evaluator, dossier]
        lifecycle.move_assignment(assignment, "release", actor=actor, note=note)
        digest.remove(assignment.evaluator, assignment.application)


def _add(run, pairs, applications, actor, digest):
    people = {str(person.pk): person for person in evaluators()}
    readers: dict = {}
    for evaluator, dossier in pairs:
        readers.setdefault(dossier, []).append(people[evaluator])
    for dossier, new in sorted(readers.items()):
        assignments.create_all(
            application=applications[dossier], people=new, actor=actor, digest=digest, origin=Assignment.Origin.AUTO, run=run
        )
