"""Answering a complement request: only what was asked can be changed, and the answer is a further deposit."""

import json

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from clusters_portal.audit import journal
from clusters_portal.lib import clock as portal_clock
from clusters_portal.lib.canonical import canonical_json
from clusters_portal.notifications import outbox

from ..models import Application, ComplementRequest, Deposit
from ..permissions import can_answer_complement, can_complete
from ..queries import Dossier, Scope, scope_of, with_single_rows
from ..snapshots import snapshot_of
from ..steps import STEPS, STEPS_BY_CODE
from .complements import tell_people
from .deposit import DepositRefused, Obstacle, frozen
from .documents import attach
from .drafts import DraftRefused, Saved, save_open_parts
from .messages import desk_of

PIECES = STEPS_BY_CODE["documents"]


@transaction.atomic
def save(*, asked, step, data, actor, version: int | None = None) -> Saved:
    """Save the fields of a step that a request reopens; whatever else `data` says is dropped before it is read.

    Raises DraftRefused (not this person, too late, nothing of this step is open), StaleStep.
    """
    locked = _lock(asked, actor)
    scope = scope_of(asked)
    parts = scope.of_step(step.slug)
    if not parts:
        raise DraftRefused(_("Nothing of this step was asked for: it stays as it was submitted."))
    return save_open_parts(application=locked, step=step, parts=parts, data=only_open(scope, step, data), actor=actor, version=version)


def send_piece(*, asked, requirement, upload, actor, label="", expected_pages=None):
    """Attach a file for a piece that a request reopens. Raises DraftRefused, UploadRefused; see `documents.attach`."""

    def lock(_application, _actor):
        locked = _lock(asked, actor)
        if requirement.pk not in scope_of(asked).pieces:
            raise DraftRefused(_("This document was not asked for: it stays as it was submitted."))
        return locked

    return attach(
        application=asked.application, requirement=requirement, upload=upload, actor=actor, label=label,
        expected_pages=expected_pages, lock=lock,
    )  # fmt: skip


def only_open(scope: Scope, step, data):
    """What a browser sent, without the inputs that are not open: those are never looked at."""
    kept = data.copy()
    for name in list(kept):
        if not scope.takes(step.slug, name):
            del kept[name]
    return kept


def answer(*, asked, declaration: dict, actor, clock=portal_clock.now) -> Deposit:
    """Send the answer: a further deposit of the dossier, whole, with its thresholds computed again and frozen.

    A second click, tab or person gets the same deposit back. Thresholds are shown to DPTC and refuse nothing here: an
    honest answer may be that a member does not count. Raises DepositRefused; a refusal is journalled.
    Side effects: journal, a notice and a mail to everyone of the dossier and to DPTC.
    """
    with transaction.atomic():
        Application.objects.select_for_update().get(pk=asked.application_id)
        received_at = clock()
        # Read after the lock, like a deposit: the request as it stands now, whoever answered or cancelled it meanwhile.
        fresh = ComplementRequest.objects.select_related("application__call", "application__association", "answer").get(pk=asked.pk)
        if fresh.answer_id is not None:
            return fresh.answer
        obstacles = _refusals(fresh, actor, received_at)
        if obstacles:
            _record_refusal(fresh, actor, received_at, obstacles)
        else:
            made = _freeze(fresh, declaration, actor, received_at)
    if obstacles:
        raise DepositRefused(obstacles)
    return made


def obstacles_of(asked, dossier: Dossier) -> list[Obstacle]:
    """What of the things asked is still missing or cannot be read, and anything else that is not as it was deposited."""
    scope, found = scope_of(asked), []
    for step in STEPS:
        for problem in step.problems(dossier):
            name = problem.input_id.removeprefix("id_")
            if scope.takes(step.slug, name) or (step is PIECES and _piece_is_open(scope, dossier, name)):
                found.append(Obstacle("incomplete", problem.sentence, step.slug))
    if found:
        return found
    if _outside(scope, dossier.application.current_deposit.content, plain_snapshot(dossier), _codes(scope, dossier)):
        return [Obstacle("outside", _("Something that was not asked for differs from what was submitted. Write to DPTC."))]
    return []


def plain_snapshot(dossier) -> dict:
    """What would be frozen now, as it will be read back."""
    return json.loads(canonical_json(snapshot_of(dossier)))


def _lock(asked, actor):
    locked = Application.objects.select_for_update(of=("self",)).select_related("call", "association").get(pk=asked.application_id)
    fresh = ComplementRequest.objects.get(pk=asked.pk)
    fresh.application = locked
    permission = can_complete(actor, fresh, portal_clock.now())
    if not permission:
        raise DraftRefused(permission.reason)
    return locked


def _refusals(asked, actor, received_at) -> list[Obstacle]:
    permission = can_answer_complement(actor, asked, received_at)
    if not permission:
        return [Obstacle("late" if _is_late(asked, received_at) else "not_allowed", permission.reason)]
    return obstacles_of(asked, _dossier(asked))


def _is_late(asked, now) -> bool:
    return asked.state_at(now) == "overdue"


def _dossier(asked) -> Dossier:
    return Dossier(with_single_rows(Application.objects.select_related("call", "association")).get(pk=asked.application_id))


def _record_refusal(asked, actor, received_at, obstacles):
    """Refused attempts are kept as evidence: when, by whom, why."""
    journal.record(
        "complement.refused", asked.application, actor=actor, note="\n".join(o.sentence for o in obstacles[:50]),
        data={"request": asked.pk, "received_at": received_at.isoformat(), "codes": sorted({o.code for o in obstacles})},
    )  # fmt: skip


def _freeze(asked, declaration, actor, received_at) -> Deposit:
    application = asked.application
    made = frozen(_dossier(asked), declaration, actor, received_at, number=application.number, kind=Deposit.Kind.COMPLEMENT)
    asked.answer, asked.answered_at = made, received_at
    asked.save(update_fields=["answer", "answered_at"])
    journal.record(
        "complement.answered", application, actor=actor,
        data={"request": asked.pk, "sequence": made.sequence, "sha256": made.sha256, "received_at": received_at.isoformat()},
    )  # fmt: skip
    tell_people(asked, "complement_answered")
    for person in desk_of(application):
        outbox.tell(
            person, kind="complement_received", context={"asked": asked, "application": application},
            url=reverse("applications:complement_review", args=[application.pk]),
        )  # fmt: skip
    return made


def _piece_is_open(scope, dossier, name) -> bool:
    return name.removeprefix("piece-") in _codes(scope, dossier)


def _codes(scope, dossier) -> set:
    return {piece.code for piece in dossier.requirements if piece.pk in scope.pieces}


def _outside(scope, old, new, codes) -> bool:
    """Does anything differ that is not open? Deposits differ only where they were asked to."""
    for step in STEPS:
        for part in step.parts:
            names = scope.parts.get((step.slug, part.key))
            if names is not None and not names:
                continue
            before, after = (_closed(content["steps"].get(step.slug, {}).get(part.key), names) for content in (old, new))
            if before != after:
                return True
    files = [[file["id"] for file in content["documents"] if file["requirement"] not in codes] for content in (old, new)]
    return files[0] != files[1]


def _closed(values, names):
    return {name: value for name, value in (values or {}).items() if name not in names} if names else values
