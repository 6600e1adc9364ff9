"""The advice on a run: computed once from the run's own inputs, never from live data, and kept beside it.

It is asked for after the commit that keeps the run, so that nobody waits behind a second of draws; a queue that is away
costs the ranking nothing: the page offers to compute it.
"""

import json
from fractions import Fraction
from functools import cache
from hashlib import sha256
from pathlib import Path

from celery import shared_task
from django.db import transaction
from django.utils.translation import gettext as _

from clusters_portal.audit import journal
from clusters_portal.lib import clock
from clusters_portal.lib.canonical import canonical_json, sha256_hex
from clusters_portal.lib.later import after_commit
from evaluation import rules
from evaluation.models import Ranking, RankingAdvice
from evaluation.queries import sealed_advice
from evaluation.rules.advice import Run, badges_of
from evaluation.rules.advice import advise as figures_of
from evaluation.rules.record import read_inputs
from evaluation.rules.robustness import MAX_DOSSIERS
from evaluation.services.refusals import Refused

RULE_FILES = ("advice", "agreement", "design", "divergence", "robustness", "scoring", "sensitivity", "severity")


@cache
def code_version() -> str:
    """SHA-256 of the source of the rules that advise."""
    folder = Path(rules.__file__).parent
    return sha256(b"\0".join((folder / f"{name}.py").read_bytes() for name in RULE_FILES)).hexdigest()


def seed_of(ranking: Ranking) -> int:
    """The seed of a run's draws, from its hash: the same run always gives the same advice, and nobody chooses."""
    return int(ranking.sha256[:12], 16)


def start(ranking: Ranking) -> None:
    """Have the advice computed once the transaction that keeps the run has committed."""
    after_commit(advise_ranking.delay, ranking.pk)


@shared_task(name="evaluation.advise_ranking")
def advise_ranking(ranking_id: int) -> None:
    """Compute the advice of one run; where it is there already, or made for smaller calls, a call does nothing."""
    ranking = Ranking.objects.select_related("created_by").filter(pk=ranking_id, advice=None).first()
    if ranking is not None and is_possible(ranking):
        advise(ranking=ranking, actor=ranking.created_by)


def is_possible(ranking: Ranking) -> bool:
    """Is the call small enough for these statistics (at most MAX_DOSSIERS)?"""
    return ranking.lines.count() <= MAX_DOSSIERS


def advise(*, ranking: Ranking, actor) -> RankingAdvice:
    """The advice of a run, computed and kept now unless it is there already. Journals. Raises Refused above MAX_DOSSIERS."""
    if not is_possible(ranking):
        raise Refused(_("Advice is made for calls of at most %(count)d applications.") % {"count": MAX_DOSSIERS}, "size")
    seed = seed_of(ranking)
    # Computed before the transaction: nobody waits for it.
    content, badges = _compute(ranking, seed)
    with transaction.atomic():
        Ranking.objects.select_for_update().get(pk=ranking.pk)
        kept = RankingAdvice.objects.filter(ranking=ranking).first()
        if kept is not None:
            return kept
        advice = RankingAdvice.objects.create(
            ranking=ranking,
            created_at=clock.now(),
            seed=seed,
            content=content,
            badges=badges,
            code_version=code_version(),
            sha256=sha256_hex(sealed_advice(ranking.sha256, content, badges, code_version())),
        )
        journal.record("ranking.advise", ranking, actor=actor, after=advice.sha256)
    return advice


def reproduce(advice: RankingAdvice) -> str:
    """Compute a stored advice again from its run; the returned document must equal ``advice_document(advice)``."""
    return sealed_advice(advice.ranking.sha256, *_compute(advice.ranking, advice.seed), advice.code_version)


def _compute(ranking: Ranking, seed: int) -> tuple[str, str]:
    run = run_of(ranking)
    record = figures_of(run, seed=seed)
    text = canonical_json(record)
    return text, canonical_json(badges_of(run, json.loads(text)))


def run_of(ranking: Ranking) -> Run:
    """A stored run as the advisory rules read it: from its own texts alone."""
    grid, dossiers, terms = read_inputs(json.loads(ranking.inputs))
    ranked = json.loads(ranking.result)["ranked"]
    return Run(
        grid=grid,
        dossiers=dossiers,
        official={line["id"]: {code: Fraction(mark) for code, mark in line["criteria"].items()} for line in ranked},
        ranks={line["id"]: line["rank"] for line in ranked},
        places=terms.places,
    )
