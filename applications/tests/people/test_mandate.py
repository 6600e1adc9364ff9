"""Removing, leaving, and the mandate that moves only when the other side accepts; what the database holds of it."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from applications.models import Application, Collaborator, Invitation, MandateTransfer
from applications.permissions import can_edit
from applications.services import mandate, people
from applications.services.people import PeopleRefused
from clusters_portal.lib import clock
from clusters_portal.notifications.models import Notice, OutgoingMail

from ..builders import deposited_application
from ..factories import add_editor, close, make_user
from .helpers import R, address, invitation_row, refused, roles_of, sent, state

pytestmark = pytest.mark.django_db


# --- Removing and leaving -------------------------------------------------------------------------------------------
def test_mandatary_removes_an_editor_who_loses_the_dossier(application, boss, client):
    editor = add_editor(application)
    line = application.collaborators.get(user=editor)
    client.force_login(boss)
    assert client.get(address("people_remove", application, line.pk)).status_code == 200
    assert application.collaborators.count() == 2
    client.post(address("people_remove", application, line.pk))
    assert roles_of(application) == {boss.email: R.MANDATARY}
    assert OutgoingMail.objects.get().recipient == editor.email
    client.force_login(editor)
    assert client.get(address("task_list", application)).status_code == 404


def test_mandatary_is_never_removed_and_never_leaves(application, boss, client):
    line = application.collaborators.get()
    refused(PeopleRefused, people.remove, collaborator=line, actor=boss)
    refused(PeopleRefused, people.leave, application=application, actor=boss)
    client.force_login(boss)
    before = state()
    assert client.post(address("people_remove", application, line.pk)).status_code == 403
    assert client.post(address("people_leave", application)).status_code == 403
    assert state() == before


def test_editor_leaves_and_the_offered_mandate_falls(application, boss, client):
    editor = add_editor(application)
    mandate.request_transfer(application=application, to_user=editor, actor=boss)
    client.force_login(editor)
    assert client.post(address("people_leave", application)).url == reverse("applications:my_applications")
    assert roles_of(application) == {boss.email: R.MANDATARY}
    assert MandateTransfer.objects.get().cancelled_at is not None
    refused(PeopleRefused, mandate.accept_transfer, application=application, actor=editor)


# --- The mandate ----------------------------------------------------------------------------------------------------
def test_mandate_moves_only_when_the_other_side_accepts(application, boss):
    editor = add_editor(application)
    mandate.request_transfer(application=application, to_user=editor, actor=boss)
    assert roles_of(application) == {boss.email: R.MANDATARY, editor.email: R.EDITOR}
    mandate.accept_transfer(application=application, actor=editor)
    assert roles_of(application) == {boss.email: R.EDITOR, editor.email: R.MANDATARY}
    assert list(Notice.objects.order_by("pk").values_list("recipient", flat=True)) == [editor.pk, boss.pk]
    refused(PeopleRefused, mandate.accept_transfer, application=application, actor=editor)
    refused(PeopleRefused, people.invite, application=application, email="x@cluster.example", actor=boss, link=str)


def test_declined_mandate_stays_where_it_was(application, boss):
    editor = add_editor(application)
    mandate.request_transfer(application=application, to_user=editor, actor=boss)
    mandate.decline_transfer(application=application, actor=editor)
    assert roles_of(application) == {boss.email: R.MANDATARY, editor.email: R.EDITOR}
    refused(PeopleRefused, mandate.accept_transfer, application=application, actor=editor)
    mandate.request_transfer(application=application, to_user=editor, actor=boss)


def test_offer_is_taken_back(application, boss):
    editor = add_editor(application)
    mandate.request_transfer(application=application, to_user=editor, actor=boss)
    mandate.cancel_transfer(application=application, actor=boss)
    refused(PeopleRefused, mandate.accept_transfer, application=application, actor=editor)
    refused(PeopleRefused, mandate.cancel_transfer, application=application, actor=boss)


def test_mandate_is_offered_to_one_editor_of_the_dossier_only(application, boss):
    editor, other, stranger = add_editor(application), add_editor(application), make_user()
    for person in (stranger, boss):
        refused(PeopleRefused, mandate.request_transfer, application=application, to_user=person, actor=boss)
    refused(PeopleRefused, mandate.request_transfer, application=application, to_user=other, actor=editor)
    mandate.request_transfer(application=application, to_user=editor, actor=boss)
    refused(PeopleRefused, mandate.request_transfer, application=application, to_user=other, actor=boss)
    for person in (other, boss, stranger):
        refused(PeopleRefused, mandate.accept_transfer, application=application, actor=person)
        refused(PeopleRefused, mandate.decline_transfer, application=application, actor=person)


def test_rights_hold_after_the_deposit(boss):
    application, _deposit = deposited_application(user=boss)
    editor = add_editor(application)
    invitation, _token = sent(application, boss)
    people.accept(invitation=invitation, actor=make_user("invite@cluster.example"))
    mandate.request_transfer(application=application, to_user=editor, actor=boss)
    mandate.accept_transfer(application=application, actor=editor)
    assert roles_of(application) == {boss.email: R.EDITOR, editor.email: R.MANDATARY, "invite@cluster.example": R.EDITOR}
    assert can_edit(editor, Application.objects.get())  # until the deadline, behind the deposit
    close(application.call)
    assert not can_edit(editor, Application.objects.get())


# --- What the database holds ----------------------------------------------------------------------------------------
def violates(name, act):
    """SQLite names a check or an index of expressions, and only the columns of the other unique constraints."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        act()
    text = str(caught.value)
    assert name in text or text.startswith("UNIQUE constraint failed: applications_")


def test_two_mandataries_are_impossible(application):
    violates("collaborator_one_mandatary", lambda: Collaborator.objects.create(application=application, user=make_user(), role=R.MANDATARY))
    assert application.collaborators.count() == 1


def test_constraint_one_pending_invitation_per_address_and_dossier(application, boss):
    invitation_row(application, boss, token_hash="1")
    violates("invitation_one_pending_per_address", lambda: invitation_row(application, boss, token_hash="2", email="A@Cluster.example"))
    invitation_row(application, boss, token_hash="3", email="b@cluster.example")
    invitation_row(application, boss, token_hash="4", revoked_at=clock.now())
    assert Invitation.objects.count() == 3


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("invitation_for_editors_only", {"role": R.MANDATARY}),
        ("invitation_accepted_by_someone", {"accepted_at": datetime(2026, 7, 1, tzinfo=UTC)}),
    ],
)
def test_constraint_on_an_invitation(application, boss, name, columns):
    violates(name, lambda: invitation_row(application, boss, **columns))
    assert not Invitation.objects.exists()


def test_constraint_invitation_ends_once(application, boss):
    now = clock.now()
    violates("invitation_ends_once", lambda: invitation_row(application, boss, accepted_at=now, accepted_by=boss, revoked_at=now))
    assert not Invitation.objects.exists()


def test_constraints_on_a_transfer(application, boss):
    editor, now = add_editor(application), clock.now()

    def row(**columns):
        return MandateTransfer.objects.create(
            application=application, from_user=boss, **{"to_user": editor, "requested_at": now, **columns}
        )

    violates("mandate_transfer_between_two_people", lambda: row(to_user=boss))
    violates("mandate_transfer_ends_once", lambda: row(accepted_at=now, declined_at=now))
    violates("mandate_transfer_ends_once", lambda: row(accepted_at=now, cancelled_at=now))
    violates("mandate_transfer_ends_once", lambda: row(declined_at=now, cancelled_at=now))
    row()
    violates("mandate_transfer_one_pending", row)
    row(declined_at=now)
    assert MandateTransfer.objects.count() == 2
