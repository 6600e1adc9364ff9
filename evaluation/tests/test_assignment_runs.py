"""Automatic runs: kept as evidence, applied when nothing changed, never against a hard rule."""

import json

import pytest
from django.urls import reverse
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from clusters_portal.accounts.roles import Role
from clusters_portal.audit.models import AppendOnlyError, AuditEntry
from clusters_portal.lib import clock
from clusters_portal.lib.canonical import sha256_hex
from evaluation.models import AppliedAssignmentRun, Assignment, AssignmentRun, ConflictDeclaration
from evaluation.queries.problems import Parameters, assignment_runs, problem_of
from evaluation.rules.assignment import violations
from evaluation.services import assignment_runs as runs
from evaluation.services import assignments, conflicts, evaluations, evaluators
from evaluation.services.refusals import Refused
from evaluation.tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def call():
    return make.call(min_evaluators=2)


@pytest.fixture
def head():
    return make.user(Role.DIVISION_HEAD)


def panel(count, *, employer="", expertise=("C",), least=0, greatest=None):
    people = [make.user(Role.EVALUATOR) for _ in range(count)]
    for person in people:
        evaluators.save_profile(
            person=person, actor=person, employer=employer, expertise=expertise, min_load=least, max_load=greatest,
            confidentiality_signed_on=clock.today(),
        )  # fmt: skip
    return people


def pairs():
    return set(Assignment.objects.filter(status__in=("proposed", "accepted")).values_list("evaluator_id", "application_id"))


def refused(code, service, **arguments):
    before = list(Assignment.objects.values_list("pk", "status"))
    with pytest.raises(Refused) as refusal:
        service(**arguments)
    assert refusal.value.code == code
    assert list(Assignment.objects.values_list("pk", "status")) == before


RULES = Parameters(2, seed=7)


def test_a_preview_assigns_nobody_and_is_kept_with_its_hashes(call, head):
    dossiers = [make.application(call) for _ in range(4)]
    panel(3)
    run = runs.preview(call=call, actor=head, parameters=RULES)
    assert (run.number, run.seed, run.created_by, pairs()) == (1, 7, head, set())
    assert run.inputs_sha256 == sha256_hex(run.inputs)
    assert run.sha256 == sha256_hex(runs.document_of(run))
    assert len(json.loads(run.result)["added"]) == 8
    assert json.loads(run.parameters) == {"min_evaluators": 2, "one_per_employer": True, "sector_expert": True, "seed": 7}
    assert {dossier["id"] for dossier in json.loads(run.inputs)["dossiers"]} == {str(dossier.pk) for dossier in dossiers}
    with pytest.raises(AppendOnlyError):
        run.save()
    with pytest.raises(AppendOnlyError):
        AssignmentRun.objects.all().update(seed=8)


def test_applying_assigns_as_proposed_once_and_opens_the_evaluation(call, head):
    dossiers = [make.application(call) for _ in range(4)]
    panel(3)
    run = runs.preview(call=call, actor=head, parameters=RULES)
    done = runs.apply(run=run, actor=head)
    wanted = {(int(e), d) for e, d in json.loads(run.result)["pairs"]}
    assert {(e, str(d)) for e, d in pairs()} == wanted
    assert (done.added, done.removed, done.applied_by) == (8, 0, head)
    assert set(Assignment.objects.values_list("origin", "run")) == {("auto", run.pk)}
    for dossier in dossiers:
        dossier.refresh_from_db()
        assert dossier.status == "under_evaluation"
    assert AuditEntry.objects.filter(action="assignment_run.apply").count() == 1
    refused("applied", runs.apply, run=run, actor=head)


def test_a_second_run_keeps_everything(call, head):
    for _ in range(5):
        make.application(call)
    panel(4)
    runs.apply(run=runs.preview(call=call, actor=head, parameters=RULES), actor=head)
    before = pairs()
    again = runs.preview(call=call, actor=head, parameters=RULES)
    assert (json.loads(again.result)["added"], json.loads(again.result)["removed"]) == ([], [])
    runs.apply(run=again, actor=head)
    assert pairs() == before


def new_dossier(call, people, dossiers, head):
    make.application(call)


def new_assignment(call, people, dossiers, head):
    assignments.assign(application=dossiers[0], evaluator=people[0], actor=head)


def new_load(call, people, dossiers, head):
    evaluators.save_profile(
        person=people[0], actor=head, employer="", expertise=("C",), min_load=0, max_load=1, confidentiality_signed_on=clock.today()
    )  # fmt: skip


def new_interest(call, people, dossiers, head):
    conflicts.record(
        application=dossiers[0], evaluator=people[0], source="applicant", interest="potential", kind="competitor", text="x", actor=head
    )  # fmt: skip


def new_employer(call, people, dossiers, head):
    people[0].employer = dossiers[1].association.name_fr
    people[0].save()


def new_person(call, people, dossiers, head):
    make.user(Role.EVALUATOR)


CHANGES = [new_dossier, new_assignment, new_load, new_interest, new_employer, new_person]


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_changed_since_asks_for_a_new_preview(call, head, change):
    dossiers, people = [make.application(call) for _ in range(3)], panel(4)
    run = runs.preview(call=call, actor=head, parameters=RULES)
    change(call, people, dossiers, head)
    refused("changed", runs.apply, run=run, actor=head)
    assert not AppliedAssignmentRun.objects.exists()


def test_an_impossible_run_is_kept_with_its_reasons_by_name(call, head):
    dossier = make.application(call)
    panel(1)
    run = runs.preview(call=call, actor=head, parameters=RULES)
    result = json.loads(run.result)
    with translation.override("en"):
        sentences = [row.sentence() for row in runs.obstacles_in(result["obstacles"])]
    assert sentences == [f"Application {dossier.number} has only 1 possible evaluator; 2 are needed."]
    assert (result["feasible"], run.cost) == (False, "")
    refused("infeasible", runs.apply, run=run, actor=head)


def test_who_may_never_be_assigned_is_not(call, head):
    dossier, people = make.application(call), panel(6)
    recused, waiting, inside, removed, likely, free = people
    for person in (recused, waiting, removed):
        assignments.assign(application=dossier, evaluator=person, actor=head)
    conflicts.declare(application=dossier, interest="disqualifying", kind="family", text="x", actor=recused)
    assignments.release(assignment=removed.assignments.get(), actor=head)
    assignments.release(assignment=waiting.assignments.get(), actor=head)
    conflicts.record(application=dossier, evaluator=waiting, source="detected", interest="potential", kind="other", text="x", actor=head)
    dossier.collaborators.create(user=inside, role="editor")
    likely.employer = f"  {dossier.association.name_fr.upper()} SARL"
    likely.save()
    run = runs.preview(call=call, actor=head, parameters=Parameters(1))
    assert json.loads(run.result)["pairs"] == [[str(free.pk), str(dossier.pk)]]


def test_an_assigned_pair_with_a_doubt_stays_for_people_to_settle(call, head):
    dossier, (first, second, _third) = make.application(call), panel(3)
    for person in (first, second):
        assignments.assign(application=dossier, evaluator=person, actor=head)
    conflicts.declare(application=dossier, interest="potential", kind="other", text="x", actor=first)
    second.employer = dossier.association.name_fr
    second.save()
    run = runs.preview(call=call, actor=head, parameters=RULES)
    assert {tuple(pair) for pair in json.loads(run.result)["kept"]} == {(str(p.pk), str(dossier.pk)) for p in (first, second)}
    assert json.loads(run.result)["removed"] == []


def test_colleagues_are_separated_unless_one_has_begun(call, head):
    make.adopted_grid(call)
    dossier = make.application(call)
    colleagues, others = panel(2, employer="OFPPT"), panel(2)
    for person in colleagues:
        assignments.assign(application=dossier, evaluator=person, actor=head)
    run = runs.preview(call=call, actor=head, parameters=RULES)
    assert len(json.loads(run.result)["removed"]) == 1
    for person in colleagues:
        conflicts.declare(application=dossier, interest="none", actor=person)
        evaluations.save_draft(assignment=person.assignments.get(), sheet=make.sheet(3), revision=0, actor=person)
    blocked = runs.preview(call=call, actor=head, parameters=RULES)
    result = json.loads(blocked.result)
    assert (result["feasible"], [row["code"] for row in result["obstacles"]]) == (False, ["marks_given"])
    refused("infeasible", runs.apply, run=blocked, actor=head)
    assert not {person.pk for person in others} & {e for e, _d in pairs()}


def test_a_run_that_separates_colleagues_releases_one(call, head):
    dossier, colleagues = make.application(call), panel(2, employer="OFPPT")
    panel(2)
    for person in colleagues:
        assignments.assign(application=dossier, evaluator=person, actor=head)
    done = runs.apply(run=runs.preview(call=call, actor=head, parameters=RULES), actor=head)
    assert (done.added, done.removed) == (1, 1)
    assert Assignment.objects.filter(evaluator__in=colleagues, status="released").count() == 1


def test_a_person_barred_from_a_dossier_neither_runs_nor_reads(call):
    both, head = make.user(Role.EVALUATOR, Role.DIVISION_HEAD), make.user(Role.DIVISION_HEAD)
    dossier = make.application(call)
    panel(3)
    run = runs.preview(call=call, actor=both, parameters=RULES)
    conflicts.record(application=dossier, evaluator=both, source="detected", interest="potential", kind="other", text="x", actor=head)
    refused("barred", runs.preview, call=call, actor=both, parameters=RULES)
    refused("barred", runs.apply, run=run, actor=both)
    assert (assignment_runs(both, call).count(), assignment_runs(head, call).count()) == (0, 1)


# Pages


def test_ask_look_apply(client, call, head):
    for _ in range(3):
        make.application(call)
    people = panel(3)
    client.force_login(head)
    asked = {"min_evaluators": "2", "sector_expert": "on", "one_per_employer": "on", "seed": "5"}
    answer = client.post(reverse("evaluation:auto_assign", args=[call.slug]), asked)
    address = reverse("evaluation:assignment_run", args=[call.slug, 1])
    assert (answer.status_code, answer["Location"]) == (302, address)
    page = client.get(address)
    assert [load.person for load in page.context["shown"].loads] == people
    assert sum(load.total for load in page.context["shown"].loads) == 6
    assert page.content.count(b'class="bars__technical"') == 3
    assert not Assignment.objects.exists()
    assert client.post(reverse("evaluation:apply_run", args=[call.slug, 1])).status_code == 302
    assert Assignment.objects.count() == 6
    again = client.post(reverse("evaluation:apply_run", args=[call.slug, 1]))
    assert (again.status_code, Assignment.objects.count()) == (409, 6)
    document = client.get(reverse("evaluation:run_document", args=[call.slug, 1]))
    assert sha256_hex(document.content) == AssignmentRun.objects.get().sha256


@pytest.mark.parametrize("data", [{}, {"min_evaluators": "0", "seed": "1"}, {"min_evaluators": "2", "seed": "-1"}])
def test_a_run_that_makes_no_sense_is_not_kept(client, call, head, data):
    client.force_login(head)
    assert client.post(reverse("evaluation:auto_assign", args=[call.slug]), data).status_code == 422
    assert not AssignmentRun.objects.exists()


@pytest.mark.parametrize("rows", [1, 6])
def test_a_run_costs_as_many_queries_whatever_its_size(client, call, head, django_assert_max_num_queries, rows):
    for _ in range(rows):
        make.application(call)
    panel(2 + rows)
    runs.preview(call=call, actor=head, parameters=RULES)
    client.force_login(head)
    with django_assert_max_num_queries(12):
        client.get(reverse("evaluation:assignment_run", args=[call.slug, 1]))


# Every applied run keeps every hard rule


class AppliedRunsKeepTheRules(TestCase):
    @settings(max_examples=12, deadline=None)
    @given(data=st.data())
    def test_whatever_the_people_and_the_dossiers(self, data):
        call, head = make.call(min_evaluators=2), make.user(Role.DIVISION_HEAD)
        dossiers = [make.application(call, sector=data.draw(st.sampled_from(["C", "D", ""]))) for _ in range(data.draw(st.integers(1, 4)))]
        people = []
        for _ in range(data.draw(st.integers(2, 5))):
            least = data.draw(st.integers(0, 1))
            people += panel(
                1, employer=data.draw(st.sampled_from(["", "A", "B"])), expertise=tuple(data.draw(st.sampled_from(["C", "CD", "D"]))),
                least=least, greatest=data.draw(st.sampled_from([None, 2, 4])),
            )  # fmt: skip
        for _ in range(data.draw(st.integers(0, 2))):
            ConflictDeclaration.objects.get_or_create(
                evaluator=data.draw(st.sampled_from(people)), application=data.draw(st.sampled_from(dossiers)), source="self",
                defaults={"interest": "disqualifying", "kind": "other", "text": "x", "status": "confirmed", "declared_at": make.NOON},
            )  # fmt: skip
        parameters = Parameters(data.draw(st.integers(1, 3)), sector_expert=data.draw(st.booleans()), seed=data.draw(st.integers(0, 9)))
        run = runs.preview(call=call, actor=head, parameters=parameters)
        if not json.loads(run.result)["feasible"]:
            assert json.loads(run.result)["obstacles"]
            return
        problem = problem_of(call, people, parameters)
        runs.apply(run=run, actor=head)
        applied = {(str(e), str(d)) for e, d in Assignment.objects.filter(application__call=call).values_list("evaluator", "application")}
        assert violations(problem, applied) == []
