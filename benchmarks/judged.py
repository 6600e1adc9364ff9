"""A call of many dossiers, each scored by the same people and agreed upon: one made by the services, the others copied from it."""

import random
from decimal import Decimal

from applications.models import Application, Association, Collaborator, Deposit
from clusters_portal.accounts.roles import Role
from evaluation.models import Assignment, ConflictDeclaration, Consensus, ConsensusApproval, ConsensusScore, Evaluation, Score
from evaluation.tests import factories as make

# What a dossier consists of, and how each table leads to it; a table after those it names.
TABLES = (
    (Collaborator, "application"), (Deposit, "application"), (ConflictDeclaration, "application"), (Assignment, "application"),
    (Evaluation, "assignment__application"), (Score, "evaluation__assignment__application"), (Consensus, "application"),
    (ConsensusScore, "consensus__application"), (ConsensusApproval, "consensus__application"),
)  # fmt: skip


def judged_call(dossiers: int, people: int, snapshot: dict):
    """(call, its dossiers): every deposit holds this snapshot, every dossier `people` evaluations of ten criteria and agreed marks."""
    call = make.call(places=dossiers, min_evaluators=people)
    make.adopted_grid(call)
    panel = [make.user(Role.EVALUATOR) for _ in range(people)]
    first = make.application(call, snapshot=snapshot)
    for person in panel:
        make.submitted(make.accepted(first, person), 3)
    make.agreed(first)
    first.refresh_from_db()
    copied(first, dossiers - 1)
    spread(call)
    return call, list(Application.objects.filter(call=call).order_by("number"))


def copied(source, count: int) -> None:
    """`count` more dossiers like this one, with a number and an association of their own."""
    same, name = Association.objects.get(pk=source.association_id), source.association.name_fr
    of = {Application: {source.pk: []}}
    for index in range(1, count + 1):
        association = Association.objects.create(name_fr=f"{name}-{index:04d}", name_ar=same.name_ar)
        made = again(source, association_id=association.pk, number=f"{source.call.number_prefix}-9{index:04d}")
        made.save(force_insert=True)
        of[Application][source.pk].append(made)
    for model, way in TABLES:
        of[model] = {row.pk: rows_like(row, of, count) for row in model.objects.filter(**{way: source.pk}).order_by("pk")}


def rows_like(row, of, count) -> list:
    """The row again for each copied dossier, tied to what was copied before it."""
    tied = [field for field in row._meta.concrete_fields if field.is_relation and field.related_model in of]
    made = []
    for index in range(count):
        links = {f.attname: of[f.related_model][getattr(row, f.attname)][index].pk for f in tied if getattr(row, f.attname) is not None}
        if isinstance(row, Deposit):
            application = of[Application][row.application_id][index]
            links |= {"number": application.number, "name_fr": application.association.name_fr}
        made.append(again(row, **links))
    return type(row).objects.bulk_create(made)


def again(row, **values):
    """An unsaved copy of a row under a new key."""
    columns = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key}
    return type(row)(**columns | values)


def spread(call) -> None:
    """Agreed marks around three of five, seeded, so that the ranking has ranks and some ties."""
    source, rows = random.Random(20260728), list(ConsensusScore.objects.filter(consensus__application__call=call))
    for row in rows:
        row.value = Decimal(source.randint(4, 10)) / 2
    ConsensusScore.objects.bulk_update(rows, ["value"], batch_size=500)
