"""The deadline as its pages live it: one second before, on the second, one second after (domain X1–X3)."""

from datetime import timedelta

import pytest
from django.urls import reverse

from applications.models import Application, Deposit
from clusters_portal.audit.models import AuditEntry
from clusters_portal.lib import clock

from .builders import DECLARATION, deposited_application, filled_application, inputs_of
from .factories import make_call, make_user

pytestmark = pytest.mark.django_db
FORM = {**DECLARATION, "accept": "on", "other_documents": ""}
OFFSETS = [(timedelta(seconds=-1), True), (timedelta(0), True), (timedelta(seconds=1), False)]
AROUND = pytest.mark.parametrize(("offset", "accepted"), OFFSETS, ids=["before", "on", "after"])


@pytest.fixture
def owner(client):
    person = make_user()
    client.force_login(person)
    return person


def address(application, name, *args):
    return reverse(f"applications:{name}", args=[application.pk, *args])


def typed(application, text):
    state = application.step_states.get(slug="start-up")
    return {**inputs_of()["start-up"], "startups-preparation": text, "version": state.version}


@AROUND
def test_draft_is_deposited_until_the_second_and_stays_writable(client, owner, offset, accepted):
    application = filled_application(user=owner)
    with clock.set_to(application.call.deadline_at + offset):
        check = client.get(address(application, "check")).content.decode()
        answer = client.post(address(application, "declare"), FORM)
    assert (address(application, "declare") in check) is accepted
    assert answer.status_code == (302 if accepted else 409)
    assert Deposit.objects.count() == accepted
    assert AuditEntry.objects.filter(action="application.deposit_refused").count() == (not accepted)
    assert Application.objects.get().status == ("deposited" if accepted else "draft")
    if not accepted:
        with clock.set_to(application.call.deadline_at + offset):
            kept = client.post(address(application, "step", "start-up"), typed(application, "Écrit après"))
        application.startupsupport.refresh_from_db()
        assert (kept.status_code, application.startupsupport.preparation) == (302, "Écrit après")


@AROUND
def test_deposited_application_is_changed_until_the_second(client, owner, offset, accepted):
    application, first = deposited_application(user=owner)
    before = application.startupsupport.preparation
    with clock.set_to(application.call.deadline_at + offset):
        read = client.get(address(application, "receipt")).content.decode()
        saved = client.post(address(application, "step", "start-up"), typed(application, "Nouveau"))
        again = client.post(address(application, "declare"), {**FORM, "replaces": "1"})
    application.startupsupport.refresh_from_db()
    assert (address(application, "modify") in read) is accepted
    assert (saved.status_code, again.status_code) == ((302, 302) if accepted else (409, 409))
    assert application.startupsupport.preparation == ("Nouveau" if accepted else before)
    assert list(Deposit.objects.order_by("sequence").values_list("number", flat=True)) == [first.number] * (1 + accepted)


@AROUND
def test_application_is_opened_until_the_second(client, owner, offset, accepted):
    call = make_call()
    new = reverse("applications:application_create", args=[call.slug])
    with clock.set_to(call.deadline_at + offset):
        shown = client.get(reverse("applications:call_detail", args=[call.slug])).content.decode()
        answer = client.post(new, {"name": "Cluster Atlas"})
    assert (new in shown) is accepted
    assert answer.status_code == (302 if accepted else 409)
    assert Application.objects.count() == accepted
