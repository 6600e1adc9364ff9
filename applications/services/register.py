"""The register of labelled clusters: the only writer. Periods of one cluster never share a day, checked under its lock."""

from django.db import transaction
from django.utils.translation import gettext as _

from clusters_portal.audit import journal
from clusters_portal.lib import clock
from clusters_portal.lib.canonical import canonical_json, sha256_hex
from clusters_portal.lib.text import clean_text, search_words

from ..models import Application, LabelledCluster, RegisteredPeriod
from ..rules.register import first_overlap

SELECTED = (Application.Status.SELECTED, Application.Status.SELECTED_WITH_RESERVATIONS)
COLUMNS = ("name_fr", "name_ar", "acronym", "region", "nma_section", "labelled_on", "remarks")
OF_PERIOD = ("starts_on", "ends_on", "contract_reference", "call_id")


class RegisterRefused(Exception):
    """Nothing changed. `field` is the one to correct, "" for the whole; `str()` says why, in words."""

    def __init__(self, sentence, field=""):
        self.field = field
        super().__init__(sentence)


class RegisterConflict(RegisterRefused):
    """Somebody changed the cluster, or the period, since it was read. `kept` is the one as it stands."""

    def __init__(self, kept):
        self.kept = kept
        if isinstance(kept, RegisteredPeriod):
            sentence = _("This period was changed since you opened it. What you typed is kept: save again to replace what is saved.")
        else:
            sentence = _("This cluster was changed since you opened it. What you typed is kept: save again to replace what is saved.")
        super().__init__(sentence)


def seen_of(row) -> str:
    """Fingerprint of what a cluster or a period says, given to who edits it."""
    return _print_of(_said(row))


@transaction.atomic
def save_cluster(*, actor, cluster: LabelledCluster | None = None, association=None, seen="", **values) -> LabelledCluster:
    """Enter a cluster, or change one: `values` are COLUMNS, `seen` is what was read of it (`seen_of`), "" for whatever stands.

    Journals what changed. Raises RegisterRefused; RegisterConflict when it says something else than what was read.
    """
    kept = _locked(cluster) if cluster else LabelledCluster(created_by=actor, created_at=clock.now(), association=association)
    before = _said(kept)
    for name, value in values.items():
        setattr(kept, name, clean_text(value, multiline=name == "remarks") if isinstance(value, str) else value)
    if not kept.name_fr:
        raise RegisterRefused(_("Give the cluster its name."), "name_fr")
    others = LabelledCluster.objects.exclude(pk=kept.pk).values_list("name_fr", flat=True)
    if _key(kept.name_fr) != _key(before["name_fr"]) and _key(kept.name_fr) in {_key(name) for name in others}:
        raise RegisterRefused(_("A cluster of this name is in the register."), "name_fr")
    after = _said(kept)
    if cluster and seen not in ("", _print_of(before)) and after != before:  # the same twice is no conflict
        raise RegisterConflict(LabelledCluster.objects.get(pk=kept.pk))
    kept.save()
    changes = {name: [before[name], after[name]] for name in COLUMNS if before[name] != after[name]}
    if changes or cluster is None:
        journal.record("register.cluster_changed" if cluster else "register.cluster_entered", kept, actor=actor, data=changes)
    return kept


@transaction.atomic
def save_period(
    *, cluster, actor, starts_on, ends_on, contract_reference="", call=None, period=None, application=None, seen=""
) -> RegisteredPeriod:
    """Enter a period of support, or change one; `seen` is what was read of it (`seen_of`), "" for whatever stands. Journals.

    Raises RegisterRefused when it is upside down or shares a day with another; RegisterConflict when it is not what was read.
    """
    locked = _locked(cluster)
    if ends_on < starts_on:
        raise RegisterRefused(_("The last day does not come before the first."), "ends_on")
    others = locked.periods.exclude(pk=period.pk) if period else locked.periods.all()
    for other in others:
        if first_overlap([(starts_on, ends_on), (other.starts_on, other.ends_on)]):
            sentence = _("This period shares days with the one from %(first)s to %(last)s.")
            raise RegisterRefused(
                sentence % {"first": clock.format_day(other.starts_on), "last": clock.format_day(other.ends_on)}, "starts_on"
            )
    kept = others.model.objects.get(pk=period.pk, cluster=locked) if period else RegisteredPeriod(cluster=locked)
    before, said = str(kept) if period else None, _said(kept)
    kept.starts_on, kept.ends_on, kept.call = starts_on, ends_on, call
    kept.contract_reference = clean_text(contract_reference, multiline=False)
    if period and seen not in ("", _print_of(said)) and _said(kept) != said:
        raise RegisterConflict(RegisteredPeriod.objects.get(pk=kept.pk))
    kept.application = application or kept.application
    kept.save()
    action = "register.period_changed" if period else "register.period_entered"
    journal.record(action, locked, actor=actor, before=before, after=str(kept), note=kept.contract_reference)
    return kept


@transaction.atomic
def remove_period(*, period, actor) -> None:
    """Take a period entered by mistake out of the register; the journal keeps what it was."""
    locked = _locked(period.cluster)
    found = RegisteredPeriod.objects.filter(pk=period.pk, cluster=locked).first()
    if found is not None:
        journal.record("register.period_removed", locked, actor=actor, before=str(found), note=found.contract_reference)
        found.delete()


@transaction.atomic
def add_selected(*, application, actor, starts_on, ends_on, contract_reference="") -> RegisteredPeriod:
    """Put a selected project in the register with its first period; a cluster already there gets a further one. Journals.

    Names, region and sector are those of the deposit that counts. Raises RegisterRefused when the project is not selected,
    or is in the register already.
    """
    locked = Application.objects.select_for_update(of=("self",)).select_related("association", "call").get(pk=application.pk)
    if locked.status not in SELECTED:
        raise RegisterRefused(_("Only a selected project enters the register."))
    if RegisteredPeriod.objects.filter(application=locked).exists():
        raise RegisterRefused(_("This project is in the register already."))
    deposit = locked.current_deposit
    cluster = LabelledCluster.objects.filter(association=locked.association_id).first()
    cluster = cluster or LabelledCluster.objects.filter(name_fr__iexact=deposit.name_fr).first()
    if cluster is None:
        values = {name: getattr(deposit, name) for name in ("name_fr", "name_ar", "acronym", "region", "nma_section")}
        cluster = save_cluster(actor=actor, association=locked.association, labelled_on=clock.today(), **values)
    return save_period(
        cluster=cluster, actor=actor, starts_on=starts_on, ends_on=ends_on, contract_reference=contract_reference, call=locked.call,
        application=locked,
    )  # fmt: skip


@transaction.atomic
def apply_import(*, rows, actor) -> int:
    """Enter the good rows of an import: [{cluster columns, starts_on, ends_on, contract_reference}]. Returns how many periods and
    clusters were entered. A row that became impossible since its preview stops everything. Raises RegisterRefused."""
    by_name = {_key(cluster.name_fr): cluster for cluster in LabelledCluster.objects.all()}
    entered = 0
    for row in rows:
        cluster = by_name.get(_key(row["name_fr"]))
        if cluster is None:
            cluster = save_cluster(actor=actor, **{name: row[name] for name in COLUMNS if name in row})
            by_name[_key(cluster.name_fr)] = cluster
            entered += 1
        if row.get("starts_on"):
            save_period(
                cluster=cluster, actor=actor, starts_on=row["starts_on"], ends_on=row["ends_on"],
                contract_reference=row.get("contract_reference", ""),
            )  # fmt: skip
            entered += 1
    return entered


def _said(row) -> dict:
    """{column: text} of what a person may change."""
    return {name: str(getattr(row, name) or "") for name in (OF_PERIOD if isinstance(row, RegisteredPeriod) else COLUMNS)}


def _print_of(said) -> str:
    return sha256_hex(canonical_json(said))


def _key(name) -> str:
    return " ".join(search_words(name))


def _locked(cluster) -> LabelledCluster:
    return LabelledCluster.objects.select_for_update().get(pk=cluster.pk)
