"""Extension of a deadline (S5): later, never earlier, while the call has not closed; published with its reason."""

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from clusters_portal.audit import journal
from clusters_portal.lib import clock
from clusters_portal.notifications import outbox

from ..models import Application, Call, Collaborator, DeadlineExtension
from ..permissions import can_extend

# Who is told: whoever can still deposit, for the first time or after a withdrawal, and whoever has (X19: the deposit stays
# valid and may still be changed).
TOLD = (Application.Status.DRAFT, Application.Status.WITHDRAWN, Application.Status.DEPOSITED)


class ExtensionRefused(Exception):
    """Nothing changed; `errors` is {field: sentence}, "" for the whole form."""

    def __init__(self, errors):
        self.errors = errors
        super().__init__("; ".join(errors.values()))


@transaction.atomic
def extend(*, call, new_deadline, reason_fr: str, actor, reason_ar: str = "", reason_en: str = "") -> DeadlineExtension:
    """Move the deadline of a call to `new_deadline` (aware), strictly later. Raises ExtensionRefused.

    Locks the call, then reads the clock: an extension that waited until the call had closed is refused. Side effects: the
    call and its history, journal, a notice and a mail to everyone with a draft, a withdrawn or a deposited dossier.
    """
    locked = Call.objects.select_for_update(no_key=True).get(pk=call.pk)
    now = clock.now()
    errors = _errors(locked, new_deadline, reason_fr, actor, now)
    if errors:
        raise ExtensionRefused(errors)
    old = locked.deadline_at
    made = DeadlineExtension.objects.create(
        call=locked, old_deadline_at=old, new_deadline_at=new_deadline, reason_fr=reason_fr, reason_ar=reason_ar, reason_en=reason_en,
        decided_by=actor, published_at=now,
    )  # fmt: skip
    locked.deadline_at = new_deadline
    locked._history_user, locked._change_reason = actor, reason_fr[:100]
    locked.save(update_fields=["deadline_at"])
    journal.record("call.deadline_extended", locked, actor=actor, before=old.isoformat(), after=new_deadline.isoformat(), note=reason_fr)
    _tell_everyone(made)
    return made


def _errors(call, new_deadline, reason_fr, actor, now) -> dict:
    permission = can_extend(actor, call)
    if not permission:
        return {"": permission.reason}
    if call.published_at is None:
        return {"": _("This call is not published: change its deadline in the administration.")}
    if call.is_closed(now):
        moment = clock.format_moment(call.deadline_at)
        return {"": _("The call closed on %(moment)s: its deadline can no longer be extended.") % {"moment": moment}}
    errors = {}
    if new_deadline <= call.deadline_at:
        moment = clock.format_moment(call.deadline_at)
        errors["day"] = _("A deadline is extended, never shortened: choose a moment after %(moment)s.") % {"moment": moment}
    if not reason_fr.strip():
        errors["reason_fr"] = _("An extension is published with its reason.")
    return errors


def people_told(call):
    """Who is told of an extension: the people of each dossier of the call that may be deposited until the new deadline."""
    return Collaborator.objects.filter(application__call=call, application__status__in=TOLD)


def _tell_everyone(extension):
    for collaborator in people_told(extension.call).select_related("user", "application__association").order_by("pk"):
        application = collaborator.application
        outbox.tell(
            collaborator.user, kind="deadline_extended", url=reverse("applications:task_list", args=[application.pk]),
            context={"extension": extension, "call": extension.call, "application": application},
        )  # fmt: skip
