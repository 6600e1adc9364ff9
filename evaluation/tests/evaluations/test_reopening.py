"""Reopening, grids, and each named constraint."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from applications.models import Application
from clusters_portal.accounts.roles import Role
from evaluation.models import Evaluation, Grid, Score
from evaluation.services import evaluations, grids
from evaluation.services.evaluations import Mark, Sheet
from evaluation.services.refusals import Refused
from evaluation.tests import factories as make
from evaluation.tests.evaluations.helpers import marks_of, save
from evaluation.tests.factories import CODES

pytestmark = pytest.mark.django_db


# Reopening


def test_reopening_adds_a_version_and_keeps_the_first(assignment):
    head = make.user(Role.DIVISION_HEAD)
    first = make.submitted(assignment, 4)
    draft = evaluations.reopen(evaluation=first, reason="A factual error.", actor=head)
    assert (draft.version, draft.status, draft.reopening_reason, draft.reopened_by) == (2, "draft", "A factual error.", head)
    assert marks_of(draft) == marks_of(first)
    save(assignment, make.sheet(2), 0)
    second = evaluations.submit(assignment=assignment, revision=1, actor=assignment.evaluator)
    first.refresh_from_db()
    assert (set(marks_of(first).values()), set(marks_of(second).values())) == ({Decimal("4.0")}, {Decimal("2.0")})
    assert evaluations.receipt_holds(first)


def test_reopening_is_refused_without_reason_twice_or_too_late(assignment):
    head, first = make.user(Role.DIVISION_HEAD), make.submitted(assignment, 4)
    with pytest.raises(Refused):
        evaluations.reopen(evaluation=first, reason=" ", actor=head)
    evaluations.reopen(evaluation=first, reason="Error.", actor=head)
    with pytest.raises(Refused):
        evaluations.reopen(evaluation=first, reason="Again.", actor=head)
    assert Evaluation.objects.count() == 2


def test_reopening_is_refused_before_the_committee(assignment):
    first = make.submitted(assignment, 4)
    Application.objects.filter(pk=assignment.application_id).update(status="in_committee")
    with pytest.raises(Refused):
        evaluations.reopen(evaluation=first, reason="Late.", actor=make.user(Role.DIVISION_HEAD))
    assert Evaluation.objects.count() == 1


# Grids


def test_default_grid_is_equal_weights_without_thresholds():
    call = make.call()
    grid = grids.create_default_grid(call=call, actor=make.user(Role.DIVISION_HEAD))
    rows = list(grid.criteria.values_list("criterion__code", "weight", "threshold"))
    assert rows == [(code, 10, None) for code in CODES]
    assert [row.anchors.count() for row in grid.criteria.all()] == [6] * 10
    assert (grid.tie_ladder, grid.adopted_on) == (["technical_block", "highest_minimum", "criteria_order", "coverage"], None)
    with pytest.raises(Refused):
        grids.create_default_grid(call=call, actor=grid.created_by)


@pytest.mark.parametrize("count, expected", [(10, [10] * 10), (3, [34, 33, 33]), (7, [15, 15, 14, 14, 14, 14, 14]), (1, [100])])
def test_equal_weights_always_make_100(count, expected):
    assert grids.equal_weights(count) == expected
    assert sum(expected) == 100


def test_adoption_needs_a_reference_and_weights_of_100():
    actor = make.user(Role.DIVISION_HEAD)
    grid = grids.create_default_grid(call=make.call(), actor=actor)
    for day, reference in ((None, "PV"), (make.NOON.date(), "  ")):
        with pytest.raises(Refused):
            grids.adopt(grid=grid, adopted_on=day, reference=reference, actor=actor)
    grid.criteria.filter(position=0).update(weight=11)
    with pytest.raises(Refused) as refusal:
        grids.adopt(grid=grid, adopted_on=make.NOON.date(), reference="PV", actor=actor)
    grid.refresh_from_db()
    assert (refusal.value.code, grid.adopted_on) == ("weights", None)
    grid.criteria.filter(position=0).update(weight=10)
    grids.adopt(grid=grid, adopted_on=make.NOON.date(), reference="PV", actor=actor)
    with pytest.raises(Refused):
        grids.adopt(grid=grid, adopted_on=make.NOON.date(), reference="PV 2", actor=actor)
    grid.refresh_from_db()
    assert grid.adoption_reference == "PV"


# Constraints


@pytest.mark.parametrize("value, name", [("5.5", "score_between_0_and_5"), ("-0.5", "score_between_0_and_5"), ("2.3", "score_half_point")])
def test_score_constraints(assignment, value, name):
    draft = save(assignment, make.sheet(3))
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        draft.scores.filter(criterion__position=0).update(value=Decimal(value))


@pytest.mark.parametrize("value", ["0", "0.5", "4.5", "5", None])
def test_score_constraints_accept_the_scale(assignment, value):
    draft = save(assignment, make.sheet(3))
    draft.scores.filter(criterion__position=0).update(value=value)


def test_score_once_per_criterion(assignment):
    draft = save(assignment, make.sheet(3))
    with pytest.raises(IntegrityError), transaction.atomic():
        Score.objects.create(evaluation=draft, criterion=draft.grid.criteria.first())


@pytest.mark.parametrize(
    "changes, name",
    [
        ({"status": "submitted"}, "evaluation_submitted_has_date_and_receipt"),
        ({"receipt_sha256": "x"}, "evaluation_submitted_has_date_and_receipt"),
        ({"confidence": 4}, "evaluation_confidence_1_to_3"),
        ({"confidence": 0}, "evaluation_confidence_1_to_3"),
        ({"version": 2}, "evaluation_reopened_with_reason"),
    ],
)
def test_evaluation_constraints(assignment, changes, name):
    draft = save(assignment, make.sheet(3))
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Evaluation.objects.filter(pk=draft.pk).update(**changes)


def test_one_draft_and_one_row_per_version(assignment):
    draft = save(assignment, make.sheet(3))
    with pytest.raises(IntegrityError), transaction.atomic():
        Evaluation.objects.create(
            assignment=assignment, grid=draft.grid, version=2, saved_at=make.NOON, reopened_by=assignment.evaluator, reopening_reason="x"
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Evaluation.objects.create(
            assignment=assignment,
            grid=draft.grid,
            version=1,
            saved_at=make.NOON,
            status="submitted",
            submitted_at=make.NOON,
            receipt_sha256="x",
        )


@pytest.mark.parametrize(
    "changes, name",
    [
        ({"adoption_reference": ""}, "grid_adoption_has_reference"),
        ({"adopted_on": None, "adoption_reference": "", "locked_at": make.NOON}, "grid_locked_only_when_adopted"),
        ({"threshold_total": Decimal("100.01")}, "grid_thresholds_between_0_and_100"),
        ({"threshold_technical": Decimal("-1")}, "grid_thresholds_between_0_and_100"),
    ],
)
def test_grid_constraints(call, changes, name):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Grid.objects.update(**changes)


@pytest.mark.parametrize(
    "changes, name",
    [({"weight": 101}, "grid_criterion_weight_at_most_100"), ({"threshold": Decimal("2.2")}, "grid_criterion_threshold_half_point")],
)
def test_grid_criterion_constraints(call, changes, name):
    row = Grid.objects.get().criteria.first()
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Grid.objects.get().criteria.filter(pk=row.pk).update(**changes)


def test_grid_rows_are_unique(call):
    grid = Grid.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Grid.objects.create(call=call, version=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        grid.criteria.create(criterion=grid.criteria.first().criterion)
    anchor = grid.criteria.first().anchors.first()
    with pytest.raises(IntegrityError), transaction.atomic():
        grid.criteria.first().anchors.create(level=anchor.level, text_fr="x")
    with pytest.raises(IntegrityError, match="anchor_level_on_the_scale"), transaction.atomic():
        grid.criteria.first().anchors.create(level=6, text_fr="x")


def test_texts_are_cleaned(assignment):
    draft = save(assignment, Sheet(marks={"T1": Mark(None, "a\u202eb")}, strengths="x\u200by"))
    assert (draft.strengths, draft.scores.get(criterion__criterion__code="T1").justification) == ("xy", "ab")
