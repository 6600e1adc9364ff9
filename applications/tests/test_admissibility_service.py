"""What the services of recevabilité refuse: rights, states, the deadline, a check that does not hold together; nothing changes then."""

from datetime import timedelta

import pytest

from applications.models import AdmissibilityCheck, AdmissibilityLine
from applications.services.admissibility import AdmissibilityRefused
from applications.services.admissibility_acts import propose, validate
from applications.tests.factories import (
    confirmed,
    declare_admissible,
    make_call,
    make_user,
    propose_check,
)
from applications.tests.staff_fixtures import STAFF_WHO_READ, WITHOUT_DOSSIERS, officer, received
from clusters_portal.accounts.roles import Role
from clusters_portal.audit.models import AuditEntry
from clusters_portal.lib import clock
from clusters_portal.notifications.models import Notice, OutgoingMail

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def application():
    return received(make_call(prefix="CL-2026"))


def state_of(application):
    """Everything a decision writes."""
    application.refresh_from_db()
    counts = [model.objects.count() for model in (AdmissibilityCheck, AdmissibilityLine, AuditEntry, Notice, OutgoingMail)]
    return application.status, *counts


REFUSALS = {
    "no outcome": ({"outcome": ""}, "outcome"),
    "unknown outcome": ({"outcome": "maybe"}, "outcome"),
    "line without finding": ({"findings": {"piece:ADM_CA": ("", "")}}, "piece:ADM_CA"),
    "unknown finding": ({"findings": {"piece:ADM_CA": ("perfect", "x")}}, "piece:ADM_CA"),
    "override without reason": ({"findings": {"piece:ADM_CA": ("not_applicable", "   ")}}, "piece:ADM_CA"),
    "statutes without their article": ({"findings": {"statutes:object": ("conforming", " ")}}, "statutes:object"),
    "admissible with a line not conforming": ({"findings": {"piece:ADM_CA": ("non_conforming", "Non signé")}}, "outcome"),
    "inadmissible without fact": ({"outcome": "inadmissible", "reasons_law": "Clause 5", "reasons_fact": " "}, "reasons_fact"),
    "inadmissible without law": ({"outcome": "inadmissible", "reasons_fact": "Manque", "reasons_law": ""}, "reasons_law"),
    "more companies than members": ({"companies": 999, "companies_reason": "x"}, "companies"),
    "another count without reason": ({"companies": 20, "companies_reason": " "}, "companies_reason"),
}


@pytest.mark.parametrize(("changes", "field"), REFUSALS.values(), ids=REFUSALS)
def test_refusal_changes_nothing(application, changes, field):
    before = state_of(application)
    with pytest.raises(AdmissibilityRefused) as refusal:
        propose_check(application, **changes)
    assert list(refusal.value.errors) == [field]
    assert state_of(application) == before


def test_missing_line_is_refused(application):
    written, before = confirmed(application), state_of(application)
    del written.findings["rule:members"]
    with pytest.raises(AdmissibilityRefused) as refusal:
        propose(application=application, written=written, version=0, actor=officer())
    assert list(refusal.value.errors) == ["rule:members"]
    assert state_of(application) == before


@pytest.mark.parametrize("role", [*STAFF_WHO_READ, *WITHOUT_DOSSIERS])
def test_service_refuses_those_without_the_right(application, role):
    person, before = make_user(roles=[role]), state_of(application)
    with pytest.raises(AdmissibilityRefused):
        propose_check(application, officer=person)
    assert state_of(application) == before
    check = propose_check(application)
    with pytest.raises(AdmissibilityRefused):
        validate(application=application, version=check.version, actor=person)
    assert application.status == "deposited" and AdmissibilityCheck.objects.get().is_proposed


@pytest.mark.parametrize("status", ["withdrawn", "admissible", "inadmissible", "under_evaluation", "in_committee", "selected"])
def test_only_a_submitted_application_can_be_decided(application, status):
    withdrawn_at = clock.now() if status == "withdrawn" else None
    type(application).objects.filter(pk=application.pk).update(status=status, withdrawn_at=withdrawn_at)
    application.refresh_from_db()
    before = state_of(application)
    with pytest.raises(AdmissibilityRefused):
        propose_check(application)
    assert state_of(application) == before


def test_nothing_is_decided_until_the_deadline_has_passed(application):
    """The second of the deadline still belongs to the applicants, who may change or withdraw."""
    last, person, head = application.call.deadline_at, officer(), make_user(roles=[Role.DIVISION_HEAD])
    before = state_of(application)
    with clock.set_to(last), pytest.raises(AdmissibilityRefused) as refused:
        propose_check(application, officer=person)
    assert clock.format_moment(last, "en") in refused.value.errors[""] and state_of(application) == before
    with clock.set_to(last + timedelta(seconds=1)):
        declare_admissible(application, officer=person, head=head)
    application.refresh_from_db()
    assert application.status == "admissible"
