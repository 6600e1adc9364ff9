"""Interests raised by others, likely conflicts, evaluators' profiles: services and pages."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from clusters_portal.accounts.roles import Role
from clusters_portal.audit.models import AuditEntry
from clusters_portal.lib import clock
from clusters_portal.lib.text import search_words
from evaluation import queries
from evaluation.models import Assignment, ConflictDeclaration, EvaluatorProfile, LikelyConflict
from evaluation.queries.likely import interests_of, likely_conflicts_of, to_be_checked
from evaluation.rules.likely_conflicts import Coincidence, Parties, Person, bare, detect, own_domain
from evaluation.services import assignments, conflicts, evaluators, likely_conflicts
from evaluation.services.refusals import Refused
from evaluation.tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def call():
    return make.call()


@pytest.fixture
def head():
    return make.user(Role.DIVISION_HEAD)


@pytest.fixture
def evaluator():
    return make.user(Role.EVALUATOR)


def refused(code, service, **arguments):
    with pytest.raises(Refused) as refusal:
        service(**arguments)
    assert refusal.value.code == code


def raised(application, evaluator, actor, interest="potential", source="applicant"):
    return conflicts.record(
        application=application,
        evaluator=evaluator,
        source=source,
        interest=interest,
        kind="competitor",
        text="Said on 3 June.",
        actor=actor,
    )


# Raised by others


def test_an_objection_suspends_access_until_the_ruling(call, head, evaluator):
    dossier = make.application(call)
    make.accepted(dossier, evaluator)
    declaration = raised(dossier, evaluator, head)
    assert (declaration.status, declaration.source, declaration.recorded_by) == ("pending", "applicant", head)
    assert (Assignment.objects.get().status, queries.applications_for_evaluator(evaluator).count()) == ("proposed", 0)
    conflicts.rule(declaration=declaration, lift=True, reason="Unfounded.", actor=head)
    assert (Assignment.objects.get().status, queries.applications_for_evaluator(evaluator).count()) == ("accepted", 1)
    own = ConflictDeclaration.objects.get(source="self")
    assert (own.status, own.text) == ("clear", "")


def test_an_interest_found_recuses_at_once_assigned_or_not(call, head, evaluator):
    assigned, other = make.application(call), make.application(call)
    make.accepted(assigned, evaluator)
    for dossier in (assigned, other):
        assert raised(dossier, evaluator, head, interest="disqualifying", source="detected").status == "confirmed"
    assert list(Assignment.objects.values_list("status", flat=True)) == ["recused"]
    refused("conflict", assignments.assign, application=other, evaluator=evaluator, actor=head)
    assert not queries.readable_applications(evaluator).exists()


def test_a_lifted_objection_opens_nothing_without_ones_own_declaration(call, head, evaluator):
    dossier = make.application(call)
    conflicts.rule(declaration=raised(dossier, evaluator, head), lift=True, reason="Unfounded.", actor=head)
    assignment = assignments.assign(application=dossier, evaluator=evaluator, actor=head)
    assert (assignment.status, queries.applications_for_evaluator(evaluator).count()) == ("proposed", 0)
    conflicts.declare(application=dossier, interest="none", actor=evaluator)
    assert queries.applications_for_evaluator(evaluator).count() == 1


def test_ones_own_clear_declaration_opens_nothing_while_an_objection_waits(call, head, evaluator):
    dossier = make.application(call)
    assignments.assign(application=dossier, evaluator=evaluator, actor=head)
    objection = raised(dossier, evaluator, head)
    conflicts.declare(application=dossier, interest="none", actor=evaluator)
    assert (Assignment.objects.get().status, queries.applications_for_evaluator(evaluator).count()) == ("proposed", 0)
    assert [row.state for row in queries.worklist_of(evaluator).rows] == ["waiting"]
    conflicts.rule(declaration=objection, lift=True, reason="Unfounded.", actor=head)
    assert Assignment.objects.get().status == "accepted"


def test_what_is_raised_is_explained_about_somebody_else_and_only_graver_later(call, head, evaluator):
    dossier, both = make.application(call), make.user(Role.EVALUATOR, Role.DIVISION_HEAD)
    good = {"application": dossier, "evaluator": evaluator, "source": "applicant", "interest": "potential", "kind": "other", "text": "x"}
    for code, change in [
        ("own", {"evaluator": both}), ("not_evaluator", {"evaluator": head}), ("explanation", {"text": " "}), ("explanation", {"kind": ""}),
        ("interest", {"source": "self"}), ("interest", {"interest": "none"}),
        ("state", {"application": make.application(call, status="deposited")}),
    ]:  # fmt: skip
        refused(code, conflicts.record, actor=both, **(good | change))
    assert not ConflictDeclaration.objects.exists()
    conflicts.record(actor=head, **good)
    refused("already_declared", conflicts.record, actor=head, **good)
    assert conflicts.record(actor=head, **(good | {"interest": "disqualifying"})).status == "confirmed"
    assert ConflictDeclaration.objects.count() == 1


@pytest.mark.parametrize("fields", [{"source": "detected"}, {"source": "self", "recorded_by": True}])
def test_only_what_others_raise_names_its_recorder(call, head, evaluator, fields):
    fields = fields | ({"recorded_by": head} if "recorded_by" in fields else {})
    with pytest.raises(IntegrityError, match="conflict_of_another_source_has_its_recorder"), transaction.atomic():
        ConflictDeclaration.objects.create(
            evaluator=evaluator, application=make.application(call), interest="potential", kind="other", text="x",
            declared_at=make.NOON, **fields,
        )  # fmt: skip


# Likely conflicts


@pytest.mark.parametrize(
    "employer, name, expected",
    [("Atlas Fibres SARL", "ATLAS FIBRES", True), ("S.A. Atlas", "Atlas", True), ("École Mohammadia", "ecole  mohammadia", True),
     ("Atlas", "Atlas Fibres", False), ("", "", False), ("SA", "SARL", False)],
)  # fmt: skip
def test_names_are_compared_without_form_case_or_accents(employer, name, expected):
    people = [Person("1", employer, tuple(search_words(employer)))]
    found = detect(people, [Parties("d", {tuple(search_words(name)): name})])
    assert found == ((Coincidence("1", "d", "employer", name),) if expected else ())


@pytest.mark.parametrize(
    "email, domain",
    [
        ("a@atlas.ma", "atlas.ma"),
        ("a@GMAIL.com", ""),
        ("a@menara.ma", ""),
        ("a@x.example", ""),
        ("a@example.org", ""),
        ("", ""),
        ("a", "a"),
    ],
)
def test_public_domains_say_nothing(email, domain):
    assert own_domain(email if email != "a" else "x@a") == domain


def test_a_name_of_nothing_but_a_form_is_kept():
    assert (bare(("sa",)), bare(("ocp", "sa"))) == (("sa",), ("ocp",))


def member_of(call, name):
    dossier = make.application(call, snapshot={"steps": {"membres": {"members": [{"name_fr": name, "name_ar": ""}]}}})
    return dossier


def test_a_member_of_the_dossier_and_a_domain_are_found(call, evaluator):
    dossier, other = member_of(call, "Rif Câbles S.A."), make.application(call)
    type(evaluator).objects.filter(pk=evaluator.pk).update(employer="RIF CABLES")
    colleague = make.user(Role.EVALUATOR)
    type(colleague).objects.filter(pk=colleague.pk).update(email="x@pole.ma")
    owner = other.collaborators.get().user
    type(owner).objects.filter(pk=owner.pk).update(email="y@pole.ma")
    assert likely_conflicts.look(call=call) == 2
    rows = set(LikelyConflict.objects.values_list("evaluator", "application", "ground", "evidence"))
    assert rows == {(evaluator.pk, dossier.pk, "employer", "Rif Câbles S.A."), (colleague.pk, other.pk, "email_domain", "pole.ma")}
    assert likely_conflicts.look(call=call) == 0


def test_what_no_longer_holds_is_forgotten_and_what_was_dismissed_stays(call, head, evaluator):
    dossier = member_of(call, "Rif Câbles")
    type(evaluator).objects.filter(pk=evaluator.pk).update(employer="Rif Câbles")
    likely_conflicts.look(call=call)
    likely = LikelyConflict.objects.get()
    refused("reason", likely_conflicts.dismiss, likely=likely, reason=" ", actor=head)
    refused("own", likely_conflicts.dismiss, likely=likely, reason="x", actor=evaluator)
    likely_conflicts.dismiss(likely=likely, reason="Left in 2015.", actor=head)
    refused("dismissed", likely_conflicts.dismiss, likely=likely, reason="x", actor=head)
    assert (to_be_checked(call), likely_conflicts.look(call=call)) == (set(), 0)
    type(evaluator).objects.filter(pk=evaluator.pk).update(employer="")
    likely_conflicts.look(call=call)
    assert LikelyConflict.objects.get().dismissal_reason == "Left in 2015."
    type(evaluator).objects.filter(pk=evaluator.pk).update(employer=dossier.association.name_fr)
    likely_conflicts.look(call=call)
    assert to_be_checked(call) == {(evaluator.pk, dossier.pk)}
    type(evaluator).objects.filter(pk=evaluator.pk).update(employer="")
    likely_conflicts.look(call=call)
    assert LikelyConflict.objects.count() == 1


def test_all_read_all_leaves_out_what_is_to_be_checked_by_hand_does_not(call, head, evaluator):
    dossier = member_of(call, "Rif Câbles")
    type(evaluator).objects.filter(pk=evaluator.pk).update(employer="Rif Câbles")
    outcome = assignments.assign_all(call=call, actor=head)
    assert (outcome.created, len(outcome.skipped)) == (0, 1)
    evaluator.refresh_from_db()
    assignments.assign(application=dossier, evaluator=evaluator, actor=head)
    assert Assignment.objects.get().evaluator == evaluator


def test_an_interest_recorded_settles_the_doubt(call, head, evaluator):
    dossier = member_of(call, "Rif Câbles")
    type(evaluator).objects.filter(pk=evaluator.pk).update(employer="Rif Câbles")
    likely_conflicts.look(call=call)
    conflicts.rule(declaration=raised(dossier, evaluator, head, source="detected"), lift=True, reason="A namesake.", actor=head)
    assert to_be_checked(call) == set()


@pytest.mark.parametrize("fields", [{"dismissed_at": make.NOON}, {"dismissal_reason": "x"}])
def test_a_dismissal_has_author_date_and_reason(call, evaluator, fields):
    with pytest.raises(IntegrityError, match="likely_conflict_dismissed_with_author_and_reason"), transaction.atomic():
        LikelyConflict.objects.create(
            evaluator=evaluator, application=make.application(call), ground="employer", evidence="x", found_at=make.NOON, **fields
        )  # fmt: skip


# The page


def test_the_page_hides_ones_own_case_and_barred_dossiers(client, call, head):
    both, other = make.user(Role.EVALUATOR, Role.DIVISION_HEAD), make.user(Role.EVALUATOR)
    barred, free = make.application(call), make.application(call)
    raised(free, both, head)
    raised(barred, other, head)
    conflicts.record(application=barred, evaluator=both, source="detected", interest="disqualifying", kind="other", text="x", actor=head)
    for dossier, person in ((barred, other), (free, both), (free, other)):
        LikelyConflict.objects.create(evaluator=person, application=dossier, ground="employer", evidence="x", found_at=make.NOON)
    assert list(interests_of(both, call)) == []
    assert list(likely_conflicts_of(both, call)) == []
    assert interests_of(head, call).count() == 3
    client.force_login(both)
    page = client.get(reverse("evaluation:interests", args=[call.slug]))
    assert barred.number not in page.content.decode()


def test_an_evaluators_own_words_are_for_the_head_and_auditors(client, call):
    dossier, evaluator = make.application(call), make.user(Role.EVALUATOR)
    assignments.assign(application=dossier, evaluator=evaluator, actor=make.user(Role.CASE_OFFICER))
    conflicts.declare(application=dossier, interest="potential", kind="family", text="My cousin-german.", actor=evaluator)
    for role, read in ((Role.DIVISION_HEAD, True), (Role.AUDITOR, True), (Role.CASE_OFFICER, False), (Role.COMMITTEE_CHAIR, False)):
        client.force_login(make.user(role))
        page = client.get(reverse("evaluation:interests", args=[call.slug])).content.decode()
        assert (dossier.number in page, "My cousin-german." in page) == (True, read), role


def test_recording_and_dismissing_from_the_page(client, call, head, evaluator):
    dossier = make.application(call)
    client.force_login(head)
    address = reverse("evaluation:record_interest", args=[call.slug])
    data = {"application": dossier.pk, "evaluator": evaluator.pk, "source": "applicant", "interest": "potential", "kind": "other"}
    answer = client.post(address, data)
    assert (answer.status_code, ConflictDeclaration.objects.count()) == (422, 0)
    assert client.post(address, data | {"text": "Letter of 3 June."}).status_code == 302
    assert ConflictDeclaration.objects.get().text == "Letter of 3 June."
    likely = LikelyConflict.objects.create(
        evaluator=make.user(Role.EVALUATOR), application=dossier, ground="employer", evidence="x", found_at=make.NOON
    )
    address = reverse("evaluation:dismiss_conflict", args=[call.slug, likely.pk])
    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": "A namesake."}).status_code == 302
    likely.refresh_from_db()
    assert (likely.dismissed_by, likely.dismissal_reason) == (head, "A namesake.")
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("rows", [1, 12])
def test_the_list_of_interests_costs_the_same(client, call, head, django_assert_max_num_queries, rows):
    for _ in range(rows):
        dossier, person = make.application(call), make.user(Role.EVALUATOR)
        raised(dossier, person, head)
        LikelyConflict.objects.create(
            evaluator=make.user(Role.EVALUATOR), application=dossier, ground="employer", evidence="x", found_at=make.NOON
        )
    client.force_login(head)
    with django_assert_max_num_queries(11):
        client.get(reverse("evaluation:interests", args=[call.slug]))


# Profiles


def profile(**changes):
    values = {"employer": "OFPPT", "expertise": ("C", "J"), "min_load": 1, "max_load": 5, "confidentiality_signed_on": clock.today()}
    return values | changes


def test_a_profile_is_recorded_once_and_journaled_when_it_changes(head, evaluator):
    for values in (profile(), profile(), profile(max_load=None)):
        saved = evaluators.save_profile(person=evaluator, actor=head, **values)
    evaluator.refresh_from_db()
    assert (EvaluatorProfile.objects.get(), evaluator.employer) == (saved, "OFPPT")
    assert (saved.expertise, saved.min_load, saved.max_load) == (("C", "J"), 1, None)
    assert AuditEntry.objects.filter(action="evaluator.profile").count() == 2


@pytest.mark.parametrize(
    "code, changes", [("loads", {"max_load": 0}), ("future", {"confidentiality_signed_on": make.NOON.date() + timedelta(days=36500)})]
)
def test_a_profile_that_makes_no_sense_is_refused(head, evaluator, code, changes):
    refused(code, evaluators.save_profile, person=evaluator, actor=head, **profile(**changes))
    refused("not_evaluator", evaluators.save_profile, person=head, actor=head, **profile())
    assert not EvaluatorProfile.objects.exists()


def test_loads_are_in_order_in_the_database(evaluator):
    with pytest.raises(IntegrityError, match="evaluator_loads_in_order"), transaction.atomic():
        EvaluatorProfile.objects.create(user=evaluator, min_load=3, max_load=2)


def test_the_page_of_a_profile(client, evaluator):
    client.force_login(make.user(Role.CASE_OFFICER))
    address = reverse("evaluation:evaluator", args=[evaluator.pk])
    answer = client.post(address, {"employer": "OFPPT", "expertise": ["C"], "min_load": "4", "max_load": "2"})
    assert (answer.status_code, EvaluatorProfile.objects.count()) == (422, 0)
    assert 'value="4"' in answer.content.decode()
    assert client.post(address, {"employer": "OFPPT", "expertise": ["C"], "min_load": "", "max_load": "2"}).status_code == 302
    assert EvaluatorProfile.objects.get().max_load == 2
    assert client.get(reverse("evaluation:evaluator", args=[make.user().pk])).status_code == 404


@pytest.mark.parametrize("rows", [1, 20])
def test_the_list_of_evaluators_costs_the_same(client, head, django_assert_max_num_queries, rows):
    for _ in range(rows):
        evaluators.save_profile(person=make.user(Role.EVALUATOR), actor=head, **profile())
    client.force_login(head)
    with django_assert_max_num_queries(7):
        client.get(reverse("evaluation:evaluators"))
