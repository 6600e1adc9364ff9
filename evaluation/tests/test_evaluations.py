from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from applications.models import Application
from clusters_portal.accounts.roles import Role
from clusters_portal.lib import clock
from evaluation.models import Evaluation, Grid, Score
from evaluation.rules.scoring import InvalidScore
from evaluation.services import conflicts, evaluations, grids
from evaluation.services.evaluations import IncompleteSheet, Mark, Sheet, StaleSheet
from evaluation.services.refusals import Refused
from evaluation.tests import factories as make
from evaluation.tests.factories import CODES

pytestmark = pytest.mark.django_db


@pytest.fixture
def call():
    created = make.call()
    make.adopted_grid(created)
    return created


@pytest.fixture
def evaluator():
    return make.user(Role.EVALUATOR)


@pytest.fixture
def assignment(call, evaluator):
    return make.accepted(make.application(call), evaluator)


def save(assignment, sheet, revision=0, actor=None):
    return evaluations.save_draft(assignment=assignment, sheet=sheet, revision=revision, actor=actor or assignment.evaluator)


def marks_of(evaluation):
    return {s.criterion.criterion.code: s.value for s in evaluation.scores.select_related("criterion__criterion")}


# Drafts


def test_an_empty_draft_is_saved_with_marks_absent(assignment):
    draft = save(assignment, Sheet())
    assert (draft.status, draft.version, draft.revision) == ("draft", 1, 1)
    assert marks_of(draft) == dict.fromkeys(CODES)


def test_save_a_then_b_then_a_shows_a(assignment):
    first, second = make.sheet(3, strengths="A"), make.sheet(4.5, strengths="B")
    save(assignment, first)
    save(assignment, second, 1)
    stored = save(assignment, first, 2)
    stored.refresh_from_db()
    assert (stored.strengths, stored.revision, set(marks_of(stored).values())) == ("A", 3, {Decimal("3.0")})
    assert Evaluation.objects.count() == 1


def test_two_tabs_the_second_save_is_refused_and_nothing_is_erased(assignment):
    save(assignment, make.sheet(3))
    save(assignment, make.sheet(4), 1)
    with pytest.raises(StaleSheet) as conflict:
        save(assignment, make.sheet(1), 1)
    assert set(marks_of(conflict.value.current).values()) == {Decimal("4.0")}
    assert Evaluation.objects.get().revision == 2


def test_two_tabs_both_on_their_first_save(assignment):
    save(assignment, make.sheet(3))
    with pytest.raises(StaleSheet):
        save(assignment, make.sheet(1), 0)
    assert set(marks_of(Evaluation.objects.get()).values()) == {Decimal("3.0")}


def test_a_mark_off_the_scale_is_refused_and_nothing_is_written(assignment):
    with pytest.raises(InvalidScore):
        save(assignment, Sheet(marks={"T1": Mark(Decimal("3.3"), "x")}))
    assert not Evaluation.objects.exists()


def test_first_save_locks_the_grid(assignment, call):
    assert not Grid.objects.get().is_locked
    save(assignment, Sheet())
    assert Grid.objects.get().is_locked


def test_no_scoring_without_an_adopted_grid(evaluator):
    call = make.call()
    grids.create_default_grid(call=call, actor=evaluator)
    assignment = make.accepted(make.application(call), evaluator)
    with pytest.raises(Refused) as refusal:
        save(assignment, make.sheet(3))
    assert (refusal.value.code, Evaluation.objects.count(), Grid.objects.get().is_locked) == ("no_grid", 0, False)


def test_only_the_evaluator_writes_and_only_while_accepted(assignment):
    with pytest.raises(Refused):
        save(assignment, make.sheet(3), actor=make.user(Role.EVALUATOR))
    conflicts.declare(application=assignment.application, interest="disqualifying", kind="other", text="x", actor=assignment.evaluator)
    with pytest.raises(Refused):
        save(assignment, make.sheet(3))
    assert not Evaluation.objects.exists()


@pytest.mark.parametrize("status", ["in_committee", "selected", "withdrawn"])
def test_no_writing_once_the_dossier_left_evaluation(assignment, status):
    draft = save(assignment, make.sheet(3))
    withdrawn_at = clock.now() if status == "withdrawn" else None
    Application.objects.filter(pk=assignment.application_id).update(status=status, withdrawn_at=withdrawn_at)
    with pytest.raises(Refused):
        save(assignment, make.sheet(4), 1)
    with pytest.raises(Refused):
        evaluations.submit(assignment=assignment, revision=1, actor=assignment.evaluator)
    assert set(marks_of(draft).values()) == {Decimal("3.0")}


# Submitting


def problems(assignment, sheet):
    draft = save(assignment, sheet)
    with pytest.raises(IncompleteSheet) as refusal:
        evaluations.submit(assignment=assignment, revision=draft.revision, actor=assignment.evaluator)
    draft.refresh_from_db()
    assert (draft.status, draft.submitted_at) == ("draft", None)
    return [field for field, _sentence in refusal.value.problems]


def test_submission_needs_every_mark(assignment):
    assert problems(assignment, make.sheet(3, 3, None, 3, 3, 3, 3, 3, 3, None)) == ["T3", "Q5"]


def test_submission_needs_every_justification_and_a_confidence(assignment):
    assert problems(assignment, make.sheet(3, justification="x" * 19, confidence=None)) == [*CODES, "confidence"]


def test_justification_of_exactly_the_minimum_is_enough_and_zero_is_a_mark(assignment):
    draft = save(assignment, make.sheet(0, justification="x" * 20))
    submitted = evaluations.submit(assignment=assignment, revision=draft.revision, actor=assignment.evaluator)
    assert submitted.status == "submitted"


def test_submission_is_frozen_with_a_receipt_that_notices_a_change(assignment):
    submitted = make.submitted(assignment, 4)
    assert (len(submitted.receipt_sha256), evaluations.receipt_holds(submitted)) == (64, True)
    with pytest.raises(Refused):
        save(assignment, make.sheet(1), submitted.revision)
    with pytest.raises(Refused):
        evaluations.submit(assignment=assignment, revision=submitted.revision, actor=assignment.evaluator)
    Score.objects.filter(evaluation=submitted, criterion__criterion__code="T1").update(value=5)
    assert not evaluations.receipt_holds(Evaluation.objects.get())


def test_submission_of_a_stale_page_is_refused(assignment):
    save(assignment, make.sheet(3))
    save(assignment, make.sheet(4), 1)
    with pytest.raises(StaleSheet):
        evaluations.submit(assignment=assignment, revision=1, actor=assignment.evaluator)
    assert Evaluation.objects.get().status == "draft"


def test_nothing_to_submit(assignment):
    with pytest.raises(Refused):
        evaluations.submit(assignment=assignment, revision=0, actor=assignment.evaluator)


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
