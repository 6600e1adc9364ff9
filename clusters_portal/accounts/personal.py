"""What the portal holds about a person (loi 09-08, right of access): asked of each area by name, given as plain values."""

from allauth.usersessions.models import UserSession
from django.utils.module_loading import import_string

# (user) -> {area: rows}. Named, not imported: this floor knows the others only by name.
HOLDERS = (
    "clusters_portal.accounts.personal.account_of",
    "applications.queries.personal.roles_of",
    "clusters_portal.notifications.personal.told_to",
    "clusters_portal.privacy.personal.requests_of",
)


def held_about(user) -> dict:
    """{area: rows} of everything, ready for JSON. Four queries, five with the roles."""
    found = {}
    for name in HOLDERS:
        found |= import_string(name)(user)
    return found


def account_of(user) -> dict:
    """The profile and the open sessions, without what would open one."""
    profile = {
        "email": user.email,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "employer": user.employer,
        "language": user.language,
        "registered_on": user.date_joined,
        "last_login": user.last_login,
        "roles": sorted(user.roles),
    }
    sessions = UserSession.objects.filter(user=user).order_by("pk").values("created_at", "last_seen_at", "ip", "user_agent")
    return {"profile": profile, "sessions": list(sessions)}
