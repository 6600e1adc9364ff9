"""The reading page: rights, what is on it, the neighbours in the filtered list, who is responsible."""

import uuid

import pytest
from django.urls import reverse
from django.utils import translation
from django.utils.html import escape

from applications.models import Member
from applications.services.assignees import AssignmentRefused, assign
from applications.services.withdrawal import withdraw
from applications.tests.builders import deposited_application
from applications.tests.factories import make_application, make_call, make_user
from applications.tests.staff_fixtures import STAFF_WHO_DECIDE, STAFF_WHO_READ, WITHOUT_DOSSIERS, copies, officer
from clusters_portal.audit.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def call():
    return make_call(prefix="CL-2026")


@pytest.fixture
def first(call):
    return deposited_application(call=call, user=make_user())[0]


def url(application, query=""):
    return f"/instruction/{application.pk}/{query}"


def page(client, application, query=""):
    client.cookies["portal_language"] = "en"
    return client.get(url(application, query))


@pytest.mark.parametrize("role", [*STAFF_WHO_DECIDE, *STAFF_WHO_READ])
def test_readers_read(client, first, role):
    client.force_login(make_user(roles=[role]))
    response = page(client, first)
    assert response.status_code == 200
    assert response.context["deposit"].number == first.number


@pytest.mark.parametrize("role", [None, *WITHOUT_DOSSIERS])
def test_others_get_the_page_of_what_does_not_exist(client, first, role):
    client.force_login(make_user(roles=[role] if role else ()))
    assert page(client, first).status_code == 404
    assert client.post(f"/instruction/{first.pk}/responsable/").status_code == 404


def test_applicant_does_not_read_as_staff(client, first):
    client.force_login(first.created_by)
    assert page(client, first).status_code == 404


def test_draft_and_unknown_are_the_same_page(client, call):
    client.force_login(officer())
    assert page(client, make_application(call=call)).status_code == 404
    assert client.get(f"/instruction/{uuid.uuid4()}/").status_code == 404


def test_visitor_is_asked_to_sign_in(client, first):
    response = client.get(url(first))
    assert (response.status_code, response.url) == (302, f"{reverse('account_login')}?next={url(first)}")


def test_page_shows_the_deposit_and_not_the_live_columns(client, first):
    name = first.association.name_fr
    first.association.name_fr = "Changed afterwards"
    first.association.save()
    Member.objects.filter(application=first).delete()
    client.force_login(officer())
    html = page(client, first).content.decode()
    assert f'<h1><span dir="auto">{name}</span></h1>' in html
    assert "Changed afterwards" not in html
    assert "Filature Atlas Technique" in html


def test_verdicts_have_their_exact_figures(client, first):
    client.force_login(officer())
    response = page(client, first)
    with translation.override("en"):
        sentences = [verdict.sentence for verdict in response.context["verdicts"]]
    assert sentences[0] == "22 engaged members counted; at least 15 are required."
    assert "68,18\u00a0%" in sentences[1] and "15/22" in sentences[1]
    assert "42,71\u00a0% (" in sentences[2]
    html = response.content.decode()
    assert [sentence for sentence in sentences if escape(sentence) not in html] == []


def test_every_file_is_listed_under_its_piece(client, first):
    client.force_login(officer())
    documents = page(client, first).context["documents"]
    listed = [file["name"] for document in documents for file in document.files]
    assert sorted(listed) == sorted(first.documents.values_list("original_name", flat=True))


def test_history_tells_acts_and_not_the_draft(client, first):
    person = officer()
    assign(application=first, assignee=person, actor=person)
    client.force_login(person)
    actions = [event.action for event in page(client, first).context["events"]]
    assert actions == ["application.assigned", "application.deposit"]


def test_previous_and_next_follow_the_filtered_list(client, first):
    second, third, fourth = copies(first, ["CL-2026-0002", "CL-2026-0003", "CL-2026-0004"])
    third.deposits.get()
    type(third).objects.filter(pk=third.pk).update(status="admissible")
    client.force_login(officer())
    whole = page(client, third).context
    assert (whole["previous"], whole["following"], whole["position"], whole["total"]) == (second.pk, fourth.pk, 3, 4)
    filtered = page(client, second, "?status=deposited").context
    assert (filtered["previous"], filtered["following"], filtered["position"], filtered["total"]) == (first.pk, fourth.pk, 2, 3)
    outside = page(client, third, "?status=deposited").context
    assert (outside["previous"], outside["following"], outside["position"]) == (None, None, None)


def test_neighbours_keep_the_filter(client, first):
    (second,) = copies(first, ["CL-2026-0002"])
    client.force_login(officer())
    assert (
        f'rel="next" href="{url(second, "?status=deposited&amp;sort=number")}"'
        in page(client, first, "?status=deposited&sort=number").content.decode()
    )


@pytest.mark.parametrize("rows", [1, 30])
def test_queries_do_not_grow_with_rows(client, first, rows, django_assert_max_num_queries):
    copies(first, [f"CL-2026-1{n:03d}" for n in range(rows - 1)])
    client.force_login(officer())
    with django_assert_max_num_queries(12):
        assert page(client, first, "?status=deposited").status_code == 200


@pytest.mark.parametrize("role", STAFF_WHO_DECIDE)
def test_responsible_officer_is_recorded_and_journalled(client, first, role):
    head, other = make_user(roles=[role]), officer()
    client.force_login(head)
    response = client.post(f"/instruction/{first.pk}/responsable/?status=deposited", {"assignee": other.pk})
    assert (response.status_code, response.url) == (302, url(first, "?status=deposited"))
    first.refresh_from_db()
    assert first.assignee == other
    entry = AuditEntry.objects.get(action="application.assigned")
    assert (entry.actor, entry.before, entry.after) == (head, "", str(other))


def test_responsible_officer_can_be_taken_off(client, first):
    person = officer()
    assign(application=first, assignee=person, actor=person)
    client.force_login(person)
    client.post(f"/instruction/{first.pk}/responsable/", {"assignee": ""})
    first.refresh_from_db()
    assert first.assignee is None


def test_same_officer_twice_is_journalled_once(first):
    person = officer()
    for _time in range(2):
        assign(application=first, assignee=person, actor=person)
    assert AuditEntry.objects.filter(action="application.assigned").count() == 1


@pytest.mark.parametrize("role", STAFF_WHO_READ)
def test_readers_do_not_choose_the_officer(client, first, role):
    client.force_login(make_user(roles=[role]))
    client.cookies["portal_language"] = "en"
    response = client.post(f"/instruction/{first.pk}/responsable/", {"assignee": officer().pk})
    assert response.status_code == 403
    assert "Only DPTC case officers choose who is responsible" in response.content.decode()
    first.refresh_from_db()
    assert first.assignee is None


@pytest.mark.parametrize("chosen", ["999999", "x"])
def test_nobody_else_can_be_responsible(client, first, chosen):
    client.force_login(officer())
    assert client.post(f"/instruction/{first.pk}/responsable/", {"assignee": chosen}).status_code == 302
    first.refresh_from_db()
    assert first.assignee is None
    assert not AuditEntry.objects.filter(action="application.assigned").exists()


def test_an_evaluator_cannot_be_responsible(client, first):
    client.force_login(officer())
    client.post(f"/instruction/{first.pk}/responsable/", {"assignee": make_user(roles=["evaluator"]).pk})
    first.refresh_from_db()
    assert first.assignee is None


def test_officer_cannot_be_changed_by_reading_the_address(client, first):
    client.force_login(officer())
    assert client.get(f"/instruction/{first.pk}/responsable/").status_code == 405


def test_service_refuses_those_without_the_right(first):
    with pytest.raises(AssignmentRefused):
        assign(application=first, assignee=officer(), actor=first.created_by)
    first.refresh_from_db()
    assert first.assignee is None


def test_a_withdrawn_application_says_so_and_why(client, first):
    client.force_login(officer())
    assert b"notice--warn" not in page(client, first).content
    withdraw(application=first, actor=first.created_by, reason="Association en réorganisation.")
    text = page(client, first).content.decode()
    assert "It is neither checked nor assessed." in text and "Association en réorganisation." in text
