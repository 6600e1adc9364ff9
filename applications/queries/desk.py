"""What DPTC's desk reads: the rows of the work list with what hangs on them, saved views, labels and notes."""

from dataclasses import dataclass

from django.db.models import Aggregate, Exists, OuterRef, Q, Subquery, TextField

from .. import reference
from ..models import ComplementRequest, Deposit, Label, Labelling, ListColumns, SavedView
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


class Joined(Aggregate):
    """Keys with commas between them."""

    function, output_field = "GROUP_CONCAT", TextField()

    def as_postgresql(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, function="STRING_AGG", template="%(function)s(%(expressions)s::text, ',')", **context)


def with_desk(deposits, user):
    """The same deposits, read with what their lines show: complement request, labels, and the columns this person chose."""
    asked = ComplementRequest.objects.filter(application=OuterRef("application"), cancelled_at=None).order_by()
    put = Labelling.objects.filter(application=OuterRef("application")).order_by().values("application")
    return deposits.annotate(
        complement_due=Subquery(asked.values("due_at")[:1]),
        complement_answer=Subquery(asked.values("answer")[:1]),
        label_keys=Subquery(put.annotate(keys=Joined("label")).values("keys")),
        columns=Subquery(ListColumns.objects.filter(user=user).values("codes")[:1]),
    )


def list_rows(deposits, labels, now) -> list[ListRow]:
    """The lines of deposits read through `with_desk`, in their order; one query more. `labels` is {key: Label}.

    `now` is a clock: it is asked only where a complement request hangs on it.
    """
    deposits = list(deposits)
    papers = paper_states([deposit.application for deposit in deposits])
    return [_row(deposit, papers[deposit.application_id], labels, now) for deposit in deposits]


def _row(deposit, paper, labels, now) -> ListRow:
    asked = deposit.complement_due and ComplementRequest(due_at=deposit.complement_due, answer_id=deposit.complement_answer)
    put = {int(key) for key in (deposit.label_keys or "").split(",") if key}
    return ListRow(
        deposit=deposit,
        region=reference.region_name(deposit.region),
        sector=reference.section_name(deposit.nma_section),
        paper=paper,
        complement=asked,
        complement_state=asked.state_at(now()) if asked else "",
        labels=tuple(label for key, label in labels.items() if key in put),
    )


def all_labels() -> dict:
    """{key: Label} in their order; those no longer in use too, since they stay where they were put."""
    return {label.pk: label for label in Label.objects.all()}


def labels_for(application) -> list[Label]:
    """The labels that are on an application or may be put on it; each knows whether it `is_put`. One query."""
    put = Exists(Labelling.objects.filter(application=application, label=OuterRef("pk")))
    return list(Label.objects.annotate(is_put=put).filter(Q(is_active=True) | Q(is_put=True)))


def views_of(user) -> list[SavedView]:
    """The person's own views, and those shared with everyone, by name. One query."""
    return list(SavedView.objects.filter(Q(owner=user) | Q(is_shared=True)).select_related("owner").order_by("name", "pk"))
