"""Inviting somebody to a dossier: by e-mail, once, to the very address, until it expires."""

from datetime import timedelta

import pytest
from django.urls import reverse

from applications.models import Application, Invitation
from applications.permissions import can_edit
from applications.services import people
from applications.services.people import InvitationOver, PeopleRefused
from clusters_portal.accounts.roles import Role
from clusters_portal.audit.models import AuditEntry
from clusters_portal.lib import clock
from clusters_portal.lib.canonical import sha256_hex
from clusters_portal.notifications.models import Notice, OutgoingMail

from ..factories import add_editor, make_user
from .helpers import R, address, refused, roles_of, sent, state

pytestmark = pytest.mark.django_db


# --- Invitations --------------------------------------------------------------------------------------------------
def test_invitation_is_sent_once_with_a_token_that_is_nowhere_but_in_the_mail(application, boss):
    invitation, token = sent(application, boss, "  Invite@Cluster.Example ")
    assert (invitation.email, invitation.role, invitation.token_hash) == ("invite@cluster.example", R.EDITOR, sha256_hex(token))
    assert invitation.expires_at - invitation.created_at == timedelta(days=14)
    mail = OutgoingMail.objects.get()
    assert mail.recipient == "invite@cluster.example"
    assert f"http://x/{token}/" in mail.body
    assert token not in str(Invitation.objects.values().get()) + str(list(AuditEntry.objects.values()))
    assert roles_of(application) == {boss.email: R.MANDATARY}


def test_invitation_is_the_same_whether_the_address_has_an_account(application, boss, client):
    make_user("connu@cluster.example")
    client.force_login(boss)
    pages = []
    for email in ("connu@cluster.example", "inconnu@cluster.exampl"):
        answer = client.post(address("people_invite", application), {"email": email}, follow=True)
        pages.append((answer.status_code, [str(message) for message in answer.context["messages"]][0].replace(email, "X")))
    assert pages[0] == pages[1] == (200, "An invitation was sent to X.")
    assert OutgoingMail.objects.count() == 2
    assert not Notice.objects.exists()


def test_accepting_needs_the_very_address_without_case(application, boss):
    invitation, _token = sent(application, boss, "Invite@cluster.example")
    person = make_user("INVITE@cluster.example")
    people.accept(invitation=invitation, actor=person)
    assert roles_of(application) == {boss.email: R.MANDATARY, person.email: R.EDITOR}
    assert can_edit(person, Application.objects.get())
    invitation.refresh_from_db()
    assert invitation.accepted_by == person
    assert Notice.objects.get().recipient == boss


def test_wrong_address_changes_nothing(application, boss):
    invitation, _token = sent(application, boss)
    refused(PeopleRefused, people.accept, invitation=invitation, actor=make_user("autre@cluster.example"))


@pytest.mark.parametrize(("seconds", "accepted"), [(-1, True), (0, False), (1, False)])
def test_invitation_expires_after_fourteen_days_to_the_second(application, boss, seconds, accepted):
    invitation, _token = sent(application, boss)
    person = make_user("invite@cluster.example")
    with clock.set_to(invitation.expires_at + timedelta(seconds=seconds)):
        if accepted:
            people.accept(invitation=invitation, actor=person)
        else:
            refused(InvitationOver, people.accept, invitation=invitation, actor=person)
    assert application.collaborators.filter(user=person).exists() is accepted


def test_invitation_works_once(application, boss):
    invitation, _token = sent(application, boss)
    person = make_user("invite@cluster.example")
    people.accept(invitation=invitation, actor=person)
    refused(InvitationOver, people.accept, invitation=invitation, actor=person)
    people.remove(collaborator=application.collaborators.get(user=person), actor=boss)
    refused(InvitationOver, people.accept, invitation=invitation, actor=person)
    assert roles_of(application) == {boss.email: R.MANDATARY}


def test_revoked_invitation_is_over(application, boss):
    invitation, _token = sent(application, boss)
    people.revoke(invitation=invitation, actor=boss)
    refused(InvitationOver, people.accept, invitation=invitation, actor=make_user("invite@cluster.example"))
    refused(InvitationOver, people.revoke, invitation=invitation, actor=boss)


def test_inviting_again_ends_the_former_link(application, boss):
    first, _token = sent(application, boss)
    second, _token = sent(application, boss, "INVITE@cluster.example")
    person = make_user("invite@cluster.example")
    refused(InvitationOver, people.accept, invitation=first, actor=person)
    people.accept(invitation=second, actor=person)
    assert roles_of(application)[person.email] == R.EDITOR


def test_inviting_somebody_already_there_is_refused(application, boss):
    editor = add_editor(application, make_user("deja@cluster.example"))
    refused(PeopleRefused, sent, application=application, boss=boss, email=editor.email.upper())


def test_too_many_pending_invitations_are_refused(application, boss):
    for number in range(people.MAX_PENDING):
        sent(application, boss, f"p{number}@cluster.example")
    refused(PeopleRefused, sent, application=application, boss=boss, email="un-de-trop@cluster.example")


def test_staff_account_cannot_join_a_dossier(application, boss):
    invitation, _token = sent(application, boss, "agent@cluster.example")
    refused(PeopleRefused, people.accept, invitation=invitation, actor=make_user("agent@cluster.example", roles=[Role.CASE_OFFICER]))


# --- The link -----------------------------------------------------------------------------------------------------
def link(token):
    return reverse("applications:invitation", args=[token])


def test_guessed_token_is_not_found(application, boss, client):
    _invitation, token = sent(application, boss)
    assert client.get(link(token[:-1] + ("A" if token[-1] != "A" else "B"))).status_code == 404
    assert client.get(link(Invitation.objects.get().token_hash)).status_code == 404


def test_link_tells_a_visitor_nothing_of_the_dossier(application, boss, client):
    _invitation, token = sent(application, boss)
    page = client.get(link(token)).content.decode()
    for secret in (str(application.association), boss.get_full_name(), boss.email, "invite@cluster.example"):
        assert secret not in page
    before = state()
    assert client.post(link(token)).status_code == 403
    assert state() == before


def test_link_tells_another_account_nothing_of_the_dossier(application, boss, client):
    _invitation, token = sent(application, boss)
    client.force_login(make_user("autre@cluster.example"))
    before = state()
    for answer in (client.get(link(token)), client.post(link(token))):
        assert answer.status_code == 403
        assert str(application.association) not in answer.content.decode()
        assert "invite@cluster.example" not in answer.content.decode()
    assert state() == before


def test_link_is_read_then_accepted_then_leads_to_the_dossier(application, boss, client):
    _invitation, token = sent(application, boss)
    person = make_user("invite@cluster.example")
    client.force_login(person)
    before = state()
    page = client.get(link(token))
    assert (page.status_code, str(application.association) in page.content.decode()) == (200, True)
    assert state() == before
    assert client.post(link(token)).url == address("task_list", application)
    assert roles_of(application)[person.email] == R.EDITOR
    after = state()
    assert client.post(link(token)).url == address("task_list", application)
    assert state() == after


@pytest.mark.parametrize("end", ["revoked", "expired", "used"])
def test_link_that_ended_says_so_and_names_nobody(application, boss, client, end):
    invitation, token = sent(application, boss)
    person = make_user("invite@cluster.example")
    if end == "revoked":
        people.revoke(invitation=invitation, actor=boss)
    elif end == "expired":
        Invitation.objects.update(expires_at=clock.now())
    else:
        people.accept(invitation=invitation, actor=person)
        people.leave(application=application, actor=person)
    client.force_login(person)
    before = state()
    for answer in (client.get(link(token)), client.post(link(token))):
        assert answer.status_code == 410
        assert str(application.association) not in answer.content.decode()
    assert state() == before
