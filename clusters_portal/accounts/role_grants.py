"""Giving and taking roles takes two people: one proposes, another confirms, and neither is the person concerned."""

from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from ..audit import journal
from ..lib import clock
from . import two_people
from .models import RoleGrant, User

GrantRefused = two_people.Refused


def check(*, person: User, role: str, withdraws: bool, actor: User) -> None:
    """Raises GrantRefused when this could not be proposed."""
    if person == actor:
        raise GrantRefused(_("Nobody changes his own roles: ask another administrator to propose it."))
    if (role in roles_of(person)) != withdraws:
        raise GrantRefused(_("This person does not hold this role.") if withdraws else _("This person already holds this role."))
    if RoleGrant.objects.filter(person=person, role=role, state=RoleGrant.State.WAITING).exists():
        raise GrantRefused(_("The same is already proposed, and waits for a second person."))


@transaction.atomic
def propose(*, person: User, role: str, reason: str, actor: User, withdraws: bool = False) -> RoleGrant:
    """Ask for a role to be given, or taken away. Nothing changes until a second person confirms. Raises GrantRefused. Journalled."""
    check(person=person, role=role, withdraws=withdraws, actor=actor)
    try:
        with transaction.atomic():
            made = RoleGrant.objects.create(
                person=person, role=role, withdraws=withdraws, reason=reason, proposed_by=actor, proposed_at=clock.now()
            )
    except IntegrityError:  # the same, at the same moment
        raise GrantRefused(_("The same is already proposed, and waits for a second person.")) from None
    journal.record("role.proposed", person, actor=actor, after=_words(made), note=reason, data={"grant": made.pk})
    return made


@transaction.atomic
def decide(*, grant: RoleGrant, confirms: bool, actor: User) -> RoleGrant:
    """A second person gives or takes the role, or refuses to. Raises Refused. Journalled with the roles before and after."""
    locked = two_people.locked(grant)
    two_people.settle(locked, confirms=confirms, actor=actor)
    before = roles_of(locked.person)
    if confirms:
        group = Group.objects.get(name=locked.role)
        (locked.person.groups.remove if locked.withdraws else locked.person.groups.add)(group)
    journal.record(
        "user.roles_changed" if confirms else "role.refused", locked.person, actor=actor, note=locked.reason,
        before=", ".join(before), after=", ".join(roles_of(locked.person)), data={"grant": locked.pk, "proposed_by": locked.proposed_by_id},
    )  # fmt: skip
    return locked


def roles_of(person: User) -> list[str]:
    """Codes of the roles held now, in order: one query, never the list remembered for a request."""
    return sorted(person.groups.values_list("name", flat=True))


def _words(grant) -> str:
    return f"{'-' if grant.withdraws else '+'} {grant.role}"
