"""Recevabilité on two real connections: one validation, one decision; of two saves one is told of the other."""

from functools import partial

import pytest

from applications.models import AdmissibilityCheck
from applications.services.admissibility import AdmissibilityRefused
from applications.services.admissibility_acts import AdmissibilityConflict, prepare, send_back, validate
from clusters_portal.accounts.roles import Role
from clusters_portal.audit.journal import first_fault
from clusters_portal.audit.models import AuditEntry
from clusters_portal.notifications.models import Notice
from tests import racing

from .factories import confirmed, make_call, make_user, propose_check
from .staff_fixtures import officer, received

pytestmark = pytest.mark.django_db(transaction=True)
together = partial(racing.together, refusals=AdmissibilityRefused)


@pytest.fixture
def application():
    return received(make_call(prefix="CL-2026"))


def refusals(outcomes):
    return [outcome for outcome in outcomes if isinstance(outcome, AdmissibilityRefused)]


def test_two_validations_at_once_are_one_decision(application):
    check, heads = propose_check(application), [make_user(roles=[Role.DIVISION_HEAD]) for _n in range(2)]
    outcomes = together(*[lambda head=head: validate(application=application, version=check.version, actor=head) for head in heads])
    assert len(refusals(outcomes)) == 1
    application.refresh_from_db()
    assert application.status == "admissible" and AdmissibilityCheck.objects.get().validated_by in heads
    assert AuditEntry.objects.filter(action="application.declare_admissible").count() == 1
    assert Notice.objects.filter(kind="admissibility_decided").count() == 1 and first_fault() == ""


def test_validated_or_sent_back_never_both(application):
    check, heads = propose_check(application), [make_user(roles=[Role.DIVISION_HEAD]) for _n in range(2)]
    outcomes = together(
        lambda: validate(application=application, version=check.version, actor=heads[0]),
        lambda: send_back(application=application, reason="x", version=check.version, actor=heads[1]),
    )
    assert len(refusals(outcomes)) == 1
    application.refresh_from_db()
    check = AdmissibilityCheck.objects.get()
    assert check.is_validated == (application.status == "admissible") == (check.returns.count() == 0)


def test_two_first_saves_at_once_are_one_check_and_one_conflict(application):
    acts = [
        lambda person=person, text=text: prepare(
            application=application, written=confirmed(application, reasons_fact=text), version=0, actor=person
        )
        for person, text in ((officer(), "Un"), (officer(), "Deux"))
    ]
    told = refusals(together(*acts))
    assert len(told) == 1 and isinstance(told[0], AdmissibilityConflict)
    assert AdmissibilityCheck.objects.get().version == 1
