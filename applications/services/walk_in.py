"""A file brought to the counter by an association that has no application online (S4): opened, numbered, scanned later."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from clusters_portal.audit import journal
from clusters_portal.lib import clock

from ..models import Application, Association, Call, Deposit, PaperDeposit, WalkIn
from ..pdf.papers import draft_content
from ..permissions import can_open_walk_in, can_scan
from ..queries import Dossier
from ..rules.membership import name_key
from . import lifecycle
from .counter import CounterRefused, record, register_errors
from .deposit import frozen, next_number
from .drafts import DraftRefused


@dataclass(frozen=True)
class Contact:
    """Who brings the file: names of the association, and whom to write to."""

    name_fr: str
    contact_name: str
    name_ar: str = ""
    contact_email: str = ""
    contact_phone: str = ""


def same_name(*, call, name_fr: str, name_ar: str = "") -> list[Deposit]:
    """Deposits of this call under the same name, without case or accents. Drafts are nobody's business and never compared."""
    keys = {name_key(name) for name in (name_fr, name_ar) if name_key(name)}
    received = Deposit.objects.filter(application__call=call).exclude(application__status=Application.Status.DRAFT)
    found = {}
    for deposit in received.defer("snapshot").order_by("sequence"):
        if keys & {name_key(deposit.name_fr), name_key(deposit.name_ar)}:
            found[deposit.application_id] = deposit
    return list(found.values())


@transaction.atomic
def open_walk_in(*, pk, call, contact: Contact, checklist, actor, register=None, is_another: bool = False) -> PaperDeposit:
    """Open the dossier `pk` (an UUID drawn with the form), give it its number and the acknowledgement of its paper file.

    The same form sent twice makes one dossier. `is_another`: the agent saw the deposits under the same name and says it is
    another association. Raises CounterRefused. Side effects: status, both numbers, journal.
    """
    # The call's row is the lock: two tabs, or two agents with the same association, come one after the other.
    locked = Call.objects.select_for_update(no_key=True).get(pk=call.pk)
    now = clock.now()
    permission = can_open_walk_in(actor, locked)
    if not permission:
        raise CounterRefused(permission.reason)
    already = PaperDeposit.objects.filter(application=pk, agent=actor).order_by("entered_at").first()
    if already:
        return already
    errors = _errors(pk, locked, contact, register, now, is_another)
    if errors:
        raise CounterRefused(errors)
    received_at = register.received_at if register else now
    association = Association.objects.create(name_fr=contact.name_fr, name_ar=contact.name_ar)
    application = Application.objects.create(pk=pk, call=locked, association=association, created_by=actor)
    WalkIn.objects.create(
        application=application, contact_name=contact.contact_name, contact_email=contact.contact_email,
        contact_phone=contact.contact_phone, received_by=actor,
    )  # fmt: skip
    journal.record("application.walk_in", application, actor=actor, after=application.status)
    number = next_number(locked)
    deposit = _freeze(application, number=number, received_at=received_at, actor=actor, depositor=checklist.depositor_name)
    proof = {"number": number, "sequence": 1, "sha256": deposit.sha256, "received_at": received_at.isoformat()}
    application = lifecycle.move(
        application, "deposit", actor=actor, extra_fields={"number": number, "deposited_at": received_at}, data=proof
    )
    return record(application=application, deposit=deposit, checklist=checklist, actor=actor, now=now, register=register)


def _errors(pk, call, contact, register, now, is_another) -> dict:
    if call.published_at is None or now < call.opens_at:
        return {"": _("This call is not open yet.")}
    if Application.objects.filter(pk=pk).exists():
        return {"": _("This form has already been used: open a new one.")}
    errors = register_errors(call, register, now=now)
    twins = [] if is_another else same_name(call=call, name_fr=contact.name_fr, name_ar=contact.name_ar)
    if twins:
        numbers = ", ".join(deposit.number for deposit in twins)
        sentence = _("An application has been received under this name: %(numbers)s. If this is another association, tick the box.")
        errors["is_another"] = sentence % {"numbers": numbers}
    return errors


def lock_scans(application, actor) -> Application:
    """The locked row of a dossier whose pieces the counter scans. Raises DraftRefused: what `documents.attach` expects."""
    locked = Application.objects.select_for_update(of=("self",)).select_related("call", "association").get(pk=application.pk)
    permission = can_scan(actor, locked)
    if not permission:
        raise DraftRefused(permission.reason)
    return locked


@transaction.atomic
def freeze_scans(*, application, actor) -> Deposit:
    """Freeze the scans added since: a further deposit of the same paper file, under the same number and the same date.

    Without a new scan the last one is returned. Raises DraftRefused. Side effect: journal.
    """
    locked = lock_scans(application, actor)
    last = locked.current_deposit
    scanned = {str(pk) for pk in locked.documents.filter(replaced_at=None).values_list("pk", flat=True)}
    if scanned == {document["id"] for document in last.content["documents"]}:
        return last
    made = _freeze(locked, number=last.number, received_at=last.received_at, actor=actor, depositor=last.content["deposited_by"]["name"])
    proof = {"number": made.number, "sequence": made.sequence, "sha256": made.sha256}
    journal.record("application.scanned", locked, actor=actor, after=made.number, data=proof)
    return made


def _freeze(application, *, number, received_at, actor, depositor) -> Deposit:
    """What is known of the dossier now, in the shape of every deposit: nothing was declared online, and nothing is invented."""
    dossier = Dossier(application)
    said = {
        "declaration": draft_content(dossier)["declaration"],
        "deposited_by": {"name": depositor, "email": application.walk_in.contact_email},
        "recorded_by": {"name": actor.get_full_name(), "at": clock.now()},
    }
    return frozen(dossier, {}, actor, received_at, number=number, kind=Deposit.Kind.PAPER, said=said)
