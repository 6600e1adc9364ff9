"""Roles of staff, evaluators and committee, each a Django group named by its code.

Applicants have no group: what they may do comes from their row in `applications.Collaborator`.
Codes are compared, never labels: a label changes with the language.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    CASE_OFFICER = "case_officer", _("Case officer (DPTC)")
    DIVISION_HEAD = "division_head", _("Head of division (DPTC)")
    COUNTER_AGENT = "counter_agent", _("Counter agent")
    EVALUATOR = "evaluator", _("Evaluator")
    COMMITTEE_MEMBER = "committee_member", _("Committee member")
    COMMITTEE_CHAIR = "committee_chair", _("Committee chair")
    ADMINISTRATOR = "administrator", _("Platform administrator")
    AUDITOR = "auditor", _("Auditor")


STAFF_ROLES = (Role.CASE_OFFICER, Role.DIVISION_HEAD, Role.COUNTER_AGENT)
COMMITTEE_ROLES = (Role.COMMITTEE_MEMBER, Role.COMMITTEE_CHAIR)


def has_role(user, *roles) -> bool:
    """Does this person hold one of the roles? False for anyone not signed in or not active."""
    if not user.is_authenticated or not user.is_active:
        return False
    return not user.roles.isdisjoint(roles)
