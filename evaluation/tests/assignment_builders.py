"""Small builders for assignment problems, in one line each."""

from dataclasses import replace

from evaluation.rules.assignment import Dossier, Evaluator, Problem


def people(count, **facts):
    """Evaluators e1, e2… who know sector C, without employer or limit unless told."""
    return tuple(Evaluator(f"e{n}", f"Name {n}", **({"expertise": frozenset("C")} | facts)) for n in range(1, count + 1))


def files(count, sector="C"):
    return tuple(Dossier(f"d{n}", f"CL-2026-{n:04d}", sector=sector) for n in range(1, count + 1))


def problem(dossiers=6, evaluators=4, **terms):
    return Problem(files(dossiers), people(evaluators), **terms)


def changed(rows, **by_id):
    """The rows with some replaced fields, by identifier."""
    return tuple(replace(row, **by_id.get(row.id, {})) for row in rows)
