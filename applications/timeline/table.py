"""What each act of the journal is called for people, and who is told. An act that is in neither table is shown to nobody.

Applicants never read here what judges, officers and the committee do among themselves; DPTC never reads what happens to
a draft. `tests/test_timeline.py` fails for an act of the code that stands in neither table.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from clusters_portal.lib.clock import format_moment

from ..models import Document, Message
from ..workflow import APPLICATION_WORKFLOW

APPLICANTS, STAFF = "applicants", "staff"
BOTH, ONLY_APPLICANTS, ONLY_STAFF = frozenset({APPLICANTS, STAFF}), frozenset({APPLICANTS}), frozenset({STAFF})
# Who acted, as applicants are told: by name among themselves, by function on the other side.
THEMSELVES, DPTC, COMMITTEE = "", _("DPTC"), _("Steering committee")


def _always(_entry, _audience):
    return True


def _nothing(_entry):
    return {}


def _no_details(_entry):
    return ()


@dataclass(frozen=True)
class Told:
    """One act. `values(entry)` fill the sentence, `details(entry)` are further lines, `when(entry, audience)` says whether
    it is told at all; `when_notified` waits, for applicants, until the decision is notified."""

    sentence: object
    to: frozenset = BOTH
    by: object = THEMSELVES
    values: object = _nothing
    details: object = _no_details
    when: object = _always
    when_notified: bool = False


def _data(*names):
    return lambda entry: {name: entry.data.get(name, "") for name in names}


def _from_to(entry):
    return {"before": entry.before, "after": entry.after}


def _piece(entry):
    return {"file": entry.after, "piece": entry.data.get("piece", "")}


def _note(entry):
    return [line for line in entry.note.splitlines() if line.strip()]


def _deposit(entry):
    return _("Submitted again: no. %(number)s, submission %(sequence)s.") if _is_again(entry) else _("Submitted: no. %(number)s.")


def _is_again(entry):
    return entry.data.get("sequence", 1) > 1


def _fingerprint(entry):
    return [_("Fingerprint (SHA-256): %(sha256)s") % entry.data] if entry.data.get("sha256") else ()


def _message(entry):
    return _("Message from DPTC.") if _side(entry) == DPTC else _("Message sent to DPTC.")


def _side(entry):
    return DPTC if entry.data.get("side") == Message.Side.DPTC else THEMSELVES


def _assigned(entry):
    return _("Responsible case officer: %(after)s.") if entry.after else _("Nobody is responsible for the application any more.")


def _is_infected(entry, _audience):
    return entry.after == Document.Scan.INFECTED


def _stands(entry, audience):
    """A line of the paper register waits for its second signature: until then it is DPTC's own."""
    return audience == STAFF or not entry.data.get("register")


def _late(entry):
    return [_("It came after the deadline: the head of the division decides.")] if entry.data.get("late") else ()


def _late_decision(entry):
    return _("Late paper file accepted.") if entry.after == "accepted" else _("Late paper file refused.")


def _deadline(entry):
    return {"deadline": format_moment(datetime.fromisoformat(entry.after))}


def _decided(name):
    target = next(move.target for move in APPLICATION_WORKFLOW.transitions if move.name == name)
    return Told(_("Decision: %(state)s."), by=COMMITTEE, values=lambda _entry: {"state": target.label}, when_notified=True)


TOLD = {
    # The draft and its people.
    "application.created": Told(_("The application was started."), ONLY_APPLICANTS),
    "application.members_imported": Told(_("Members read from “%(file)s”."), ONLY_APPLICANTS, values=_data("file")),
    "application.workbook_applied": Told(_("Answers read from the workbook “%(file)s”."), ONLY_APPLICANTS, values=_data("file")),
    "application.restored": Told(_("The answers went back to those of the last submission."), ONLY_APPLICANTS),
    "application.archived": Told(_("The whole application was downloaded in one file."), ONLY_APPLICANTS),
    "document.attached": Told(_("File received: “%(file)s” (%(piece)s)."), ONLY_APPLICANTS, values=_piece),
    "document.removed": Told(_("File removed: “%(before)s”."), ONLY_APPLICANTS, values=_from_to),
    "document.scanned": Told(_("The virus scan refused the file “%(name)s”."), ONLY_APPLICANTS, values=_data("name"), when=_is_infected),
    "invitation.sent": Told(_("Invitation sent to %(after)s."), ONLY_APPLICANTS, values=_from_to),
    "invitation.accepted": Told(_("Invitation accepted: %(email)s may now edit the application."), ONLY_APPLICANTS, values=_data("email")),
    "invitation.revoked": Told(_("Invitation of %(before)s cancelled."), ONLY_APPLICANTS, values=_from_to),
    "collaborator.removed": Told(_("%(person)s no longer works on the application."), ONLY_APPLICANTS, values=_data("person")),
    "collaborator.left": Told(_("%(person)s left the application."), ONLY_APPLICANTS, values=_data("person")),
    "mandate.offered": Told(_("Mandate offered to %(after)s."), ONLY_APPLICANTS, values=_from_to),
    "mandate.transferred": Told(_("The mandate passed from %(before)s to %(after)s."), ONLY_APPLICANTS, values=_from_to),
    "mandate.declined": Told(_("%(after)s declined the mandate."), ONLY_APPLICANTS, values=_from_to),
    "mandate.offer_cancelled": Told(_("The offer of the mandate to %(after)s was cancelled."), ONLY_APPLICANTS, values=_from_to),
    # The deposit and after.
    "application.deposit": Told(_deposit, values=_data("number", "sequence"), details=_fingerprint),
    "application.deposit_refused": Told(_("Attempt to submit refused. Nothing was submitted."), ONLY_APPLICANTS, details=_note),
    "application.withdraw": Told(_("Application withdrawn."), details=_note),
    "message.sent": Told(_message, by=_side),
    "paper.received": Told(
        _("Paper file received at the counter: acknowledgement no. %(after)s."), by=DPTC, values=_from_to, details=_late, when=_stands
    ),
    "paper.countersigned": Told(
        _("Paper file entered from the register and signed twice: acknowledgement no. %(after)s."), by=DPTC, values=_from_to
    ),
    "application.walk_in": Told(_("Paper file received without an online application."), ONLY_STAFF),
    "application.scanned": Told(_("Scan of the paper file added."), ONLY_STAFF),
    "complement.asked": Told(_("A complement is asked for, by %(deadline)s at the latest."), by=DPTC, values=_deadline, details=_note),
    "complement.answered": Told(_("The complement was submitted."), details=_fingerprint),
    "complement.refused": Told(_("Attempt to submit the complement refused. Nothing was submitted."), ONLY_APPLICANTS, details=_note),
    "complement.cancelled": Told(_("The request for a complement was cancelled."), by=DPTC, details=_note),
    # What DPTC and the committee decide.
    "paper.late_decided": Told(_late_decision, by=DPTC, details=_note),
    "call.deadline_extended": Told(_("Deadline extended to %(deadline)s."), by=DPTC, values=_deadline, details=_note),
    "application.assigned": Told(_assigned, ONLY_STAFF, values=_from_to),
    "label.added": Told(_("Label added: %(after)s."), ONLY_STAFF, values=_from_to),
    "label.removed": Told(_("Label removed: %(before)s."), ONLY_STAFF, values=_from_to),
    "admissibility.proposed": Told(_("Admissibility: a proposal waits for its validation."), ONLY_STAFF),
    "admissibility.sent_back": Told(_("Admissibility: the proposal was sent back."), ONLY_STAFF, details=_note),
    "application.declare_admissible": Told(_("Application declared admissible."), by=DPTC),
    "application.declare_inadmissible": Told(_("Application declared inadmissible."), by=DPTC),
    "application.start_evaluation": Told(_("The evaluation has started."), by=DPTC),
    "application.submit_to_committee": Told(_("Application brought before the committee."), ONLY_STAFF),
    "letter.issued": Told(_("Decision notified: letter no. %(after)s."), by=DPTC, values=_from_to),
    "appeal.filed": Told(_("Appeal received: no. %(after)s."), values=_from_to),
    "appeal.refused": Told(_("Attempt to appeal refused. Nothing was filed."), ONLY_APPLICANTS, details=_note),
    "appeal.answered": Told(_("Appeal answered: letter no. %(after)s."), by=DPTC, values=_from_to),
    "observation.asked": Told(
        _("Observations are asked for on the facts established, by %(deadline)s at the latest."), by=DPTC, values=_deadline
    ),
    "observation.sent": Told(_("Observations sent.")),
    "observation.refused": Told(_("Attempt to send observations refused. Nothing was sent."), ONLY_APPLICANTS, details=_note),
    **{
        f"application.{name}": _decided(name)
        for name in ("select", "select_with_reservations", "put_on_waiting_list", "defer", "reject")
    },
}  # fmt: skip

# Acts nobody reads here, and why. A name ending in a dot stands for every act on that object.
HIDDEN = {
    "application.row_copied": "the last save of the step tells it",
    "application.row_moved": "the last save of the step tells it",
    "application.row_removed": "the last save of the step tells it",
    "application.row_put_back": "the last save of the step tells it",
    "admissibility.prepared": "only the proposal counts",
    "admissibility.validated": "the dossier's own move tells it",
    "appeal.prepared": "DPTC prepares its answer on its own page",
    "assignment.": "judging is not told here",
    "assignment_run.": "judging is not told here",
    "attachment.": "told where the file stands",
    "attendance.": "judging is not told here",
    "agenda_item.": "judging is not told here",
    "ballot.": "judging is not told here",
    "call.archive_sealed": "the call is the same for everyone",
    "call.archive_expired": "the call is the same for everyone",
    "call.archive_failed": "the call is the same for everyone",
    "call.archive_taken": "the call is the same for everyone",
    "call.archived": "the call is the same for everyone",
    "call.changed": "the call is the same for everyone",
    "call.copied": "the call is the same for everyone",
    "call.created": "the call is the same for everyone",
    "call.deleted": "the call is the same for everyone",
    "call.loaded": "the call is the same for everyone",
    "call.rows_changed": "the call is the same for everyone",
    "conflict.": "judging is not told here",
    "consensus.": "judging is not told here",
    "application.purged": "the application and its journal page are gone",
    "data_request.": "not about a dossier",
    "factor_reset.": "not about a dossier",
    "privacy.": "not about a dossier",
    "document.read": "who opened which file is for auditors",
    "decision.": "the dossier's own move tells it",
    "evaluation.": "judging is not told here",
    "evaluator.": "not about a dossier",
    "grid.": "judging is not told here",
    "judging_terms.": "the call is the same for everyone",
    "likely_conflict.": "judging is not told here",
    "mail.": "not about a dossier",
    "minutes.": "judging is not told here",
    "note.": "DPTC's notes stand in full on its own page",
    "observation.findings_saved": "DPTC prepares the facts on its own page",
    "ranking.": "judging is not told here",
    "register.": "the register is not a dossier",
    "results.": "the call is the same for everyone",
    "role.": "not about a dossier",
    "session.": "judging is not told here",
    "session_member.": "judging is not told here",
    "task.": "not about a dossier",
    "user.": "not about a dossier",
    "view.": "not about a dossier",
    "worklist.": "not about one dossier",
}


def is_hidden(action: str) -> bool:
    """Is it said in HIDDEN that nobody reads this act?"""
    return action in HIDDEN or f"{action.partition('.')[0]}." in HIDDEN
