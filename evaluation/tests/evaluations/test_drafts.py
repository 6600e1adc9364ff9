"""Drafts and submission of a sheet."""

from decimal import Decimal

import pytest

from applications.models import Application
from clusters_portal.accounts.roles import Role
from clusters_portal.lib import clock
from evaluation.models import Evaluation, Grid, Score
from evaluation.rules.scoring import InvalidScore
from evaluation.services import conflicts, evaluations, grids
from evaluation.services.evaluations import IncompleteSheet, Mark, Sheet, StaleSheet
from evaluation.services.refusals import Refused
from evaluation.tests import factories as make
from evaluation.tests.evaluations.helpers import marks_of, save
from evaluation.tests.factories import CODES

pytestmark = pytest.mark.django_db


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
    assert problems(assignment, make.sheet(3, 3, None, 3, 3, 3, 3, 3, 3, None)) == ["mark_T3", "mark_Q5"]


def test_submission_needs_every_justification_and_a_confidence(assignment):
    assert problems(assignment, make.sheet(3, justification="x" * 19, confidence=None)) == [
        *(f"why_{code}" for code in CODES),
        "confidence",
    ]


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
