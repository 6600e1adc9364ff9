"""What a person may do with an application he can already see. Rights say who; the workflow says when."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from clusters_portal.accounts.roles import Role, has_role

from .models import Application, Collaborator
from .workflow import APPLICATION_WORKFLOW


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
    """May this person change the dossier? The mandatary and editors, while it is a draft."""
    if not role_on(user, application):
        return Permission(False, _("Only the people working on this application may change it."))
    return _draft_only(application)


def can_deposit(user, application: Application) -> Permission:
    """May this person submit? Only the mandatary, from a draft. Whether the call is open is the deposit's own check."""
    role = role_on(user, application)
    if role != Collaborator.Role.MANDATARY:
        return Permission(False, _("Only the authorised representative may submit this application."))
    return _draft_only(application)


def can_check_admissibility(user, application: Application) -> Permission:
    """May this person decide on recevabilité? A case officer or the head of division, once, on a submitted dossier."""
    if not has_role(user, Role.CASE_OFFICER, Role.DIVISION_HEAD):
        return Permission(False, _("Only DPTC case officers check admissibility."))
    if not APPLICATION_WORKFLOW.can("declare_admissible", application.status):
        return Permission(False, _("Admissibility has already been decided for this application."))
    return ALLOWED


def can_assign(user, application: Application) -> Permission:
    """May this person say who is responsible for a submitted application? Case officers and the head of division."""
    if not has_role(user, Role.CASE_OFFICER, Role.DIVISION_HEAD):
        return Permission(False, _("Only DPTC case officers choose who is responsible for an application."))
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


def _draft_only(application):
    if not application.is_draft:
        return Permission(False, _("This application has been submitted: it can no longer be changed."))
    return ALLOWED
