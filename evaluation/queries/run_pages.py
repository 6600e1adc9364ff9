"""A stored automatic run as its page shows it, from its own texts; names are those of today."""

import json
from dataclasses import dataclass

from applications.models import Application
from clusters_portal.accounts.models import User
from evaluation.models import AssignmentRun
from evaluation.queries.rows import with_deposit


@dataclass(frozen=True, slots=True)
class Load:
    """One evaluator of a run: readings kept and added, and the loads asked for (``greatest`` None: no limit)."""

    person: object
    kept: int
    added: int
    least: int
    greatest: int | None

    @property
    def total(self) -> int:
        """Readings in all."""
        return self.kept + self.added


@dataclass(frozen=True, slots=True)
class Readers:
    """One dossier of a run: who keeps it, who gets it, who loses it."""

    application: object
    kept: list
    added: list
    removed: list


@dataclass(frozen=True)
class ShownRun:
    """Rows by dossier and by evaluator, and how many pairs are new or given up."""

    dossiers: list
    loads: list
    added: int
    removed: int


def shown_run(run: AssignmentRun, result: dict) -> ShownRun:
    """The run's proposal by dossier and by evaluator, in two queries; empty when there is none."""
    inputs = json.loads(run.inputs)
    people = User.objects.in_bulk([int(row["id"]) for row in inputs["evaluators"]])
    rows = with_deposit(Application.objects.filter(pk__in=[row["id"] for row in inputs["dossiers"]])).order_by("number")
    pairs = {name: [(int(e), d) for e, d in result.get(name, ())] for name in ("kept", "added", "removed")}
    if not result.get("pairs"):
        return ShownRun([], [], 0, 0)
    dossiers = [Readers(row, **{name: [people[e] for e, d in found if d == str(row.pk)] for name, found in pairs.items()}) for row in rows]
    loads = [_load(people[int(row["id"])], row, pairs) for row in inputs["evaluators"]]
    ordered = sorted(loads, key=lambda load: (load.person.last_name, load.person.first_name, load.person.pk))
    return ShownRun(dossiers, ordered, len(pairs["added"]), len(pairs["removed"]))


def _load(person, row, pairs) -> Load:
    kept, added = (sum(e == person.pk for e, _dossier in pairs[name]) for name in ("kept", "added"))
    return Load(person, kept, added, row["min_load"], row["max_load"])
