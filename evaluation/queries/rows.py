"""Rows with what a list shows, in a constant number of queries."""

import json

from django.db.models import Count, F, OuterRef, QuerySet, Subquery

from applications.models import Call, Deposit
from clusters_portal.lib.canonical import canonical_json
from evaluation.models import Grid, Ranking, RankingLine
from evaluation.queries.access import barred_applications
from evaluation.queries.states import BEFORE_COMMITTEE

DEPOSIT_COLUMNS = ("name_fr", "name_ar", "acronym", "region", "nma_section")


def _deposit(reference) -> dict:
    last = Deposit.objects.filter(application=OuterRef(reference)).order_by("-sequence")
    return {column: Subquery(last.values(column)[:1]) for column in DEPOSIT_COLUMNS}


def with_deposit(rows: QuerySet, reference: str = "pk") -> QuerySet:
    """Add ``name_fr``, ``name_ar``, ``acronym``, ``region`` and ``nma_section`` as frozen in the last deposit.

    ``reference`` is the path from the row to its application's identifier.
    """
    return rows.annotate(**_deposit(reference))


def current_grid(call: Call) -> Grid | None:
    """The last adopted grid of the call."""
    return call.grids.adopted().order_by("-version").first()


def is_before_committee(call: Call) -> bool:
    """Whether the committee has the dossiers, decided or not: from then on the ranking is never run again."""
    return call.applications.filter(status__in=BEFORE_COMMITTEE).exists()


def runs_of(call: Call) -> list[Ranking]:
    """Every run of a call, newest first, without its long texts, with ``line_count`` and the stored ``kept_badges``."""
    runs = Ranking.objects.filter(call=call).select_related("created_by", "grid", "call").defer("inputs", "result")
    return list(runs.annotate(line_count=Count("lines"), kept_badges=F("advice__badges")).order_by("-number"))


def latest_ranking(call: Call) -> Ranking | None:
    """The last run: the one the committee sees, since nothing can be run once the dossiers are before it."""
    return Ranking.objects.filter(call=call).select_related("created_by", "grid", "call").order_by("-number").first()


def sealed_document(inputs: str, result: str, version: str) -> str:
    """The canonical JSON text a run is sealed by; its SHA-256 is the run's hash."""
    return canonical_json({"code_version": version, "inputs": json.loads(inputs), "result": json.loads(result)})


def document_of(ranking: Ranking) -> str:
    """The sealed text of a stored run."""
    return sealed_document(ranking.inputs, ranking.result, ranking.code_version)


def ladder_of(ranking: Ranking) -> dict[str, list[str]]:
    """{identifier of a dossier: codes of the ladder's steps that separated it from its equals}, as sealed in the run."""
    found: dict = {}
    for used in json.loads(ranking.result)["tie_steps"]:
        for group in used["groups"]:
            for application in group:
                found.setdefault(application, []).append(used["step"])
    return found


class VisibleLines:
    """The lines of a run one person may see, sliceable for pages, numbered again without the dossiers barred to them.

    A gap would tell a recused person that a dossier stands there, and where: as proposed (``shown_rank`` of each line), and as adopted
    (``shown_adopted``).
    """

    def __init__(self, user, ranking: Ranking, total: int | None = None):
        barred = barred_applications(user)
        lines = RankingLine.objects.filter(ranking=ranking)
        self._hidden = list(lines.filter(application__in=barred).values_list("rank", "application__decision__adopted_rank"))
        rows = lines.exclude(application__in=barred) if self._hidden else lines
        self.rows = with_deposit(rows.select_related("application__decision__decided_by"), "application_id")
        self._total = total

    @property
    def complete(self) -> bool:
        """True when nothing is hidden from this person."""
        return not self._hidden

    def count(self) -> int:
        """How many lines this person sees."""
        return self.rows.count() if self._total is None else self._total - len(self._hidden)

    def __len__(self):
        return self.count()

    def __getitem__(self, part):
        return [self._renumbered(line) for line in self.rows[part]]

    def __iter__(self):
        return iter([self._renumbered(line) for line in self.rows])

    def of(self, application_id) -> RankingLine | None:
        """The line of one dossier, renumbered like the list; None when there is none this person may see."""
        line = self.rows.filter(application=application_id).first()
        return line and self._renumbered(line)

    def _renumbered(self, line):
        decision = getattr(line.application, "decision", None)
        proposed, adopted = zip(*self._hidden, strict=True) if self._hidden else ((), ())
        line.shown_rank = without_hidden(line.rank, proposed)
        line.shown_adopted = without_hidden(decision and decision.adopted_rank, adopted)
        return line


def without_hidden(rank: int | None, hidden) -> int | None:
    """The place of `rank` among those that are left when the ranks `hidden` (None for no rank) are taken away."""
    return None if rank is None else rank - sum(other is not None and other < rank for other in hidden)
