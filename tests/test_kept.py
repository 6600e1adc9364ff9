"""A kept world is the one its builder makes: the same rows under the same keys, and objects that go on living."""

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.db import transaction

from clusters_portal.accounts.models import User
from clusters_portal.accounts.roles import Role
from clusters_portal.notifications.models import Notice
from evaluation.services import rankings
from evaluation.tests import factories as make
from tests.kept import kept, keys, rows_since

pytestmark = pytest.mark.django_db
calls = []


@kept
def world(*marks):
    calls.append(marks)
    return make.agreed_call.__wrapped__(*marks, people=1)


@pytest.fixture(autouse=True)
def _forget():
    calls.clear()


def built(*marks):
    """(rows, ranking of the world as the services see it), in a transaction that is undone."""
    with transaction.atomic():
        before = keys()
        call, dossiers = world(*marks)
        rows = rows_since(before)
        dossiers[0].refresh_from_db()
        ranking = rankings.run(call=call, actor=make.user(Role.DIVISION_HEAD))
        order = [line.application_id for line in ranking.lines.order_by("rank")]
        transaction.set_rollback(True)
    return rows, order, [dossier.pk for dossier in dossiers]


def test_second_time_the_same_rows_are_written_and_the_services_read_them():
    make.user(Role.CASE_OFFICER)  # somebody who was there before
    first, again = built(4, 3), built(4, 3)
    assert calls == [(4, 3)]
    assert again == first
    assert first[1] == first[2] and len(first[0]) > 15


def test_other_arguments_are_another_world():
    assert built(5, 3)[0] != built(5, 2)[0]
    assert calls == [(5, 3), (5, 2)]


def test_the_same_world_twice_in_one_test_is_built_twice():
    (one, _), (two, _) = world(2), world(2)
    assert one.pk != two.pk and calls == [(2,), (2,)]


def test_what_one_test_changes_the_next_does_not_see():
    with transaction.atomic():
        _call, (dossier,) = world(1)
        dossier.number = "changed"
        transaction.set_rollback(True)
    assert world(1)[1][0].number != "changed"


@kept
def noticed(number):
    calls.append(number)
    return Notice.objects.create(recipient=User.objects.get(last_name="Before"), kind="test", text=f"Number {number}")


def test_a_world_that_names_what_it_found_is_built_each_time():
    make.user(name="Before")
    assert [noticed(1).recipient.last_name for _time in range(2)] == ["Before"] * 2
    assert calls == [1, 1]


def test_where_the_roles_of_the_migrations_are_gone_it_is_built():
    built(5, 1)
    Group.objects.all().delete()
    assert built(5, 1)[2] and calls == [(5, 1)] * 2


def test_a_world_that_made_the_roles_itself_is_not_kept():
    with transaction.atomic():
        Group.objects.all().delete()
        world(5, 5)
        transaction.set_rollback(True)
    built(5, 5)
    assert calls == [(5, 5)] * 2


def test_under_a_moved_clock_everything_is_built():
    world(3)
    with time_machine.travel("2026-09-01T10:00:00Z", tick=False):
        world(3)
    assert calls == [(3,), (3,)]
