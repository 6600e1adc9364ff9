"""Terms of a call lock when somebody relies on them; copies; constraints."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction

from applications.models import ActionCategory, Application, Association, BudgetHeading, Call, Criterion, DocumentRequirement, StepGuidance
from applications.models import IndicatorDefinition as Indicator
from applications.services import calls
from clusters_portal.audit.models import AuditEntry
from clusters_portal.lib import clock

from .shipped import load_all

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
NOW = datetime(2026, 11, 21, 20, 30, 15, 123, tzinfo=UTC)


@pytest.fixture
def editions():
    return load_all(NOW)


@pytest.fixture
def administrator():
    return get_user_model().objects.create_user("administrator@clusters.example", "a long password")


@pytest.fixture
def future(editions):
    """A copy of the 2026 edition nobody relies on yet."""
    return calls.copy_call(call=editions["2026"], actor=None, now=NOW)


def everything():
    kinds = (Call, DocumentRequirement, StepGuidance, ActionCategory, BudgetHeading, Indicator, Criterion, Call.history.model, AuditEntry)
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in kinds}


# --- Constraints --------------------------------------------------------------------------------------------------
def refused(name, change):
    with pytest.raises(IntegrityError) as problem, transaction.atomic():
        change()
    assert name in str(problem.value) or "UNIQUE" in str(problem.value)


def test_call_deadline_after_opening(editions):
    call = editions["2026"]
    refused("call_deadline_after_opening", lambda: Call.objects.filter(pk=call.pk).update(deadline_at=call.opens_at))
    Call.objects.filter(pk=call.pk).update(deadline_at=call.opens_at + timedelta(seconds=1))


def test_call_at_least_one_place(editions):
    call = Call.objects.filter(slug="2026")
    refused("call_at_least_one_place", lambda: call.update(places=0))
    call.update(places=1)
    call.update(places=None)


@pytest.mark.parametrize("field", ["slug", "number_prefix"])
def test_call_names_are_unique(editions, field):
    refused(field, lambda: Call.objects.filter(slug="2023").update(**{field: getattr(editions["2026"], field)}))


@pytest.mark.parametrize(
    "model, name",
    [
        (DocumentRequirement, "requirement_code_unique"),
        (ActionCategory, "action_category_code_unique"),
        (BudgetHeading, "budget_heading_code_unique"),
        (Indicator, "indicator_code_unique"),
        (Criterion, "criterion_code_unique"),
    ],
)
def test_a_code_is_used_once_per_call(editions, model, name):
    row = model.objects.filter(call=editions["2026"]).first()
    refused(name, lambda: model.objects.create(call=row.call, code=row.code, label_fr="Autre"))
    assert model.objects.filter(code=row.code).count() == 3


def test_guidance_is_given_once_per_step(editions):
    refused("guidance_step_unique", lambda: StepGuidance.objects.create(call=editions["2026"], slug="membres", text_fr="Autre"))


# --- Terms lock ---------------------------------------------------------------------------------------------------
def test_terms_are_free_until_the_call_opens(future, administrator):
    future.min_members = 20
    calls.save_call(call=future, actor=administrator, now=NOW)
    assert Call.objects.get(pk=future.pk).min_members == 20
    entry = AuditEntry.objects.get(action="call.changed")
    assert (entry.actor, entry.data) == (administrator, {"min_members": ["15", "20"]})
    assert future.history.first().history_user == administrator


@pytest.mark.parametrize(
    "field, value",
    [
        ("min_members", 10),
        ("min_qualifying_percent", Decimal(50)),
        ("self_financing_severity", "warn"),
        ("places", 4),
        ("published_at", None),
    ],
)
@pytest.mark.parametrize("slug", ["2026", "demonstration"])
def test_a_term_of_an_opened_call_is_refused(editions, slug, field, value):
    call = editions[slug]
    before = Call.objects.filter(pk=call.pk).values().get()
    setattr(call, field, value)
    with pytest.raises(calls.TermsLocked) as problem:
        calls.save_call(call=call, actor=None, now=NOW)
    assert list(problem.value.reasons) == [field]
    assert "The call has opened" in str(problem.value)
    assert Call.objects.filter(pk=call.pk).values().get() == before
    assert not AuditEntry.objects.filter(action="call.changed").exists()


@pytest.mark.parametrize("kind", [kind for kind in calls.ROWS if kind != "step_guidance"])
def test_rows_of_an_opened_call_are_refused(editions, kind):
    before = everything()
    with pytest.raises(calls.TermsLocked), calls.changing_rows(call=editions["2026"], kind=kind, actor=None, now=NOW):
        getattr(editions["2026"], kind).all().delete()
    assert everything() == before


def test_guidance_and_contacts_of_an_opened_call_may_be_corrected(editions):
    call = editions["demonstration"]
    with calls.changing_rows(call=call, kind="step_guidance", actor=None, now=NOW):
        call.step_guidance.filter(slug="membres").update(is_determinant=True)
    call.contact_email = "other@clusters.example"
    calls.save_call(call=call, actor=None, now=NOW)
    assert Call.objects.get(pk=call.pk).contact_email == "other@clusters.example"


def test_terms_lock_once_something_was_submitted(future, administrator):
    assert calls.terms_locked(future, now=NOW) == ""
    application = Application.objects.create(
        call=future, association=Association.objects.create(name_fr="Cluster Essai"), created_by=administrator
    )
    assert calls.terms_locked(future, now=NOW) == ""
    application.number, application.deposited_at = "CL-2027-0001", NOW
    application.save()
    assert calls.terms_locked(future, now=NOW) == "Applications have been submitted to this call: its terms can no longer be changed."


@pytest.mark.parametrize("moved", [timedelta(seconds=-1), timedelta(days=7)])
def test_deadline_of_an_open_call_moves_on_its_own_page_only(editions, moved):
    call = editions["demonstration"]
    first = call.deadline_at
    call.deadline_at = first + moved
    with pytest.raises(calls.TermsLocked):
        calls.save_call(call=call, actor=None, now=NOW)
    assert Call.objects.get(pk=call.pk).deadline_at == first


def test_deadline_that_has_passed_is_not_reopened(editions):
    call = editions["2026"]
    call.deadline_at += timedelta(days=365)
    with pytest.raises(calls.TermsLocked):
        calls.save_call(call=call, actor=None, now=NOW)


def test_results_come_after_the_deadline(editions):
    call = editions["demonstration"]
    call.results_published_at = call.deadline_at
    with pytest.raises(calls.TermsLocked) as problem:
        calls.save_call(call=call, actor=None, now=NOW)
    assert list(problem.value.reasons) == ["results_published_at"]


def test_a_call_somebody_relies_on_is_not_deleted(editions, future):
    with pytest.raises(calls.TermsLocked):
        calls.delete_call(call=editions["2026"], actor=None, now=NOW)
    calls.delete_call(call=future, actor=None, now=NOW)
    assert set(Call.objects.values_list("slug", flat=True)) == {"2026", "2023", "demonstration"}


# --- Copies and opening -------------------------------------------------------------------------------------------
def test_copy_is_the_next_edition_not_published(editions, administrator):
    source = editions["2026"]
    copy = calls.copy_call(call=source, actor=administrator, now=NOW)
    assert (copy.slug, copy.number_prefix, copy.year, copy.base_year) == ("2027", "CL-2027", 2027, 2028)
    assert copy.title_fr == "Soutien à la dynamique des clusters marocains — Appel à projets 2027"
    assert (copy.published_at, copy.results_published_at, copy.places) == (None, None, 3)
    assert clock.format_moment(copy.deadline_at, "fr") == "28 juillet 2027 à 15h00, heure du Maroc (GMT)"
    for name in calls.ROWS:
        rows = [[row.pop("id"), row.pop("call_id")] and row for row in getattr(copy, name).values()]
        originals = [[row.pop("id"), row.pop("call_id")] and row for row in getattr(source, name).values()]
        assert rows == originals
    assert calls.copy_call(call=source, actor=administrator, now=NOW).number_prefix == "CL-2027-2"


def test_open_until_the_last_second_included(editions):
    call = editions["2026"]
    last = call.deadline_at
    moments = [last - timedelta(seconds=1), last, last + timedelta(microseconds=999_999), last + timedelta(seconds=1)]
    assert [call.is_open(moment) for moment in moments] == [True, True, True, False]
    assert [Call.objects.open_at(moment).filter(pk=call.pk).exists() for moment in moments] == [True, True, True, False]
