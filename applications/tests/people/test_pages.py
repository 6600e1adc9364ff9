"""The pages of the people of a dossier: what each may do is on the page, and nothing more."""

import pytest

from applications.models import MandateTransfer
from applications.services import mandate
from clusters_portal.accounts.roles import Role

from ..factories import add_editor, make_application, make_call, make_user
from .helpers import R, address, invitation_row, roles_of, sent, state

pytestmark = pytest.mark.django_db


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
