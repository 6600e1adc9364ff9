"""What DPTC's desk reads: the rows of the work list with what hangs on them, saved views, labels and notes."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from .. import reference
from ..models import ComplementRequest, Deposit, Label, Labelling, ListColumns, SavedView
from .complements import standing_requests
from .paper import PaperState, paper_states


@dataclass(frozen=True)
class ListRow:
    """One line of the list. `complement_state` is open, answered, overdue or "" without a request."""

    deposit: Deposit
    region: str
    sector: str
    paper: PaperState
    complement: ComplementRequest | None
    complement_state: str
    labels: tuple

    @property
    def application(self):
        return self.deposit.application


def list_rows(deposits, labels, now) -> list[ListRow]:
    """The lines of these deposits, in their order; three queries whatever their number. `labels` is {key: Label}."""
    deposits = list(deposits)
    keys = [deposit.application_id for deposit in deposits]
    papers = paper_states([deposit.application for deposit in deposits])
    requests, put = standing_requests(keys), _labels_on(keys, labels)
    return [
        ListRow(
            deposit=deposit,
            region=reference.region_name(deposit.region),
            sector=reference.section_name(deposit.nma_section),
            paper=papers[deposit.application_id],
            complement=requests.get(deposit.application_id),
            complement_state=requests[deposit.application_id].state_at(now) if deposit.application_id in requests else "",
            labels=tuple(put[deposit.application_id]),
        )
        for deposit in deposits
    ]


def all_labels() -> dict:
    """{key: Label} in their order; those no longer in use too, since they stay where they were put."""
    return {label.pk: label for label in Label.objects.all()}


def labels_for(application) -> list[Label]:
    """The labels that are on an application or may be put on it; each knows whether it `is_put`. One query."""
    put = Exists(Labelling.objects.filter(application=application, label=OuterRef("pk")))
    return list(Label.objects.annotate(is_put=put).filter(Q(is_active=True) | Q(is_put=True)))


def _labels_on(keys, labels) -> dict:
    found = defaultdict(list)
    for application, label in Labelling.objects.filter(application__in=keys).order_by("label__text_fr").values_list("application", "label"):
        if label in labels:
            found[application].append(labels[label])
    return found


def views_of(user) -> list[SavedView]:
    """The person's own views, and those shared with everyone, by name. One query."""
    return list(SavedView.objects.filter(Q(owner=user) | Q(is_shared=True)).select_related("owner").order_by("name", "pk"))


def columns_of(user) -> list[str]:
    """Codes of the columns the person chose; [] who never chose. One query."""
    return ListColumns.objects.filter(user=user).values_list("codes", flat=True).first() or []
