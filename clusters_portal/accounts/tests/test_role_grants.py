"""Roles take two people."""

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.urls import reverse

from clusters_portal.accounts import role_grants
from clusters_portal.accounts.models import RoleGrant, User
from clusters_portal.accounts.role_grants import GrantRefused
from clusters_portal.accounts.roles import Role
from clusters_portal.audit.models import AuditEntry
from clusters_portal.lib import clock

from .confirming import just_confirmed

pytestmark = pytest.mark.django_db
LIST, ADD = "admin:accounts_rolegrant_changelist", "admin:accounts_rolegrant_add"


def person(name, *codes, **fields):
    made = User.objects.create_user(f"{name}@example.com", "motdepasse-essai", is_staff=bool(codes), **fields)
    made.groups.set(Group.objects.filter(name__in=codes))
    return made


@pytest.fixture
def first():
    return person("first", Role.ADMINISTRATOR)


@pytest.fixture
def second():
    return person("second", Role.ADMINISTRATOR)


@pytest.fixture
def salma():
    return person("salma")


def proposed(salma, first, **fields):
    return role_grants.propose(person=salma, role=Role.EVALUATOR, reason="Décision n° 12", actor=first, **fields)


def entries():
    return list(AuditEntry.objects.order_by("id").values_list("action", "actor_label", "before", "after", "note"))


def test_second_person_gives_the_role(salma, first, second):
    grant = proposed(salma, first)
    assert role_grants.roles_of(salma) == []
    role_grants.decide(grant=grant, confirms=True, actor=second)
    grant.refresh_from_db()
    assert (role_grants.roles_of(salma), grant.state, grant.decided_by) == (["evaluator"], "confirmed", second)
    assert entries() == [
        ("role.proposed", "first@example.com", "", "+ evaluator", "Décision n° 12"),
        ("user.roles_changed", "second@example.com", "", "evaluator", "Décision n° 12"),
    ]


def test_role_is_taken_away_the_same_way(salma, first, second):
    salma.groups.add(Group.objects.get(name=Role.EVALUATOR))
    role_grants.decide(grant=proposed(salma, first, withdraws=True), confirms=True, actor=second)
    assert role_grants.roles_of(salma) == []
    assert entries()[-1][2:4] == ("evaluator", "")


def test_refusal_changes_nothing_and_is_kept(salma, first, second):
    grant = role_grants.decide(grant=proposed(salma, first), confirms=False, actor=second)
    assert (role_grants.roles_of(salma), grant.state, entries()[-1][0]) == ([], "refused", "role.refused")


def test_neither_the_proposer_nor_the_person_decides(salma, first):
    grant = proposed(salma, first)
    for actor in (first, salma):
        with pytest.raises(GrantRefused):
            role_grants.decide(grant=grant, confirms=True, actor=actor)
    assert (role_grants.roles_of(salma), RoleGrant.objects.get().state, len(entries())) == ([], "waiting", 1)


@pytest.mark.parametrize("case", ["oneself", "held", "not held", "twice"])
def test_what_cannot_be_proposed(case, salma, first):
    if case == "twice":
        proposed(salma, first)
    if case == "held":
        salma.groups.add(Group.objects.get(name=Role.EVALUATOR))
    before = (RoleGrant.objects.count(), entries())
    with pytest.raises(GrantRefused):
        proposed(first if case == "oneself" else salma, first, withdraws=case == "not held")
    assert (RoleGrant.objects.count(), entries()) == before


def test_decided_once(salma, first, second):
    grant = role_grants.decide(grant=proposed(salma, first), confirms=False, actor=second)
    with pytest.raises(GrantRefused):
        role_grants.decide(grant=grant, confirms=True, actor=second)
    assert role_grants.roles_of(salma) == []


@pytest.mark.parametrize("constraint", ["not_for_oneself", "four_eyes", "decided_by_somebody", "one_at_a_time"])
def test_database_wants_two_people_too(constraint, salma, first):
    row = {"person": salma, "role": Role.EVALUATOR, "reason": "x", "proposed_by": first, "proposed_at": clock.now()}
    if constraint == "one_at_a_time":
        RoleGrant.objects.create(**row)
    wrong = {
        "not_for_oneself": {"proposed_by": salma},
        "four_eyes": {"state": "confirmed", "decided_by": first, "decided_at": clock.now()},
        "decided_by_somebody": {"state": "confirmed"},
        "one_at_a_time": {},
    }[constraint]
    with pytest.raises(IntegrityError, match="rolegrant|role_grant" if constraint == "one_at_a_time" else constraint), transaction.atomic():
        RoleGrant.objects.create(**row | wrong)


def act(client, name, grant):
    return client.post(reverse(LIST), {"action": name, "_selected_action": [grant.pk]}, follow=True)


def test_two_administrators_in_the_administration(client, salma, first, second):
    client.force_login(first)
    answer = client.post(reverse(ADD), {"person": salma.pk, "role": Role.EVALUATOR, "reason": "Décision n° 12"})
    grant = RoleGrant.objects.get()
    assert (answer.status_code, grant.proposed_by, grant.state) == (302, first, "waiting")
    act(just_confirmed(client), "confirm", grant)
    assert role_grants.roles_of(salma) == []
    client.force_login(second)
    act(just_confirmed(client), "confirm", grant)
    assert role_grants.roles_of(salma) == ["evaluator"]


@pytest.mark.parametrize(("password", "roles"), [("motdepasse-essai", ["evaluator"]), ("un-autre", [])])
def test_second_person_is_asked_again_who_he_is(client, salma, first, second, password, roles):
    grant = proposed(salma, first)
    client.force_login(second)
    asked = act(client, "confirm", grant)
    assert (asked.request["PATH_INFO"], role_grants.roles_of(salma)) == ("/compte/reauthenticate/", [])
    client.post(asked.request["PATH_INFO"] + "?" + asked.request["QUERY_STRING"], {"password": password})
    assert role_grants.roles_of(salma) == roles


def test_administrator_does_not_propose_himself(client, first):
    client.force_login(first)
    answer = client.post(reverse(ADD), {"person": first.pk, "role": Role.CASE_OFFICER, "reason": "x"})
    assert (answer.status_code, RoleGrant.objects.count()) == (200, 0)
    assert answer.context["adminform"].form.non_field_errors()


@pytest.mark.parametrize(("role", "gives"), [(Role.DIVISION_HEAD, True), (Role.AUDITOR, False)])
def test_head_of_division_may_be_the_second_person_and_the_auditor_reads(client, salma, first, role, gives):
    client.force_login(person("third", role))
    grant = proposed(salma, first)
    assert client.get(reverse(LIST)).status_code == 200
    assert client.get(reverse(ADD)).status_code == 403
    act(just_confirmed(client), "confirm", grant)
    assert (role_grants.roles_of(salma) == ["evaluator"]) is gives
