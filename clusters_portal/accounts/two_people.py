"""What takes two people: one proposes, another decides, and neither is the person concerned."""

from django.utils.translation import gettext as _

from ..lib import clock


class Refused(Exception):
    """Nothing changed; `str()` says why, in words."""


def locked(act):
    """The act as it is now, its row held until the end of the transaction."""
    return type(act).objects.select_for_update(of=("self",)).select_related("person").get(pk=act.pk)


def settle(act, *, confirms: bool, actor) -> None:
    """Note who decided what of a locked act. Raises Refused when it is settled already, or not for this person to decide."""
    states = act.State
    if act.state != states.WAITING:
        raise Refused(_("This proposal has already been decided."))
    if actor.pk in (act.proposed_by_id, act.person_id):
        raise Refused(_("It takes two people: whoever proposed it, and whom it concerns, do not decide."))
    act.state, act.decided_by, act.decided_at = states.CONFIRMED if confirms else states.REFUSED, actor, clock.now()
    act.save(update_fields=["state", "decided_by", "decided_at"])
