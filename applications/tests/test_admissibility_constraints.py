"""What the database itself refuses of a check of recevabilité, its lines and its returns: one test per named constraint."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from applications.models import AdmissibilityCheck, AdmissibilityLine, AdmissibilityReturn
from applications.tests.factories import (
    make_call,
)
from applications.tests.staff_fixtures import officer, received

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def application():
    return received(make_call(prefix="CL-2026"))


def new_check(application, **columns):
    return AdmissibilityCheck(deposit=application.current_deposit, checked_by=officer(), **columns)


def refused_by(name, save):
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        save()
    assert name in str(error.value)


def proposed(**columns):
    reasons = {"reasons_fact": "Manque", "reasons_law": "Clause 5"}
    return {"outcome": "inadmissible", "proposed_at": timezone.now(), "proposed_by": officer(), **reasons, **columns}


@pytest.mark.parametrize("empty", ["reasons_fact", "reasons_law"])
def test_constraint_inadmissible_has_reasons(application, empty):
    refused_by("inadmissible_has_reasons", new_check(application, **proposed(**{empty: ""})).save)


@pytest.mark.parametrize("columns", [{"outcome": ""}, {"proposed_by": None}, {"proposed_at": None}])
def test_constraint_admissibility_proposal_is_whole(application, columns):
    refused_by("admissibility_proposal_is_whole", new_check(application, **proposed(**columns)).save)


def test_constraint_admissibility_companies_have_reason(application):
    refused_by("admissibility_companies_have_reason", new_check(application, **proposed(companies=3)).save)


def test_constraint_admissibility_second_person(application):
    columns = proposed(record="{}")
    columns |= {"validated_by": columns["proposed_by"], "validated_at": timezone.now()}
    refused_by("admissibility_second_person", new_check(application, **columns).save)


@pytest.mark.parametrize("missing", [{"proposed_at": None, "proposed_by": None}, {"record": ""}, {"validated_by": None}])
def test_constraint_admissibility_validated_after_proposed(application, missing):
    columns = proposed(record="{}") | {"validated_by": officer(), "validated_at": timezone.now()} | missing
    refused_by("admissibility_validated_after_proposed", new_check(application, **columns).save)


def test_one_check_per_deposit(application):
    new_check(application, **proposed()).save()
    with pytest.raises(IntegrityError), transaction.atomic():
        new_check(application, **proposed()).save()


def test_constraint_admissibility_item_once(application):
    check = new_check(application)
    check.save()
    line = {"check_record": check, "item": "rule:members", "proposed": "conforming"}
    AdmissibilityLine.objects.create(**line)
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        AdmissibilityLine.objects.create(**line)
    assert "check_record_id" in str(error.value) or "admissibility_item_once" in str(error.value)


def test_constraint_admissibility_override_has_reason(application):
    check = new_check(application)
    check.save()
    line = {"check_record": check, "item": "rule:members", "proposed": "conforming"}
    refused_by("admissibility_override_has_reason", AdmissibilityLine(**line, finding="non_conforming").save)
    AdmissibilityLine.objects.create(**line, finding="non_conforming", reason="Deux membres sans bulletin.")


def test_constraint_admissibility_return_has_reason(application):
    check = new_check(application)
    check.save()
    people = {"proposed_by": officer(), "returned_by": officer()}
    moments = {"proposed_at": timezone.now(), "returned_at": timezone.now()}
    refused_by("admissibility_return_has_reason", AdmissibilityReturn(check_record=check, outcome="admissible", **people, **moments).save)
