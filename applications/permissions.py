"""What a person may do with an application he can already see. Rights say who; the workflow says when."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from clusters_portal.accounts.roles import Role, has_role
from clusters_portal.lib import clock

from .models import Application, Call, Collaborator, Document
from .workflow import APPLICATION_WORKFLOW

S = Application.Status

MAY_CHECK = (Role.CASE_OFFICER, Role.DIVISION_HEAD)
AT_THE_COUNTER = (Role.COUNTER_AGENT, Role.CASE_OFFICER, Role.DIVISION_HEAD)


@dataclass(frozen=True)
class Permission:
    """`allowed`, and when it is not, the reason in words for the page."""

    allowed: bool
    reason: str = ""

    def __bool__(self):
        return self.allowed


ALLOWED = Permission(True)


def role_on(user, application) -> str:
    """The person's role on this dossier: "mandatary", "editor" or ""."""
    if not user.is_authenticated:
        return ""
    if getattr(application, "reader_id", None) == user.pk:  # read with the application: `queries.own_applications`
        return application.reader_role
    return Collaborator.objects.filter(user=user, application=application).values_list("role", flat=True).first() or ""


def can_edit(user, application: Application) -> Permission:
    """May this person change the dossier? The mandatary and editors: a draft at any time, a deposited or withdrawn one
    until the deadline. What is changed after a deposit is seen by nobody until it is deposited in its turn."""
    if not role_on(user, application):
        return Permission(False, _("Only the people working on this application may change it."))
    if application.status == S.DRAFT:
        return ALLOWED
    if application.status in (S.DEPOSITED, S.WITHDRAWN):
        return _until_the_deadline(application)
    return Permission(False, _("This application has been submitted: it can no longer be changed."))


def can_deposit(user, application: Application) -> Permission:
    """May this person submit, for the first time or again? Only the mandatary, while nothing was decided.

    Whether the call is open is the deposit's own check: a late attempt is refused there and kept as evidence.
    """
    if role_on(user, application) != Collaborator.Role.MANDATARY:
        return Permission(False, _("Only the authorised representative may submit this application."))
    if not APPLICATION_WORKFLOW.can("deposit", application.status):
        return Permission(False, _("This application has been submitted: it can no longer be changed."))
    return ALLOWED


def can_withdraw(user, application: Application) -> Permission:
    """May this person withdraw what was deposited? Only the mandatary, until the deadline."""
    if role_on(user, application) != Collaborator.Role.MANDATARY:
        return Permission(False, _("Only the authorised representative may withdraw this application."))
    if not APPLICATION_WORKFLOW.can("withdraw", application.status):
        return Permission(False, _("There is no submitted application to withdraw."))
    return _until_the_deadline(application)


def can_check_admissibility(user, application: Application) -> Permission:
    """May this person decide on recevabilité? A case officer or the head of division, once, on a submitted dossier,
    and only after the deadline: until then the applicant may change or withdraw it."""
    if not has_role(user, *MAY_CHECK):
        return Permission(False, _("Only DPTC case officers check admissibility."))
    if application.status == S.WITHDRAWN:
        return Permission(False, _("This application was withdrawn: its admissibility is not checked."))
    if not APPLICATION_WORKFLOW.can("declare_admissible", application.status):
        return Permission(False, _("Admissibility has already been decided for this application."))
    if not application.call.is_closed(clock.now()):
        sentence = _("The call is open until %(deadline)s: until then the applicant may change or withdraw the application.")
        return Permission(False, sentence % {"deadline": clock.format_moment(application.call.deadline_at)})
    return _unless_a_complement_is_awaited(application)


def can_validate_admissibility(user, application: Application, check) -> Permission:
    """May this person validate the proposal on recevabilité? Who may check it, never the one who proposed. `check` may be None."""
    permission = can_check_admissibility(user, application)
    if not permission:
        return permission
    if check is None or not check.is_proposed:
        return Permission(False, _("Nothing is proposed yet: there is nothing to validate."))
    if check.proposed_by_id == user.pk:
        return Permission(False, _("You proposed this yourself: a second person validates it."))
    return ALLOWED


def can_ask_complement(user, application: Application) -> Permission:
    """May this person ask the applicant to complete the deposit? A case officer or the head of division, once, where the
    call allows it, after the deadline and before the decision on admissibility."""
    if not has_role(user, Role.CASE_OFFICER, Role.DIVISION_HEAD):
        return Permission(False, _("Only DPTC case officers ask for a complement."))
    if not application.call.complement_allowed:
        return Permission(False, _("This call does not allow complement requests."))
    if application.status != S.DEPOSITED:
        return Permission(False, _("A complement can be asked for only while admissibility has not been decided."))
    if not application.call.is_closed(clock.now()):
        sentence = _("The call is open until %(deadline)s: until then the applicant may change the application.")
        return Permission(False, sentence % {"deadline": clock.format_moment(application.call.deadline_at)})
    if application.complement_requests.filter(cancelled_at=None).exists():
        return Permission(False, _("A complement has already been asked for: it can be asked only once."))
    if application.deposits.filter(admissibility__proposed_at__isnull=False).exists():
        return Permission(False, _("A proposal on admissibility waits for its validation: it must be sent back first."))
    return ALLOWED


def can_cancel_complement(user, request) -> Permission:
    """May this person cancel a complement request? A case officer or the head of division, until it is answered."""
    if not has_role(user, Role.CASE_OFFICER, Role.DIVISION_HEAD):
        return Permission(False, _("Only DPTC case officers cancel a complement request."))
    if request.answer_id is not None or request.cancelled_at is not None:
        return Permission(False, _("This request is over: it can no longer be cancelled."))
    return ALLOWED


def can_complete(user, request, now) -> Permission:
    """May this person change what a complement request reopens? The people of the dossier, to the second of the due date."""
    if not role_on(user, request.application):
        return Permission(False, _("Only the people working on this application may change it."))
    if request.cancelled_at is not None:
        return Permission(False, _("This request was cancelled: nothing is asked any more."))
    if request.answer_id is not None:
        return Permission(False, _("This request has been answered: the answer can no longer be changed."))
    if not request.is_open(now) or request.application.status != S.DEPOSITED:
        sentence = _("The answer was due on %(due)s: it can no longer be sent. What was submitted stands.")
        return Permission(False, sentence % {"due": clock.format_moment(request.due_at)})
    return ALLOWED


def can_answer_complement(user, request, now) -> Permission:
    """May this person send the answer? Only the mandatary, who signs the declaration again."""
    if role_on(user, request.application) != Collaborator.Role.MANDATARY:
        return Permission(False, _("Only the authorised representative may send the answer."))
    return can_complete(user, request, now)


def can_assign(user, application: Application) -> Permission:
    """May this person say who is responsible for a submitted application? Case officers and the head of division."""
    if not has_role(user, Role.CASE_OFFICER, Role.DIVISION_HEAD):
        return Permission(False, _("Only DPTC case officers choose who is responsible for an application."))
    return ALLOWED


def can_annotate(user) -> Permission:
    """May this person write internal notes, put labels and act on several dossiers? Case officers and the head of division."""
    if not has_role(user, Role.CASE_OFFICER, Role.DIVISION_HEAD):
        return Permission(False, _("Only DPTC case officers write notes, put labels and act on several applications."))
    return ALLOWED


def can_share_views(user) -> Permission:
    """May this person share a view of the work list with everyone at DPTC? The head of division."""
    if not has_role(user, Role.DIVISION_HEAD):
        return Permission(False, _("Only the head of division shares a view with everyone."))
    return ALLOWED


def can_open(user, document) -> Permission:
    """May this person open a file of a dossier already seen? Nobody an infected one; its own people at once, others
    once it is clean. While no antivirus is set, a file never scanned may be opened by all of them."""
    if document.scan == Document.Scan.INFECTED:
        return Permission(False, _("The virus scan refused this file: nobody can open it."))
    if document.scan == Document.Scan.CLEAN or (document.scan == Document.Scan.NOT_SCANNED and not settings.CLAMD_URL):
        return ALLOWED
    if role_on(user, document.application):
        return ALLOWED
    return Permission(False, _("Virus scan in progress: this file can be opened once it is known to be clean."))


def can_write_message(user, application: Application) -> Permission:
    """May this person write in the thread of the dossier? Its people once it was deposited, case officers and the head of division.

    Staff never know of a draft: until the deposit the call's own contact answers questions.
    """
    if role_on(user, application):
        if application.is_draft:
            return Permission(False, _("Messages open once the application has been submitted: DPTC does not see drafts."))
        return ALLOWED
    if not has_role(user, Role.CASE_OFFICER, Role.DIVISION_HEAD):
        return Permission(False, _("Only DPTC case officers and the people of the application write messages."))
    return ALLOWED


def can_manage_people(user, application: Application) -> Permission:
    """May this person invite, remove and hand over the mandate? Only the mandatary, in every state of the dossier."""
    if role_on(user, application) != Collaborator.Role.MANDATARY:
        return Permission(False, _("Only the authorised representative may invite or remove people."))
    return ALLOWED


def can_leave(user, application: Application) -> Permission:
    """May this person leave the dossier? Editors; the mandatary hands over the mandate first."""
    role = role_on(user, application)
    if role == Collaborator.Role.MANDATARY:
        return Permission(False, _("The authorised representative cannot leave: hand over the mandate first."))
    if not role:
        return Permission(False, _("You do not work on this application."))
    return ALLOWED


def can_answer_transfer(user, transfer) -> Permission:
    """May this person accept or decline the mandate? Only the one it is offered to. `transfer` is None when there is none."""
    if transfer is None or transfer.to_user_id != user.pk:
        return Permission(False, _("Only the person the mandate is offered to may answer."))
    return ALLOWED


def can_receive_paper(user, application: Application) -> Permission:
    """May this person record the paper file of this dossier? Counter agents, case officers, head; before admissibility."""
    if not has_role(user, *AT_THE_COUNTER):
        return Permission(False, _("Only DPTC's counter receives paper files."))
    if application.call.deposit_mode == Call.DepositMode.ONLINE_ONLY:
        return Permission(False, _("This call asks for no paper file: the online deposit is enough."))
    if application.status == S.WITHDRAWN:
        return Permission(False, _("This application has been withdrawn: nothing is received for it."))
    if application.status != S.DEPOSITED:
        return Permission(False, _("Admissibility has already been decided: nothing more is received for this application."))
    return ALLOWED


def can_countersign(user, paper) -> Permission:
    """May this person confirm an entry made from the paper register? Anyone at the counter but the one who entered it, once."""
    if not has_role(user, *AT_THE_COUNTER):
        return Permission(False, _("Only DPTC's counter receives paper files."))
    if paper.is_effective:
        return Permission(False, _("This acknowledgement needs no further signature."))
    if paper.agent_id == user.pk:
        return Permission(False, _("A second agent countersigns: you entered this one yourself."))
    return ALLOWED


def can_decide_late(user, paper) -> Permission:
    """May this person accept or refuse a late paper file? The head of division, once, before admissibility is decided."""
    if not has_role(user, Role.DIVISION_HEAD):
        return Permission(False, _("Only the head of division decides on a late file."))
    if not paper.is_late:
        return Permission(False, _("This file was received in time: there is nothing to decide."))
    if not paper.is_effective:
        return Permission(False, _("A second agent must countersign this entry first."))
    if hasattr(paper, "late_decision"):
        return Permission(False, _("The decision on this late file has already been recorded."))
    if paper.application.status != S.DEPOSITED:
        return Permission(False, _("Admissibility has already been decided for this application."))
    return ALLOWED


def can_scan(user, application: Application) -> Permission:
    """May this person add scans? At the counter, and only for a file brought without an online application."""
    if not has_role(user, *AT_THE_COUNTER):
        return Permission(False, _("Only DPTC's counter receives paper files."))
    if not hasattr(application, "walk_in"):
        return Permission(False, _("The files of this application are sent online by the association itself."))
    if application.status != S.DEPOSITED:
        return Permission(False, _("Admissibility has already been decided: nothing more is received for this application."))
    return ALLOWED


def can_open_walk_in(user, call) -> Permission:
    """May this person receive, in this call, a file brought without an online application?"""
    if not has_role(user, *AT_THE_COUNTER):
        return Permission(False, _("Only DPTC's counter receives paper files."))
    if call.deposit_mode == Call.DepositMode.ONLINE_ONLY:
        return Permission(False, _("This call is online only: a paper file cannot be received. The association applies on the portal."))
    return ALLOWED


def can_keep_register(user) -> Permission:
    """May this person change the register of labelled clusters? The head of division."""
    if not has_role(user, Role.DIVISION_HEAD):
        return Permission(False, _("Only the head of division changes the register of labelled clusters."))
    return ALLOWED


def can_extend(user, call) -> Permission:
    """May this person extend the deadline of a call? The head of division and the administrator."""
    if not has_role(user, Role.DIVISION_HEAD, Role.ADMINISTRATOR):
        return Permission(False, _("Only the head of division or an administrator extends a deadline."))
    return ALLOWED


def _unless_a_complement_is_awaited(application):
    """The applicant has until the due date: nothing is decided before the answer or that date."""
    waiting = application.complement_requests.filter(answer=None, cancelled_at=None) if application.call.complement_allowed else ()
    for request in waiting:
        if request.is_open(clock.now()):
            sentence = _("A complement is awaited until %(due)s: admissibility is decided after the answer or that date.")
            return Permission(False, sentence % {"due": clock.format_moment(request.due_at)})
    return ALLOWED


def _until_the_deadline(application):
    if application.call.is_open(clock.now()):
        return ALLOWED
    sentence = _("The call closed on %(deadline)s: what was submitted stands and can no longer be changed.")
    return Permission(False, sentence % {"deadline": clock.format_moment(application.call.deadline_at)})
