"""Extension of a deadline: later, reasoned, before the close; published in three languages; exactly the people concerned are told."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from applications.models import Call, DeadlineExtension, Holiday
from applications.services.calls import TermsLocked, save_call
from applications.services.deposit import DepositRefused, deposit
from applications.services.extensions import ExtensionRefused, extend
from applications.services.withdrawal import withdraw
from applications.tests.builders import DECLARATION, deposited_application, filled_application
from applications.tests.factories import add_editor, make_application, make_call, make_user
from applications.tests.staff_fixtures import copies
from applications.views.extensions import closed_day_warning
from clusters_portal.accounts.roles import Role
from clusters_portal.audit.models import AuditEntry
from clusters_portal.lib import clock
from clusters_portal.notifications.models import Notice, OutgoingMail

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
DAY = timedelta(days=1)


@pytest.fixture
def call():
    return make_call()


@pytest.fixture
def head():
    return make_user(roles=[Role.DIVISION_HEAD])


def extended(call, actor, *, by=7 * DAY, **changes):
    values = {"new_deadline": call.deadline_at + by, "reason_fr": "À la demande des régions.", "reason_ar": "بطلب من الجهات.", **changes}
    return extend(call=call, actor=actor, **values)


def state_of(call):
    call.refresh_from_db()
    counts = [model.objects.count() for model in (DeadlineExtension, AuditEntry, Notice, OutgoingMail)]
    return call.deadline_at, call.history.count(), *counts


def test_the_deadline_moves_with_its_reason_journal_and_history(call, head):
    old = call.deadline_at
    made = extended(call, head)
    call.refresh_from_db()
    assert (made.old_deadline_at, made.new_deadline_at, made.decided_by) == (old, old + 7 * DAY, head)
    assert call.deadline_at == old + 7 * DAY
    assert call.history.first().history_user == head
    entry = AuditEntry.objects.get(action="call.deadline_extended")
    assert (entry.before, entry.after, entry.note) == (old.isoformat(), call.deadline_at.isoformat(), "À la demande des régions.")


@pytest.mark.parametrize("by", [timedelta(0), -DAY, timedelta(seconds=-1)])
def test_never_shortened_nor_kept(call, head, by):
    before = state_of(call)
    with pytest.raises(ExtensionRefused) as refused:
        extended(call, head, by=by)
    assert list(refused.value.errors) == ["day"]
    assert state_of(call) == before


def test_not_without_a_reason(call, head):
    before = state_of(call)
    with pytest.raises(ExtensionRefused) as refused:
        extended(call, head, reason_fr=" ")
    assert list(refused.value.errors) == ["reason_fr"]
    assert state_of(call) == before


@pytest.mark.parametrize(("seconds", "accepted"), [(-1, True), (0, True), (1, False)])
def test_only_while_the_call_has_not_closed(call, head, seconds, accepted):
    old = call.deadline_at
    with clock.set_to(old + timedelta(seconds=seconds)):
        if accepted:
            extended(call, head)
        else:
            with pytest.raises(ExtensionRefused):
                extended(call, head)
    call.refresh_from_db()
    assert (call.deadline_at != old) is accepted


def test_an_unpublished_call_is_changed_in_the_administration(head):
    call = make_call(published_at=None)
    with pytest.raises(ExtensionRefused):
        extended(call, head)


@pytest.mark.parametrize("role", [Role.CASE_OFFICER, Role.COUNTER_AGENT, Role.AUDITOR, Role.COMMITTEE_CHAIR, None])
def test_others_do_not_extend(call, client, role):
    user = make_user(roles=[role] if role else ())
    before = state_of(call)
    with pytest.raises(ExtensionRefused):
        extended(call, user)
    client.force_login(user)
    assert client.get(reverse("applications:call_extend", args=[call.slug])).status_code == 403
    assert state_of(call) == before


def test_exactly_the_people_who_may_still_deposit_are_told(call, head):
    depositor, writer, editor, gone, stranger = (make_user() for _number in range(5))
    application, _deposit = deposited_application(call=call, user=depositor)
    draft = make_application(call=call, user=writer)
    add_editor(draft, editor)
    withdrawn, _deposit = deposited_application(call=call, user=gone)
    withdraw(application=withdrawn, actor=gone, reason="x")
    decided = copies(application, ["CL-X-0099"])[0]
    type(decided).objects.filter(pk=decided.pk).update(status="inadmissible")
    make_application(call=make_call("autre"), user=stranger)
    extended(call, head)
    told = Notice.objects.filter(kind="deadline_extended")
    assert sorted(notice.recipient_id for notice in told) == sorted(user.pk for user in (depositor, writer, editor, gone))
    mails = {mail.recipient: mail.body for mail in OutgoingMail.objects.order_by("-pk")[:4]}
    assert set(mails) == {user.email for user in (depositor, writer, editor, gone)}


def test_what_each_is_told(call, head):
    depositor, writer, gone = (make_user(language="en") for _number in range(3))
    withdrawn, _deposit = deposited_application(call=call, user=gone)
    withdraw(application=withdrawn, actor=gone, reason="x")
    application, _deposit = deposited_application(call=call, user=depositor)
    make_application(call=call, user=writer, name="Cluster Brouillon")
    extended(call, head)
    body = OutgoingMail.objects.filter(recipient=depositor.email).latest("pk").body
    assert f"Application {application.number} stays valid." in body
    assert "is a draft: it is NOT submitted" in OutgoingMail.objects.filter(recipient=writer.email).latest("pk").body
    told = OutgoingMail.objects.filter(recipient=gone.email).latest("pk").body
    assert f"Application {withdrawn.number} was withdrawn: it is NOT submitted. You may submit it again until" in told


def test_a_deposit_stays_valid_and_the_new_deadline_counts(call, head):
    """X19, and X9 after an extension."""
    user = make_user()
    standing, made = deposited_application(call=call, user=make_user())
    waiting = filled_application(call=call, user=user)
    old = call.deadline_at
    extended(call, head, by=DAY)
    with clock.set_to(old + timedelta(seconds=1)):
        assert deposit(application=waiting, declaration=DECLARATION, actor=user).deadline_at == old + DAY
    standing.refresh_from_db()
    assert (standing.status, standing.current_deposit.pk) == ("deposited", made.pk)
    user = make_user()
    late = filled_application(call=call, user=user)
    with clock.set_to(old + DAY + timedelta(seconds=1)), pytest.raises(DepositRefused):
        deposit(application=late, declaration=DECLARATION, actor=user)


def test_published_on_the_call_and_on_the_home_page(call, head, client):
    extended(call, head, reason_en="At the request of the regions.")
    for address in (reverse("applications:home"), reverse("applications:call_detail", args=[call.slug])):
        for language, reason in (("fr", "À la demande des régions."), ("ar", "بطلب من الجهات."), ("en", "At the request of the regions.")):
            client.cookies["portal_language"] = language
            assert reason in client.get(address).content.decode(), (address, language)


def test_the_administration_no_longer_moves_the_deadline_of_an_open_call(call, head):
    call.deadline_at += DAY
    with pytest.raises(TermsLocked):
        save_call(call=call, actor=head, now=clock.now())
    assert Call.objects.get(pk=call.pk).deadline_at == call.deadline_at - DAY


# --- The page -----------------------------------------------------------------------------------------------------
def working_day(after):
    """The first day after this moment on which the counter is open, as typed."""
    day = clock.local(after).date() + DAY
    while closed_day_warning(day):
        day += DAY
    return day


def post(client, call, day, **changes):
    data = {"day": day.strftime("%d/%m/%Y"), "time": "15h00", "reason_fr": "Grève des transports.", **changes}
    return client.post(reverse("applications:call_extend", args=[call.slug]), data)


def test_page_extends_and_leads_to_the_call(call, head, client):
    client.force_login(head)
    day = working_day(call.deadline_at)
    response = post(client, call, day)
    assert (response.status_code, response["Location"]) == (302, reverse("applications:call_detail", args=[call.slug]))
    call.refresh_from_db()
    here = clock.local(call.deadline_at)
    assert (here.date(), here.hour, here.minute) == (day, 15, 0)


def test_page_keeps_what_was_typed_when_refused(call, head, client):
    client.force_login(head)
    earlier = clock.today(clock.now())
    Holiday.objects.get_or_create(day=earlier, defaults={"label_fr": "Fête d'essai"})
    response = post(client, call, earlier, time="15h")
    assert (response.status_code, response.context["closed_day"]) == (409, "")
    assert response.context["form"]["reason_fr"].value() == "Grève des transports."
    assert response.context["form"].errors["day"]
    assert not DeadlineExtension.objects.exists()


def test_a_closed_day_is_pointed_out_once_and_kept_if_one_insists(call, head, client):
    client.force_login(head)
    day = working_day(call.deadline_at)
    Holiday.objects.create(day=day, label_fr="Fête d'essai", is_expected=True)
    response = post(client, call, day)
    assert response.status_code == 422
    assert "Fête d" in response.context["closed_day"]
    assert not DeadlineExtension.objects.exists()
    assert post(client, call, day, keep_closed_day="on").status_code == 302


@pytest.mark.parametrize(("day", "said"), [(date(2026, 7, 25), "Saturday"), (date(2026, 7, 28), ""), (date(2026, 7, 30), "public holiday")])
def test_weekends_and_holidays(day, said):
    Holiday.objects.get_or_create(day=date(2026, 7, 30), defaults={"label_fr": "Fête du Trône"})
    warning = closed_day_warning(day)
    assert said in warning and bool(warning) == bool(said)
