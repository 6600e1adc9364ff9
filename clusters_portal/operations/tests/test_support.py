"""What an administrator may do for somebody's account: never what would let him sign in as that person."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth import authenticate
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse

from clusters_portal.accounts.models import FactorReset, RoleGrant, User
from clusters_portal.accounts.roles import Role
from clusters_portal.accounts.tests.confirming import just_confirmed
from clusters_portal.accounts.two_people import Refused
from clusters_portal.audit.models import AuditEntry
from clusters_portal.lib import clock
from clusters_portal.notifications.models import Notice, OutgoingMail
from clusters_portal.operations import factor_resets

pytestmark = pytest.mark.django_db
PASSWORD = "une-phrase-de-passe-longue"
PEOPLE, ADD = "admin:accounts_user_changelist", "admin:accounts_user_add"


def person(name, *codes, **fields):
    user = User.objects.create_user(f"{name}@example.com", PASSWORD, is_staff=bool(codes), **fields)
    user.groups.set(Group.objects.filter(name__in=codes))
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@pytest.fixture
def salma():
    user = person("salma", Role.CASE_OFFICER)
    TOTP.activate(user, generate_totp_secret())
    return user


@pytest.fixture(params=["administrator", "superuser"])
def first(client, request):
    """Whoever holds the role, or was made with `createsuperuser`: the same limits."""
    user = person("first", Role.ADMINISTRATOR) if request.param == "administrator" else User.objects.create_superuser("root@example.com")
    client.force_login(user)
    return user


def entries():
    return list(AuditEntry.objects.order_by("id").values_list("action", "actor_label", "object_label", "note"))


def act(client, page, name, row):
    return client.post(reverse(page), {"action": name, "_selected_action": [row.pk]}, follow=True)


# --- Passwords, addresses, secrets --------------------------------------------------------------------------------
def test_nobody_sets_the_password_or_the_address_of_another(client, first, salma):
    page = reverse("admin:accounts_user_change", args=[salma.pk])
    with pytest.raises(NoReverseMatch):
        reverse("admin:auth_user_password_change", args=[salma.pk])
    assert client.get(f"{page}../password/").status_code in (302, 404)
    before = User.objects.values().get(pk=salma.pk)
    client.post(page, {"email": "mine@example.com", "password": "x", "password1": "autre-phrase-longue", "password2": "autre-phrase-longue",
                       "is_superuser": "on", "user_permissions": ["1"], "groups": ["1"], "last_name": "Bennis", "language": "fr",
                       "is_active": "on", "is_staff": "on"})  # fmt: skip
    assert User.objects.values().get(pk=salma.pk) == before | {"last_name": "Bennis"}
    assert list(User.objects.get(pk=salma.pk).user_permissions.all()) == []
    assert authenticate(None, username="salma@example.com", password=PASSWORD) == salma


def test_what_opens_an_account_is_not_in_the_administration():
    registered = {model._meta.label for model in admin.site._registry}
    assert registered & {"account.EmailAddress", "mfa.Authenticator", "usersessions.UserSession", "auth.Group", "auth.Permission",
                         "sessions.Session"} == set()  # fmt: skip


def test_link_for_a_new_password_goes_to_the_person_alone(client, first, salma, mailoutbox):
    answer = act(client, PEOPLE, "send_reset_link", salma)
    assert [mail.to for mail in mailoutbox] == [["salma@example.com"]]
    link = re.search(r"https?://[^/\s]+(/\S+)", mailoutbox[0].body).group(1)
    assert link not in answer.content.decode()
    assert entries()[-1][:3] == ("user.reset_link_sent", str(first), str(salma))
    salma.is_active = False
    salma.save()
    act(client, PEOPLE, "send_reset_link", salma)
    assert (len(mailoutbox), len(entries())) == (1, 1)


def test_new_account_has_no_password_until_its_person_chooses_one(client, first, mailoutbox):
    sent = {"email": "Nouveau@Example.com", "first_name": "Nour", "last_name": "Alami", "employer": "", "language": "fr", "password1": "x"}
    client.post(reverse(ADD), sent)
    made = User.objects.get(email="nouveau@example.com")
    assert (made.has_usable_password(), made.is_staff, list(made.groups.all())) == (False, False, [])
    assert [entry[0] for entry in entries()] == ["user.created", "user.reset_link_sent"]
    path = re.search(r"https?://[^/\s]+(/\S+)", mailoutbox[0].body).group(1)
    browser = Client()
    browser.post(browser.get(path).url, {"password1": PASSWORD, "password2": PASSWORD})
    assert authenticate(None, username="nouveau@example.com", password=PASSWORD) == made


def test_link_of_a_new_account_expires(first, client, mailoutbox, settings):
    client.post(reverse(ADD), {"email": "n@example.com", "first_name": "N", "last_name": "A", "employer": "", "language": "fr"})
    path = re.search(r"https?://[^/\s]+(/\S+)", mailoutbox[0].body).group(1)
    assert settings.PASSWORD_RESET_TIMEOUT == 3 * 24 * 3600
    found = []
    for days in (2, 4):
        with time_machine.travel(datetime.now(UTC) + timedelta(days=days)):
            found.append(Client().get(path).status_code)
    assert found == [302, 200]


def test_sign_out_everywhere(client, first, salma):
    browser, nour = Client(), person("nour")
    browser.post("/compte/login/", {"login": "nour@example.com", "password": PASSWORD})
    browser.get("/espace/profil/")
    assert UserSession.objects.filter(user=nour).count() == 1
    act(client, PEOPLE, "sign_out_everywhere", nour)
    assert browser.get("/espace/profil/").status_code == 302
    assert entries()[-1][:3] == ("user.signed_out", str(first), str(nour))


def test_nobody_proposes_a_role_or_a_reset_for_himself(client, first):
    TOTP.activate(first, generate_totp_secret())
    client.post(reverse("admin:accounts_rolegrant_add"), {"person": first.pk, "role": Role.CASE_OFFICER, "reason": "x"})
    client.post(reverse("admin:accounts_factorreset_add"), {"person": first.pk, "reason": "x"})
    assert (RoleGrant.objects.count(), FactorReset.objects.count(), Authenticator.objects.count()) == (0, 0, 1)


# --- A second factor that was lost --------------------------------------------------------------------------------
def test_two_people_remove_a_lost_second_factor(client, first, salma):
    browser = Client()
    secret = Authenticator.objects.get()
    secret.delete()
    browser.post("/compte/login/", {"login": "salma@example.com", "password": PASSWORD})
    secret.save(force_insert=True)
    assert browser.get("/espace/profil/").status_code == 200
    client.post(reverse("admin:accounts_factorreset_add"), {"person": salma.pk, "reason": "Téléphone perdu, vu au guichet"})
    reset = FactorReset.objects.get()
    act(just_confirmed(client), "admin:accounts_factorreset_changelist", "confirm", reset)
    assert Authenticator.objects.filter(user=salma).count() == 1
    client.force_login(person("second", Role.ADMINISTRATOR))
    act(just_confirmed(client), "admin:accounts_factorreset_changelist", "confirm", reset)
    reset.refresh_from_db()
    assert (reset.state, Authenticator.objects.filter(user=salma).count()) == ("confirmed", 0)
    assert browser.get("/espace/profil/").status_code == 302
    assert [entry[0] for entry in entries()] == ["factor_reset.proposed", "factor_reset.confirmed"]
    assert AuditEntry.objects.order_by("id").last().before == "totp"
    assert (Notice.objects.get().recipient, OutgoingMail.objects.get().recipient) == (salma, "salma@example.com")


def test_refused_reset_leaves_everything_and_cannot_be_decided_again(first, salma):
    second = person("second", Role.ADMINISTRATOR)
    reset = factor_resets.propose(person=salma, reason="x", actor=first)
    factor_resets.decide(reset=reset, confirms=False, actor=second)
    for actor in (first, salma, second):
        with pytest.raises(Refused):
            factor_resets.decide(reset=reset, confirms=True, actor=actor)
    assert (Authenticator.objects.count(), entries()[-1][0], len(entries())) == (1, "factor_reset.refused", 2)


@pytest.mark.parametrize("case", ["twice", "without a factor"])
def test_reset_that_cannot_be_proposed(case, first, salma):
    if case == "twice":
        factor_resets.propose(person=salma, reason="x", actor=first)
    else:
        Authenticator.objects.all().delete()
    before = (FactorReset.objects.count(), entries())
    with pytest.raises(Refused):
        factor_resets.propose(person=salma, reason="x", actor=first)
    assert (FactorReset.objects.count(), entries()) == before


@pytest.mark.parametrize("constraint", ["not_for_oneself", "four_eyes", "decided_by_somebody", "one_at_a_time"])
def test_database_wants_two_people_for_a_reset(constraint, first, salma):
    row = {"person": salma, "reason": "x", "proposed_by": first, "proposed_at": clock.now()}
    if constraint == "one_at_a_time":
        FactorReset.objects.create(**row)
    wrong = {
        "not_for_oneself": {"proposed_by": salma},
        "four_eyes": {"state": "confirmed", "decided_by": first, "decided_at": clock.now()},
        "decided_by_somebody": {"state": "confirmed"},
        "one_at_a_time": {},
    }[constraint]
    with (
        pytest.raises(IntegrityError, match="factorreset|factor_reset" if constraint == "one_at_a_time" else constraint),
        transaction.atomic(),
    ):
        FactorReset.objects.create(**row | wrong)
