"""What anyone may read without an account: published calls, and the results once they are published."""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import F, Prefetch
from django.utils.module_loading import import_string

from clusters_portal.accounts.roles import Role, has_role

from .models import Application, Call, Criterion, Deposit
from .steps import STEPS

# Only the winners are ever named in public: candidates' files are confidential (annex of the cahier des charges).
NAMED_IN_PUBLIC = (Application.Status.SELECTED, Application.Status.SELECTED_WITH_RESERVATIONS)


@dataclass(frozen=True)
class PublicCalls:
    """Published calls by what can be done with them, each list in reading order. `results`: those with winners to show."""

    open: list
    upcoming: list
    closed: list

    @property
    def results(self) -> list:
        return [call for call in self.closed if call.winners]


def public_calls(now) -> PublicCalls:
    """Every published call with its `winners` (see `winners_of`) and extensions. Four queries whatever their number."""
    calls = list(_with_winners(Call.objects.published(), now).order_by("-deadline_at"))
    return PublicCalls(
        open=sorted((call for call in calls if call.is_open(now)), key=lambda call: (call.is_demonstration, call.deadline_at)),
        upcoming=sorted((call for call in calls if call.opens_at > now), key=lambda call: call.opens_at),
        closed=[call for call in calls if call.is_closed(now)],
    )


def calls_readable_by(user, now):
    """Calls whose page this visitor may open: the published ones; those who prepare calls read them before."""
    prepares = has_role(user, Role.ADMINISTRATOR, Role.DIVISION_HEAD)
    return _with_winners(Call.objects.all() if prepares else Call.objects.published(), now)


def results_of(call, now) -> dict | None:
    """The results of a call as they were published, ranks and waiting list; None before. Asked of the judging floor by name."""
    published = call.results_published_at
    return import_string(settings.PUBLISHED_RESULTS)(call) if published and published <= now else None


def state_of(call, now) -> str:
    """What can be done with the call at this moment: "unpublished", "upcoming", "open" or "closed"."""
    if call.published_at is None:
        return "unpublished"
    if call.opens_at > now:
        return "upcoming"
    return "open" if call.is_open(now) else "closed"


def call_context(call) -> dict:
    """What the call's page, its printable rules and their PDF show."""
    criteria = list(call.criteria.all())
    guidance = {row.slug: row for row in call.step_guidance.all()}
    headings = list(call.budget_headings.all())
    return {
        "call": call,
        "requirements": list(call.document_requirements.all()),
        "steps": [{"step": step, "guidance": guidance.get(step.slug)} for step in STEPS],
        "criteria": [(label, [row for row in criteria if row.block == block]) for block, label in Criterion.Block.choices],
        "categories": list(call.action_categories.all()),
        "expenses": [row for row in headings if row.side == row.Side.EXPENSE],
        "income": [row for row in headings if row.side == row.Side.INCOME],
        "indicators": list(call.indicator_definitions.all()),
    }


def _with_winners(calls, now):
    """Each call with `winners`: its selected applications, empty until the results are published, after each was notified."""
    names = Deposit.objects.only("application_id", "sequence", "name_fr", "name_ar", "acronym", "region").order_by("sequence")
    winners = (
        Application.objects.filter(
            status__in=NAMED_IN_PUBLIC, call__results_published_at__lte=now, notified_at__lte=F("call__results_published_at")
        )
        .order_by("number")
        .prefetch_related(Prefetch("deposits", queryset=names, to_attr="named"))
    )
    return calls.prefetch_related(Prefetch("applications", queryset=winners, to_attr="winners"), "extensions")
