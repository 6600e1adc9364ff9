"""Depositing again until the deadline: same number, the last counts."""

from datetime import timedelta

import pytest
from django.core import mail

from applications.models import Deposit, DepositCounter, Officer
from applications.services.deposit import DepositRefused, deposit
from applications.services.drafts import save_step
from applications.services.withdrawal import WithdrawalRefused, withdraw
from applications.steps import STEPS_BY_SLUG
from clusters_portal.audit.models import AuditEntry
from clusters_portal.lib import clock

from ..builders import DECLARATION
from ..factories import close
from .helpers import FORM, SECOND, address, again, change, fresh

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def test_deposit_again_keeps_the_number_and_the_last_counts(deposited, owner, django_capture_on_commit_callbacks):
    first = deposited.current_deposit
    change(deposited, owner)
    with django_capture_on_commit_callbacks(execute=True):
        second = again(deposited, owner)
    application = fresh(deposited)
    assert (second.number, second.sequence, second.kind) == (first.number, 2, "online")
    assert (application.status, application.number, application.deposited_at) == ("deposited", first.number, second.received_at)
    assert application.current_deposit == second and DepositCounter.objects.get().last == 1
    assert second.content["application"] == {"id": str(application.pk), "number": first.number, "sequence": 2}
    assert second.content["steps"]["start-up"]["startups"]["preparation"] == "Autre accompagnement"
    assert Deposit.objects.get(pk=first.pk).snapshot == first.snapshot
    assert clock.format_moment(first.received_at, owner.language) in mail.outbox[-1].body


def test_a_second_click_gives_the_same_deposit_back(deposited, owner):
    change(deposited, owner)
    made = [again(deposited, owner, replaces=1) for _click in range(2)]
    assert made[0] == made[1] and Deposit.objects.count() == 2


def test_nothing_changed_is_refused_and_says_so(client, deposited, owner):
    before = AuditEntry.objects.count()
    page = client.post(address(deposited, "declare"), {**FORM, "replaces": "1"})
    assert page.status_code == 409 and Deposit.objects.count() == 1
    assert clock.format_moment(deposited.current_deposit.received_at, "en") in page.content.decode()
    refused = AuditEntry.objects.get(action="application.deposit_refused")
    assert refused.data["codes"] == ["unchanged"] and AuditEntry.objects.count() == before + 1


def test_a_corrected_declaration_alone_is_a_new_deposit(deposited, owner):
    made = deposit(application=deposited, declaration={**DECLARATION, "place": "Rabat"}, actor=owner, replaces=1)
    assert made.sequence == 2 and made.content["declaration"]["place"] == "Rabat"


def test_an_older_tab_does_not_deposit_over_what_it_did_not_see(deposited, owner):
    change(deposited, owner)
    again(deposited, owner, replaces=1)
    change(deposited, owner, "Encore autre")
    with pytest.raises(DepositRefused) as refused:
        again(deposited, owner, replaces=1)
    assert [obstacle.code for obstacle in refused.value.obstacles] == ["stale"] and Deposit.objects.count() == 2


def test_unfinished_change_is_not_deposited_and_the_first_deposit_stands(deposited, owner):
    save_step(application=deposited, step=STEPS_BY_SLUG["territoire"], data={"territory-core_text": ""}, actor=owner)
    with pytest.raises(DepositRefused) as refused:
        again(deposited, owner)
    assert {obstacle.code for obstacle in refused.value.obstacles} == {"incomplete"}
    assert fresh(deposited).status == "deposited" and Deposit.objects.count() == 1


def test_a_president_replaced_after_the_deposit_declares_again(client, deposited, owner):
    """X18: what was declared by the former president is not taken over; the new one is asked to sign."""
    Officer.objects.filter(application=deposited, function="president").update(first_name="Leïla", last_name="Sefrioui")
    deposited.step_states.filter(slug="identite").update(saved_at=clock.now())
    page = client.get(address(deposited, "declare"))
    assert [page.context["form"].initial[name] for name in ("first_name", "last_name")] == ["Leïla", "Sefrioui"]
    assert not page.context["form"].initial.get("accept") and not page.context["form"].initial.get("place")
    unsigned = client.post(address(deposited, "declare"), {**FORM, "replaces": "1", "accept": ""})
    assert list(unsigned.context["form"].errors) == ["accept"] and Deposit.objects.count() == 1
    client.post(address(deposited, "declare"), {**FORM, "first_name": "Leïla", "last_name": "Sefrioui", "replaces": "1"})
    second = Deposit.objects.get(sequence=2)
    assert second.content["declaration"]["last_name"] == "Sefrioui"
    assert second.content["declaration"]["accepted_at"] == second.content["received_at"]
    assert Deposit.objects.get(sequence=1).content["declaration"]["last_name"] == "Tahiri"


def test_a_deadline_extended_after_the_deposit_leaves_it_valid_and_opens_it_again(deposited, owner):
    """X19: the deposit stays; its holder may replace it or withdraw it until the new deadline."""
    first = deposited.current_deposit
    former = close(deposited.call).deadline_at
    with pytest.raises(WithdrawalRefused):
        withdraw(application=deposited, actor=owner)
    type(deposited.call).objects.filter(pk=deposited.call_id).update(deadline_at=former + timedelta(days=7))
    assert fresh(deposited).status == "deposited" and fresh(deposited).current_deposit == first
    change(deposited, owner)
    second = again(deposited, owner)
    assert (second.sequence, second.deadline_at) == (2, former + timedelta(days=7))
    assert withdraw(application=deposited, actor=owner).status == "withdrawn"


@pytest.mark.parametrize(
    ("offset", "accepted"), [(-SECOND, True), (timedelta(0), True), (timedelta(milliseconds=900), True), (SECOND, False)]
)
def test_deposit_again_to_the_second(deposited, owner, offset, accepted):
    """X9 holds for a further deposit too."""
    closing = deposited.call.deadline_at
    change(deposited, owner)
    if accepted:
        assert again(deposited, owner, clock=lambda: closing + offset).received_at == closing + offset
        return
    with pytest.raises(DepositRefused) as refused:
        again(deposited, owner, clock=lambda: closing + offset)
    assert [obstacle.code for obstacle in refused.value.obstacles] == ["closed"]
    assert clock.format_moment(deposited.deposited_at, "en") in refused.value.obstacles[0].sentence
    assert fresh(deposited).current_deposit.sequence == 1
    assert AuditEntry.objects.get(action="application.deposit_refused").data["codes"] == ["closed"]
