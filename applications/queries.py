"""Reading: who may see which application, one dossier with its rows, and the facts the rules are told."""

from django.db.models import Q
from django.utils.functional import cached_property

from clusters_portal.accounts.roles import Role, has_role

from .models import (
    Action,
    Application,
    BudgetDetail,
    BudgetLine,
    BudgetNote,
    Call,
    Identity,
    IndicatorValue,
    Member,
    StrategySeries,
    SupportPeriod,
)
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
    """Applications on which this person is the mandatary or an editor."""
    return Application.objects.filter(collaborators__user=user).select_related("call", "association")


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


class Dossier:
    """One application and its rows, each table read at most once. Parts, rules and snapshot all read through it."""

    def __init__(self, application: Application):
        self.application = application
        self.call = application.call
        self._rows, self._ones = {}, {}

    def rows(self, model) -> list:
        """The rows of one table, in their order."""
        if model not in self._rows:
            related = [f.name for f in model._meta.fields if f.is_relation and f.name not in ("application",)]
            self._rows[model] = list(model._default_manager.filter(application=self.application).select_related(*related))
        return self._rows[model]

    def overlay(self, writes):
        """Lay unsaved rows over the stored ones, so that the rules judge what is being typed."""
        for row in writes.save:
            rows = self._rows.get(type(row))
            if rows is not None and all(row is not known for known in rows):
                rows.append(row)
        for row in writes.delete:
            self._rows[type(row)].remove(row)

    def one(self, model):
        """The dossier's single row of a table (new and unsaved when it does not exist yet), or its association."""
        if model is type(self.application.association):
            return self.application.association
        if model not in self._ones:
            found = model._default_manager.filter(application=self.application).first()
            self._ones[model] = found or model(application=self.application)
        return self._ones[model]

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
        return list(self.application.documents.filter(replaced_at=None).select_related("requirement"))

    @cached_property
    def rejected(self) -> dict:
        """{key: raw text} of every input that could not be read."""
        return dict(self.application.rejected_inputs.values_list("key", "raw"))

    @cached_property
    def step_states(self) -> dict:
        return {state.slug: state for state in self.application.step_states.select_related("saved_by")}


def facts_of(dossier: Dossier) -> Facts:
    """What the rules are told about a dossier; rows being typed are seen when `Dossier.overlay` laid them over."""
    identity = dossier.one(Identity)
    series = {row.code: row.amounts for row in dossier.rows(StrategySeries)}
    empty = (None,) * 5
    return Facts(
        applicant_type=identity.applicant_type,
        support_periods=tuple((p.starts_on, p.ends_on) for p in dossier.rows(SupportPeriod) if p.starts_on and p.ends_on),
        legal_form_is_association="association" in identity.legal_form.lower() or "جمعية" in identity.legal_form,
        constitution_date=identity.constitution_date,
        members=tuple(_member(m) for m in dossier.rows(Member)),
        lines=_lines(dossier),
        details=tuple(
            DetailFacts(code=d.heading.code, label=d.label, nature=d.nature, amounts=d.amounts)
            for d in dossier.rows(BudgetDetail)
            if d.heading
        ),
        action_costs=tuple(action.amounts for action in dossier.rows(Action)),
        members_forecast=series.get(StrategySeries.Code.MEMBERS, empty),
        fees_forecast=series.get(StrategySeries.Code.FEES, empty),
        indicators={row.definition.code: row.amounts for row in dossier.rows(IndicatorValue)},
        budget_comment=dossier.one(BudgetNote).comment,
    )


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
