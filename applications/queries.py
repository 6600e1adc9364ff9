"""Reading: who may see which application, one dossier with its rows, and the facts the rules are told."""

from collections import defaultdict

from django.db.models import F, Q, prefetch_related_objects
from django.utils.functional import cached_property

from clusters_portal.accounts.roles import Role, has_role

from .models import (
    Action,
    Application,
    BudgetDetail,
    BudgetLine,
    BudgetNote,
    Call,
    Document,
    Identity,
    IndicatorValue,
    Member,
    RejectedInput,
    StepState,
    StrategySeries,
    SupportPeriod,
)
from .models.content import OnePerApplication
from .rules.facts import DetailFacts, Facts, LineFacts, MemberFacts, Terms

# Who reads every submitted application. Evaluators and committee members read through `evaluation`, after their
# declaration of interests; a technical administrator reads no content (evaluation.md 1.3).
READERS_OF_SUBMITTED = (Role.CASE_OFFICER, Role.DIVISION_HEAD, Role.COUNTER_AGENT, Role.AUDITOR)


def applications_visible_to(user):
    """Applications this person may open: his own in any state, submitted ones for DPTC and auditors."""
    if not user.is_authenticated or not user.is_active:
        return Application.objects.none()
    allowed = Q(collaborators__user=user)
    if has_role(user, *READERS_OF_SUBMITTED):
        allowed |= ~Q(status=Application.Status.DRAFT)
    return Application.objects.filter(allowed).select_related("call", "association").distinct()


def own_applications(user):
    """Applications on which this person is the mandatary or an editor; each row knows the person's role on it."""
    found = Application.objects.filter(collaborators__user=user).select_related("call", "association")
    return found.annotate(reader_id=F("collaborators__user"), reader_role=F("collaborators__role"))


def with_single_rows(applications):
    """The same applications, each read together with its single rows (identity, strategy…): one query instead of six."""
    joined = [relation.name for relation in Application._meta.related_objects if issubclass(relation.related_model, OnePerApplication)]
    return applications.select_related(*joined)


def submitted_applications(user):
    """Applications DPTC and auditors work on; nothing for anyone else."""
    if not has_role(user, *READERS_OF_SUBMITTED):
        return Application.objects.none()
    return Application.objects.exclude(status=Application.Status.DRAFT).select_related("call", "association", "assignee")


def terms_of(call: Call) -> Terms:
    """The thresholds of a call, as the rules want them."""
    return Terms(
        min_members=call.min_members,
        min_qualifying_percent=call.min_qualifying_percent,
        min_self_financing_percent=call.min_self_financing_percent,
        members_severity=call.members_severity,
        qualifying_severity=call.qualifying_severity,
        self_financing_severity=call.self_financing_severity,
        self_financing_formula=call.self_financing_formula,
        new_allowed=call.new_allowed,
        existing_allowed=call.existing_allowed,
        existing_min_support_years=call.existing_min_support_years,
    )


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


def facts_of(dossier: Dossier) -> Facts:
    """What the rules are told about a dossier; rows being typed are seen when `Dossier.overlay` laid them over."""
    identity, budget = dossier.one(Identity), budget_facts(dossier)
    series = {row.code: row.amounts for row in dossier.rows(StrategySeries)}
    empty = (None,) * 5
    return Facts(
        applicant_type=identity.applicant_type,
        support_periods=tuple((p.starts_on, p.ends_on) for p in dossier.rows(SupportPeriod) if p.starts_on and p.ends_on),
        legal_form_is_association="association" in identity.legal_form.lower() or "جمعية" in identity.legal_form,
        constitution_date=identity.constitution_date,
        members=member_facts(dossier),
        lines=budget.lines,
        details=budget.details,
        action_costs=tuple(action.amounts for action in dossier.rows(Action)),
        members_forecast=series.get(StrategySeries.Code.MEMBERS, empty),
        fees_forecast=series.get(StrategySeries.Code.FEES, empty),
        indicators={row.definition.code: row.amounts for row in dossier.rows(IndicatorValue)},
        budget_comment=dossier.one(BudgetNote).comment,
    )


def member_facts(dossier: Dossier) -> tuple[MemberFacts, ...]:
    """The table of members alone."""
    return tuple(_member(member) for member in dossier.rows(Member))


def budget_facts(dossier: Dossier) -> Facts:
    """The budget alone: what its totals need, without reading the other tables."""
    details = tuple(
        DetailFacts(code=d.heading.code, label=d.label, nature=d.nature, amounts=d.amounts) for d in dossier.rows(BudgetDetail) if d.heading
    )
    return Facts(lines=_lines(dossier), details=details)


def _member(member) -> MemberFacts:
    return MemberFacts(
        name=member.name_fr or member.name_ar,
        category=member.category,
        engagement=member.engagement,
        qualifies=member.qualifies,
        ice=member.ice,
        fee=member.fee,
    )


def _lines(dossier) -> tuple:
    stored = {line.heading_id: line.amounts for line in dossier.rows(BudgetLine)}
    return tuple(
        LineFacts(
            code=heading.code,
            side=heading.side,
            state_fundable=heading.state_fundable,
            needs_detail=heading.needs_detail,
            amounts=stored.get(heading.pk, (None,) * 5),
        )
        for heading in dossier.headings
    )
