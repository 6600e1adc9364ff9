"""Appeals (recours gracieux): filed once within the delay, acknowledged with a number, prepared, answered with reasons and a letter."""

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from applications.models import Application, Call
from clusters_portal.audit import journal
from clusters_portal.lib import clock
from clusters_portal.lib.canonical import canonical_json, sha256_hex
from clusters_portal.lib.text import clean_text
from clusters_portal.lib.uploads import PDF, inspect_upload
from clusters_portal.notifications import outbox
from evaluation.models import Appeal, AppealAnswer, AppealOutcome, AppealReply, Letter
from evaluation.queries.appeals import heads_for
from evaluation.queries.letters import decision_letter
from evaluation.queries.sessions import judging_terms
from evaluation.services import attachments, letters
from evaluation.services.refusals import Refused
from evaluation.snapshots.letters import answer_content

MAX_CHARACTERS = 10_000
MIB = 1024 * 1024
TEXTS = ("reasons_fact", "reasons_law", "follows")


def due_of(application):
    """The last second to appeal against the decision notified on this dossier; None before the notification."""
    if application.notified_at is None:
        return None
    return letters.appeal_deadline(application.notified_at, judging_terms(application.call).appeal_days)


def is_open(application, now) -> bool:
    """May an appeal still be filed? To the last second included, on the server's clock."""
    due = due_of(application)
    return due is not None and now.replace(microsecond=0) <= due and not Appeal.objects.filter(application=application).exists()


def file(*, application, kind: str, text: str, actor, upload=None) -> Appeal:
    """File the appeal of a dossier, once. Tells its people its number, and DPTC's heads. Journals, a late attempt too.

    ``upload`` is an optional PDF. Raises Refused or UploadRefused; nothing is kept then but the journal's line.
    """
    try:
        inspection = inspect_upload(upload, max_bytes=application.call.max_file_mb * MIB, allowed=(PDF,)) if upload else None
        with transaction.atomic():
            return _file(application, kind, clean_text(text), actor, upload, inspection)
    except Refused as refusal:
        if refusal.code == "late":
            journal.record("appeal.refused", application, actor=actor, note=refusal.message)
        raise


def _file(application, kind, text, actor, upload, inspection) -> Appeal:
    call = Call.objects.select_for_update().get(pk=application.call_id)
    locked = Application.objects.select_for_update(of=("self",)).select_related("call").get(pk=application.pk)
    letter, due, now = decision_letter(locked), due_of(locked), clock.now()
    if letter is None:
        raise Refused(_("No decision is notified: there is nothing to appeal against."), "state")
    if Appeal.objects.filter(decision=letter.decision).exists():
        raise Refused(_("An appeal was filed against this decision already."), "twice")
    if now.replace(microsecond=0) > due:
        raise Refused(_("The time to appeal ended on %(due)s.") % {"due": clock.format_moment(due)}, "late")
    if kind not in Appeal.Kind.values or not text or len(text) > MAX_CHARACTERS:
        raise Refused(_("Choose what the appeal is about, and write it."), "text")
    piece = attachments.keep(upload=upload, actor=actor, max_mb=call.max_file_mb, inspection=inspection) if upload else None
    number = f"{call.number_prefix}-R-{Appeal.objects.filter(application__call=call).count() + 1:04d}"
    sealed = {
        "number": number,
        "decision": letter.sha256,
        "kind": kind,
        "text": text,
        "piece": piece.sha256 if piece else "",
        "filed_at": now,
    }
    appeal = Appeal.objects.create(
        application=locked, decision=letter.decision, number=number, kind=kind, text=text, piece=piece,
        filed_at=now, filed_by=actor, due_at=due, sha256=sha256_hex(canonical_json(sealed)),
    )  # fmt: skip
    journal.record("appeal.filed", locked, actor=actor, after=number, data={"sha256": appeal.sha256})
    letters.tell_people(locked, kind="appeal_received", appeal=appeal)
    for head in heads_for(locked):
        outbox.tell(
            head, kind="appeal_filed", context={"appeal": appeal, "application": locked}, url=reverse("evaluation:appeal", args=[number])
        )
    return appeal


@transaction.atomic
def draft(*, appeal, actor, revision: int, outcome: str = "", **texts) -> AppealReply:
    """Save the answer in preparation. ``revision`` is the one that was read. Journals. Raises Refused."""
    Appeal.objects.select_for_update().get(pk=appeal.pk)
    if AppealAnswer.objects.filter(appeal=appeal).exists():
        raise Refused(_("This appeal is answered."), "state")
    reply = AppealReply.objects.filter(appeal=appeal).first() or AppealReply(appeal=appeal)
    if reply.revision != revision:
        raise Refused(_("Somebody saved this answer since you opened it: open it again, your text is kept below."), "revision")
    reply.outcome, reply.revision, reply.saved_at, reply.saved_by = outcome, revision + 1, clock.now(), actor
    for name in TEXTS:
        setattr(reply, name, clean_text(texts.get(name, "")))
    reply.save()
    journal.record("appeal.prepared", appeal, actor=actor, data={"revision": reply.revision})
    return reply


@transaction.atomic
def answer(*, appeal, outcome: str, actor, **texts) -> AppealAnswer:
    """Answer an appeal, once: the answer, its letter, the people told, the journal. The decision's row does not change.

    Raises Refused.
    """
    call = Call.objects.select_for_update().get(pk=appeal.application.call_id)
    values = {name: clean_text(texts.get(name, "")) for name in TEXTS}
    if AppealAnswer.objects.filter(appeal=appeal).exists():
        raise Refused(_("This appeal is answered."), "state")
    if outcome not in AppealOutcome.values:
        raise Refused(_("Choose an outcome."), "outcome")
    if missing := next((name for name in ("reasons_fact", "reasons_law") if not values[name]), ""):
        raise Refused(_("An answer states its reasons of fact and of law."), missing)
    if outcome != AppealOutcome.DISMISSED and not values["follows"]:
        raise Refused(_("An appeal upheld says what follows, for example an examination in a further session."), "follows")
    now = clock.now()
    made = AppealAnswer.objects.create(appeal=appeal, outcome=outcome, answered_at=now, answered_by=actor, **values)
    number, reference = letters.next_number(call)
    content = answer_content(made, reference=reference, issued_at=now, issued_by=actor)
    letter = letters.insert(
        call, number, reference, content, actor=actor, kind=Letter.Kind.APPEAL, application=appeal.application, answer=made, issued_at=now
    )
    journal.record("appeal.answered", appeal.application, actor=actor, after=reference, data={"outcome": outcome, "appeal": appeal.number})
    letters.tell_people(appeal.application, kind="appeal_answered", appeal=appeal, letter=letter)
    return made
