"""What these tests share."""

from evaluation.services import evaluations


def save(assignment, sheet, revision=0, actor=None):
    return evaluations.save_draft(assignment=assignment, sheet=sheet, revision=revision, actor=actor or assignment.evaluator)


def marks_of(evaluation):
    return {s.criterion.criterion.code: s.value for s in evaluation.scores.select_related("criterion__criterion")}
