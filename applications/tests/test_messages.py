"""Messages between the people of a dossier and DPTC: who writes, who reads, who is told, and how often."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications.models import Message, MessagesRead
from applications.queries import unread_counts
from applications.services.assignees import assign
from applications.services.messages import PER_HOUR, MessageRefused, TooManyMessages, mark_read, send
from clusters_portal.accounts.roles import Role
from clusters_portal.audit.models import AppendOnlyError, AuditEntry
from clusters_portal.lib import clock
from clusters_portal.notifications.models import Notice, OutgoingMail
from clusters_portal.notifications.outbox import absolute

from .builders import deposited_application
from .deposited import RECEIVED, make_deposited
from .factories import add_editor, make_application, make_user
from .staff_fixtures import STAFF_WHO_READ, WITHOUT_DOSSIERS, copies, officer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
Side = Message.Side
TEXT = "Bonjour,\n<b>une question</b> : https://exemple.example/x"


@pytest.fixture
def application():
    return make_deposited().application


@pytest.fixture
def mandatary(application):
    return application.created_by


def address(application, name="messages"):
    return reverse(f"applications:{name}", args=[application.pk])


def nothing_sent():
    return (Message.objects.count(), Notice.objects.count(), AuditEntry.objects.filter(action="message.sent").count()) == (0, 0, 0)


# --- Sending ----------------------------------------------------------------------------------------------------------
def test_applicant_writes_and_the_responsible_officer_is_told_without_the_text(application, mandatary):
    responsible, other = officer(), officer()
    assign(application=application, assignee=responsible, actor=responsible)
    application.refresh_from_db()
    made = send(application=application, body=TEXT, actor=mandatary)
    assert (made.side, made.author, made.body) == (Side.APPLICANT, mandatary, TEXT)
    assert [notice.recipient for notice in Notice.objects.all()] == [responsible]
    assert Notice.objects.get().url == address(application, "staff_messages")
    mail = OutgoingMail.objects.get()
    assert absolute(address(application, "staff_messages")) in mail.body
    assert "question" not in mail.subject + mail.body and not Notice.objects.filter(recipient=other).exists()


def test_without_a_responsible_officer_everyone_who_could_be_is_told(application, mandatary):
    desk = {officer(), make_user(roles=[Role.DIVISION_HEAD])}
    for role in (*STAFF_WHO_READ, *WITHOUT_DOSSIERS):
        make_user(roles=[role])
    send(application=application, body=TEXT, actor=mandatary)
    assert {notice.recipient for notice in Notice.objects.all()} == desk


def test_dptc_writes_and_everyone_of_the_dossier_is_told(application, mandatary):
    editor = add_editor(application)
    made = send(application=application, body=TEXT, actor=officer())
    assert made.side == Side.DPTC
    assert {notice.recipient for notice in Notice.objects.all()} == {mandatary, editor}
    assert set(Notice.objects.values_list("url", flat=True)) == {address(application)}


def test_journal_keeps_the_act_and_not_the_text(application, mandatary):
    made = send(application=application, body=TEXT, actor=mandatary)
    entry = AuditEntry.objects.get(action="message.sent")
    assert (entry.object_id, entry.actor, entry.data["message"]) == (str(application.pk), mandatary, made.pk)
    assert "question" not in str(entry.data) + entry.note


def test_same_text_twice_within_a_minute_is_one_message(application, mandatary):
    now = clock.now()
    with clock.set_to(now):
        first = send(application=application, body=TEXT, actor=mandatary)
    with clock.set_to(now + timedelta(seconds=59)):
        assert send(application=application, body=TEXT, actor=mandatary) == first
    with clock.set_to(now + timedelta(seconds=60)):
        assert send(application=application, body=TEXT, actor=mandatary) != first


@pytest.mark.parametrize("body", ["", " \n ", "x" * 4001])
def test_empty_or_too_long_text_is_refused(application, mandatary, body):
    with pytest.raises(MessageRefused):
        send(application=application, body=body, actor=mandatary)
    assert nothing_sent()


def test_longest_text_is_sent_whole(application, mandatary):
    assert len(send(application=application, body="x" * 4000, actor=mandatary).body) == 4000


def test_hour_allows_thirty_messages_and_the_next_hour_more(application, mandatary):
    now = clock.now()
    with clock.set_to(now):
        for number in range(PER_HOUR):
            send(application=application, body=f"Message {number}", actor=mandatary)
        with pytest.raises(TooManyMessages):
            send(application=application, body="Un de trop", actor=mandatary)
        assert send(application=application, body="Un autre", actor=add_editor(application))
    assert Message.objects.filter(author=mandatary).count() == PER_HOUR
    with clock.set_to(now + timedelta(hours=1, seconds=1)):
        assert send(application=application, body="Plus tard", actor=mandatary)


def test_nobody_else_writes(application):
    draft = make_application()
    refused = [(application, make_user()), (draft, draft.created_by)]
    refused += [(application, make_user(roles=[role])) for role in (*STAFF_WHO_READ, *WITHOUT_DOSSIERS)]
    for target, actor in refused:
        with pytest.raises(MessageRefused):
            send(application=target, body=TEXT, actor=actor)
    assert nothing_sent()


def test_message_is_never_changed_nor_deleted(application, mandatary):
    made = send(application=application, body=TEXT, actor=mandatary)
    for act in (made.save, made.delete, Message.objects.all().delete, lambda: Message.objects.update(body="x")):
        with pytest.raises(AppendOnlyError):
            act()
    assert Message.objects.get().body == TEXT


def test_constraints(application, mandatary):
    with pytest.raises(IntegrityError, match="message_not_empty"), transaction.atomic():
        Message.objects.create(application=application, side=Side.DPTC, author=mandatary, body="", sent_at=RECEIVED)
    MessagesRead.objects.create(application=application, user=mandatary, read_at=RECEIVED)
    with pytest.raises(IntegrityError), transaction.atomic():
        MessagesRead.objects.create(application=application, user=mandatary, read_at=RECEIVED)


# --- Reading ----------------------------------------------------------------------------------------------------------
def unread(user, application, side):
    return unread_counts(user, [application.pk], side=side).get(application.pk, 0)


def test_each_applicant_reads_for_himself_and_dptc_has_one_desk(application, mandatary):
    editor, one, other = add_editor(application), officer(), officer()
    asked = send(application=application, body="Question", actor=mandatary)
    assert unread(one, application, Side.DPTC) == unread(other, application, Side.DPTC) == 1
    assert unread(editor, application, Side.APPLICANT) == 0
    answered = send(application=application, body="Réponse", actor=one)
    assert unread(one, application, Side.DPTC) == unread(other, application, Side.DPTC) == 0
    mark_read(application=application, until=answered, actor=mandatary)
    assert (unread(mandatary, application, Side.APPLICANT), unread(editor, application, Side.APPLICANT)) == (0, 1)
    mark_read(application=application, until=asked, actor=mandatary)
    assert MessagesRead.objects.get(user=mandatary).read_at == answered.sent_at


def test_message_received_after_the_page_was_opened_stays_unread(application, mandatary, client):
    person = officer()
    shown = send(application=application, body="Premier", actor=person)
    client.force_login(mandatary)
    page = client.get(address(application))
    send(application=application, body="Entre-temps", actor=person)
    assert [message.pk for message in page.context["thread"] if message.is_new] == [shown.pk]
    client.post(address(application, "messages_read"), {"until": shown.pk})
    assert unread(mandatary, application, Side.APPLICANT) == 1


def test_reading_the_page_writes_nothing(application, mandatary, client):
    send(application=application, body="Premier", actor=officer())
    client.force_login(mandatary)
    client.get(address(application))
    assert not MessagesRead.objects.exists() and unread(mandatary, application, Side.APPLICANT) == 1


@pytest.mark.parametrize("until", ["", "x", "9" * 30, "999999"])
def test_reading_up_to_nothing_changes_nothing(application, mandatary, client, until):
    client.force_login(mandatary)
    assert client.post(address(application, "messages_read"), {"until": until}).status_code == 302
    assert not MessagesRead.objects.exists()


def test_unread_count_is_on_the_lists(client):
    mandatary, person = make_user(), officer()
    application, _deposit = deposited_application(user=mandatary)
    send(application=application, body="Question", actor=mandatary)
    client.force_login(person)
    for name, args in (("worklist", []), ("reading", [application.pk])):
        assert 'data-unread="1"' in client.get(reverse(f"applications:{name}", args=args)).content.decode()
    send(application=application, body="Réponse", actor=person)
    client.force_login(mandatary)
    assert 'data-unread="1"' in client.get(reverse("applications:my_applications")).content.decode()


def test_unread_counts_are_one_query_whatever_the_rows(application, mandatary):
    twins = copies(application, [f"CL-2026-1{number:03d}" for number in range(20)])
    for twin in twins:
        Message.objects.create(application=twin, side=Side.APPLICANT, author=mandatary, body="x", sent_at=clock.now())
    with CaptureQueriesContext(connection) as queries:
        assert sum(unread_counts(officer(), [twin.pk for twin in twins], side=Side.DPTC).values()) == 20
    assert sum("applications_message" in query["sql"] for query in queries.captured_queries) == 1


# --- Pages ------------------------------------------------------------------------------------------------------------
def test_thread_is_shown_as_typed_the_newest_last_without_names_of_dptc(application, mandatary, client):
    person = officer()
    send(application=application, body=TEXT, actor=mandatary)
    send(application=application, body="Réponse", actor=person)
    client.force_login(mandatary)
    page = client.get(address(application)).content.decode()
    assert "&lt;b&gt;une question&lt;/b&gt;" in page and 'href="https://exemple' not in page
    assert page.index("une question") < page.index("Réponse")
    assert person.get_full_name() not in page
    client.force_login(officer())
    assert person.get_full_name() in client.get(address(application, "staff_messages")).content.decode()


@pytest.mark.parametrize("name", ["messages", "staff_messages"])
def test_sending_leads_to_a_fresh_page(application, mandatary, client, name):
    client.force_login(mandatary if name == "messages" else officer())
    answer = client.post(address(application, name), {"body": "Texte"})
    assert (answer.status_code, answer["Location"]) == (302, address(application, name))
    assert Message.objects.get().body == "Texte"


def test_refused_text_is_kept_on_the_page(application, mandatary, client):
    client.force_login(mandatary)
    page = client.post(address(application), {"body": "y" * 4001})
    assert page.status_code == 422 and "y" * 4001 in page.content.decode() and nothing_sent()
    for number in range(PER_HOUR):
        send(application=application, body=f"Message {number}", actor=mandatary)
    page = client.post(address(application), {"body": "Un de trop"})
    assert page.status_code == 429 and "Un de trop" in page.content.decode()
    assert Message.objects.count() == PER_HOUR


def test_draft_shows_the_contact_and_takes_no_message(client, owner):
    draft = make_application(user=owner)
    page = client.get(address(draft))
    assert draft.call.contact_email in page.content.decode() and "<textarea" not in page.content.decode()
    assert client.post(address(draft), {"body": TEXT}).status_code == 403
    assert nothing_sent()


def test_who_may_not_see_gets_the_page_of_what_does_not_exist(application, client):
    for person in (make_user(), *(make_user(roles=[role]) for role in WITHOUT_DOSSIERS)):
        client.force_login(person)
        assert client.get(address(application)).status_code == client.get(address(application, "staff_messages")).status_code == 404
        assert client.post(address(application, "messages_read"), {"until": 1}).status_code == 404
