"""The state machine."""

import pytest

from clusters_portal.lib.workflow import InvalidTransition, Transition, Workflow

DEPOSIT = Transition("deposit", ("draft",), "deposited", "Deposit")
WITHDRAW = Transition("withdraw", ("deposited", "admissible"), "withdrawn", "Withdraw")
FLOW = Workflow((DEPOSIT, WITHDRAW))


def test_target_of_an_allowed_move():
    assert FLOW.target("withdraw", "admissible") == "withdrawn"


@pytest.mark.parametrize(("name", "status"), [("deposit", "deposited"), ("unknown", "draft"), ("withdraw", "draft"), ("deposit", "")])
def test_target_refuses_and_says_which(name, status):
    with pytest.raises(InvalidTransition) as caught:
        FLOW.target(name, status)
    assert (caught.value.name, caught.value.status) == (name, status)
    assert FLOW.can(name, status) is False


def test_allowed_lists_moves_in_order():
    assert FLOW.allowed("draft") == (DEPOSIT,)
    assert FLOW.allowed("deposited") == (WITHDRAW,)
    assert FLOW.allowed("withdrawn") == ()


def test_two_moves_of_one_name_are_refused():
    with pytest.raises(ValueError, match="share a name"):
        Workflow((DEPOSIT, DEPOSIT))
