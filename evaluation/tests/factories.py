"""Objects for the tests of the judging floor: a call with ten criteria, people by role, dossiers in the state wanted."""

from dataclasses import asdict
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count

from django.contrib.auth.models import Group

from applications.models import Application, Association, Call, Criterion, Deposit
from applications.queries import terms_of
from clusters_portal.accounts.models import User
from clusters_portal.accounts.roles import Role
from clusters_portal.lib.canonical import canonical_json, sha256_hex
from evaluation.models import Evaluation
from evaluation.queries import panel_of
from evaluation.services import (
    assignments,
    committee,
    conflicts,
    consensus,
    consensus_closing,
    evaluations,
    evaluators,
    grids,
    rankings,
)
from tests.kept import kept

CODES = ("T1", "T2", "T3", "T4", "T5", "Q1", "Q2", "Q3", "Q4", "Q5")
NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
LONG = "A justification that says enough for anyone to follow."
_serial = count(1)


def user(*roles, name=None, committed=True):
    """A person with these roles; no role at all is an applicant. An evaluator has signed the commitment of confidentiality."""
    number = next(_serial)
    person = User.objects.create_user(f"person{number}@example.org", first_name="Person", last_name=name or f"{number:04d}")
    for role in roles:
        person.groups.add(Group.objects.get_or_create(name=str(role))[0])
    if Role.EVALUATOR in roles and committed:
        evaluators.sign_commitment(actor=person)
    return person


def call(*, places=3, min_evaluators=3, **more):
    """A closed call with the ten criteria of clause 7.2."""
    number = next(_serial)
    created = Call.objects.create(
        slug=f"call-{number}",
        number_prefix=f"CL{number}",
        year=2026,
        title_fr=f"Appel {number}",
        title_ar=f"طلب {number}",
        title_en=f"Call {number}",
        summary_fr="…",
        audience_fr="…",
        process_fr="…",
        contact_service_fr="DPTC",
        contact_address_fr="Rabat",
        base_year=2027,
        published_at=NOON,
        opens_at=datetime(2026, 5, 1, tzinfo=UTC),
        deadline_at=datetime(2026, 7, 28, 14, tzinfo=UTC),
        places=places,
        min_evaluators=min_evaluators,
        **more,
    )
    Criterion.objects.bulk_create(
        Criterion(
            call=created,
            code=code,
            position=position,
            label_fr=f"Critère {code}",
            label_ar=f"معيار {code}",
            label_en=f"Criterion {code}",
            block="technical" if code.startswith("T") else "qualitative",
        )
        for position, code in enumerate(CODES, 1)
    )
    return created


def adopted_grid(for_call, actor=None):
    """The default grid, adopted."""
    actor = actor or user(Role.DIVISION_HEAD)
    grid = grids.create_default_grid(call=for_call, actor=actor)
    return grids.adopt(grid=grid, adopted_on=date(2026, 7, 1), reference="PV 12/2026", actor=actor)


def application(for_call, *, status=Application.Status.ADMISSIBLE, region="MA-06", sector="C", name=None, snapshot=None):
    """A deposited dossier in a later state, with its frozen deposit."""
    number = next(_serial)
    owner = user()
    name = name or f"Cluster {number:04d}"
    association = Association.objects.create(name_fr=name, name_ar=f"قطب {number}")
    dossier = Application.objects.create(
        call=for_call,
        association=association,
        status=status,
        number=f"{for_call.number_prefix}-{number:04d}",
        deposited_at=NOON,
        withdrawn_at=NOON if status == Application.Status.WITHDRAWN else None,
        created_by=owner,
    )
    dossier.collaborators.create(user=owner, role="mandatary")
    text = canonical_json(snapshot or _snapshot(dossier))
    Deposit.objects.create(
        application=dossier,
        sequence=1,
        number=dossier.number,
        received_at=NOON,
        deadline_at=for_call.deadline_at,
        deposited_by=owner,
        snapshot=text,
        sha256=sha256_hex(text),
        name_fr=name,
        name_ar=association.name_ar,
        region=region,
        nma_section=sector,
    )
    return dossier


def _snapshot(dossier) -> dict:
    """The frozen dossier with nothing filled in."""
    terms = asdict(terms_of(dossier.call))
    return {"call": {"terms": terms}, "application": {"id": str(dossier.pk)}, "steps": {}, "documents": []}


def accepted(dossier, evaluator, actor=None):
    """An assignment whose evaluator declared no interest."""
    assignment = assignments.assign(application=dossier, evaluator=evaluator, actor=actor or user(Role.CASE_OFFICER))
    conflicts.declare(application=dossier, interest="none", actor=evaluator)
    assignment.refresh_from_db()
    return assignment


def sheet(*values, confidence=2, justification=LONG, **more):
    """A complete sheet; a single value fills the ten criteria, None leaves the mark out."""
    if len(values) == 1:
        values = values * len(CODES)
    marks = {
        code: evaluations.Mark(None if value is None else Decimal(str(value)), justification)
        for code, value in zip(CODES, values, strict=True)
    }
    return evaluations.Sheet(marks=marks, confidence=confidence, **more)


def submitted(assignment, *values) -> Evaluation:
    """A submitted evaluation with these marks."""
    assignment.application.refresh_from_db()
    draft = evaluations.save_draft(assignment=assignment, sheet=sheet(*(values or (3,))), revision=0, actor=assignment.evaluator)
    return evaluations.submit(assignment=assignment, revision=draft.revision, actor=assignment.evaluator)


@kept
def scored_call(*marks, places=3, people=3, **more):
    """A call whose dossiers are all evaluated by the same people: one tuple (or single value) of marks per dossier."""
    created = call(places=places, min_evaluators=people, **more)
    adopted_grid(created)
    panel = [user(Role.EVALUATOR) for _ in range(people)]
    dossiers = []
    for values in marks:
        dossier = application(created)
        for evaluator in panel:
            submitted(accepted(dossier, evaluator), *(values if isinstance(values, tuple) else (values,)))
        dossiers.append(dossier)
    return created, dossiers


def report(*values, text=LONG, **more):
    """A complete consensus report; a single value fills the ten criteria, None leaves the agreed mark out."""
    if len(values) == 1:
        values = values * len(CODES)
    marks = {
        code: consensus.AgreedMark(None if value is None else Decimal(str(value)), text, **more)
        for code, value in zip(CODES, values, strict=True)
    }
    return consensus.Report(marks=marks, text="What the evaluators agree on.")


def opened(dossier, actor=None):
    """The consensus of a fully evaluated dossier, open; its first evaluator is rapporteur."""
    dossier.refresh_from_db()
    people = panel_of(dossier).people
    return consensus.open_consensus(application=dossier, rapporteur=people[0], actor=actor or user(Role.CASE_OFFICER))


def asked(dossier, *values, **more):
    """A consensus whose approval is asked, with these agreed marks, or else those of the first evaluator."""
    opened_ = opened(dossier)
    if not values:
        scores = panel_of(dossier).evaluations[0].scores.all()
        given = {s.criterion.criterion.code: s.value for s in scores}
        values = tuple(given[code] for code in CODES)
    saved = consensus.save(consensus=opened_, report=report(*values, **more), revision=0, actor=opened_.rapporteur)
    return consensus.ask_approval(consensus=saved, revision=saved.revision, actor=saved.rapporteur)


def answered(asked_, *, dissenting=0):
    """Every evaluator approves the report, but the last ``dissenting`` ones."""
    people = panel_of(asked_.application).people
    for index, person in enumerate(people):
        dissents = index >= len(people) - dissenting
        answer, text = ("dissent", "I would give less.") if dissents else ("approve", "")
        consensus_closing.answer(consensus=asked_, round=asked_.round, answer=answer, minority_text=text, actor=person)
    return asked_


def agreed(dossier, *values, dissenting=0, **more):
    """A closed consensus: validated, or a disagreement when some dissent."""
    asked_ = answered(asked(dossier, *values, **more), dissenting=dissenting)
    views = {"majority_view": "Most agree.", "minority_view": "One does not."} if dissenting else {}
    return consensus_closing.conclude(consensus=asked_, actor=user(Role.DIVISION_HEAD), **views)


@kept
def agreed_call(*marks, **more):
    """A scored call whose every consensus is validated on the marks given: (call, dossiers)."""
    created, dossiers = scored_call(*marks, **more)
    for dossier in dossiers:
        agreed(dossier)
    return created, dossiers


@kept
def ranked_call(*marks, **more):
    """A call agreed upon with one run: (call, dossiers, ranking)."""
    created, dossiers = agreed_call(*marks, **more)
    return created, dossiers, rankings.run(call=created, actor=user(Role.DIVISION_HEAD))


@kept
def call_before_committee(*marks, **more):
    """A ranked call brought before the committee: (call, dossiers, ranking)."""
    created, dossiers, ranking = ranked_call(*marks, **more)
    committee.submit_to_committee(ranking=ranking, actor=ranking.created_by)
    for dossier in dossiers:
        dossier.refresh_from_db()
    return created, dossiers, ranking


REASONS = {"reasons_fact": "The partnership is not established.", "reasons_law": "Clause 7.2 of the call."}
