"""The counter (S4; clause 2.2): a paper file received by hand against a numbered acknowledgement, and what is decided when it is late."""

from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from clusters_portal.audit import journal
from clusters_portal.lib import clock
from clusters_portal.notifications import outbox

from ..models import AcknowledgementCounter, Application, Countersignature, LateDecision, PaperDeposit
from ..permissions import can_countersign, can_decide_late, can_receive_paper
from ..queries import current_papers, deposit_on_paper, reservations
from ..queries.paper import EFFECTIVE
from ..rules.deadline import is_within


class CounterRefused(Exception):
    """Nothing changed; `errors` is {field: sentence}, "" for the whole form."""

    def __init__(self, errors):
        self.errors = {"": errors} if isinstance(errors, str) else errors
        super().__init__("; ".join(self.errors.values()))


@dataclass(frozen=True)
class Checklist:
    """What the agent found. `fingerprint_matches` is None when there is no printed fingerprint to compare."""

    copies: int
    depositor_name: str
    all_pages_signed: bool
    is_sealed: bool
    fingerprint_matches: bool | None = None
    depositor_quality: str = ""
    remarks: str = ""


@dataclass(frozen=True)
class RegisterEntry:
    """A line of the numbered paper register kept while the portal could not be reached: its number, the moment it says."""

    number: str
    received_at: datetime


@transaction.atomic
def receive(*, application, checklist: Checklist, actor, register: RegisterEntry | None = None, seen: int | None = None) -> PaperDeposit:
    """Record the paper file of the deposit that counts and give its acknowledgement a number (`<prefix>-AR-0001`).

    Late or incomplete files are recorded as they were found, and said so on the acknowledgement. A second click or tab
    gets the same acknowledgement back; so does the same number of the register. An entry of the register counts once it
    is countersigned. `seen` is the sequence of the deposit the checklist was filled against, None skips the check.
    Raises CounterRefused. Side effects: number, journal; a notice and a mail when it counts at once.
    """
    Application.objects.select_for_update().get(pk=application.pk)
    # Read after the lock: a new online deposit or an extension committed meanwhile counts.
    locked = Application.objects.select_related("call", "association").get(pk=application.pk)
    now = clock.now()
    deposit = deposit_on_paper(locked)
    papers = current_papers().filter(application=locked)
    permission = can_receive_paper(actor, locked)
    if not permission:
        raise CounterRefused(permission.reason)
    already = papers.filter(EFFECTIVE).first() or (register and papers.filter(register_number=register.number).first())
    if already:
        return already
    errors = register_errors(locked.call, register, now=now, since=deposit.received_at)
    if seen not in (None, deposit.sequence):
        errors[""] = _("A newer online deposit has just been made: compare its fingerprint with the pages before recording.")
    if errors:
        raise CounterRefused(errors)
    return record(application=locked, deposit=deposit, checklist=checklist, actor=actor, now=now, register=register)


def register_errors(call, register, *, now, since=None) -> dict:
    """Why an entry of the paper register cannot be what it says: {field: sentence}. `since`: before it nothing could be received.

    Locks the call's counter, so that two agents never enter one line of the register twice.
    """
    if register is None:
        return {}
    AcknowledgementCounter.objects.select_for_update().get_or_create(call=call)
    twin = PaperDeposit.objects.filter(application__call=call, register_number=register.number).first()
    if twin is not None:
        sentence = _("This line of the register is already acknowledgement %(number)s.")
        return {"register_number": sentence % {"number": twin.receipt_number}}
    if register.received_at > now:
        return {"register_day": _("This moment is still to come.")}
    if register.received_at < call.opens_at:
        return {"register_day": _("The call was not open yet at that moment.")}
    # The register says minutes, the deposit has seconds.
    if since is not None and register.received_at < since.replace(second=0, microsecond=0):
        sentence = _("The online deposit was made on %(moment)s: its paper file cannot have been received before.")
        return {"register_day": sentence % {"moment": clock.format_moment(since)}}
    return {}


def record(*, application, deposit, checklist, actor, now, register=None) -> PaperDeposit:
    """Insert the acknowledgement under the lock the caller holds. Side effects: see `receive`."""
    call = application.call
    received_at = register.received_at if register else now
    paper = PaperDeposit.objects.create(
        application=application, deposit=deposit, receipt_number=_next_number(call), received_at=received_at, entered_at=now,
        deadline_at=call.deadline_at, is_late=not is_within(received_at, call.deadline_at),
        register_number=register.number if register else "", copies_required=call.required_copies, agent=actor, **asdict(checklist),
    )  # fmt: skip
    journal.record(
        "paper.received", application, actor=actor, after=paper.receipt_number, note=checklist.remarks,
        data={
            "deposit": deposit.sequence, "received_at": received_at.isoformat(), "entered_at": now.isoformat(), "late": paper.is_late,
            "copies": paper.copies, "required": paper.copies_required, "register": paper.register_number,
        },
    )  # fmt: skip
    if paper.is_effective:
        _tell(paper, kind="paper_received")
    return paper


@transaction.atomic
def countersign(*, paper, actor) -> Countersignature:
    """A second agent confirms an entry of the paper register, which counts from then on. Raises CounterRefused.

    Side effects: journal, a notice and a mail to the people of the dossier.
    """
    locked = _lock(paper)
    permission = can_countersign(actor, locked)
    if not permission:
        raise CounterRefused(permission.reason)
    if current_papers().filter(EFFECTIVE, application=locked.application).exists():
        raise CounterRefused(_("The paper file of this application has been recorded in the meantime: this entry stays without effect."))
    made = Countersignature.objects.create(paper=locked, agent=actor, signed_at=clock.now())
    journal.record("paper.countersigned", locked.application, actor=actor, after=locked.receipt_number)
    _tell(locked, kind="paper_received")
    return made


@transaction.atomic
def decide_late(*, paper, accepted: bool, reason: str, actor) -> LateDecision:
    """The head of division accepts or refuses a late paper file, with a written reason. Raises CounterRefused.

    Side effects: journal, a notice and a mail to the people of the dossier.
    """
    locked = _lock(paper)
    permission = can_decide_late(actor, locked)
    if not permission:
        raise CounterRefused(permission.reason)
    if not reason.strip():
        raise CounterRefused({"reason": _("Give the reason: the association reads it.")})
    made = LateDecision.objects.create(paper=locked, accepted=accepted, reason=reason, decided_by=actor, decided_at=clock.now())
    journal.record(
        "paper.late_decided", locked.application, actor=actor, after="accepted" if accepted else "refused", note=reason,
        data={"acknowledgement": locked.receipt_number},
    )  # fmt: skip
    _tell(locked, kind="late_decided", decision=made)
    return made


def _lock(paper) -> PaperDeposit:
    """The acknowledgement as it stands, once its dossier is locked."""
    Application.objects.select_for_update().get(pk=paper.application_id)
    return PaperDeposit.objects.select_related("application__call", "application__association").get(pk=paper.pk)


def _next_number(call) -> str:
    counter, _created = AcknowledgementCounter.objects.select_for_update().get_or_create(call=call)
    counter.last += 1
    counter.save(update_fields=["last"])
    return f"{call.number_prefix}-AR-{counter.last:04d}"


def _tell(paper, *, kind, **context):
    # Said in the language of each reader: the template calls it.
    context |= {"paper": paper, "number": paper.application.number, "reservations": partial(reservations, paper)}
    address = reverse("applications:task_list", args=[paper.application_id])
    for collaborator in paper.application.collaborators.select_related("user"):
        outbox.tell(collaborator.user, kind=kind, context=context, url=address)
