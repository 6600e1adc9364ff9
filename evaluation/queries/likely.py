"""Likely conflicts of a call: what is still to be checked."""

from django.db.models import Exists, OuterRef, QuerySet

from applications.models import Call
from evaluation.models import ConflictDeclaration, LikelyConflict
from evaluation.queries.access import barred_applications
from evaluation.queries.rows import with_deposit
from evaluation.queries.states import JUDGED


def unchecked(call: Call) -> QuerySet:
    """Coincidences nobody has looked at: neither dismissed, nor followed by an interest recorded or declared on the pair."""
    settled = ConflictDeclaration.objects.filter(evaluator=OuterRef("evaluator"), application=OuterRef("application")).exclude(
        interest=ConflictDeclaration.Interest.NONE
    )
    rows = LikelyConflict.objects.filter(application__call=call, application__status__in=JUDGED, dismissed_at=None)
    return rows.filter(~Exists(settled))


def to_be_checked(call: Call) -> set:
    """{(person, dossier)} with a likely conflict to be checked."""
    return set(unchecked(call).values_list("evaluator_id", "application_id"))


def likely_conflicts_of(user, call: Call) -> QuerySet:
    """What this person may look at: not one's own case, nor a dossier barred to this person; with names as deposited."""
    rows = unchecked(call).exclude(evaluator=user).exclude(application__in=barred_applications(user))
    return with_deposit(rows, "application_id").select_related("evaluator", "application").order_by("application__number", "evaluator")


def interests_of(user, call: Call) -> QuerySet:
    """Every interest declared or raised in the call, gravest state first, without one's own and without dossiers barred to this
    person. Declarations without interest are counted elsewhere: they say nothing to act upon.
    """
    rows = ConflictDeclaration.objects.filter(application__call=call).exclude(interest=ConflictDeclaration.Interest.NONE)
    rows = rows.exclude(evaluator=user).exclude(application__in=barred_applications(user))
    related = ("evaluator", "application", "recorded_by", "ruled_by")
    return with_deposit(rows, "application_id").select_related(*related).order_by("-declared_at", "-pk")
