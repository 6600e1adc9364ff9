"""Asking about one's data, and being answered with reasons."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation

from clusters_portal.accounts.models import User
from clusters_portal.accounts.roles import Role
from clusters_portal.audit.models import AuditEntry
from clusters_portal.lib import clock
from clusters_portal.lib.pdf import render_html
from clusters_portal.notifications.models import Notice, OutgoingMail
from clusters_portal.privacy import requests
from clusters_portal.privacy.models import DataRequest
from clusters_portal.privacy.register import BY_CODE, REGISTER

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 9, 1, 11, tzinfo=UTC)
ASK, MINE = reverse("privacy:ask"), reverse("accounts:my_data")


def person(name, *codes):
    user = User.objects.create_user(f"{name}@example.com", "une-phrase-de-passe-longue", is_staff=bool(codes))
    user.groups.set(Group.objects.filter(name__in=codes))
    return user


@pytest.fixture
def salma():
    return person("salma")


@pytest.fixture
def head():
    return person("head", Role.DIVISION_HEAD)


def asked(person, **fields):
    return requests.ask(person=person, **{"kind": "access", "text": "Tout ce que vous avez.", **fields})


def test_person_asks_and_reads_the_day_by_which_he_is_answered(client, salma, head):
    administrator, auditor = person("admin", Role.ADMINISTRATOR), person("auditor", Role.AUDITOR)
    client.force_login(salma)
    with clock.set_to(NOON):
        assert client.post(ASK, {"kind": "rectification", "text": "Mon nom est Bennis."}).url == MINE
    made = DataRequest.objects.get()
    assert (made.person, made.kind, made.due_at - made.made_at, made.is_open) == (salma, "rectification", timedelta(days=30), True)
    assert {notice.recipient for notice in Notice.objects.all()} == {salma, head, administrator}
    assert auditor.email not in set(OutgoingMail.objects.values_list("recipient", flat=True))
    assert AuditEntry.objects.values_list("action", "after").get() == ("data_request.made", "rectification")
    page = client.get(MINE).content.decode()
    assert ("Mon nom est Bennis." in page, 'data-request="rectification"' in page) == (True, True)


@pytest.mark.parametrize("sent", [{}, {"kind": "access"}, {"kind": "other", "text": "x"}, {"kind": "access", "text": "x" * 4001}])
def test_incomplete_request_keeps_what_was_typed_and_records_nothing(client, salma, sent):
    client.force_login(salma)
    answer = client.post(ASK, sent)
    assert (answer.status_code, DataRequest.objects.count(), Notice.objects.count()) == (422, 0, 0)
    assert sent.get("text", "") in answer.content.decode()


def test_five_may_wait_at_once(client, salma):
    for _each in range(requests.OPEN_AT_ONCE):
        asked(salma)
    client.force_login(salma)
    answer = client.post(ASK, {"kind": "access", "text": "Encore."})
    assert (answer.status_code, DataRequest.objects.count(), "Encore." in answer.content.decode()) == (409, 5, True)


def test_answer_is_sent_once_with_its_reasons(client, salma, head):
    made = asked(salma)
    page = reverse("privacy:request", args=[made.pk])
    client.force_login(head)
    assert client.post(page, {"outcome": "granted", "answer": ""}).status_code == 422
    assert DataRequest.objects.get().is_open
    client.post(page, {"outcome": "partly", "answer": "Le dossier déposé reste."})
    made.refresh_from_db()
    assert (made.outcome, made.answer, made.answered_by) == ("partly", "Le dossier déposé reste.", head)
    assert AuditEntry.objects.order_by("id").last().action == "data_request.answered"
    assert "Le dossier déposé reste." in OutgoingMail.objects.filter(recipient=salma.email).latest("pk").body
    assert client.post(page, {"outcome": "refused", "answer": "Non."}).status_code == 403
    made.refresh_from_db()
    assert made.outcome == "partly"
    client.force_login(salma)
    assert "Le dossier déposé reste." in client.get(MINE).content.decode()


@pytest.mark.parametrize("who", ["oneself", "auditor"])
def test_who_does_not_answer(client, who, head):
    made = asked(head if who == "oneself" else person("salma"))
    client.force_login(head if who == "oneself" else person("auditor", Role.AUDITOR))
    page = reverse("privacy:request", args=[made.pk])
    assert client.get(page).status_code == 200
    assert client.post(page, {"outcome": "granted", "answer": "Oui."}).status_code == 403
    assert DataRequest.objects.get().is_open


def test_two_answers_at_once_leave_the_first(salma, head):
    made = asked(salma)
    requests.answer(made=made, outcome="granted", answer="Oui.", actor=head)
    with pytest.raises(requests.NotAnswerable):
        requests.answer(made=made, outcome="refused", answer="Non.", actor=person("second", Role.ADMINISTRATOR))
    assert DataRequest.objects.get().outcome == "granted"


@pytest.mark.parametrize("name", ["data_request_answered_wholly", "data_request_not_answered_by_oneself"])
def test_database_wants_a_whole_answer_by_somebody_else(name, salma, head):
    wrong = {"outcome": "granted", "answer": "" if "wholly" in name else "x", "answered_by": head if "wholly" in name else salma}
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        DataRequest.objects.create(person=salma, kind="access", text="x", made_at=NOON, due_at=NOON, answered_at=NOON, **wrong)


def test_list_has_the_waiting_first_and_costs_the_same_for_more(client, salma, head, django_assert_max_num_queries):
    first, second = asked(salma), asked(salma, kind="erasure")
    requests.answer(made=first, outcome="granted", answer="Oui.", actor=head)
    client.force_login(head)
    with django_assert_max_num_queries(8):
        page = client.get(reverse("privacy:requests"))
    assert [row.pk for row in page.context["page"]] == [second.pk, first.pk]


# --- The register -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("lang", ["fr", "ar", "en"])
def test_every_class_of_data_is_on_the_notice_and_in_the_document(client, lang):
    client.cookies["portal_language"] = lang
    notice = client.get(reverse("applications:privacy")).content.decode()
    paper = render_html("pdf/processing.html", {"register": REGISTER, "created": NOON}, lang=lang)
    for treatment in REGISTER:
        assert f'data-class="{treatment.code}"' in notice
        assert f'data-class="{treatment.code}"' in paper


def test_periods_are_said_as_they_are_applied():
    with translation.override("en"):
        assert BY_CODE["drafts"].how_long == "12 months after the call has closed, its people being told 30 days before"
    assert {treatment.code for treatment in REGISTER if not treatment.purge} == {"applications", "judging", "journal", "logs"}
    assert all(treatment.months for treatment in REGISTER if treatment.purge)


def test_register_document_is_for_those_who_answer_and_auditors(client, head):
    client.force_login(head)
    answer = client.get(reverse("privacy:register_pdf", args=["fr"]))
    assert (answer.status_code, answer.headers["Content-Type"], answer.content[:5]) == (200, "application/pdf", b"%PDF-")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert client.get(reverse("privacy:register_pdf", args=["xx"])).status_code == 404
