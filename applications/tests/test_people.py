"""A3: invitations, removal, leaving and the mandate. A refusal changes nothing; a stranger learns nothing."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation

from applications.models import Application, Collaborator, Invitation, MandateTransfer
from applications.permissions import can_edit
from applications.services import mandate, people
from applications.services.people import InvitationOver, PeopleRefused
from clusters_portal.accounts.roles import Role
from clusters_portal.audit.models import AuditEntry
from clusters_portal.lib import clock
from clusters_portal.lib.canonical import sha256_hex
from clusters_portal.notifications.models import Notice, OutgoingMail

from .builders import deposited_application
from .factories import add_editor, close, make_application, make_call, make_user

pytestmark = pytest.mark.django_db

R = Collaborator.Role


@pytest.fixture(autouse=True)
def _english(client, settings):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    with translation.override("en"):
        yield


@pytest.fixture
def boss():
    return make_user("mandataire@cluster.example")


@pytest.fixture
def application(boss):
    return make_application(user=boss, name="Cluster Fil-Atlas")


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


def invitation_row(application, boss, **columns):
    now = clock.now()
    row = {"email": "a@cluster.example", "token_hash": sha256_hex(str(columns)), "created_at": now, "expires_at": now}
    return Invitation.objects.create(application=application, invited_by=boss, **{**row, **columns})


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


# --- Pages ------------------------------------------------------------------------------------------------------------
def posts(application, boss):
    """Every act of the page, as (route, further arguments, data)."""
    editor = application.collaborators.get(role=R.EDITOR)
    invitation, _token = sent(application, boss)
    mandate.request_transfer(application=application, to_user=editor.user, actor=boss)
    return {
        "people_invite": ([], {"email": "x@cluster.example"}),
        "people_revoke": ([invitation.pk], {}),
        "people_remove": ([editor.pk], {}),
        "people_transfer": ([editor.pk], {}),
        "people_leave": ([], {}),
        "people_transfer_accept": ([], {}),
        "people_transfer_decline": ([], {}),
        "people_transfer_cancel": ([], {}),
    }


def test_strangers_and_staff_find_nothing(application, boss, client):
    add_editor(application)
    acts = posts(application, boss)
    before = state()
    for person in (make_user(), make_user(roles=[Role.CASE_OFFICER]), make_user(roles=[Role.ADMINISTRATOR])):
        client.force_login(person)
        assert client.get(address("people", application)).status_code == 404
        for route, (args, data) in acts.items():
            assert client.post(address(route, application, *args), data).status_code == 404, route
    client.logout()
    for route, (args, data) in acts.items():
        assert client.post(address(route, application, *args), data).status_code == 302, route
    assert state() == before


def test_who_may_not_is_refused_with_the_reason(application, boss, client):
    editor = add_editor(application)
    acts = posts(application, boss)
    before = state()
    client.force_login(editor)
    reason = "Only the authorised representative may invite or remove people."
    for route in ("people_invite", "people_revoke", "people_remove", "people_transfer", "people_transfer_cancel"):
        args, data = acts[route]
        answer = client.post(address(route, application, *args), data)
        assert (answer.status_code, reason in answer.content.decode()) == (403, True), route
    client.force_login(boss)
    for route in ("people_leave", "people_transfer_accept", "people_transfer_decline"):
        args, data = acts[route]
        assert client.post(address(route, application, *args), data).status_code == 403, route
    assert state() == before


def test_rows_of_another_dossier_are_not_found(application, boss, client):
    other = make_application(call=make_call("autre"), user=make_user())
    foreign = add_editor(other)
    theirs, _token = sent(other, other.collaborators.get(role=R.MANDATARY).user)
    line = other.collaborators.get(user=foreign)
    client.force_login(boss)
    before = state()
    for route, key in (("people_remove", line.pk), ("people_transfer", line.pk), ("people_revoke", theirs.pk)):
        assert client.post(address(route, application, key)).status_code == 404
    assert state() == before


def test_reading_never_acts(application, boss, client):
    editor = add_editor(application)
    line = application.collaborators.get(user=editor)
    client.force_login(boss)
    before = state()
    for route in ("people_remove", "people_transfer"):
        assert client.get(address(route, application, line.pk)).status_code == 200
    for route in ("people_invite", "people_transfer_accept", "people_transfer_decline", "people_transfer_cancel"):
        assert client.get(address(route, application)).status_code == 405
    assert state() == before


def test_page_offers_each_what_he_may_do(application, boss, client):
    editor = add_editor(application)
    sent(application, boss)
    client.force_login(boss)
    page = client.get(address("people", application)).content.decode()
    assert address("people_invite", application) in page
    assert address("people_leave", application) not in page
    client.force_login(editor)
    page = client.get(address("people", application)).content.decode()
    assert address("people_invite", application) not in page
    assert "/retirer/" not in page
    assert "/annuler/" not in page
    assert address("people_leave", application) in page


def test_refused_invitation_keeps_the_address_typed(application, boss, client):
    editor = add_editor(application)
    client.force_login(boss)
    before = state()
    for email in (editor.email, "pas une adresse"):
        answer = client.post(address("people_invite", application), {"email": email})
        assert (answer.status_code, f'value="{email}"' in answer.content.decode()) == (422, True)
    assert state() == before


def test_transfer_through_the_pages(application, boss, client):
    editor = add_editor(application)
    line = application.collaborators.get(user=editor)
    client.force_login(boss)
    client.post(address("people_transfer", application, line.pk))
    answer = client.post(address("people_transfer", application, line.pk))
    assert (answer.status_code, MandateTransfer.objects.count()) == (409, 1)
    client.force_login(editor)
    client.post(address("people_transfer_accept", application))
    assert roles_of(application) == {boss.email: R.EDITOR, editor.email: R.MANDATARY}


@pytest.mark.parametrize("others", [1, 30])
def test_page_costs_the_same_whatever_the_number_of_people(application, boss, client, django_assert_max_num_queries, others):
    for number in range(others):
        add_editor(application)
        invitation_row(application, boss, email=f"{number}@cluster.example", token_hash=str(number))
    client.force_login(boss)
    with django_assert_max_num_queries(10):
        assert client.get(address("people", application)).status_code == 200
