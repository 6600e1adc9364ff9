"""The user, the roles, where each lands and what each may open."""

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import AnonymousUser, Group
from django.db import IntegrityError, transaction
from django.test import RequestFactory
from django.urls import reverse

from clusters_portal.accounts import roles
from clusters_portal.accounts.models import User
from clusters_portal.accounts.navigation import LANDINGS, landing_url, navigation_for
from clusters_portal.accounts.roles import Role

from .helpers import PASSWORD, make

pytestmark = pytest.mark.django_db


# --- The user -----------------------------------------------------------------------------------------------------
def test_address_is_kept_in_lower_case():
    assert make("Salma.Bennis@Example.COM").email == "salma.bennis@example.com"


def test_same_address_in_another_case_is_refused_by_the_database():
    make()
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.bulk_create([User(email="SALMA@example.com")])


def test_account_needs_an_address():
    with pytest.raises(ValueError, match="e-mail address is required"):
        User.objects.create_user("", PASSWORD)


def test_login_ignores_the_case_of_the_address():
    user = make()
    assert authenticate(None, username="SALMA@Example.com", password=PASSWORD) == user
    assert authenticate(None, username="salma@example.com", password=PASSWORD.upper()) is None


@pytest.mark.parametrize(("first", "last", "shown"), [("Salma", "Bennis", "Salma Bennis"), ("", "", "salma@example.com")])
def test_person_is_called_by_name_or_by_address(first, last, shown):
    assert str(make(first_name=first, last_name=last)) == shown


# --- Roles --------------------------------------------------------------------------------------------------------
def test_every_role_is_a_group():
    assert set(Group.objects.values_list("name", flat=True)) == set(Role.values)


def test_roles_are_read_once(django_assert_num_queries):
    user = make("a@example.com", Role.AUDITOR)
    with django_assert_num_queries(1):
        assert user.has_role(Role.AUDITOR)
        assert not user.has_role(Role.CASE_OFFICER, Role.EVALUATOR)
        assert user.has_role(Role.CASE_OFFICER, Role.AUDITOR)


def test_visitors_and_closed_accounts_hold_no_role():
    assert not roles.has_role(AnonymousUser(), *Role.values)
    assert not make("a@example.com", Role.AUDITOR, is_active=False).has_role(Role.AUDITOR)


def test_superuser_holds_no_business_role():
    assert not User.objects.create_superuser("root@example.com", PASSWORD).has_role(*Role.values)


# --- Landing and navigation ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(("role", "url_name"), LANDINGS)
def test_each_role_lands_on_its_own_list(client, role, url_name):
    user = make("a@example.com", role)
    assert landing_url(user) == reverse(url_name)
    client.force_login(user)
    response = client.get("/espace/")
    assert (response.status_code, response.url) == (302, reverse(url_name))


def test_applicant_lands_on_his_applications(client):
    client.force_login(make())
    assert client.get("/espace/").url == reverse("applications:my_applications")


def test_chair_who_also_evaluates_lands_on_the_committee():
    assert landing_url(make("a@example.com", Role.EVALUATOR, Role.COMMITTEE_CHAIR)) == reverse("evaluation:committees")


NAVIGATION = {
    None: ["applications:my_applications"],
    Role.CASE_OFFICER: [
        "applications:worklist",
        "applications:counter",
        "evaluation:assignments",
        "evaluation:consensuses",
        "evaluation:rankings",
        "evaluation:appeals",
        "evaluation:dashboards",
        "applications:register",
    ],
    Role.DIVISION_HEAD: [
        "applications:worklist",
        "applications:counter",
        "evaluation:assignments",
        "evaluation:consensuses",
        "evaluation:rankings",
        "evaluation:committees",
        "evaluation:appeals",
        "evaluation:dashboards",
        "applications:register",
        "admin:index",
    ],
    Role.COUNTER_AGENT: ["applications:worklist", "applications:counter"],
    Role.EVALUATOR: ["evaluation:my_evaluations", "evaluation:consensuses"],
    Role.COMMITTEE_MEMBER: ["evaluation:rankings", "evaluation:committees", "evaluation:dashboards", "evaluation:grids"],
    Role.COMMITTEE_CHAIR: [
        "evaluation:assignments",
        "evaluation:rankings",
        "evaluation:committees",
        "evaluation:dashboards",
        "evaluation:grids",
    ],
    Role.ADMINISTRATOR: ["privacy:requests", "operations:status", "admin:index"],
    Role.AUDITOR: [
        "applications:worklist",
        "evaluation:assignments",
        "evaluation:consensuses",
        "evaluation:rankings",
        "evaluation:committees",
        "evaluation:appeals",
        "evaluation:dashboards",
        "applications:register",
        "admin:index",
    ],
}


def menu_of(user, path="/"):
    request = RequestFactory().get(path)
    request.user = user
    return navigation_for(request)


@pytest.mark.parametrize(("role", "names"), NAVIGATION.items(), ids=str)
def test_menu_of_each_role(role, names):
    user = make("a@example.com", *([role] if role else []))
    assert [item["url"] for item in menu_of(user)] == [reverse(name) for name in names]


def test_every_role_has_a_menu_and_a_landing():
    assert set(NAVIGATION) == {None, *Role.values}
    assert {role for role, _name in LANDINGS} == set(Role.values)


def test_visitor_has_no_menu():
    assert menu_of(AnonymousUser()) == []


def test_present_page_is_marked_in_the_menu():
    items = menu_of(make("a@example.com", Role.CASE_OFFICER), reverse("applications:worklist"))
    assert [item["current"] for item in items] == [True, *[False] * (len(items) - 1)]


@pytest.mark.parametrize("role", [None, *Role.values])
def test_every_link_of_the_menu_opens(client, role):
    user = make("a@example.com", *([role] if role else []), is_staff=role in (Role.ADMINISTRATOR, Role.DIVISION_HEAD, Role.AUDITOR))
    client.force_login(user)
    answers = {item["url"]: client.get(item["url"]).status_code for item in menu_of(user)}
    assert set(answers.values()) == {200}, answers


# --- Own details and the administration site ----------------------------------------------------------------------
def test_person_changes_his_name_and_nothing_else(client):
    user = make()
    client.force_login(user)
    client.post(
        "/espace/profil/",
        {"first_name": "Salma", "last_name": "Bennis", "employer": "ENSA", "language": "ar", "email": "x@example.com", "is_staff": "on"},
    )
    user.refresh_from_db()
    assert (str(user), user.employer, user.email, user.is_staff) == ("Salma Bennis", "ENSA", "salma@example.com", False)


def change_url(user):
    return reverse("admin:accounts_user_change", args=[user.pk])


def posted(client, user, **fields):
    page = client.get(change_url(user))
    form = page.context["adminform"].form
    data = {name: form[name].value() for name in form.fields if name != "password" and form[name].value() is not None}
    return client.post(change_url(user), {**data, **fields})


@pytest.fixture(params=["superuser", "administrator"])
def administrator(client, request):
    if request.param == "superuser":
        user = User.objects.create_superuser("root@example.com", PASSWORD)
    else:
        user = make("admin@example.com", Role.ADMINISTRATOR, is_staff=True)
    client.force_login(user)
    return user


def test_nobody_gives_himself_a_role(client, administrator):
    form = client.get(change_url(administrator)).context["adminform"].form
    assert not {"groups", "is_staff", "is_active", "is_superuser"} & set(form.fields)
    group = Group.objects.get(name=Role.CASE_OFFICER)
    posted(client, administrator, groups=[group.pk], is_superuser="on")
    after = User.objects.get(pk=administrator.pk)
    assert (after.roles, after.is_superuser) == (administrator.roles, administrator.is_superuser)


def test_roles_of_others_are_not_edited_and_the_page_says_how(client, administrator):
    other = make()
    posted(client, other, groups=[Group.objects.get(name=Role.EVALUATOR).pk], employer="ENSA")
    after = User.objects.get(pk=other.pk)
    assert (after.roles, after.employer) == (frozenset(), "ENSA")
    assert reverse("admin:accounts_rolegrant_changelist") in client.get(change_url(other)).content.decode()


def test_administration_site_is_closed_to_those_without_the_title(client):
    client.force_login(make("a@example.com", Role.CASE_OFFICER))
    assert client.get(reverse("admin:index")).status_code == 302
