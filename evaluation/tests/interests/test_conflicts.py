"""Interests raised by others and likely conflicts."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from clusters_portal.accounts.roles import Role
from clusters_portal.lib.text import search_words
from evaluation import queries
from evaluation.models import Assignment, ConflictDeclaration, LikelyConflict
from evaluation.queries.likely import to_be_checked
from evaluation.rules.likely_conflicts import Coincidence, Parties, Person, bare, detect, own_domain
from evaluation.services import assignments, conflicts, likely_conflicts
from evaluation.tests import factories as make
from evaluation.tests.interests.helpers import raised, refused

pytestmark = pytest.mark.django_db


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
        ("own", {"evaluator": both}), ("no_part", {"evaluator": make.user()}),
        ("explanation", {"text": " "}), ("explanation", {"kind": ""}),
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


def test_an_interest_of_dptc_itself_closes_the_dossier_to_them_everywhere(client, call, head):
    dossier, officer = make.application(call), make.user(Role.CASE_OFFICER)
    raised(dossier, officer, head, interest="disqualifying", source="detected")
    client.force_login(officer)
    pages = [reverse("applications:reading", args=[dossier.pk]), reverse("evaluation:dossier", args=[dossier.pk])]
    assert [client.get(page).status_code for page in pages] == [404, 404]
    assert dossier.number not in client.get(reverse("evaluation:call_assignments", args=[call.slug])).content.decode()
