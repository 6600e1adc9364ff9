"""Pages of the ground floor: frame, languages, account, errors, logins of the demonstration."""

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation

from clusters_portal import errors
from clusters_portal.accounts import demo
from clusters_portal.accounts.models import User
from clusters_portal.accounts.roles import Role

PASSWORD = "a-long-password-2026"
ACCOUNT_PAGES = [
    "accounts:profile",
    "account_email",
    "account_change_password",
    "account_logout",
    "account_reauthenticate",
    "mfa_index",
    "usersessions_list",
]


@pytest.fixture
def amina(db):
    return User.objects.create_user("amina@demo.example", PASSWORD, first_name="Amina", last_name="Berrada")


def page(response) -> str:
    return response.content.decode()


@pytest.mark.django_db
class TestFrame:
    @pytest.mark.parametrize(
        ("language", "direction", "sheet"),
        [("fr", "ltr", "bootstrap.min.css"), ("ar", "rtl", "bootstrap.rtl.min.css"), ("en", "ltr", "bootstrap.min.css")],
    )
    def test_page_is_written_in_the_chosen_language_and_direction(self, client, language, direction, sheet):
        client.cookies["portal_language"] = language
        html = page(client.get(reverse("account_login")))
        assert f'<html lang="{language}" dir="{direction}">' in html
        assert sheet in html
        assert ("css/arabic.css" in html) == (language == "ar")

    def test_french_unless_chosen(self, client):
        html = page(client.get(reverse("account_login"), HTTP_ACCEPT_LANGUAGE="en-US"))
        assert '<html lang="fr" dir="ltr">' in html

    def test_switch_keeps_the_page(self, client):
        address = reverse("account_login") + "?next=/espace/"
        response = client.post(reverse("set_language"), {"language": "ar", "next": address})
        assert (response.status_code, response.url) == (302, address)
        assert '<html lang="ar" dir="rtl">' in page(client.get(address))

    def test_switch_needs_its_token(self):
        response = Client(enforce_csrf_checks=True).post(reverse("set_language"), {"language": "ar"})
        assert response.status_code == 403
        assert "portal_language" not in response.cookies

    def test_nothing_runs_or_is_styled_inline(self, client):
        html = page(client.get(reverse("account_login")))
        assert " style=" not in html
        assert " onclick=" not in html
        assert "<style" not in html


@pytest.mark.django_db
class TestAccount:
    @pytest.mark.parametrize("name", ACCOUNT_PAGES)
    def test_page_of_ones_account_is_drawn(self, client, amina, name):
        client.force_login(amina)
        response = client.get(reverse(name))
        assert response.status_code == 200
        assert page(response).count("<h1") == 1

    @pytest.mark.parametrize("name", ["account_login", "account_signup", "account_reset_password", "account_reset_password_done"])
    def test_page_of_a_visitor_is_drawn(self, client, name):
        response = client.get(reverse(name))
        assert response.status_code == 200
        assert page(response).count("<h1") == 1

    def test_every_input_of_signing_up_has_its_label(self, client):
        html = page(client.get(reverse("account_signup")))
        for name in ("email", "first_name", "last_name", "password1", "password2"):
            assert f'for="id_{name}"' in html

    def test_wrong_password_says_so_and_keeps_the_address(self, client, amina):
        html = page(client.post(reverse("account_login"), {"login": amina.email, "password": "wrong"}))
        assert "data-error-summary" in html
        assert f'value="{amina.email}"' in html

    def test_profile_saves(self, client, amina):
        client.force_login(amina)
        response = client.post(
            reverse("accounts:profile"), {"first_name": "Amina", "last_name": "Alaoui", "employer": "INDH", "language": "fr"}
        )
        assert response.status_code == 302
        amina.refresh_from_db()
        assert (amina.last_name, amina.employer) == ("Alaoui", "INDH")


@pytest.mark.django_db
class TestDemoLogins:
    def test_hidden_outside_the_demonstration(self, client, amina, settings):
        settings.DEMO_MODE = False
        assert amina.email not in page(client.get(reverse("account_login")))

    def test_shown_with_a_button_each(self, client, amina, settings):
        settings.DEMO_MODE = True
        html = page(client.get(reverse("account_login")))
        assert html.count(f'name="login" value="{amina.email}"') == 1

    def test_applicants_come_first_and_real_people_never(self, amina, django_assert_num_queries):
        Group.objects.get_or_create(name=Role.AUDITOR)[0].user_set.add(User.objects.create_user("a@demo.example", PASSWORD))
        User.objects.create_user("real@ministry.example", PASSWORD)
        User.objects.create_user("gone@demo.example", PASSWORD, is_active=False)
        with translation.override("en"), django_assert_num_queries(2):
            logins = demo.demo_logins()
        assert [(row["role"], row["email"]) for row in logins] == [("Applicant", "amina@demo.example"), ("Auditor", "a@demo.example")]


@pytest.mark.django_db
class TestErrors:
    def test_unknown_address(self, client, settings):
        settings.DEBUG = False
        response = client.get("/nowhere-at-all/")
        assert response.status_code == 404
        assert reverse("applications:home") in page(response)

    def test_refusal_shows_its_reason(self):
        request = RequestFactory().get("/")
        response = errors.permission_denied(request, PermissionDenied("The call is <closed>."))
        assert response.status_code == 403
        assert "The call is &lt;closed&gt;." in page(response)

    def test_other_errors_have_a_page(self):
        assert errors.bad_request(RequestFactory().get("/")).status_code == 400


def test_failure_page_needs_no_database():
    """No database mark: any query here would fail the test."""
    with translation.override("en"):
        response = errors.server_error(RequestFactory().get("/"))
    assert response.status_code == 500
    assert "<h1>The portal has failed</h1>" in page(response)
