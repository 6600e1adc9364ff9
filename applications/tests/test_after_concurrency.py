"""Deposit, deposit again, withdraw, extend: two at the same instant on two real connections. One number, no gap."""

from datetime import timedelta
from functools import partial

import pytest

from applications.models import Application, Call, Deposit, DepositCounter
from applications.services.deposit import DepositRefused, deposit
from applications.services.drafts import save_step
from applications.services.withdrawal import WithdrawalRefused, withdraw
from applications.steps import STEPS_BY_SLUG
from clusters_portal.audit.journal import first_fault
from clusters_portal.audit.models import AuditEntry
from tests import racing

from .builders import DECLARATION, deposited_application, filled_application, inputs_of
from .factories import close, make_call, make_user

pytestmark = pytest.mark.django_db(transaction=True)
together = partial(racing.together, refusals=(DepositRefused, WithdrawalRefused))


def act_of(application, actor, replaces=None):
    return lambda: deposit(application=application, declaration=DECLARATION, actor=actor, replaces=replaces)


def changed(owner):
    """A deposited dossier with a change that is not deposited."""
    application, first = deposited_application(user=owner)
    data = {**inputs_of()["start-up"], "startups-preparation": "Autre accompagnement"}
    save_step(application=application, step=STEPS_BY_SLUG["start-up"], data=data, actor=owner)
    return application, first


def sequences(application):
    return list(Deposit.objects.filter(application=application).order_by("sequence").values_list("sequence", flat=True))


def test_first_deposit_in_two_tabs_is_one_deposit():
    owner = make_user()
    application = filled_application(user=owner)
    one, other = together(*[act_of(application, owner, replaces=0)] * 2)
    assert one == other == Deposit.objects.get() and DepositCounter.objects.get().last == 1
    assert AuditEntry.objects.filter(action="application.deposit").count() == 1 and first_fault() == ""


def test_deposit_again_in_two_tabs_is_one_further_deposit():
    owner = make_user()
    application, first = changed(owner)
    one, other = together(*[act_of(application, owner, replaces=1)] * 2)
    assert one == other and (one.sequence, one.number) == (2, first.number)
    assert sequences(application) == [1, 2] and DepositCounter.objects.get().last == 1 and first_fault() == ""


def test_deposit_again_against_withdrawal_leaves_the_later_deposit_standing():
    """Withdrawn first, it is deposited again; deposited first, the withdrawal was of a deposit that no longer stands."""
    owner = make_user()
    application, first = changed(owner)
    made, taken_back = together(act_of(application, owner, replaces=1), lambda: withdraw(application=application, actor=owner, seen=1))
    assert isinstance(made, Deposit) and isinstance(taken_back, (Application, WithdrawalRefused))
    application = Application.objects.get(pk=application.pk)
    assert (application.status, application.number, application.withdrawn_at) == ("deposited", first.number, None)
    assert sequences(application) == [1, 2]
    withdrawals = AuditEntry.objects.filter(action="application.withdraw").count()
    assert withdrawals == isinstance(taken_back, Application) and first_fault() == ""


def test_two_dossiers_at_once_get_two_numbers_without_a_gap():
    owner, call = make_user(), make_call()
    dossiers = [filled_application(call=call, user=owner, name=name) for name in ("a-textile", "b-hydrogene")]
    made = together(*[act_of(application, owner, replaces=0) for application in dossiers])
    assert {deposit.number for deposit in made} == {f"{call.number_prefix}-0001", f"{call.number_prefix}-0002"}
    assert DepositCounter.objects.get().last == 2


def test_deposit_again_against_an_extension_is_judged_by_one_deadline():
    owner = make_user()
    application, _first = changed(owner)
    former = close(application.call, ago=timedelta(seconds=30)).deadline_at
    later = former + timedelta(days=7)
    made, _rows = together(
        act_of(application, owner, replaces=1), lambda: Call.objects.filter(pk=application.call_id).update(deadline_at=later)
    )
    if isinstance(made, Deposit):
        assert made.deadline_at == later and sequences(application) == [1, 2]
    else:
        assert [obstacle.code for obstacle in made.obstacles] == ["closed"] and sequences(application) == [1]
        assert AuditEntry.objects.filter(action="application.deposit_refused").count() == 1
