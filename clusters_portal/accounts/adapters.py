"""Rules of sign-in that allauth asks us for."""

from allauth.account.adapter import DefaultAccountAdapter

from . import sessions
from .navigation import landing_url


class AccountAdapter(DefaultAccountAdapter):
    def login(self, request, user):
        super().login(request, user)
        sessions.begin(request)

    def get_login_redirect_url(self, request):
        return landing_url(request.user)

    def get_password_change_redirect_url(self, request):
        return landing_url(request.user)
