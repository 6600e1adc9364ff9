from datetime import timedelta

import pytest
from django.forms import MultiWidget
from django.urls import reverse

from clusters_portal.accounts.roles import Role
from clusters_portal.lib import clock
from evaluation.models import ConflictDeclaration, Grid
from evaluation.tests import factories as make

pytestmark = pytest.mark.django_db
LISTS = ("grid", "gridcriterion", "conflictdeclaration", "assignment", "ranking", "decision")


def staff(*roles, **more):
    person = make.user(*roles)
    type(person).objects.filter(pk=person.pk).update(is_staff=True, **more)
    return type(person).objects.get(pk=person.pk)


def statuses(client):
    return [client.get(reverse(f"admin:evaluation_{name}_changelist")).status_code for name in LISTS]


@pytest.mark.parametrize(
    "role, expected",
    [
        (Role.DIVISION_HEAD, [200] * 6),
        (Role.AUDITOR, [200] * 6),
        (Role.CASE_OFFICER, [200, 200, 200, 200, 403, 403]),
        (Role.COMMITTEE_CHAIR, [200, 200, 200, 200, 403, 200]),
        (Role.COMMITTEE_MEMBER, [200, 200, 403, 403, 403, 200]),
        (Role.EVALUATOR, [403] * 6),
        (Role.ADMINISTRATOR, [403] * 6),
    ],
)
def test_lists_by_role(client, role, expected):
    make.call_before_committee(3, people=1)
    client.force_login(staff(role))
    assert statuses(client) == expected


def test_a_superuser_without_a_role_reads_no_content(client):
    client.force_login(staff(is_superuser=True))
    assert statuses(client) == [403] * 6


def test_records_are_read_only(client):
    _call, (dossier,), ranking = make.call_before_committee(3, people=1)
    client.force_login(staff(Role.DIVISION_HEAD))
    assignment = dossier.assignments.get()
    for name, pk in (("assignment", assignment.pk), ("ranking", ranking.pk), ("conflictdeclaration", ConflictDeclaration.objects.get().pk)):
        page = client.get(reverse(f"admin:evaluation_{name}_change", args=[pk]))
        assert (page.status_code, "_save" in page.content.decode()) == (200, False)
        assert client.post(reverse(f"admin:evaluation_{name}_change", args=[pk]), {}).status_code == 403
        assert client.get(reverse(f"admin:evaluation_{name}_add")).status_code == 403


def test_barred_dossiers_are_absent_from_the_admin(client):
    _call, (dossier,), ranking = make.call_before_committee(3, people=1)
    head = staff(Role.DIVISION_HEAD)
    ConflictDeclaration.objects.create(
        evaluator=head, application=dossier, interest="disqualifying", kind="family", text="x", status="confirmed", declared_at=make.NOON
    )
    client.force_login(head)
    for name, pk in (("assignment", dossier.assignments.get().pk), ("ranking", ranking.pk)):
        assert client.get(reverse(f"admin:evaluation_{name}_change", args=[pk])).status_code == 302
        assert dossier.number not in client.get(reverse(f"admin:evaluation_{name}_changelist")).content.decode()


def form_of(page):
    """What the change form holds, ready to be posted back."""
    data = {}
    forms = [
        page.context["adminform"].form,
        *[f for s in page.context["inline_admin_formsets"] for f in [s.formset.management_form, *s.formset.forms]],
    ]
    for form in forms:
        for field in form:
            value = field.value()
            if isinstance(field.field.widget, MultiWidget):
                data |= {f"{field.html_name}_{n}": part for n, part in enumerate(field.field.widget.decompress(value))}
            else:
                data[field.html_name] = "" if value is None else value
    return data


def test_grid_is_created_as_the_default_edited_adopted_then_locked(client):
    call, head = make.call(), staff(Role.DIVISION_HEAD)
    client.force_login(head)
    client.post(reverse("admin:evaluation_grid_add"), {"call": call.pk})
    grid = Grid.objects.get()
    assert (grid.criteria.count(), grid.created_by) == (10, head)
    address = reverse("admin:evaluation_grid_change", args=[grid.pk])

    data = form_of(client.get(address)) | {"criteria-0-weight": "20", "adopt_on": clock.today().isoformat(), "adopt_reference": "PV 1"}
    client.post(address, data)
    grid.refresh_from_db()
    assert grid.adopted_on is None

    data = form_of(client.get(address)) | {"criteria-1-weight": "0", "adopt_on": clock.today().isoformat(), "adopt_reference": "PV 1"}
    client.post(address, data)
    grid.refresh_from_db()
    assert (str(grid.adopted_on), list(grid.criteria.values_list("weight", flat=True))[:3]) == (clock.today().isoformat(), [20, 0, 10])

    page = client.get(address)
    client.post(address, form_of(page) | {"criteria-0-weight": "10", "threshold_total": "50", "due_on": "2026-09-01"})
    grid.refresh_from_db()
    assert (grid.criteria.first().weight, grid.threshold_total, str(grid.due_on)) == (20, None, "2026-09-01")


def test_minutes_of_a_day_to_come_adopt_nothing(client):
    grid = make.grids.create_default_grid(call=make.call(), actor=make.user(Role.DIVISION_HEAD))
    client.force_login(staff(Role.DIVISION_HEAD))
    address = reverse("admin:evaluation_grid_change", args=[grid.pk])
    tomorrow = clock.today() + timedelta(days=1)
    answer = client.post(address, form_of(client.get(address)) | {"adopt_on": tomorrow.isoformat(), "adopt_reference": "PV 1"})
    grid.refresh_from_db()
    assert (answer.status_code, grid.adopted_on) == (200, None)
    assert "adopt_on" in answer.context["adminform"].form.errors


def test_a_second_grid_for_a_call_is_refused(client):
    call = make.call()
    make.adopted_grid(call)
    client.force_login(staff(Role.DIVISION_HEAD))
    assert client.post(reverse("admin:evaluation_grid_add"), {"call": call.pk}).status_code == 200
    assert Grid.objects.count() == 1
