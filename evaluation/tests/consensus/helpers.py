"""What these tests share."""

import pytest

from evaluation.services.refusals import Refused


def refused(code, act, **arguments):
    with pytest.raises(Refused) as refusal:
        act(**arguments)
    assert refusal.value.code == code


def state(report):
    report.refresh_from_db()
    return report.status, report.round
