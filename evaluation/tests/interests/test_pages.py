"""The pages of interests and profiles."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from clusters_portal.accounts.roles import Role
from clusters_portal.audit.models import AuditEntry
from clusters_portal.lib import clock
from evaluation.models import ConflictDeclaration, EvaluatorProfile, LikelyConflict
from evaluation.queries.likely import interests_of, likely_conflicts_of
from evaluation.services import assignments, conflicts, evaluators
from evaluation.tests import factories as make
from evaluation.tests.interests.helpers import raised, refused

pytestmark = pytest.mark.django_db


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
    assert EvaluatorProfile.objects.get().max_load is None


def test_loads_are_in_order_in_the_database(evaluator):
    with pytest.raises(IntegrityError, match="evaluator_loads_in_order"), transaction.atomic():
        EvaluatorProfile.objects.filter(user=evaluator).update(min_load=3, max_load=2)


def test_the_page_of_a_profile(client):
    evaluator = make.user(Role.EVALUATOR, committed=False)
    client.force_login(make.user(Role.CASE_OFFICER))
    address = reverse("evaluation:evaluator", args=[evaluator.pk])
    answer = client.post(address, {"employer": "OFPPT", "expertise": ["C"], "min_load": "4", "max_load": "2"})
    assert (answer.status_code, EvaluatorProfile.objects.count()) == (422, 0)
    assert 'value="4"' in answer.content.decode()
    typed = {"employer": "OFPPT", "expertise": ["C"], "min_load": "", "max_load": "2"}
    assert client.post(address, typed).status_code == 302
    assert EvaluatorProfile.objects.get().max_load == 2
    # A page opened before the evaluator signed does not take the signature away; one opened since may.
    evaluators.sign_commitment(actor=evaluator)
    assert client.post(address, typed | {"max_load": "5"}).status_code == 422
    kept = EvaluatorProfile.objects.get()
    assert (kept.max_load, kept.confidentiality_signed_on) == (2, clock.today())
    assert client.post(address, typed | {"seen_signed_on": str(clock.today())}).status_code == 302
    assert EvaluatorProfile.objects.get().confidentiality_signed_on is None
    assert client.get(reverse("evaluation:evaluator", args=[make.user().pk])).status_code == 404


@pytest.mark.parametrize("rows", [1, 20])
def test_the_list_of_evaluators_costs_the_same(client, head, django_assert_max_num_queries, rows):
    for _ in range(rows):
        evaluators.save_profile(person=make.user(Role.EVALUATOR), actor=head, **profile())
    client.force_login(head)
    with django_assert_max_num_queries(7):
        client.get(reverse("evaluation:evaluators"))
