"""Accounts: login by e-mail, roles, where each role lands and what it sees, sign-up, and what pages never tell."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import authenticate
from django.contrib.auth.models import AnonymousUser, Group
from django.db import IntegrityError, transaction
from django.test import RequestFactory
from django.urls import reverse

from clusters_portal.accounts import roles
from clusters_portal.accounts.models import User
from clusters_portal.accounts.navigation import LANDINGS, landing_url, navigation_for
from clusters_portal.accounts.roles import Role

pytestmark = pytest.mark.django_db
PASSWORD = "une-phrase-de-passe-longue"
LOGIN, SIGNUP, RESET = "/compte/login/", "/compte/signup/", "/compte/password/reset/"


def make(email="salma@example.com", *codes, verified=True, **fields):
    user = User.objects.create_user(email, PASSWORD, **fields)
    user.groups.set(Group.objects.filter(name__in=codes))
    EmailAddress.objects.create(user=user, email=user.email, verified=verified, primary=True)
    return user


@pytest.fixture
def english(client):
    client.cookies["portal_language"] = "en"
    return client


def signed_in(client) -> bool:
    return "_auth_user_id" in client.session


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
    Role.ADMINISTRATOR: ["operations:status", "admin:index"],
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


# --- Signing in ---------------------------------------------------------------------------------------------------
def test_sign_in_by_address_in_any_case_leads_to_the_work_list(client):
    make("a@example.com", Role.CASE_OFFICER)
    response = client.post(LOGIN, {"login": "A@EXAMPLE.com", "password": PASSWORD})
    assert (response.status_code, response.url) == (302, reverse("applications:worklist"))
    assert signed_in(client)


def test_session_changes_at_sign_in(client):
    make()
    client.get("/")
    session = client.session
    session["x"] = 1
    session.save()
    before = session.session_key
    client.cookies["sessionid"] = before
    client.post(LOGIN, {"login": "salma@example.com", "password": PASSWORD})
    assert client.session.session_key != before


def test_sign_in_follows_only_our_own_addresses(client):
    make()
    response = client.post(f"{LOGIN}?next=https://elsewhere.example/", {"login": "salma@example.com", "password": PASSWORD})
    assert response.url == reverse("applications:my_applications")


def test_wrong_password_and_unknown_address_get_the_same_answer(english):
    make()
    answers = []
    for address in ("salma@example.com", "nobody@example.com"):
        response = english.post(LOGIN, {"login": address, "password": "pas-le-bon-mot"})
        answers.append((response.status_code, list(response.context["form"].non_field_errors())))
    assert answers[0] == answers[1]
    assert len(answers[0][1]) == 1
    assert not signed_in(english)


def test_closed_account_does_not_sign_in(client):
    make(is_active=False)
    client.post(LOGIN, {"login": "salma@example.com", "password": PASSWORD})
    assert not signed_in(client)


def test_too_many_failures_are_refused_with_a_sentence_even_with_the_right_password(english):
    make()
    for _attempt in range(5):
        english.post(LOGIN, {"login": "salma@example.com", "password": "pas-le-bon-mot"})
    response = english.post(LOGIN, {"login": "salma@example.com", "password": PASSWORD})
    assert not signed_in(english)
    assert "Too many failed login attempts" in response.content.decode()
    assert 'value="salma@example.com"' in response.content.decode()


def test_flood_of_one_address_gets_the_page_that_says_so(english, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "3/m/ip"}
    answers = [english.post(LOGIN, {"login": "salma@example.com", "password": "x"}) for _attempt in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert "Wait a few minutes before trying again." in answers[-1].content.decode()


def test_an_office_behind_one_address_is_not_one_person(client):
    people = [make(f"personne{n}@example.com") for n in range(35)]
    for person in people:
        assert client.post(LOGIN, {"login": person.email, "password": PASSWORD}).status_code == 302
        client.logout()


def test_five_wrong_passwords_close_the_account_for_a_while(english):
    make()
    for _attempt in range(5):
        english.post(LOGIN, {"login": "salma@example.com", "password": "x"})
    english.post(LOGIN, {"login": "salma@example.com", "password": PASSWORD})
    assert not signed_in(english)


def test_sign_out_needs_a_click(client):
    client.force_login(make())
    client.get("/compte/logout/")
    assert signed_in(client)
    response = client.post("/compte/logout/")
    assert (response.url, signed_in(client)) == (reverse("applications:home"), False)


# --- Signing up ---------------------------------------------------------------------------------------------------
DETAILS = {"email": "Nouveau@Example.com", "first_name": "Nouveau", "last_name": "Porteur", "password1": PASSWORD, "password2": PASSWORD}


def test_sign_up_asks_for_the_name_then_for_the_address_to_be_confirmed(client, mailoutbox):
    page = client.get(SIGNUP).content.decode()
    assert all(f'name="{name}"' in page for name in DETAILS)
    response = client.post(SIGNUP, DETAILS)
    assert response.status_code == 302
    assert client.get(response.url).status_code == 200
    user = User.objects.get()
    assert (user.email, user.first_name, user.last_name) == ("nouveau@example.com", "Nouveau", "Porteur")
    assert not signed_in(client)
    assert [mail.to for mail in mailoutbox] == [["nouveau@example.com"]]
    client.post(LOGIN, {"login": "nouveau@example.com", "password": PASSWORD})
    assert not signed_in(client)


def test_link_of_the_mail_confirms_the_address_and_signs_in(client, mailoutbox):
    client.post(SIGNUP, DETAILS)
    path = re.search(r"https?://[^/\s]+(/\S+)", mailoutbox[0].body).group(1)
    assert client.get(path).status_code == 200
    assert not EmailAddress.objects.get().verified  # a mail scanner that follows links confirms nothing
    response = client.post(path)
    assert EmailAddress.objects.get().verified
    assert (response.status_code, signed_in(client)) == (302, True)
    assert client.get(response.url, follow=True).status_code == 200


def test_altered_link_confirms_nothing(client, mailoutbox):
    client.post(SIGNUP, DETAILS)
    path = re.search(r"https?://[^/\s]+(/\S+)", mailoutbox[0].body).group(1)
    client.post(path[:-3] + "xx/")
    assert not EmailAddress.objects.get().verified


def test_sign_up_with_a_known_address_looks_the_same_and_tells_its_owner(client, mailoutbox):
    fresh = client.post(SIGNUP, {**DETAILS, "email": "autre@example.com"})
    make("nouveau@example.com")
    known = client.post(SIGNUP, DETAILS)
    assert (known.status_code, known.url) == (fresh.status_code, fresh.url)
    assert User.objects.filter(email="nouveau@example.com").count() == 1
    assert User.objects.get(email="nouveau@example.com").first_name == ""
    assert [mail.to for mail in mailoutbox] == [["autre@example.com"], ["nouveau@example.com"]]
    assert mailoutbox[0].body != mailoutbox[1].body


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"password2": "autre-chose-encore"}, "password2"), ({"password1": "court", "password2": "court"}, "password1"),
     ({"email": "pas une adresse"}, "email"), ({"first_name": ""}, "first_name"), ({"last_name": "x" * 81}, "last_name")],
)  # fmt: skip
def test_wrong_sign_up_is_said_beside_its_field_and_makes_nothing(client, mailoutbox, changed, field):
    response = client.post(SIGNUP, DETAILS | changed)
    assert list(response.context["form"].errors) == [field]
    assert (User.objects.count(), mailoutbox) == (0, [])


# --- Forgotten password -------------------------------------------------------------------------------------------
def test_reset_answers_the_same_for_an_unknown_address(client, mailoutbox):
    make()
    known = client.post(RESET, {"email": "SALMA@example.com"})
    unknown = client.post(RESET, {"email": "nobody@example.com"})
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url) == (302, "/compte/password/reset/done/")
    assert [mail.to for mail in mailoutbox][0] == ["salma@example.com"]


def test_link_of_the_reset_sets_a_password_once(client, mailoutbox):
    make()
    client.post(RESET, {"email": "salma@example.com"})
    path = re.search(r"https?://[^/\s]+(/\S+)", mailoutbox[0].body).group(1)
    form_url = client.get(path).url
    new = "une-autre-phrase-longue"
    client.post(form_url, {"password1": new, "password2": new})
    assert authenticate(None, username="salma@example.com", password=new) is not None
    client.cookies.clear()
    client.get(path, follow=True)
    client.post(form_url, {"password1": PASSWORD, "password2": PASSWORD})
    assert authenticate(None, username="salma@example.com", password=PASSWORD) is None


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
