"""What these tests share: a refusal that changes nothing, a member with a conflict, a day to come."""

from datetime import timedelta

import pytest

from clusters_portal.audit.models import AuditEntry
from clusters_portal.lib import clock
from evaluation.models import ConflictDeclaration
from evaluation.services.refusals import Refused
from evaluation.tests import factories as make


def refused(act, **arguments):
    """The code of the refusal; nothing was written but perhaps refused attempts."""
    before = AuditEntry.objects.count()
    with pytest.raises(Refused) as refusal:
        act(**arguments)
    assert AuditEntry.objects.count() == before
    return refusal.value.code


def conflict(person, dossier, status="confirmed"):
    return ConflictDeclaration.objects.create(
        evaluator=person, application=dossier, interest="disqualifying", kind="family", text="x", status=status, declared_at=make.NOON
    )


def tomorrow():
    return clock.now() + timedelta(days=1)
