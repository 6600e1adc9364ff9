"""What these tests share."""

import pytest

from evaluation.services import conflicts
from evaluation.services.refusals import Refused


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
