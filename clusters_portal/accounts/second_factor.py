"""Whoever holds a role signs in with two factors, where settings.MFA_REQUIRED says so (production).

allauth asks for the second factor at every sign-in once there is one. What is left to see to is that there is one: until
then a person with a role reaches the pages where it is added, and nothing else.
"""

from allauth.account.internal.stagekit import clear_login, get_pending_stage
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from ..lib.wire import refusal, wants_json

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
# Written in the session once there is one, so that a page pays no query for it; apps.py forgets it when one is removed.
KEY = "second_factor"
# Without it one may add a factor, prove who one is, leave, choose a language and see how long the session lasts.
OPEN = {"mfa_index", "mfa_activate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_download_recovery_codes",
        "mfa_list_webauthn", "mfa_add_webauthn", "mfa_reauthenticate", "mfa_reauthenticate_webauthn", "account_reauthenticate",
        "account_logout", "account_confirm_email", "set_language", "favicon", "accounts:second_factor", "accounts:session_status",
        "accounts:session_extend", "healthz", "readyz", "metrics", "security_txt"}  # fmt: skip


def needs(user) -> bool:
    """Does this person have to sign in with two factors here?"""
    return settings.MFA_REQUIRED and user.is_authenticated and (user.is_staff or user.is_superuser or bool(user.roles))


def is_missing(request) -> bool:
    """Has the person of this request still to add a second factor? One query, until there is one."""
    if not needs(request.user) or request.session.get(KEY):
        return False
    if not is_mfa_enabled(request.user, types=FACTORS):
        return True
    request.session[KEY] = True
    return False


class SecondFactorMiddleware:
    """Sends whoever must have a second factor, and has none, to the page that says how to add it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if request.resolver_match.view_name == "mfa_authenticate":
            _begin_anew(request)
        if request.resolver_match.view_name in OPEN or not is_missing(request):
            return None
        if wants_json(request):
            return refusal("second_factor", _("Your role needs a two-step sign-in: add a second step first."), status=403)
        return redirect("accounts:second_factor")


def _begin_anew(request):
    """A browser that waits for a code of a factor removed meanwhile (it was lost) signs in again: allauth sends it in circles."""
    waiting = get_pending_stage(request)
    if waiting and not is_mfa_enabled(waiting.login.user, types=FACTORS):
        clear_login(request)


class MFAAdapter(DefaultMFAAdapter):
    """The last second factor of somebody who must have one is replaced, not removed."""

    def can_delete_authenticator(self, authenticator) -> bool:
        others = Authenticator.objects.filter(user=authenticator.user, type__in=FACTORS).exclude(pk=authenticator.pk)
        return authenticator.type not in FACTORS or not needs(authenticator.user) or others.exists()
