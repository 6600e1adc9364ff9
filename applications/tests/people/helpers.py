"""What these tests share: a3: invitations, removal, leaving and the mandate. A refusal changes nothing; a stranger learns nothing."""

import pytest
from django.urls import reverse

from applications.models import Collaborator, Invitation, MandateTransfer
from applications.services import people
from clusters_portal.audit.models import AuditEntry
from clusters_portal.lib import clock
from clusters_portal.lib.canonical import sha256_hex
from clusters_portal.notifications.models import Notice, OutgoingMail

R = Collaborator.Role


def state():
    """Everything an act on people may change."""
    tables = (Collaborator, Invitation, MandateTransfer, AuditEntry, OutgoingMail, Notice)
    return [list(table.objects.order_by("pk").values()) for table in tables]


def roles_of(application):
    return dict(application.collaborators.values_list("user__email", "role"))


def sent(application, boss, email="invite@cluster.example"):
    """(invitation, its token as the mail holds it)."""
    tokens = []
    invitation = people.invite(
        application=application, email=email, actor=boss, link=lambda token: tokens.append(token) or f"http://x/{token}/"
    )
    return invitation, tokens[0]


def refused(error, act, **arguments):
    before = state()
    with pytest.raises(error) as caught:
        act(**arguments)
    assert state() == before
    return str(caught.value)


def address(name, application, *args):
    return reverse(f"applications:{name}", args=[application.pk, *args])


def invitation_row(application, boss, **columns):
    now = clock.now()
    row = {"email": "a@cluster.example", "token_hash": sha256_hex(str(columns)), "created_at": now, "expires_at": now}
    return Invitation.objects.create(application=application, invited_by=boss, **{**row, **columns})
