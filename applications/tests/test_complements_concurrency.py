"""Two people at the same instant on two real connections: one answer, and an answer or a cancellation, never both."""

from functools import partial

import pytest

from applications.models import ComplementRequest, Deposit
from applications.services.complement_answers import answer, save
from applications.services.complements import ComplementRefused, cancel
from applications.services.deposit import DepositRefused
from applications.steps import STEPS_BY_SLUG
from tests import racing

from .builders import DECLARATION
from .complements import OVERALL, ask_for, closed_deposit
from .factories import make_user
from .staff_fixtures import officer

pytestmark = pytest.mark.django_db(transaction=True)
together = partial(racing.together, refusals=(ComplementRefused, DepositRefused))


def ready():
    owner = make_user()
    asked = ask_for(closed_deposit(owner)[0], OVERALL)
    save(asked=asked, step=STEPS_BY_SLUG["strategie"], data={"strategy-overall": "Complétée."}, actor=owner)
    return asked, owner


def test_two_tabs_answering_at_once_make_one_deposit():
    asked, owner = ready()
    first, second = together(*[lambda: answer(asked=asked, declaration=DECLARATION, actor=owner)] * 2)
    assert first == second == ComplementRequest.objects.get().answer
    assert Deposit.objects.count() == 2


def test_answer_and_cancellation_at_once_leave_one_of_them():
    (asked, owner), person = ready(), officer()
    outcomes = together(
        lambda: answer(asked=asked, declaration=DECLARATION, actor=owner),
        lambda: cancel(request_id=asked.pk, reason="Erreur", actor=person),
    )
    assert sum(isinstance(outcome, ComplementRefused | DepositRefused) for outcome in outcomes) == 1
    stands = ComplementRequest.objects.get()
    assert (stands.answer is None) == (stands.cancelled_at is not None)
    assert Deposit.objects.count() == (1 if stands.answer is None else 2)
