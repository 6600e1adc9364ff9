"""What an administrator does for an account, without ever holding what opens it. Each act is journalled."""

from allauth.account.forms import ResetPasswordForm
from django.db import transaction

from ..audit import journal
from . import sessions


def send_reset_link(request, user) -> bool:
    """Send the person the link by which he chooses a password; returns whether one left. The link is for his own address only.

    It needs the request, as allauth's mails do.
    """
    form = ResetPasswordForm(data={"email": user.email})
    if not user.is_active or not form.is_valid():
        return False
    with transaction.atomic():
        journal.record("user.reset_link_sent", user, actor=request.user, after=user.email)
        form.save(request)
    return True


@transaction.atomic
def sign_out_everywhere(*, user, actor) -> None:
    """End every session of somebody: a machine lost, a doubt."""
    sessions.end_all(user)
    journal.record("user.signed_out", user, actor=actor)
