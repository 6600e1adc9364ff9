"""Reading the register of labelled clusters: who sees it, its rows with their lengths, the cluster a dossier may be."""

from dataclasses import dataclass

from django.db.models import Max, Min, Prefetch, QuerySet

from clusters_portal.accounts.roles import Role, has_role
from clusters_portal.lib.text import search_words

from .. import reference
from ..models import LabelledCluster, RegisteredPeriod
from ..rules.register import exceeds_on, has_exceeded, is_supported, support_at
from ..rules.support import Support

READERS = (Role.CASE_OFFICER, Role.DIVISION_HEAD, Role.AUDITOR)
YEARS = 8
"""The length the call of 2023 asked existing clusters to have exceeded: what the register shows when no call says another."""


def registered_clusters(user) -> QuerySet:
    """The register, with its periods, for DPTC and auditors; nothing for anyone else. `first` and `last` are its outer days."""
    if not has_role(user, *READERS):
        return LabelledCluster.objects.none()
    periods = Prefetch("periods", RegisteredPeriod.objects.select_related("call").order_by("starts_on"))
    return LabelledCluster.objects.annotate(first=Min("periods__starts_on"), last=Max("periods__ends_on")).prefetch_related(periods)


@dataclass(frozen=True)
class Entry:
    """One cluster on a given day. `support` is None before any; `exceeds` compares it strictly with `years`."""

    cluster: LabelledCluster
    support: Support | None
    supported: bool
    exceeds: bool
    region: str
    sector: str


def spans_of(cluster) -> tuple:
    """The periods of a cluster as ((first day, last day), …)."""
    return tuple((period.starts_on, period.ends_on) for period in cluster.periods.all())


def entry_of(cluster, day, years: int = YEARS) -> Entry:
    """A cluster as it stands on a day; its periods should be loaded."""
    spans = spans_of(cluster)
    return Entry(
        cluster, support_at(spans, day), is_supported(spans, day), has_exceeded(spans, years, day),
        reference.region_name(cluster.region), reference.section_name(cluster.nma_section),
    )  # fmt: skip


def day_exceeded(cluster, years: int = YEARS):
    """The day on which the cluster's support exceeds `years`, or None."""
    return exceeds_on(spans_of(cluster), years)


def cluster_of_deposit(deposit) -> LabelledCluster | None:
    """The cluster of the register this deposit may be: its association's, else one of the same name or acronym. One query."""
    wanted = {_key(deposit.name_fr), _key(deposit.name_ar)} - {""}
    acronym = _key(deposit.acronym)
    rows = LabelledCluster.objects.only("pk", "name_fr", "name_ar", "acronym", "association")
    found = None
    for row in rows.iterator():
        if row.association_id == deposit.application.association_id:
            return row
        if found is None and (wanted & {_key(row.name_fr), _key(row.name_ar)} or (acronym and acronym == _key(row.acronym))):
            found = row
    return found


def _key(text) -> str:
    return " ".join(search_words(text))
