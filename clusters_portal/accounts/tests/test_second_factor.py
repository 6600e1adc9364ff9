"""Two factors for whoever holds a role; sessions that end; being asked again before an act that binds."""

import time

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value, yield_hotp_counters_from_time
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Group
from django.http import HttpResponse
from django.test import Client
from django.urls import path, reverse

from clusters_portal import urls as portal
from clusters_portal.accounts.keys import LABEL, AddKeyForm
from clusters_portal.accounts.models import User
from clusters_portal.accounts.reauthentication import confirmed
from clusters_portal.accounts.roles import Role

from .confirming import just_confirmed

pytestmark = pytest.mark.django_db
PASSWORD = "une-phrase-de-passe-longue"
LOGIN, PAGE = "/compte/login/", reverse("accounts:second_factor")
WORKLIST = reverse("applications:worklist")


@confirmed
def sign(request):
    return HttpResponse(request.POST.get("name", "the page"))


urlpatterns = [*portal.urlpatterns, path("sign/", sign)]


def make(*codes):
    user = User.objects.create_user("salma@example.com", PASSWORD)
    user.groups.set(Group.objects.filter(name__in=codes))
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@pytest.fixture
def required(settings):
    settings.MFA_REQUIRED = True


def sign_in(client, **fields):
    return client.post(LOGIN, {"login": "salma@example.com", "password": PASSWORD}, **fields)


def code_of(secret):
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


# --- Required -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", [Role.CASE_OFFICER, Role.COMMITTEE_MEMBER, Role.EVALUATOR, Role.ADMINISTRATOR])
def test_role_without_second_factor_is_sent_to_add_one(client, required, role):
    make(role)
    assert sign_in(client).status_code == 302
    answer = client.get("/espace/profil/")
    assert (answer.status_code, answer.url) == (302, PAGE)
    page = client.get(PAGE)
    assert page.status_code == 200
    assert reverse("mfa_activate_totp") in page.content.decode()
    assert reverse("mfa_add_webauthn") in page.content.decode()


def test_name_of_a_key_has_a_label_in_the_language_of_the_page(client):
    make()
    sign_in(client)
    form = just_confirmed(client).get(reverse("mfa_add_webauthn")).context["form"]
    assert (type(form), form.fields["name"].label) == (AddKeyForm, LABEL)


def test_scripts_are_told(client, required):
    make(Role.CASE_OFFICER)
    sign_in(client)
    answer = client.get(WORKLIST, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["reason"]) == (403, "second_factor")


def test_applicants_choose(client, required):
    make()
    sign_in(client)
    assert client.get("/espace/profil/").status_code == 200


def test_browser_that_waits_for_a_code_of_a_removed_factor_signs_in_again(client, required):
    TOTP.activate(make(Role.CASE_OFFICER), generate_totp_secret())
    assert sign_in(client).url == reverse("mfa_authenticate")
    Authenticator.objects.all().delete()
    page = client.get(reverse("mfa_authenticate"), follow=True)
    assert (page.status_code, page.request["PATH_INFO"]) == (200, LOGIN)
    assert sign_in(client, follow=True).request["PATH_INFO"] == PAGE


def test_demonstration_asks_nobody(client):
    make(Role.CASE_OFFICER)
    sign_in(client)
    assert client.get(WORKLIST).status_code == 200


def test_adding_it_opens_the_portal_with_recovery_codes(client, required):
    user = make(Role.CASE_OFFICER)
    sign_in(client)
    page = client.get(reverse("mfa_activate_totp"))
    if page.status_code == 302:  # the sign-in is confirmed first
        page = client.post(page.url, {"password": PASSWORD}, follow=True)
    secret = page.context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    assert set(Authenticator.objects.filter(user=user).values_list("type", flat=True)) == {"totp", "recovery_codes"}
    assert client.get(WORKLIST).status_code == 200


def test_password_alone_no_longer_signs_in_and_a_recovery_code_does(client, required):
    user = make(Role.CASE_OFFICER)
    TOTP.activate(user, generate_totp_secret())
    codes = RecoveryCodes.activate(user).get_unused_codes()
    answer = sign_in(client)
    assert (answer.url.split("?")[0], "_auth_user_id" in client.session) == (reverse("mfa_authenticate"), False)
    client.post(answer.url, {"code": "000000"})
    assert "_auth_user_id" not in client.session
    client.post(answer.url, {"code": codes[0]})
    assert client.get(WORKLIST).status_code == 200


def test_administration_has_no_sign_in_of_its_own(client):
    User.objects.create_superuser("root@example.com", PASSWORD)
    answer = client.post("/admin/login/", {"username": "root@example.com", "password": PASSWORD})
    assert (answer.status_code, answer.url.split("?")[0], "_auth_user_id" in client.session) == (302, LOGIN, False)


def test_last_second_factor_is_not_removed_by_whoever_must_have_one(required):
    user = make(Role.CASE_OFFICER)
    only = TOTP.activate(user, generate_totp_secret()).instance
    assert get_adapter().can_delete_authenticator(only) is False
    Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data={})
    assert get_adapter().can_delete_authenticator(only) is True


# --- Sessions -----------------------------------------------------------------------------------------------------
def test_session_ends_after_some_hours_whatever_was_done(client, settings):
    make()
    sign_in(client)
    session = client.session
    session["begun"] = int(time.time()) - settings.SESSION_MAX_SECONDS + 300
    session.save()
    client.post(reverse("accounts:session_extend"))
    assert client.get(reverse("accounts:session_status")).json()["seconds"] <= 300
    session = client.session
    session["begun"] -= 301
    session.save()
    assert client.get("/espace/profil/").status_code == 302
    assert "_auth_user_id" not in client.session


def test_signing_in_again_begins_anew(client, settings):
    make()
    sign_in(client)
    session = client.session
    session["begun"] = 0
    session.save()
    client.get("/espace/profil/")
    sign_in(client)
    assert client.session["begun"] >= int(time.time()) - 60
    assert client.get("/espace/profil/").status_code == 200


def test_other_sessions_are_listed_and_signed_out(client):
    user, elsewhere = make(), Client()
    for browser in (client, elsewhere):
        sign_in(browser)
        browser.get("/espace/profil/")
    assert UserSession.objects.filter(user=user).count() == 2
    client.post(reverse("usersessions_list"))
    assert client.get("/espace/profil/").status_code == 200
    assert elsewhere.get("/espace/profil/").status_code == 302


# --- Being asked again --------------------------------------------------------------------------------------------
@pytest.mark.urls(__name__)
def test_act_that_binds_asks_again_then_does_what_was_sent(client):
    make(Role.COMMITTEE_CHAIR)
    sign_in(client)
    assert client.get("/sign/").content == b"the page"
    asked = client.post("/sign/", {"name": "Salma"})
    assert (asked.status_code, asked.url.split("?")[0]) == (302, reverse("account_reauthenticate"))
    assert client.post(asked.url, {"password": "wrong"}).content != b"Salma"
    done = client.post(asked.url, {"password": PASSWORD})
    assert done.content == b"Salma"
    assert client.post("/sign/", {"name": "Salma"}).content == b"Salma"
    assert client.post(asked.url, {"password": PASSWORD}).url.startswith("/sign/")  # sent again: nothing is done twice


@pytest.mark.urls(__name__)
def test_each_tab_is_confirmed_for_what_was_sent_from_it(client):
    make(Role.COMMITTEE_CHAIR)
    sign_in(client)
    first, second = (client.post("/sign/", {"name": name}).url for name in ("Salma", "Driss"))
    assert client.post(first, {"password": PASSWORD}).content == b"Salma"
    assert client.post(second, {"password": PASSWORD}).content == b"Driss"


@pytest.mark.urls(__name__)
def test_script_is_told_to_ask_again(client):
    make(Role.COMMITTEE_CHAIR)
    sign_in(client)
    answer = client.post("/sign/", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["reason"]) == (403, "reauthenticate")
