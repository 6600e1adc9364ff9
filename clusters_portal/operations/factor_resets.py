"""Somebody lost his second factor and his recovery codes: two people make sure who is asking, then he adds a new one.

Whoever could do this alone could sign in as anybody whose password he knows.
"""

from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from ..accounts import sessions, two_people
from ..accounts.models import FactorReset, User
from ..audit import journal
from ..lib import clock
from ..notifications import outbox


def check(*, person: User, actor: User) -> None:
    """Raises Refused when this could not be proposed."""
    if person == actor:
        raise two_people.Refused(_("Nobody resets his own second factor: ask another administrator to propose it."))
    if not Authenticator.objects.filter(user=person).exists():
        raise two_people.Refused(_("This person has no second factor."))
    if FactorReset.objects.filter(person=person, state=FactorReset.State.WAITING).exists():
        raise two_people.Refused(_("The same is already proposed, and waits for a second person."))


@transaction.atomic
def propose(*, person: User, reason: str, actor: User) -> FactorReset:
    """Ask for somebody's second factors to be removed. Nothing changes until a second person confirms. Raises Refused. Journalled."""
    check(person=person, actor=actor)
    try:
        with transaction.atomic():
            made = FactorReset.objects.create(person=person, reason=reason, proposed_by=actor, proposed_at=clock.now())
    except IntegrityError:  # the same, at the same moment
        raise two_people.Refused(_("The same is already proposed, and waits for a second person.")) from None
    journal.record("factor_reset.proposed", person, actor=actor, note=reason, data={"reset": made.pk})
    return made


@transaction.atomic
def decide(*, reset: FactorReset, confirms: bool, actor: User) -> FactorReset:
    """A second person removes every factor and ends every session, or refuses to. Raises Refused.

    Side effects: the journal has the kinds removed; the person is told, whatever was decided.
    """
    locked = two_people.locked(reset)
    two_people.settle(locked, confirms=confirms, actor=actor)
    held = Authenticator.objects.filter(user=locked.person)
    kinds = sorted(held.values_list("type", flat=True))
    data = {"reset": locked.pk, "proposed_by": locked.proposed_by_id}
    if confirms:
        held.delete()
        sessions.end_all(locked.person)
        journal.record("factor_reset.confirmed", locked.person, actor=actor, note=locked.reason, before=", ".join(kinds), data=data)
    else:
        journal.record("factor_reset.refused", locked.person, actor=actor, note=locked.reason, data=data)
    outbox.tell(locked.person, kind="factor_reset", context={"confirmed": confirms}, url=reverse("mfa_index"))
    return locked
