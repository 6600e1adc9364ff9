"""What the rules are told: the rows of a dossier and the columns of a call as plain values."""

from ..models import Action, BudgetDetail, BudgetLine, BudgetNote, Call, Identity, IndicatorValue, Member, StrategySeries, SupportPeriod
from ..rules.facts import DetailFacts, Facts, LineFacts, MemberFacts, Terms
from .dossier import Dossier


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
