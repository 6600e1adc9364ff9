"""Complement requests (A13): DPTC asks once, field by field and piece by piece; what is not listed stays closed."""

from dataclasses import dataclass

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from clusters_portal.audit import journal
from clusters_portal.lib import clock
from clusters_portal.lib.text import clean_text
from clusters_portal.notifications import outbox

from ..forms.complements import LONGEST
from ..models import Application, ComplementItem, ComplementRequest, KeptDraft
from ..permissions import can_ask_complement, can_cancel_complement
from ..recap import choices_by_key
from .admissibility import proposals
from .restore import restore

# Where a threshold that is not met is put right.
ITEM_OF_RULE = {
    "members": "membres.members",
    "qualifying": "membres.members",
    "self_financing": "budget.lines",
    "constitution_date": "identite.identity.constitution_date",
    "legal_form": "identite.identity.legal_form",
    "applicant_type": "identite.identity.applicant_type",
    "support_years": "identite.support",
}


class ComplementRefused(Exception):
    """Nothing changed; `errors` is {field: sentence}: reason, items, due, a key of an item, "" for the whole."""

    def __init__(self, errors):
        self.errors = errors
        super().__init__("; ".join(errors.values()))


@dataclass(frozen=True)
class Asked:
    """One thing asked: the key of a choice (see `recap.choices`) and the question put, which may be empty."""

    key: str
    question: str = ""


def proposed_items(deposit) -> dict:
    """{key of a choice: why} of what recevabilité would find not conforming: pieces and thresholds."""
    found = {}
    for line in proposals(deposit):
        kind, _colon, name = line.item.partition(":")
        key = line.item if kind == "piece" else ITEM_OF_RULE.get(name)
        if key and line.finding == "non_conforming":
            sentence = line.detail if kind == "rule" else _("“%(piece)s” has not been uploaded.") % {"piece": line.title}
            found[key] = f"{found[key]}\n{sentence}" if key in found else sentence
    return found


@transaction.atomic
def ask(*, application, items: list[Asked], reason: str, due_at, actor) -> ComplementRequest:
    """Ask the people of a dossier to complete what they deposited until `due_at` (aware), included.

    Raises ComplementRefused. Side effects: the draft goes back to the deposit (what was there is kept aside), journal,
    a notice and a mail to everyone of the dossier.
    """
    locked = Application.objects.select_for_update(of=("self",)).select_related("call", "association").get(pk=application.pk)
    permission, now = can_ask_complement(actor, locked), clock.now()
    if not permission:
        raise ComplementRefused({"": permission.reason})
    deposit = locked.current_deposit
    check(deposit=deposit, items=items, reason=reason, due_at=due_at, now=now)
    restore(application=locked, actor=actor, reason=KeptDraft.Reason.COMPLEMENT)
    asked = ComplementRequest.objects.create(
        application=locked, deposit=deposit, reason=clean_text(reason), asked_by=actor, asked_at=now, due_at=due_at
    )
    pieces = {piece.code: piece for piece in locked.call.document_requirements.all()}
    ComplementItem.objects.bulk_create(
        ComplementItem(request=asked, position=position, question=clean_text(item.question), **_columns(item.key, pieces))
        for position, item in enumerate(items)
    )
    journal.record(
        "complement.asked", locked, actor=actor, after=due_at.isoformat(), note=asked.reason,
        data={"request": asked.pk, "deposit": deposit.sequence, "items": [item.key for item in items]},
    )  # fmt: skip
    tell_people(asked, "complement_asked")
    return asked


def check(*, deposit, items, reason, due_at, now) -> None:
    """Is what would be asked sound? Raises ComplementRefused with a sentence for each fault."""
    choices, errors = choices_by_key(deposit.content, deposit.application.call), {}
    keys = [item.key for item in items]
    if not reason.strip() or len(reason) > LONGEST:
        errors["reason"] = _("Say what is asked and why, in %(limit)d characters at most.") % {"limit": LONGEST}
    if not keys:
        errors["items"] = _("Choose at least one field, table or document.")
    elif len(set(keys)) != len(keys) or not set(keys) <= set(choices):
        errors["items"] = _("One of the choices is not in this application. Choose again.")
    for item in items:
        if len(item.question) > LONGEST:
            errors[item.key] = _("A question has %(limit)d characters at most.") % {"limit": LONGEST}
        elif "." in item.key.partition(".")[2] and item.key.rpartition(".")[0] in keys:
            errors[item.key] = _of_line(item.key, choices, _("The whole table is already asked: leave out this line or the table."))
    if due_at is None or due_at <= now:
        errors["due"] = _("The due date must be in the future.")
    if errors:
        raise ComplementRefused(errors)


def _of_line(key, choices, sentence) -> str:
    """What is said of one line of a table, with its place and its name: several lines may be told the same."""
    table = key.rpartition(".")[0]
    lines = [each for each in choices if each.rpartition(".")[0] == table]
    if key not in lines:
        return sentence
    values = {"number": lines.index(key) + 1, "name": choices[key][1].label, "sentence": sentence}
    return _("Line %(number)d (%(name)s): %(sentence)s") % values


@transaction.atomic
def cancel(*, request_id, reason: str, actor) -> ComplementRequest:
    """Take a request back with its reason; another one may then be made. Raises ComplementRefused.

    Side effects: journal, a notice and a mail to everyone of the dossier. What was typed stays in the draft.
    """
    found = ComplementRequest.objects.get(pk=request_id)
    locked = Application.objects.select_for_update(of=("self",)).get(pk=found.application_id)
    asked = ComplementRequest.objects.select_related("application__call", "deposit").get(pk=request_id)
    permission = can_cancel_complement(actor, asked)
    if not permission:
        raise ComplementRefused({"": permission.reason})
    if not reason.strip() or len(reason) > LONGEST:
        raise ComplementRefused({"reason": _("Give the reason of the cancellation, in %(limit)d characters at most.") % {"limit": LONGEST}})
    asked.cancelled_by, asked.cancelled_at, asked.cancel_reason = actor, clock.now(), clean_text(reason)
    asked.save(update_fields=["cancelled_by", "cancelled_at", "cancel_reason"])
    journal.record("complement.cancelled", locked, actor=actor, note=asked.cancel_reason, data={"request": asked.pk})
    tell_people(asked, "complement_cancelled")
    return asked


def tell_people(asked, kind) -> None:
    """A notice and a mail to everyone of the dossier."""
    application = asked.application
    for collaborator in application.collaborators.select_related("user"):
        outbox.tell(
            collaborator.user, kind=kind, context={"asked": asked, "application": application},
            url=reverse("applications:complement", args=[application.pk]),
        )  # fmt: skip


def _columns(key, pieces) -> dict:
    if key.startswith("piece:"):
        return {"requirement": pieces[key.removeprefix("piece:")]}
    step, part, *names = key.split(".")
    return {"step": step, "part": part, "field": names[0] if names else ""}
