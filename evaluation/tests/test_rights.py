"""Who gets what from every address of this floor: role × address, before and at deliberation (rights_table.py)."""

from types import SimpleNamespace

import pytest
from django.urls import reverse

from clusters_portal.accounts.roles import Role
from evaluation.models import ConflictDeclaration, LikelyConflict
from evaluation.queries.problems import Parameters
from evaluation.services import advice, assignment_runs, assignments, conflicts
from evaluation.tests import factories as make
from evaluation.tests.rights_table import AT_DELIBERATION, AT_WORK, PUBLIC, visitors
from evaluation.urls import urlpatterns
from tests.rights.visits import scene
from tests.rights.world import ABSENT

pytest_plugins = ["tests.rights.stage"]
# Which statement a page makes, tests/test_rights.py asks of a second database.
pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.usefixtures("files_of_the_world", "nowhere_in_a_word")]


def objects_of(call, dossier):
    assignment = dossier.assignments.order_by("pk").first()
    return {
        "slug": call.slug, "pk": dossier.pk, "sheet": assignment.evaluations.get().pk, "assignment": assignment.pk, "one": 1,
        "file": ABSENT, "conflict": getattr(ConflictDeclaration.objects.filter(status="pending").first(), "pk", 0),
        "person": assignment.evaluator_id, "likely": getattr(LikelyConflict.objects.first(), "pk", 0), "run": 1,
        "item": 0, "seat": 0, "ballot": 0,
    }  # fmt: skip


@pytest.fixture(scope="module")
def at_work(django_db_setup, django_db_blocker):
    with scene(django_db_blocker):
        call, (dossier,) = make.scored_call(3, people=1)
        conflicted = make.user(Role.EVALUATOR)
        assignments.assign(application=dossier, evaluator=conflicted, actor=make.user(Role.CASE_OFFICER))
        conflicts.declare(application=dossier, interest="potential", kind="other", text="We met.", actor=conflicted)
        assignment_runs.preview(call=call, actor=make.user(Role.DIVISION_HEAD), parameters=Parameters(1, sector_expert=False))
        LikelyConflict.objects.create(
            evaluator=make.user(Role.EVALUATOR), application=dossier, ground="employer", evidence="Atlas", found_at=make.NOON
        )
        yield SimpleNamespace(objects=objects_of(call, dossier), visitors=visitors())


@pytest.fixture(scope="module")
def at_deliberation(django_db_setup, django_db_blocker):
    with scene(django_db_blocker):
        call, (dossier,), ranking = make.call_before_committee(3, people=1)
        advice.advise(ranking=ranking, actor=ranking.created_by)
        yield SimpleNamespace(objects=objects_of(call, dossier), visitors=visitors())


@pytest.mark.parametrize("route", AT_WORK, ids=lambda route: route.id)
def test_at_work(at_work, route):
    assert route.wrong(at_work.visitors, at_work.objects) == []


@pytest.mark.parametrize("route", AT_DELIBERATION, ids=lambda route: "-".join((route.id, *route.args)))
def test_at_deliberation(at_deliberation, route):
    assert route.wrong(at_deliberation.visitors, at_deliberation.objects) == []


def test_every_address_is_in_the_table():
    assert {route.name for route in (*AT_WORK, *AT_DELIBERATION)} | PUBLIC == {pattern.name for pattern in urlpatterns}


def test_strangers_are_sent_to_the_login(client):
    objects = {"slug": "x", "pk": ABSENT, "file": ABSENT, "one": 1, "sheet": 1, "assignment": 1, "conflict": 1, "run": 1}
    objects |= {"person": 1, "likely": 1, "item": 1, "seat": 1, "ballot": 1}
    for route in AT_WORK:
        address = reverse(f"evaluation:{route.name}", args=[objects.get(arg, arg) for arg in route.args])
        response = client.post(address) if route.post else client.get(address)
        assert (response.status_code, response.headers["Location"].split("?")[0]) == (302, reverse("account_login")), address


@pytest.mark.parametrize("name", ["assign", "assign_all", "run_ranking", "submit_ranking"])
def test_acts_are_never_done_by_a_link(client, name):
    call = make.call()
    client.force_login(make.user(Role.DIVISION_HEAD))
    assert client.get(reverse(f"evaluation:{name}", args=[call.slug])).status_code == 405
