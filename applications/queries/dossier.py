"""One dossier with its rows, each table read at most once; or several, with as many queries as for one."""

from collections import defaultdict

from django.db.models import Exists, FilteredRelation, OneToOneField, OuterRef, Q
from django.utils.functional import cached_property

from ..models import (
    Action,
    Application,
    BoardMember,
    BudgetDetail,
    BudgetLine,
    CollaborativeProject,
    CooperationProject,
    CriterionArgument,
    Document,
    ExtraIndicator,
    FeeRule,
    IndicatorValue,
    Member,
    Officer,
    Partnership,
    RejectedInput,
    StartupService,
    StepState,
    StrategySeries,
    SupportPeriod,
)
from .together import Rows, joined_to, read_together

# What a good dossier may do without. Whether a table holds anything costs a subquery, reading it a query.
OFTEN_EMPTY = (CooperationProject, CriterionArgument, ExtraIndicator, Partnership, RejectedInput, StartupService, SupportPeriod)
TABLES = (
    Officer, SupportPeriod, Member, BoardMember, FeeRule, StrategySeries, CooperationProject, CollaborativeProject, Partnership,
    StartupService, Action, BudgetLine, BudgetDetail, IndicatorValue, ExtraIndicator, CriterionArgument, Document, RejectedInput, StepState,
)  # fmt: skip
# What a call says and the rows of its dossiers refer to.
OF_THE_CALL = ("budget_headings", "indicator_definitions", "action_categories", "criteria", "document_requirements")
# Each key stands once per table in the query, and SQLite takes 32,766 values in one.
AT_ONCE = 1000


def noting_empty_tables(applications, tables=OFTEN_EMPTY):
    """The same applications, each knowing which of these tables hold nothing of it: a `Dossier` then does not read them.

    Only for what is read before anything is written: the note is not renewed.
    """
    noted = {_note(model): Exists(model._default_manager.filter(application=OuterRef("pk"))) for model in tables}
    return applications.annotate(**noted)


def noting_state(applications, slug):
    """The same applications, each with the state of one step as `step_state`; without that attribute when it was never saved."""
    found = applications.annotate(step_state=FilteredRelation("step_states", condition=Q(step_states__slug=slug)))
    return found.select_related("step_state__saved_by")


def single_row_name(model) -> str:
    """The name under which an application joins its single row of this table; "" for tables of several rows."""
    field = next((field for field in model._meta.fields if field.name == "application"), None)
    return field.remote_field.name if isinstance(field, OneToOneField) else ""


def _note(model):
    return f"has_{model._meta.model_name}"


class Shelf:
    """The rows of one or several applications, each table read once for all of them, and not at all when known to be empty."""

    def __init__(self, applications):
        self.applications = applications
        self._tables = {}

    def rows(self, model, application) -> list:
        if model not in self._tables:
            self._tables[model] = self._read(model)
        return self._tables[model][application.pk]

    def _read(self, model):
        related = [field.name for field in model._meta.fields if field.is_relation and field.name != "application"]
        table = defaultdict(list)
        keys = [application.pk for application in self.applications if getattr(application, _note(model), True)]
        if not keys:
            return table
        found = model._default_manager.filter(application__in=keys)
        for row in found.select_related(*related) if related else found:
            table[row.application_id].append(row)
        return table


class FullShelf(Shelf):
    """All the tables of the applications and of their calls, read in one query when the first of them is asked for."""

    def __init__(self, applications):
        super().__init__(applications)
        for start in range(0, len(applications), AT_ONCE):
            self._fill(applications[start : start + AT_ONCE])

    def _fill(self, applications):
        calls = {application.call_id: application.call for application in applications}
        settings = [Application.call.field.related_model._meta.get_field(name).related_model for name in OF_THE_CALL]
        keys = tuple(application.pk for application in applications)
        of_calls = [Rows(model, "call", tuple(calls)) for model in settings]
        found = read_together([*of_calls, *(Rows(model, "application", keys) for model in TABLES)])
        known = {model: {row.pk: row for row in rows} for model, rows in zip(settings, found, strict=False)}
        for application in applications:
            _give(application.call, dict(zip(OF_THE_CALL, found, strict=False)))
        for model, rows in zip(TABLES, found[len(settings) :], strict=True):
            self._stand(model, rows, known)

    def _stand(self, model, rows, known):
        for field in model._meta.fields:
            if field.is_relation and field.related_model in known:
                joined_to(rows, field.name, known[field.related_model])
        table = self._tables.setdefault(model, defaultdict(list))
        for row in rows:
            table[row.application_id].append(row)


def _give(call, found):
    """As prefetch_related would: {relation: rows of several calls}."""
    cache = call.__dict__.setdefault("_prefetched_objects_cache", {})
    for name, rows in found.items():
        queryset = getattr(call, name).all()
        queryset._result_cache, queryset._prefetch_done = [row for row in rows if row.call_id == call.pk], True
        cache[name] = queryset


class Dossier:
    """One application and its rows, each table read at most once. Parts, rules and snapshot all read through it."""

    def __init__(self, application: Application, shelf: Shelf | None = None):
        self.application = application
        self.call = application.call
        self._shelf = shelf or Shelf([application])
        self._ones = {}

    def rows(self, model) -> list:
        """The rows of one table, in their order."""
        return self._shelf.rows(model, self.application)

    def overlay(self, writes):
        """Lay unsaved rows over the stored ones, so that the rules judge what is being typed."""
        for row in writes.save:
            if type(row) in self._ones or row is self.application.association:
                continue  # the dossier's own row, already changed in place
            rows = self.rows(type(row))
            if all(row is not known for known in rows):
                rows.append(row)
        for row in writes.delete:
            self.rows(type(row)).remove(row)

    def one(self, model):
        """The dossier's single row of a table (new and unsaved when it does not exist yet), or its association."""
        if model is type(self.application.association):
            return self.application.association
        if model not in self._ones:
            self._ones[model] = self._find_one(model) or model(application=self.application)
        return self._ones[model]

    def _find_one(self, model):
        joined = single_row_name(model)
        cache = self.application._state.fields_cache
        if joined in cache:  # the page read it together with the application
            return cache[joined]
        return next(iter(self.rows(model)), None)

    @cached_property
    def headings(self):
        return list(self.call.budget_headings.all())

    @cached_property
    def indicators(self):
        return list(self.call.indicator_definitions.all())

    @cached_property
    def action_categories(self):
        return list(self.call.action_categories.all())

    @cached_property
    def criteria(self):
        return list(self.call.criteria.all())

    @cached_property
    def requirements(self):
        return list(self.call.document_requirements.all())

    @cached_property
    def documents(self):
        """Files that count: the latest of each piece, not the ones replaced or removed."""
        return [document for document in self.rows(Document) if document.replaced_at is None]

    @cached_property
    def rejected(self) -> dict:
        """{key: raw text} of every input that could not be read."""
        return {row.key: row.raw for row in self.rows(RejectedInput)}

    @cached_property
    def step_states(self) -> dict:
        return {state.slug: state for state in self.rows(StepState)}


def dossiers_of(applications) -> list[Dossier]:
    """Several dossiers at once, whole: one query for all their tables and those of their calls, whatever their number."""
    applications = list(applications)
    shelf = FullShelf(applications)
    return [Dossier(application, shelf) for application in applications]


def whole_dossier(application) -> Dossier:
    """One dossier for a page that needs nearly all of it: one query for its tables and those of its call."""
    [dossier] = dossiers_of([application])
    return dossier
