import pytest
from django.db import IntegrityError, transaction

from applications.models import Application
from clusters_portal.accounts.roles import Role
from clusters_portal.audit.models import AuditEntry
from clusters_portal.lib.workflow import InvalidTransition
from evaluation import queries, workflow
from evaluation.models import Assignment, ConflictDeclaration, Consensus, Evaluation
from evaluation.services import assignments, conflicts, evaluations, lifecycle
from evaluation.services.refusals import Refused
from evaluation.tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def call():
    return make.call()


@pytest.fixture
def officer():
    return make.user(Role.CASE_OFFICER)


@pytest.fixture
def evaluator():
    return make.user(Role.EVALUATOR)


def refused(code, function, **arguments):
    with pytest.raises(Refused) as refusal:
        function(**arguments)
    assert refusal.value.code == code


# Assigning


def test_assigning_opens_the_evaluation(call, officer, evaluator):
    dossier = make.application(call)
    assignment = assignments.assign(application=dossier, evaluator=evaluator, actor=officer)
    dossier.refresh_from_db()
    assert (assignment.status, assignment.origin, dossier.status) == ("proposed", "manual", "under_evaluation")
    done = set(AuditEntry.objects.exclude(action="evaluator.commitment").values_list("action", flat=True))
    assert done == {"assignment.create", "application.start_evaluation"}


@pytest.mark.parametrize("status", ["draft", "deposited", "inadmissible", "withdrawn", "in_committee", "selected"])
def test_only_admissible_dossiers_are_assigned(call, officer, evaluator, status):
    dossier = make.application(call, status=status)
    refused("state", assignments.assign, application=dossier, evaluator=evaluator, actor=officer)
    assert not Assignment.objects.exists()


def test_assigning_twice_is_refused(call, officer, evaluator):
    dossier = make.application(call)
    assignments.assign(application=dossier, evaluator=evaluator, actor=officer)
    refused("assigned", assignments.assign, application=dossier, evaluator=evaluator, actor=officer)
    assert Assignment.objects.count() == 1


def test_only_evaluators_and_never_the_applicants_people(call, officer, evaluator):
    dossier = make.application(call)
    refused("not_evaluator", assignments.assign, application=dossier, evaluator=officer, actor=officer)
    dossier.collaborators.create(user=evaluator, role="editor")
    refused("collaborator", assignments.assign, application=dossier, evaluator=evaluator, actor=officer)
    dossier.refresh_from_db()
    assert dossier.status == "admissible"


def test_all_read_all_makes_every_pair_once(call, officer):
    dossiers = [make.application(call) for _ in range(3)]
    people = [make.user(Role.EVALUATOR) for _ in range(2)]
    make.application(call, status="inadmissible")
    assert assignments.assign_all(call=call, actor=officer).created == 6
    pairs = set(Assignment.objects.values_list("evaluator", "application", "origin", "status"))
    assert pairs == {(p.pk, d.pk, "all_read_all", "proposed") for p in people for d in dossiers}
    assert {d.status for d in Application.objects.filter(pk__in=[d.pk for d in dossiers])} == {"under_evaluation"}
    again = assignments.assign_all(call=call, actor=officer)
    assert (again.created, again.skipped, Assignment.objects.count()) == (0, [], 6)


def test_all_read_all_leaves_out_conflicts_collaborators_and_removed_people(call, officer):
    dossier = make.application(call)
    recused, insider, removed, free = (make.user(Role.EVALUATOR) for _ in range(4))
    assignments.assign(application=dossier, evaluator=recused, actor=officer)
    conflicts.declare(application=dossier, interest="disqualifying", kind="family", text="My brother chairs it.", actor=recused)
    dossier.collaborators.create(user=insider, role="editor")
    assignments.release(assignment=assignments.assign(application=dossier, evaluator=removed, actor=officer), actor=officer)
    outcome = assignments.assign_all(call=call, actor=officer)
    assert (outcome.created, len(outcome.skipped)) == (1, 3)
    assert list(queries.assignments_of(free).values_list("application", flat=True)) == [dossier.pk]
    assert not queries.assignments_of(recused).exists()


def test_all_read_all_without_anything_to_assign_is_refused(call, officer):
    refused("empty", assignments.assign_all, call=call, actor=officer)


def test_removing_an_untouched_assignment_and_assigning_again(call, officer, evaluator):
    dossier = make.application(call)
    assignment = assignments.assign(application=dossier, evaluator=evaluator, actor=officer)
    assert assignments.release(assignment=assignment, actor=officer).status == "released"
    assert not queries.assignments_of(evaluator).exists()
    assert assignments.assign(application=dossier, evaluator=evaluator, actor=officer).status == "proposed"
    assert Assignment.objects.count() == 1


def test_someone_assigned_again_need_not_declare_twice(call, officer, evaluator):
    dossier = make.application(call)
    assignments.release(assignment=make.accepted(dossier, evaluator), actor=officer)
    assert assignments.assign(application=dossier, evaluator=evaluator, actor=officer).status == "accepted"


def test_removing_a_begun_evaluation_needs_a_reason_and_a_submitted_one_is_kept(call, officer, evaluator):
    make.adopted_grid(call)
    dossier = make.application(call)
    assignment = make.accepted(dossier, evaluator)
    draft = evaluations.save_draft(assignment=assignment, sheet=make.sheet(3), revision=0, actor=evaluator)
    refused("reason", assignments.release, assignment=assignment, actor=officer)
    evaluations.submit(assignment=assignment, revision=draft.revision, actor=evaluator)
    refused("submitted", assignments.release, assignment=assignment, actor=officer, reason="Too late")
    assignment.refresh_from_db()
    assert assignment.status == "accepted"


# Conflicts


def test_no_interest_opens_access(call, officer, evaluator):
    dossier = make.application(call)
    assignments.assign(application=dossier, evaluator=evaluator, actor=officer)
    assert not queries.applications_for_evaluator(evaluator).exists()
    declaration = conflicts.declare(application=dossier, interest="none", actor=evaluator)
    assert declaration.status == "clear"
    assert list(queries.applications_for_evaluator(evaluator)) == [dossier]


def test_disqualifying_interest_recuses_and_hides_everything(call, officer, evaluator):
    dossier = make.application(call)
    assignments.assign(application=dossier, evaluator=evaluator, actor=officer)
    declaration = conflicts.declare(application=dossier, interest="disqualifying", kind="employment", text="I work there.", actor=evaluator)
    assert (declaration.status, Assignment.objects.get().status) == ("confirmed", "recused")
    assert not queries.assignments_of(evaluator).exists()
    assert not queries.readable_applications(evaluator).exists()
    refused("assigned", assignments.assign, application=dossier, evaluator=evaluator, actor=officer)


@pytest.mark.parametrize("lift, status, assignment_status, readable", [(True, "lifted", "accepted", 1), (False, "confirmed", "recused", 0)])
def test_possible_interest_waits_for_a_ruling(call, officer, evaluator, lift, status, assignment_status, readable):
    head = make.user(Role.DIVISION_HEAD)
    dossier = make.application(call)
    assignments.assign(application=dossier, evaluator=evaluator, actor=officer)
    declaration = conflicts.declare(application=dossier, interest="potential", kind="other", text="We met once.", actor=evaluator)
    assert (declaration.status, queries.applications_for_evaluator(evaluator).count()) == ("pending", 0)
    ruled = conflicts.rule(declaration=declaration, lift=lift, reason="Old and remote.", actor=head)
    assert (ruled.status, ruled.ruled_by, ruled.ruling_reason) == (status, head, "Old and remote.")
    assert Assignment.objects.get().status == assignment_status
    assert queries.applications_for_evaluator(evaluator).count() == readable
    with pytest.raises(InvalidTransition):
        conflicts.rule(declaration=ruled, lift=True, reason="Again.", actor=head)


def test_ruling_needs_a_reason_and_another_person(call, officer):
    both = make.user(Role.EVALUATOR, Role.DIVISION_HEAD)
    dossier = make.application(call)
    assignments.assign(application=dossier, evaluator=both, actor=officer)
    declaration = conflicts.declare(application=dossier, interest="potential", kind="other", text="We met.", actor=both)
    refused("reason", conflicts.rule, declaration=declaration, lift=True, reason=" ", actor=make.user(Role.DIVISION_HEAD))
    refused("own", conflicts.rule, declaration=declaration, lift=True, reason="Fine.", actor=both)
    declaration.refresh_from_db()
    assert declaration.status == "pending"


def test_an_interest_found_later_ends_access_at_once(call, evaluator):
    dossier = make.application(call)
    make.accepted(dossier, evaluator)
    conflicts.declare(application=dossier, interest="potential", kind="financial", text="A contract since May.", actor=evaluator)
    assert (Assignment.objects.get().status, queries.applications_for_evaluator(evaluator).count()) == ("proposed", 0)
    conflicts.declare(application=dossier, interest="disqualifying", kind="financial", text="It is paid.", actor=evaluator)
    assert Assignment.objects.get().status == "recused"
    assert ConflictDeclaration.objects.count() == 1


def test_an_interest_cannot_be_taken_back(call, officer, evaluator):
    dossier = make.application(call)
    assignments.assign(application=dossier, evaluator=evaluator, actor=officer)
    conflicts.declare(application=dossier, interest="potential", kind="other", text="We met.", actor=evaluator)
    refused("already_declared", conflicts.declare, application=dossier, interest="none", actor=evaluator)
    assert ConflictDeclaration.objects.get().status == "pending"


@pytest.mark.parametrize("arguments", [{"kind": "", "text": "why"}, {"kind": "other", "text": "  "}])
def test_an_interest_is_explained(call, officer, evaluator, arguments):
    dossier = make.application(call)
    assignments.assign(application=dossier, evaluator=evaluator, actor=officer)
    refused("explanation", conflicts.declare, application=dossier, interest="potential", actor=evaluator, **arguments)
    refused("interest", conflicts.declare, application=dossier, interest="maybe", actor=evaluator)
    assert not ConflictDeclaration.objects.exists()


def test_strangers_cannot_declare(call, evaluator):
    refused("not_assigned", conflicts.declare, application=make.application(call), interest="none", actor=evaluator)


@pytest.mark.parametrize("role", [Role.EVALUATOR, Role.DIVISION_HEAD, Role.CASE_OFFICER, Role.COMMITTEE_CHAIR, Role.AUDITOR])
def test_recusal_beats_every_role(call, officer, role):
    person = make.user(Role.EVALUATOR, role)
    dossier = make.application(call)
    assignments.assign(application=dossier, evaluator=person, actor=officer)
    conflicts.declare(application=dossier, interest="disqualifying", kind="family", text="My sister.", actor=person)
    for status in ("under_evaluation", "in_committee", "selected"):
        Application.objects.filter(pk=dossier.pk).update(status=status)
        assert not queries.readable_applications(person).exists()


# Constraints


def conflict(call, **fields):
    values = {"interest": "potential", "kind": "other", "text": "x", "declared_at": make.NOON} | fields
    return ConflictDeclaration.objects.create(evaluator=make.user(), application=make.application(call), **values)


@pytest.mark.parametrize(
    "name, fields",
    [
        ("conflict_interest_is_explained", {"text": ""}),
        ("conflict_interest_is_explained", {"kind": ""}),
        ("conflict_clear_only_without_interest", {"status": "clear"}),
        ("conflict_lifted_has_author_date_and_reason", {"status": "lifted", "ruling_reason": "x"}),
    ],
)
def test_conflict_constraints(call, name, fields):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        conflict(call, **fields)


def test_one_declaration_and_one_assignment_per_person_and_dossier(call, officer, evaluator):
    first = conflict(call)
    with pytest.raises(IntegrityError), transaction.atomic():
        ConflictDeclaration.objects.create(evaluator=first.evaluator, application=first.application, interest="none", declared_at=make.NOON)
    assignment = assignments.assign(application=make.application(call), evaluator=evaluator, actor=officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        Assignment.objects.create(evaluator=evaluator, application=assignment.application, created_by=officer, created_at=make.NOON)


# Transitions


@pytest.mark.parametrize(
    "name, source",
    [("accept", "recused"), ("recuse", "released"), ("release", "recused"), ("propose_again", "accepted"), ("suspend", "proposed")],
)
def test_assignment_transitions_refused(call, officer, evaluator, name, source):
    assignment = assignments.assign(application=make.application(call), evaluator=evaluator, actor=officer)
    Assignment.objects.filter(pk=assignment.pk).update(status=source)
    with pytest.raises(InvalidTransition):
        lifecycle.move_assignment(assignment, name, actor=officer)
    assignment.refresh_from_db()
    assert assignment.status == source


@pytest.mark.parametrize("name, source", [("clear", "pending"), ("lift", "clear"), ("lift", "confirmed"), ("hold", "confirmed")])
def test_conflict_transitions_refused(call, name, source):
    declaration = conflict(call, **({"interest": "none"} if source == "clear" else {}), status=source)
    with pytest.raises(InvalidTransition):
        lifecycle.move_conflict(declaration, name, actor=declaration.evaluator)
    declaration.refresh_from_db()
    assert declaration.status == source


def test_workflows_name_only_statuses_of_the_models():
    for machine, model in (
        (workflow.CONFLICT_WORKFLOW, ConflictDeclaration),
        (workflow.ASSIGNMENT_WORKFLOW, Assignment),
        (workflow.EVALUATION_WORKFLOW, Evaluation),
        (workflow.CONSENSUS_WORKFLOW, Consensus),
    ):
        named = {s for t in machine.transitions for s in (*t.sources, t.target)}
        assert named == set(model.Status.values)
