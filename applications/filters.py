"""The work list of DPTC: received applications as they were deposited, filtered, searched and sorted by the address."""

import django_filters
from django.db.models import Count, Exists, OuterRef, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from clusters_portal.accounts.models import User
from clusters_portal.accounts.roles import Role
from clusters_portal.lib import clock

from . import reference
from .models import Application, Call, ComplementRequest, Deposit
from .queries import paper, requests_in, submitted_applications

OFFICERS = (Role.CASE_OFFICER, Role.DIVISION_HEAD)
SUBMITTED = [(code, label) for code, label in Application.Status.choices if code != Application.Status.DRAFT]
UNASSIGNED = "none"
COMPLEMENTS = [("open", _("Complement asked for")), ("answered", _("Complement received")), ("overdue", _("Complement without an answer"))]
# Name in the address → columns of the order. The number comes last, so that equal rows never change places.
SORTS = {
    "number": ("number",),
    "name": ("name_fr", "number"),
    "received": ("received_at", "number"),
    "status": ("application__status", "number"),
    "region": ("region", "number"),
    "sector": ("nma_section", "number"),
    "assignee": ("application__assignee__last_name", "application__assignee__first_name", "number"),
}


def received_by(user):
    """The deposits that count (the last of each application) among what this person may read; none for anyone else."""
    later = Deposit.objects.filter(application=OuterRef("application"), sequence__gt=OuterRef("sequence"))
    return (
        Deposit.objects.filter(~Exists(later), application__in=submitted_applications(user).order_by().values("pk"))
        .select_related("application__call", "application__assignee")
        .defer("snapshot")
    )


def officers():
    """Who may be responsible for an application."""
    return User.objects.filter(is_active=True, groups__name__in=OFFICERS).distinct()


class WorklistFilter(django_filters.FilterSet):
    """What the address asks for. An unknown value is said beside its field and does not filter."""

    q = django_filters.CharFilter(method="search", label=_("Number or name"))
    call = django_filters.ChoiceFilter(field_name="application__call__slug", label=_("Call"), empty_label=_("All calls"))
    status = django_filters.ChoiceFilter(
        field_name="application__status", choices=SUBMITTED, label=_("Status"), empty_label=_("All statuses")
    )
    region = django_filters.ChoiceFilter(choices=reference.region_choices, label=_("Region"), empty_label=_("All regions"))
    sector = django_filters.ChoiceFilter(
        field_name="nma_section", choices=reference.nma_section_choices, label=_("Sector"), empty_label=_("All sectors")
    )
    paper = django_filters.ChoiceFilter(method="paper_at", choices=paper.CHOICES, label=_("Paper file"), empty_label=_("All"))
    assignee = django_filters.ChoiceFilter(method="assigned_to", label=_("Case officer"), empty_label=_("Everyone"))
    complement = django_filters.ChoiceFilter(
        method="complement_in", choices=COMPLEMENTS, label=_("Complement request"), empty_label=_("With or without")
    )
    sort = django_filters.CharFilter(method="sort_by")

    class Meta:
        model = Deposit
        fields = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["call"].extra["choices"] = lambda: self.calls
        self.filters["assignee"].extra["choices"] = lambda: self.assignees

    @cached_property
    def calls(self):
        return [(call.slug, str(call)) for call in Call.objects.published()]

    @cached_property
    def assignees(self):
        return [(UNASSIGNED, _("Nobody yet")), *((str(officer.pk), officer.get_full_name()) for officer in officers())]

    def search(self, queryset, name, value):
        words = value.split()
        for word in words:
            queryset = queryset.filter(
                Q(number__icontains=word) | Q(name_fr__icontains=word) | Q(name_ar__icontains=word) | Q(acronym__icontains=word)
            )
        return queryset

    def paper_at(self, queryset, name, value):
        return paper.deposits_in_state(queryset, value)

    def assigned_to(self, queryset, name, value):
        return queryset.filter(application__assignee=None if value == UNASSIGNED else value)

    def complement_in(self, queryset, name, value):
        found = ComplementRequest.objects.filter(requests_in(value, clock.now()), application=OuterRef("application"))
        return queryset.filter(Exists(found))

    def sort_by(self, queryset, name, value):
        columns = SORTS.get(value.removeprefix("-"))
        if columns is None:
            return queryset
        return queryset.order_by(*((f"-{column}" if value.startswith("-") else column) for column in columns))

    @property
    def qs(self):
        found = super().qs
        return found if found.query.order_by else found.order_by(*SORTS["number"])

    def status_counts(self) -> list:
        """[(code, label, count)] of every status present, under the other filters; the first line is the total."""
        others = {name: value for name, value in self.data.items() if name not in ("status", "sort", "page")}
        found = type(self)(others, queryset=self.queryset).qs.order_by()
        counts = dict(found.values_list("application__status").annotate(Count("pk")))
        lines = [(code, label, counts[code]) for code, label in SUBMITTED if code in counts]
        return [("", _("All"), sum(counts.values())), *lines]
