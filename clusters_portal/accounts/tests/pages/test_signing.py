"""Signing in, signing up, a forgotten password."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import authenticate
from django.urls import reverse

from clusters_portal.accounts.models import User
from clusters_portal.accounts.roles import Role

from .helpers import LOGIN, PASSWORD, RESET, SIGNUP, make, signed_in

pytestmark = pytest.mark.django_db


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


def test_flood_keeps_what_was_typed_but_for_passwords(english, settings):
    settings.ACCOUNT_RATE_LIMITS = {"signup": "1/m/ip"}
    sent = DETAILS | {"password2": "autre", "last_name": "Aït <b>"}
    assert [english.post(SIGNUP, sent).status_code for _attempt in range(2)] == [200, 429]
    page = english.post(SIGNUP, sent).content.decode()
    assert all(f'name="{name}"' in page for name in ("email", "first_name", "last_name"))
    assert ("Aït &lt;b&gt;" in page, PASSWORD in page, 'name="password1"' in page) == (True, False, False)


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
