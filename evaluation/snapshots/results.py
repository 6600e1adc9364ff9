"""What the publication of the results says: retained projects by rank and the waiting list, and nothing of anybody else."""

import json

from clusters_portal.lib.canonical import canonical_json
from evaluation.models import Decision, JudgingTerms, RankingLine
from evaluation.queries import with_deposit
from evaluation.queries.sessions import judging_terms

FORMAT = 1
Outcome = Decision.Outcome
RETAINED = (Outcome.SELECTED, Outcome.SELECTED_WITH_RESERVATIONS)


def results_content(call) -> dict:
    """Names in French and Arabic, ranks, and scores only where the rules of the committee make them public. One query of lines."""
    decided = Decision.objects.filter(
        application__call=call, outcome__in=(*RETAINED, Outcome.WAITING_LIST), application__notified_at__isnull=False
    )
    rows = list(with_deposit(decided, "application_id").order_by("adopted_rank"))
    totals = dict(RankingLine.objects.filter(ranking__decisions__in=rows).values_list("application_id", "total"))
    scored = judging_terms(call).score_publication == JudgingTerms.ScorePublication.LISTED
    content = {
        "format": FORMAT,
        "call": {"slug": call.slug, "title_fr": call.title_fr, "title_ar": call.title_ar},
        "retained": [_row(row, totals, scored) for row in rows if row.outcome in RETAINED],
        "waiting": [_row(row, totals, scored) for row in rows if row.outcome == Outcome.WAITING_LIST],
    }
    return json.loads(canonical_json(content))


def _row(decision, totals, scored) -> dict:
    return {
        "rank": decision.adopted_rank,
        "name_fr": decision.name_fr,
        "name_ar": decision.name_ar or "",
        "acronym": decision.acronym or "",
        "score": str(totals[decision.application_id]) if scored else None,
    }
