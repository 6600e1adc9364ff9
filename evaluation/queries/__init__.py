"""Reading the judging floor: states, who sees what, rows for lists, inputs of the rules."""

from .access import (
    applications_for_evaluator,
    assignments_of,
    barred_applications,
    calls_before_committee,
    calls_with_assignments,
    calls_with_ranking,
    readable_applications,
    readable_evaluations,
)
from .inputs import latest_submitted, rules_dossiers, rules_grid, rules_terms, submitted_scores
from .rows import VisibleLines, current_grid, document_of, latest_ranking, runs_of, sealed_document, with_deposit
from .states import ACTIVE, BARRING, BEFORE_COMMITTEE, CLEARED, DECIDED, EVALUABLE, JUDGED

__all__ = [
    "ACTIVE", "BARRING", "BEFORE_COMMITTEE", "CLEARED", "DECIDED", "EVALUABLE", "JUDGED", "VisibleLines", "applications_for_evaluator",
    "assignments_of", "barred_applications", "calls_before_committee", "calls_with_assignments", "calls_with_ranking", "current_grid",
    "document_of", "latest_ranking", "latest_submitted", "readable_applications", "readable_evaluations", "rules_dossiers", "rules_grid",
    "rules_terms", "runs_of", "sealed_document", "submitted_scores", "with_deposit",
]  # fmt: skip
