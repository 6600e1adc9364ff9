"""How the person of a request is read: with the roles held and the number of unread notices, which every page's header shows.

Both come with the query that reads the person, so that no page pays one for them. The ground floor's notices are known
here by the name of their relation only.
"""

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend
from django.db.models import Count, F, FilteredRelation, Q


class ReadWhole:
    """The signed-in person with `roles` and `unread_notices`."""

    def get_user(self, user_id):
        unread = FilteredRelation("notices", condition=Q(notices__read_at=None))
        people = get_user_model()._default_manager.alias(unread=unread).annotate(role=F("groups__name"), unread_notices=Count("unread"))
        rows = list(people.filter(pk=user_id).order_by())  # one for each role, one where there is none
        if not rows or not self.user_can_authenticate(rows[0]):
            return None
        rows[0].roles = frozenset(row.role for row in rows if row.role)
        return rows[0]


class PasswordBackend(ReadWhole, ModelBackend):
    """Django's own, for the administration site."""


class EmailBackend(ReadWhole, AuthenticationBackend):
    """allauth's, for the portal's sign-in pages."""
