"""One dossier with its rows, each table read at most once; or several, with as many queries as for one."""

from collections import defaultdict

from django.db.models import prefetch_related_objects
from django.utils.functional import cached_property

from ..models import Application, Document, RejectedInput, StepState


class Shelf:
    """The rows of one or several applications, each table read once for all of them."""

    def __init__(self, applications):
        self.keys = [application.pk for application in applications]
        self._tables = {}

    def rows(self, model, application) -> list:
        if model not in self._tables:
            self._tables[model] = self._read(model)
        return self._tables[model][application.pk]

    def _read(self, model):
        related = [field.name for field in model._meta.fields if field.is_relation and field.name != "application"]
        found = model._default_manager.filter(application__in=self.keys)
        table = defaultdict(list)
        for row in found.select_related(*related) if related else found:
            table[row.application_id].append(row)
        return table


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
        joined = model._meta.get_field("application").remote_field.name
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
    """Several dossiers at once: the number of queries does not grow with them."""
    calls = [application.call for application in applications]
    prefetch_related_objects(calls, "budget_headings", "indicator_definitions", "action_categories", "criteria", "document_requirements")
    shelf = Shelf(applications)
    return [Dossier(application, shelf) for application in applications]
