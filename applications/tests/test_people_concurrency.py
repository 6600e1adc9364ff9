"""Two people, or two tabs, at the same instant on two real connections: one act, one refusal, always one mandatary."""

from functools import partial

import pytest

from applications.models import Collaborator, Invitation, MandateTransfer
from applications.models.people import INVITATION_PENDING
from applications.services import mandate, people
from applications.services.people import InvitationOver, PeopleRefused
from tests import racing

from .factories import add_editor, make_application, make_user

pytestmark = pytest.mark.django_db(transaction=True)
together = partial(racing.together, refusals=PeopleRefused)


def refusals(outcomes):
    return [outcome for outcome in outcomes if isinstance(outcome, PeopleRefused)]


def mandataries(application):
    return application.collaborators.filter(role=Collaborator.Role.MANDATARY).count()


def test_invitation_accepted_in_two_tabs_joins_once():
    boss, guest = make_user(), make_user("invitee@cluster.example")
    application = make_application(user=boss)
    invitation = people.invite(application=application, email=guest.email, actor=boss, link=str)
    outcomes = together(*[lambda: people.accept(invitation=invitation, actor=guest)] * 2)
    assert [type(refusal) for refusal in refusals(outcomes)] == [InvitationOver]
    assert application.collaborators.filter(user=guest).count() == 1


def test_address_invited_in_two_tabs_has_one_pending_invitation():
    boss = make_user()
    application = make_application(user=boss)
    outcomes = together(*[lambda: people.invite(application=application, email="a@cluster.example", actor=boss, link=str)] * 2)
    assert refusals(outcomes) == []
    assert Invitation.objects.filter(INVITATION_PENDING).count() == 1


def test_mandate_accepted_while_it_is_taken_back_moves_or_stays():
    boss = make_user()
    application = make_application(user=boss)
    editor = add_editor(application)
    mandate.request_transfer(application=application, to_user=editor, actor=boss)
    outcomes = together(
        lambda: mandate.accept_transfer(application=application, actor=editor),
        lambda: mandate.cancel_transfer(application=application, actor=boss),
    )
    assert len(refusals(outcomes)) == 1
    transfer, holder = MandateTransfer.objects.get(), application.collaborators.get(role=Collaborator.Role.MANDATARY).user
    assert holder == (editor if transfer.accepted_at else boss)
    assert (transfer.accepted_at is None) != (transfer.cancelled_at is None)


def test_mandate_accepted_while_the_editor_is_removed_never_leaves_the_dossier_without_mandatary():
    boss = make_user()
    application = make_application(user=boss)
    editor = add_editor(application)
    line = application.collaborators.get(user=editor)
    mandate.request_transfer(application=application, to_user=editor, actor=boss)
    outcomes = together(
        lambda: mandate.accept_transfer(application=application, actor=editor),
        lambda: people.remove(collaborator=line, actor=boss),
    )
    assert len(refusals(outcomes)) == 1
    assert mandataries(application) == 1
