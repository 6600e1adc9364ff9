"""Withdrawing a deposit: by the mandatary, until the deadline, and depositing again."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse

from applications.services.withdrawal import WithdrawalRefused, withdraw
from clusters_portal.accounts.roles import Role
from clusters_portal.audit.models import AuditEntry
from clusters_portal.lib import clock
from clusters_portal.notifications.models import Notice

from ..factories import add_editor, close, make_user
from .helpers import SECOND, address, again, change, dated, fresh, wordings

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.mark.parametrize(("offset", "accepted"), [(-SECOND, True), (timedelta(0), True), (SECOND, False)])
def test_withdraw_to_the_second(deposited, owner, offset, accepted):
    with clock.set_to(deposited.call.deadline_at + offset):
        if accepted:
            assert withdraw(application=deposited, actor=owner).withdrawn_at == deposited.call.deadline_at + offset
        else:
            with pytest.raises(WithdrawalRefused):
                withdraw(application=deposited, actor=owner)
    assert fresh(deposited).status == ("withdrawn" if accepted else "deposited")


def test_withdrawal_is_dated_journalled_and_told(deposited, owner, django_capture_on_commit_callbacks):
    editor, before = add_editor(deposited), Notice.objects.count()
    with django_capture_on_commit_callbacks(execute=True):
        withdraw(application=deposited, actor=owner, reason="Statuts à refaire")
    application, entry = fresh(deposited), AuditEntry.objects.get(action="application.withdraw")
    assert (application.status, application.withdrawal_reason, application.number) == ("withdrawn", "Statuts à refaire", deposited.number)
    assert (entry.before, entry.after, entry.note, entry.data["sequence"]) == ("deposited", "withdrawn", "Statuts à refaire", 1)
    told = Notice.objects.order_by("-pk")[: Notice.objects.count() - before]
    assert {notice.recipient_id for notice in told} == {owner.pk, editor.pk}
    assert {message.to[0] for message in mail.outbox[-2:]} == {owner.email, editor.email}
    assert "Statuts à refaire" in mail.outbox[-1].body and deposited.number in mail.outbox[-1].subject


def test_withdrawing_twice_is_done_once(deposited, owner):
    moments = {withdraw(application=deposited, actor=owner).withdrawn_at for _click in range(2)}
    assert len(moments) == 1 and AuditEntry.objects.filter(action="application.withdraw").count() == 1


def test_only_the_mandatary_withdraws(client, deposited):
    editor = add_editor(deposited)
    with pytest.raises(WithdrawalRefused):
        withdraw(application=deposited, actor=editor)
    client.force_login(editor)
    assert client.post(address(deposited, "withdraw"), {"confirm": "on", "seen": "1"}).status_code == 403
    assert fresh(deposited).status == "deposited"


def test_withdrawal_of_a_deposit_that_was_not_shown_is_refused(deposited, owner):
    change(deposited, owner)
    again(deposited, owner)
    with pytest.raises(WithdrawalRefused):
        withdraw(application=deposited, actor=owner, seen=1)
    assert fresh(deposited).status == "deposited"


def test_withdrawal_asks_for_the_box_and_keeps_the_reason(client, deposited):
    page = client.post(address(deposited, "withdraw"), {"reason": "Erreur de pièce", "seen": "1"})
    assert page.status_code == 422 and list(page.context["form"].errors) == ["confirm"]
    assert "Erreur de pièce" in page.content.decode() and fresh(deposited).status == "deposited"
    answer = client.post(address(deposited, "withdraw"), {"reason": "Erreur de pièce", "seen": "1", "confirm": "on"})
    assert answer["Location"] == address(deposited, "task_list") and fresh(deposited).status == "withdrawn"


def test_withdrawal_sent_one_second_late_is_told_on_its_page(client, deposited):
    with clock.set_to(deposited.call.deadline_at + SECOND):
        page = client.post(address(deposited, "withdraw"), {"reason": "Trop tard", "seen": "1", "confirm": "on"})
    assert page.status_code == 409 and "Trop tard" in page.content.decode() and fresh(deposited).status == "deposited"


def test_a_withdrawn_application_is_deposited_again_under_its_number(deposited, owner):
    withdraw(application=deposited, actor=owner)
    made = again(deposited, owner, replaces=1)
    application = fresh(deposited)
    assert (made.sequence, made.number, application.status) == (2, deposited.number, "deposited")
    assert (application.withdrawn_at, application.withdrawal_reason) == (None, "")


def test_a_withdrawn_application_is_shown_as_such_and_its_receipt_stays(client, deposited, owner):
    withdraw(application=deposited, actor=owner)
    application = fresh(deposited)
    values = {**dated(application.withdrawn_at), "number": deposited.number}
    assert wordings(client) == ["Withdrawn on {day} at {time}, no. {number}".format(**values)]
    page = client.get(address(deposited, "receipt")).content.decode()
    assert clock.format_moment(application.withdrawn_at, "en") in page and deposited.number in page
    assert client.get(address(deposited, "task_list")).status_code == 200


def test_a_withdrawn_application_is_listed_by_dptc_and_never_checked(client, deposited, owner):
    withdraw(application=deposited, actor=owner)
    close(deposited.call)
    client.force_login(make_user(roles=[Role.CASE_OFFICER]))
    page = client.get(reverse("applications:worklist"))
    assert [row.application.status for row in page.context["rows"]] == ["withdrawn"]
    assert client.get(address(deposited, "admissibility")).status_code == 403
    assert client.post(address(deposited, "admissibility"), {}).status_code == 403


def test_the_public_page_does_not_say_that_an_application_was_withdrawn(client, deposited, owner):
    shown = client.get(reverse("applications:verify", args=[deposited.number])).context["deposits"]
    withdraw(application=deposited, actor=owner)
    page = client.get(reverse("applications:verify", args=[deposited.number]))
    assert page.context["deposits"] == shown and "withdr" not in page.content.decode().lower()
