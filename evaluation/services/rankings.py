"""Running the ranking and keeping the run: inputs, result, hash and version of the rules, reproducible byte for byte."""

import json
from decimal import Decimal
from fractions import Fraction
from functools import cache
from hashlib import sha256
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from applications.models import Call
from clusters_portal.audit import journal
from clusters_portal.lib import clock
from clusters_portal.lib.canonical import canonical_json, sha256_hex
from evaluation import rules
from evaluation.models import Ranking, RankingLine
from evaluation.queries import current_grid, is_before_committee, rules_dossiers, rules_grid, rules_terms, sealed_document
from evaluation.rules.completeness import missing
from evaluation.rules.ranking import rank
from evaluation.rules.record import inputs_record, read_inputs, result_record
from evaluation.rules.scoring import QUALITATIVE, TECHNICAL, truncated
from evaluation.services import advice, consensus_closing
from evaluation.services.refusals import Refused

RULE_FILES = ("scoring", "ties", "completeness", "ranking", "record")


@cache
def code_version() -> str:
    """SHA-256 of the source of the rules that rank: says which code computed a run, deployed from git or not."""
    folder = Path(rules.__file__).parent
    return sha256(b"\0".join((folder / f"{name}.py").read_bytes() for name in RULE_FILES)).hexdigest()


def what_is_missing(call) -> list[str]:
    """Sentences naming what prevents a run now; empty when it can run."""
    grid = current_grid(call)
    if grid is None:
        return [_("No scoring grid has been adopted for this call yet.")]
    codes = rules_grid(grid).codes
    return [problem.sentence() for problem in missing(rules_dossiers(call), codes, call.min_evaluators)]


@transaction.atomic
def run(*, call, actor) -> Ranking:
    """Rank the call's dossiers now and keep the run, which freezes their consensus; its advice comes after the commit. Journals.

    Raises IncompleteRanking when anything is missing, Refused without a grid or once the committee has the dossiers.
    """
    call = Call.objects.select_for_update().get(pk=call.pk)
    grid = current_grid(call)
    if grid is None:
        raise Refused(_("No scoring grid has been adopted for this call yet."), "no_grid")
    if is_before_committee(call):
        raise Refused(_("The applications are before the committee: the ranking can no longer be run."), "state")
    dossiers, terms, adopted = rules_dossiers(call), rules_terms(call, grid), rules_grid(grid)
    result = rank(adopted, dossiers, terms)
    inputs_text = canonical_json(inputs_record(adopted, dossiers, terms))
    result_text = canonical_json(result_record(result))
    ranking = Ranking.objects.create(
        call=call,
        grid=grid,
        number=Ranking.objects.filter(call=call).count() + 1,
        created_at=clock.now(),
        created_by=actor,
        places=terms.places,
        tie_rank=result.tie_to_break and result.tie_to_break.rank,
        inputs=inputs_text,
        result=result_text,
        code_version=code_version(),
        sha256=sha256_hex(sealed_document(inputs_text, result_text, code_version())),
    )
    RankingLine.objects.bulk_create(_line(ranking, position, line) for position, line in enumerate((*result.ranked, *result.below), 1))
    consensus_closing.freeze(call, actor=actor)
    journal.record("ranking.run", ranking, actor=actor, after=ranking.sha256)
    advice.start(ranking)
    return ranking


def _line(ranking, position, line) -> RankingLine:
    total = line.card.total
    return RankingLine(
        ranking=ranking,
        application_id=line.id,
        position=position,
        rank=line.rank,
        ex_aequo=line.ex_aequo,
        total=truncated(total),
        exact_total=f"{total.numerator}/{total.denominator}",
        technical=_block(line, TECHNICAL),
        qualitative=_block(line, QUALITATIVE),
        missed=" ".join(line.card.missed),
    )


def _block(line, block) -> Decimal:
    return truncated(line.card.blocks.get(block, Fraction(0)))


def reproduce(ranking) -> str:
    """Compute a stored run again from its own inputs; the returned document must equal ``document_of(ranking)``."""
    grid, dossiers, terms = read_inputs(json.loads(ranking.inputs))
    inputs_text = canonical_json(inputs_record(grid, dossiers, terms))
    result_text = canonical_json(result_record(rank(grid, dossiers, terms), terms.basis))
    return sealed_document(inputs_text, result_text, ranking.code_version)


def is_up_to_date(ranking) -> bool:
    """Would a run made now read the same inputs? False after a reopening, a new evaluation, another consensus or a recusal."""
    call = ranking.call
    grid = current_grid(call)
    if grid is None or grid.pk != ranking.grid_id:
        return False
    dossiers, adopted = rules_dossiers(call), rules_grid(grid)
    if missing(dossiers, adopted.codes, call.min_evaluators):
        return False
    return canonical_json(inputs_record(adopted, dossiers, rules_terms(call, grid))) == ranking.inputs
