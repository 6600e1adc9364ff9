"""Grids: copies as further versions, adoption sealed by a hash, what changed, and what applicants could read."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from clusters_portal.accounts.roles import Role
from clusters_portal.lib import clock
from clusters_portal.lib.canonical import canonical_json, sha256_hex
from evaluation import queries
from evaluation.models import Evaluation, Grid
from evaluation.queries.grids import calls_with_grid, differences, grid_record, grid_sha256, published_grid, readable_grids
from evaluation.services import evaluations, grids
from evaluation.services.refusals import Refused
from evaluation.tests import factories as make
from evaluation.tests.test_admin import form_of, staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def call():
    return make.call()


@pytest.fixture
def head():
    return make.user(Role.DIVISION_HEAD)


def refused(code, service, **arguments):
    with pytest.raises(Refused) as refusal:
        service(**arguments)
    assert refusal.value.code == code


def adopt(grid, actor, reference="PV 13/2026", day=None):
    return grids.adopt(grid=grid, adopted_on=day or make.NOON.date(), reference=reference, actor=actor)


def without_version(grid):
    record = grid_record(Grid.objects.get(pk=grid.pk))
    return {key: value for key, value in record.items() if key not in ("version", "adopted_on", "reference")}


def test_a_copy_says_the_same_and_changes_apart(call, head):
    first = make.adopted_grid(call, head)
    second = grids.copy(grid=first, actor=head)
    assert (second.version, second.copied_from, second.adopted_on, second.sha256) == (2, first, None, "")
    assert without_version(second) == without_version(first)
    row = second.criteria.first()
    row.weight = 20
    row.save()
    assert (first.criteria.first().weight, queries.current_grid(call)) == (10, first)


def test_one_proposal_waits_at_a_time(call, head):
    grids.copy(grid=make.adopted_grid(call, head), actor=head)
    refused("copy", grids.copy, grid=Grid.objects.first(), actor=head)
    assert Grid.objects.count() == 2


def test_adoption_is_sealed_by_the_hash_of_what_it_says(call, head):
    grid = make.adopted_grid(call, head)
    stored = Grid.objects.get(pk=grid.pk)
    assert stored.sha256 == sha256_hex(canonical_json(grid_record(stored))) == grid_sha256(stored)
    type(grid.criteria.first()).objects.filter(pk=grid.criteria.first().pk).update(weight=11)
    assert grid_sha256(stored) != stored.sha256


def test_a_later_version_replaces_the_adopted_one_until_the_first_mark(call, head):
    first = make.adopted_grid(call, head)
    second = adopt(grids.copy(grid=first, actor=head), head)
    assert (queries.current_grid(call), second.sha256 == first.sha256) == (second, False)
    third = grids.copy(grid=second, actor=head)
    assignment = make.accepted(make.application(call), make.user(Role.EVALUATOR))
    evaluations.save_draft(assignment=assignment, sheet=make.sheet(3), revision=0, actor=assignment.evaluator)
    refused("marks", grids.adopt, grid=third, adopted_on=make.NOON.date(), reference="PV", actor=head)
    refused("copy", grids.copy, grid=second, actor=head)
    third.refresh_from_db()
    assert (third.adopted_on, queries.current_grid(call), Evaluation.objects.get().grid) == (None, second, second)


def test_an_older_version_is_not_adopted_after_a_later_one(call, head):
    first = grids.create_default_grid(call=call, actor=head)
    later = Grid.objects.create(call=call, version=2)
    Grid.objects.filter(pk=later.pk).update(adopted_on=make.NOON.date(), adoption_reference="PV")
    refused("later", grids.adopt, grid=first, adopted_on=make.NOON.date(), reference="PV", actor=head)
    first.refresh_from_db()
    assert first.adopted_on is None


def test_a_first_mark_on_a_grid_just_replaced_is_refused(call, head):
    first = make.adopted_grid(call, head)
    adopt(grids.copy(grid=first, actor=head), head)
    refused("grid_changed", grids.lock, grid=first, actor=head)
    first.refresh_from_db()
    assert first.locked_at is None


def test_differences_name_what_changed(call, head):
    first = make.adopted_grid(call, head)
    second = grids.copy(grid=first, actor=head)
    assert differences(first, second) == []
    row = second.criteria.first()
    row.weight, row.threshold, row.guidance_fr = 20, Decimal("2.5"), "Lire 3.1."
    row.save()
    anchor = row.anchors.first()
    anchor.text_fr = "Rien."
    anchor.save()
    second.tie_ladder, second.threshold_total = ["coverage"], Decimal(50)
    second.save()
    second.refresh_from_db()
    found = {(d.code, d.what): (d.before_lines, d.after_lines) for d in differences(first, second)}
    assert set(found) == {
        ("T1", "weight"), ("T1", "threshold"), ("T1", "guidance"), ("T1", "anchors"), ("", "threshold_total"), ("", "tie_ladder")
    }  # fmt: skip
    assert found["T1", "weight"] == (["10"], ["20"])
    assert found["T1", "guidance"] == ([], ["Lire 3.1."])
    assert found["", "threshold_total"] == ([], ["50.00"])
    assert found["", "tie_ladder"][1] == ["1. A region or a sector that no better ranked application covers."]
    assert [line.split(" · ")[1] for line in found["T1", "anchors"][1]] == ["Rien."]


# Who reads


@pytest.mark.parametrize(
    "role, drafts", [(Role.DIVISION_HEAD, 2), (Role.COMMITTEE_MEMBER, 2), (Role.COMMITTEE_CHAIR, 2), (Role.AUDITOR, 2),
                     (Role.EVALUATOR, 1), (Role.CASE_OFFICER, 1), (Role.COUNTER_AGENT, 0), (Role.ADMINISTRATOR, 0), (None, 0)]
)  # fmt: skip
def test_drafts_are_for_those_who_prepare_or_adopt(call, head, role, drafts):
    grids.copy(grid=make.adopted_grid(call, head), actor=head)
    person = make.user(*([role] if role else []))
    assert readable_grids(person).count() == drafts
    assert calls_with_grid(person).count() == (1 if drafts else 0)


def test_an_unadopted_or_unpublished_grid_is_absent_for_evaluators(client, call, head):
    grid = grids.create_default_grid(call=call, actor=head)
    client.force_login(make.user(Role.EVALUATOR))
    address = reverse("evaluation:grid_version", args=[call.slug, 1])
    assert client.get(address).status_code == 404
    adopt(grid, head)
    assert client.get(address).status_code == 200
    type(call).objects.filter(pk=call.pk).update(published_at=None)
    assert client.get(address).status_code == 404


def test_the_pages_from_proposal_to_the_second_version(client, call):
    head = staff(Role.DIVISION_HEAD)
    client.force_login(head)
    page = reverse("evaluation:call_grid", args=[call.slug])
    assert client.get(page).context["grid"] is None
    client.post(reverse("evaluation:create_grid", args=[call.slug]))
    adoption = reverse("evaluation:adopt_grid", args=[call.slug, 1])
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    assert client.post(adoption, {"adopted_on": tomorrow, "reference": "PV 1"}).status_code == 422
    assert client.post(adoption, {"adopted_on": clock.today().isoformat(), "reference": ""}).status_code == 422
    client.force_login(make.user(Role.COMMITTEE_CHAIR))
    assert client.post(adoption, {"adopted_on": clock.today().isoformat(), "reference": "PV 1"}).status_code == 302
    grid = Grid.objects.get()
    assert (grid.adoption_reference, grid.sha256 in client.get(page).content.decode()) == ("PV 1", True)
    client.force_login(head)
    client.post(reverse("evaluation:copy_grid", args=[call.slug, 1]))
    assert [g.version for g in client.get(page).context["versions"]] == [2, 1]
    shown = client.get(reverse("evaluation:grid_differences", args=[call.slug, 2, 1]))
    assert (shown.status_code, shown.context["rows"]) == (200, [])
    assert client.get(reverse("evaluation:grid_differences", args=[call.slug, 2, 7])).status_code == 404


def test_a_grid_that_was_tampered_with_says_so(client, call, head):
    grid = make.adopted_grid(call, head)
    client.force_login(head)
    page = reverse("evaluation:call_grid", args=[call.slug])
    assert client.get(page).context["intact"] is True
    Grid.objects.filter(pk=grid.pk).update(threshold_total=10)
    assert client.get(page).context["intact"] is False


@pytest.mark.parametrize("versions", [1, 3])
def test_the_page_costs_the_same_whatever_the_versions(client, call, head, django_assert_max_num_queries, versions):
    grid = make.adopted_grid(call, head)
    for number in range(2, versions + 1):
        grid = adopt(grids.copy(grid=grid, actor=head), head, reference=f"PV {number}")
    client.force_login(head)
    with django_assert_max_num_queries(14):
        client.get(reverse("evaluation:call_grid", args=[call.slug]))


# In public


def test_applicants_read_what_was_adopted_before_the_opening_only(client, call, head):
    page = reverse("applications:call_detail", args=[call.slug])
    assert published_grid(call) is None
    opening = clock.today(call.opens_at)
    grid = adopt(grids.create_default_grid(call=call, actor=head), head, day=opening + timedelta(days=1))
    assert (published_grid(call), grid.sha256 in client.get(page).content.decode()) == (None, False)
    Grid.objects.filter(pk=grid.pk).update(adopted_on=opening)
    text = client.get(page).content.decode()
    assert (published_grid(call), grid.sha256 in text) == (grid, True)
    assert "What each mark means" in text
    later = adopt(grids.copy(grid=grid, actor=head), head, reference="PV 99/2026")
    text = client.get(page).content.decode()
    assert (published_grid(call), "PV 99/2026" in text, later.sha256 in text) == (grid, True, False)


# In the administration


def ladder_of(client, address, *steps):
    data = form_of(client.get(address)) | {f"tie_ladder_{n}": step for n, step in enumerate((*steps, "", "", "", "")[:4])}
    return client.post(address, data)


def test_the_ladder_is_chosen_step_by_step(client, call):
    head = staff(Role.DIVISION_HEAD)
    grid = grids.create_default_grid(call=call, actor=head)
    client.force_login(head)
    address = reverse("admin:evaluation_grid_change", args=[grid.pk])
    assert client.get(address).content.decode().count('name="tie_ladder_') == 4
    for steps in (("coverage", "technical_block"), ()):
        assert ladder_of(client, address, *steps).status_code == 302
        grid.refresh_from_db()
        assert grid.tie_ladder == list(steps)
    for steps in (("coverage", "coverage"), ("", "coverage"), ("deposit_time",)):
        assert ladder_of(client, address, *steps).status_code == 200
        grid.refresh_from_db()
        assert grid.tie_ladder == []


def test_weights_that_do_not_make_a_hundred_are_kept_said_and_never_adopted(client, call):
    head = staff(Role.DIVISION_HEAD)
    grid = grids.create_default_grid(call=call, actor=head)
    client.force_login(head)
    address = reverse("admin:evaluation_grid_change", args=[grid.pk])
    data = form_of(client.get(address)) | {"criteria-0-weight": "9"}
    response = client.post(address, data, follow=True)
    assert [message.level_tag for message in response.context["messages"]] == ["warning", "success"]
    assert grids.sum_of_weights(grid) == 99
    response = client.post(address, data | {"adopt_on": "2026-01-05", "adopt_reference": "PV 1"}, follow=True)
    grid.refresh_from_db()
    assert (grid.adopted_on, [message.level_tag for message in response.context["messages"]]) == (None, ["error", "success"])
    response = client.post(address, data | {"criteria-0-weight": "10"}, follow=True)
    assert [message.level_tag for message in response.context["messages"]] == ["success"]


def test_an_adopted_grid_shows_its_ladder_in_words(client, call):
    head = staff(Role.DIVISION_HEAD)
    grid = make.adopted_grid(call, head)
    client.force_login(head)
    text = client.get(reverse("admin:evaluation_grid_change", args=[grid.pk])).content.decode()
    assert ("tie_ladder_0" in text, "The higher score on the technical block." in text, grid.sha256 in text) == (False, True, True)


def test_versions_are_copied_by_an_action_of_the_administration(client, call):
    head = staff(Role.DIVISION_HEAD)
    grid = make.adopted_grid(call, head)
    client.force_login(head)
    address, data = reverse("admin:evaluation_grid_changelist"), {"action": "copy_versions", "_selected_action": [grid.pk]}
    client.post(address, data)
    client.post(address, data)
    assert list(Grid.objects.order_by("version").values_list("version", "copied_from")) == [(1, None), (2, grid.pk)]
    client.force_login(staff(Role.AUDITOR))
    client.post(address, data)
    assert Grid.objects.count() == 2


def test_the_steps_of_a_criterion_are_boxes(client, call):
    head = staff(Role.DIVISION_HEAD)
    row = grids.create_default_grid(call=call, actor=head).criteria.first()
    client.force_login(head)
    address = reverse("admin:evaluation_gridcriterion_change", args=[row.pk])
    client.post(address, form_of(client.get(address)) | {"step_slugs": ["budget", "membres"]})
    row.refresh_from_db()
    assert set(row.step_slugs) == {"budget", "membres"}
