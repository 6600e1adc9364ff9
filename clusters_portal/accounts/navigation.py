"""Navigation and landing page of each role, by URL name only: the ground floor imports no domain app."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from .roles import Role

APPLICANT = None  # whoever is signed in without a role


@dataclass(frozen=True)
class Item:
    label: str
    url_name: str
    roles: tuple


ITEMS = (
    Item(_("My applications"), "applications:my_applications", (APPLICANT,)),
    Item(
        _("Applications received"),
        "applications:worklist",
        (Role.CASE_OFFICER, Role.DIVISION_HEAD, Role.COUNTER_AGENT, Role.AUDITOR),
    ),
    Item(_("Counter"), "applications:counter", (Role.COUNTER_AGENT, Role.CASE_OFFICER, Role.DIVISION_HEAD)),
    Item(_("My evaluations"), "evaluation:my_evaluations", (Role.EVALUATOR,)),
    Item(
        _("Assignments"),
        "evaluation:assignments",
        (Role.CASE_OFFICER, Role.DIVISION_HEAD, Role.COMMITTEE_CHAIR, Role.AUDITOR),
    ),
    Item(_("Consensus"), "evaluation:consensuses", (Role.CASE_OFFICER, Role.DIVISION_HEAD, Role.EVALUATOR, Role.AUDITOR)),
    Item(
        _("Ranking"),
        "evaluation:rankings",
        (Role.DIVISION_HEAD, Role.CASE_OFFICER, Role.COMMITTEE_MEMBER, Role.COMMITTEE_CHAIR, Role.AUDITOR),
    ),
    Item(
        _("Committee"),
        "evaluation:committees",
        (Role.COMMITTEE_MEMBER, Role.COMMITTEE_CHAIR, Role.DIVISION_HEAD, Role.AUDITOR),
    ),
    Item(_("Appeals"), "evaluation:appeals", (Role.CASE_OFFICER, Role.DIVISION_HEAD, Role.AUDITOR)),
    Item(
        _("Dashboard"),
        "evaluation:dashboards",
        (Role.DIVISION_HEAD, Role.CASE_OFFICER, Role.COMMITTEE_MEMBER, Role.COMMITTEE_CHAIR, Role.AUDITOR),
    ),
    Item(_("Labelled clusters"), "applications:register", (Role.DIVISION_HEAD, Role.CASE_OFFICER, Role.AUDITOR)),
    Item(_("Scoring grids"), "evaluation:grids", (Role.COMMITTEE_MEMBER, Role.COMMITTEE_CHAIR)),
    Item(_("Personal data"), "privacy:requests", (Role.ADMINISTRATOR,)),
    Item(_("State of the portal"), "operations:status", (Role.ADMINISTRATOR,)),
    Item(_("Administration"), "admin:index", (Role.ADMINISTRATOR, Role.DIVISION_HEAD, Role.AUDITOR)),
)

# First match wins: a chair who is also a member lands on the committee page.
LANDINGS = (
    (Role.COMMITTEE_CHAIR, "evaluation:committees"),
    (Role.COMMITTEE_MEMBER, "evaluation:committees"),
    (Role.DIVISION_HEAD, "applications:worklist"),
    (Role.CASE_OFFICER, "applications:worklist"),
    (Role.COUNTER_AGENT, "applications:counter"),
    (Role.EVALUATOR, "evaluation:my_evaluations"),
    (Role.AUDITOR, "applications:worklist"),
    (Role.ADMINISTRATOR, "admin:index"),
)


def _shown_to(item, user) -> bool:
    if not user.roles:
        return APPLICANT in item.roles
    return not user.roles.isdisjoint(item.roles)


def navigation_for(request) -> list:
    """Links of the signed-in person: dicts with `label`, `url` and `current`; empty for visitors."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    items = [(item, reverse(item.url_name)) for item in ITEMS if _shown_to(item, user)]
    return [{"label": item.label, "url": url, "current": request.path.startswith(url)} for item, url in items]


def landing_url(user) -> str:
    """Address of the person's own work list."""
    for role, url_name in LANDINGS:
        if role in user.roles:
            return reverse(url_name)
    return reverse("applications:my_applications")
