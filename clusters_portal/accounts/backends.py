"""How the person of a request is read: with the number of his unread notices, which every page's header shows.

Counted in the query that reads the person, so that no page pays one for it. The ground floor's notices are known here
by the name of their relation only.
"""

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend
from django.db.models import Count, FilteredRelation, Q


class UnreadNotices:
    """Adds `unread_notices` to the signed-in person."""

    def get_user(self, user_id):
        unread = FilteredRelation("notices", condition=Q(notices__read_at=None))
        people = get_user_model()._default_manager.alias(unread=unread).annotate(unread_notices=Count("unread"))
        user = people.filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None


class PasswordBackend(UnreadNotices, ModelBackend):
    """Django's own, for the administration site."""


class EmailBackend(UnreadNotices, AuthenticationBackend):
    """allauth's, for the portal's sign-in pages."""
