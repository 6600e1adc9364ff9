"""The work list of DPTC: received applications as they were deposited, filtered, searched and sorted by the address."""

import django_filters
from django.db.models import Case, Count, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Concat
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from clusters_portal.accounts.models import User
from clusters_portal.accounts.roles import Role
from clusters_portal.lib import clock
from clusters_portal.lib.fields import DayField
from clusters_portal.lib.text import search_words

from . import reference
from .models import Application, Call, ComplementRequest, Deposit, Labelling
from .queries import paper, requests_in, submitted_applications
from .queries.desk import all_labels

OFFICERS = (Role.CASE_OFFICER, Role.DIVISION_HEAD)
SUBMITTED = [(code, label) for code, label in Application.Status.choices if code != Application.Status.DRAFT]
UNASSIGNED, MINE = "none", "me"
COMPLEMENTS = [("open", _("Complement asked for")), ("answered", _("Complement received")), ("overdue", _("Complement without an answer"))]
CONFORMITY = [("conforming", _("Everything conforming")), ("doubts", _("Points not conforming"))]

ADMISSIBILITY = [
    ("prepared", _("Admissibility being prepared")), ("proposed", _("Proposed, to be validated")), ("mine", _("For me to validate")),
]  # fmt: skip
WAITING = Q(admissibility__proposed_at__isnull=False, admissibility__validated_at=None)
PROPOSER = Case(
    When(WAITING, then=Concat("admissibility__proposed_by__first_name", Value(" "), "admissibility__proposed_by__last_name")),
    default=Value(""),
)


def _first(queryset, column):
    return Subquery(queryset.filter(application=OuterRef("application")).order_by(column).values(column)[:1])


# Name in the address → columns of the order. The number comes last, so that equal rows never change places.
SORTS = {
    "number": (F("number"),),
    "name": (F("name_fr"), F("number")),
    "received": (F("received_at"), F("number")),
    "status": (F("application__status"), F("number")),
    "region": (F("region"), F("number")),
    "sector": (F("nma_section"), F("number")),
    "assignee": (F("application__assignee__last_name"), F("application__assignee__first_name"), F("number")),
    "call": (F("application__call__deadline_at"), F("number")),
    "doubts": (F("application__list_entry__doubts"), F("number")),
    "labels": (_first(Labelling.objects, "label__text_fr"), F("number")),
    "complement": (_first(ComplementRequest.objects.filter(cancelled_at=None), "due_at"), F("number")),
    "paper": (_first(paper.current_papers(), "received_at"), F("number")),
}


def received_by(user):
    """The deposits that count (the last of each application) among what this person may read; none for anyone else.

    Each knows its `doubts`: points of the frozen dossier that are not conforming, None while it was not counted; and its
    `proposer`: the name of who proposed on its admissibility while that waits to be validated, else "".
    """
    later = Deposit.objects.filter(application=OuterRef("application"), sequence__gt=OuterRef("sequence"))
    return (
        Deposit.objects.filter(~Exists(later), application__in=submitted_applications(user).order_by().values("pk"))
        .select_related("application__call", "application__assignee")
        .annotate(doubts=F("application__list_entry__doubts"), proposer=PROPOSER)
        .defer("snapshot")
    )


def officers():
    """Who may be responsible for an application."""
    return User.objects.filter(is_active=True, groups__name__in=OFFICERS).distinct()


class DayFilter(django_filters.Filter):
    field_class = DayField


class WorklistFilter(django_filters.FilterSet):
    """What the address asks for. An unknown value is said beside its field and does not filter. `user` is who « mine » means."""

    q = django_filters.CharFilter(method="search", label=_("Number, name, member, theme…"))
    call = django_filters.ChoiceFilter(field_name="application__call__slug", label=_("Call"), empty_label=_("All calls"))
    status = django_filters.ChoiceFilter(
        field_name="application__status", choices=SUBMITTED, label=_("Status"), empty_label=_("All statuses")
    )
    region = django_filters.ChoiceFilter(choices=reference.region_choices, label=_("Region"), empty_label=_("All regions"))
    sector = django_filters.ChoiceFilter(
        field_name="nma_section", choices=reference.nma_section_choices, label=_("Sector"), empty_label=_("All sectors")
    )
    assignee = django_filters.ChoiceFilter(method="assigned_to", label=_("Case officer"), empty_label=_("Everyone"))
    label = django_filters.ChoiceFilter(method="labelled", label=_("Label"), empty_label=_("All labels"))
    conformity = django_filters.ChoiceFilter(method="conforming", choices=CONFORMITY, label=_("Conformity"), empty_label=_("All"))
    paper = django_filters.ChoiceFilter(method="paper_at", choices=paper.CHOICES, label=_("Paper file"), empty_label=_("All"))
    complement = django_filters.ChoiceFilter(
        method="complement_in", choices=COMPLEMENTS, label=_("Complement request"), empty_label=_("With or without")
    )
    admissibility = django_filters.ChoiceFilter(
        method="admissibility_in", choices=ADMISSIBILITY, label=_("Admissibility"), empty_label=_("All")
    )
    since = DayFilter(method="received_since", label=_("Received from"))
    until = DayFilter(method="received_until", label=_("Received until"))
    sort = django_filters.CharFilter(method="sort_by")

    class Meta:
        model = Deposit
        fields = ()

    def __init__(self, *args, user=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        self.filters["call"].extra["choices"] = lambda: self.calls
        self.filters["assignee"].extra["choices"] = lambda: self.assignees
        self.filters["label"].extra["choices"] = lambda: [(str(pk), str(label)) for pk, label in self.labels.items()]

    @cached_property
    def calls(self):
        return [(call.slug, str(call)) for call in Call.objects.published()]

    @cached_property
    def officers(self):
        return list(officers())

    @cached_property
    def labels(self) -> dict:
        return all_labels()

    @property
    def assignees(self):
        return [(MINE, _("Mine")), (UNASSIGNED, _("Nobody yet")), *((str(each.pk), each.get_full_name()) for each in self.officers)]

    def search(self, queryset, name, value):
        words = search_words(value)
        for word in words:
            queryset = queryset.filter(application__list_entry__words__contains=word)
        return queryset if words else queryset.none()

    def paper_at(self, queryset, name, value):
        return paper.deposits_in_state(queryset, value)

    def assigned_to(self, queryset, name, value):
        if value == MINE:
            return queryset.filter(application__assignee=self.user) if self.user else queryset.none()
        return queryset.filter(application__assignee=None if value == UNASSIGNED else value)

    def labelled(self, queryset, name, value):
        return queryset.filter(Exists(Labelling.objects.filter(application=OuterRef("application"), label=value)))

    def conforming(self, queryset, name, value):
        if value == "doubts":
            return queryset.filter(application__list_entry__doubts__gt=0)
        return queryset.filter(application__list_entry__doubts=0)

    def complement_in(self, queryset, name, value):
        found = ComplementRequest.objects.filter(requests_in(value, clock.now()), application=OuterRef("application"))
        return queryset.filter(Exists(found))

    def admissibility_in(self, queryset, name, value):
        if value == "prepared":
            return queryset.filter(admissibility__isnull=False, admissibility__proposed_at=None)
        waiting = queryset.filter(WAITING)
        return waiting.exclude(admissibility__proposed_by=self.user) if value == "mine" and self.user else waiting

    def received_since(self, queryset, name, value):
        return queryset.filter(received_at__gte=clock.start_of(value))

    def received_until(self, queryset, name, value):
        return queryset.filter(received_at__lt=clock.end_of(value))

    def sort_by(self, queryset, name, value):
        columns = SORTS.get(value.removeprefix("-"))
        if columns is None:
            return queryset
        down = value.startswith("-")
        return queryset.order_by(*(column.desc(nulls_last=True) if down else column.asc(nulls_last=True) for column in columns))

    @property
    def qs(self):
        found = super().qs
        return found if found.query.order_by else found.order_by("number")

    @cached_property
    def counts(self) -> dict:
        """{status: how many} under the other filters. One query."""
        found = self.queryset.order_by()
        self.form.is_valid()  # what could not be understood has an error, and no value below
        for name, value in self.form.cleaned_data.items():
            if name not in ("status", "sort"):
                found = self.filters[name].filter(found, value)
        return dict(found.order_by().values_list("application__status").annotate(Count("pk")))

    def status_counts(self) -> list:
        """[(code, label, count)] of every status present, under the other filters; the first line is the total."""
        lines = [(code, label, self.counts[code]) for code, label in SUBMITTED if code in self.counts]
        return [("", _("All"), sum(self.counts.values())), *lines]

    def count(self) -> int:
        """How many the list holds: known from the counts by status, without asking again."""
        status = self.data.get("status", "")
        return self.counts.get(status, 0) if status and "status" not in self.form.errors else sum(self.counts.values())

    def applied(self) -> list:
        """[(name, label of the field, what it asks for in words)] of every filter in force but the status and the order."""
        found = []
        for name, field in self.form.fields.items():
            raw = self.data.get(name, "").strip()
            if raw and name not in ("status", "sort") and name not in self.form.errors:
                choices = dict(field.choices) if hasattr(field, "choices") else {}
                found.append((name, field.label, str(choices.get(raw, raw))))
        return found


def known_part(query: str) -> str:
    """The filters and the order in a query string, without what the list does not know."""
    given = QueryDict(query, mutable=True)
    kept = QueryDict(mutable=True)
    for name in WorklistFilter.base_filters:
        if given.get(name, "").strip():
            kept[name] = given[name]
    return kept.urlencode()
