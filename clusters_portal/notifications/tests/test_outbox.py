"""The outbox: told with the act, sent after it, kept until it has left, and never sent twice."""

import socket
import threading
from datetime import UTC, datetime

import pytest
from aiosmtpd.controller import Controller
from django.db import connection, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext

from clusters_portal.accounts.models import User
from clusters_portal.notifications import outbox
from clusters_portal.notifications.models import Notice, OutgoingMail
from clusters_portal.notifications.tasks import BATCH, LEASE, MAX_ATTEMPTS, send_waiting

pytestmark = pytest.mark.django_db
State = OutgoingMail.State
NOWHERE = {"EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend", "EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": 1, "EMAIL_TIMEOUT": 5}


MOMENT = datetime(2026, 7, 28, 14, tzinfo=UTC)


class Deposit:
    number, sha256, received_at, sequence = "CL-2026-0007", "ab" * 32, MOMENT, 1


class Call(str):
    deadline_at = MOMENT


CONTEXT = {"deposit": Deposit, "call": Call("Appel 2026")}


@pytest.fixture
def person():
    return User.objects.create_user("salma@example.com", "motdepasse-essai", first_name="Salma", last_name="Bennis")


def tell(person):
    return outbox.tell(person, kind="deposit_received", context=CONTEXT, url="/dossiers/")


def queue(count=1):
    return [OutgoingMail.objects.create(recipient=f"p{n}@example.com", subject=f"Objet {n}", body="Texte") for n in range(count)]


def be_patient():
    """Let the time until the next attempt pass."""
    OutgoingMail.objects.filter(state=State.WAITING).update(next_attempt_at=timezone.now())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def failing_mail(settings):
    """Nobody listens there."""
    for name, value in NOWHERE.items():
        setattr(settings, name, value)


# --- Telling ------------------------------------------------------------------------------------------------------
def test_tell_leaves_a_notice_and_queues_a_mail(person, mailoutbox):
    notice = tell(person)
    assert (notice.recipient, notice.kind, notice.url, notice.read_at) == (person, "deposit_received", "/dossiers/", None)
    mail = OutgoingMail.objects.get()
    assert (mail.recipient, mail.subject, mail.state, mail.attempts) == (person.email, notice.text, State.WAITING, 0)
    assert "CL-2026-0007" in mail.subject
    assert "Salma Bennis" in mail.body
    assert "ab" * 32 in mail.body
    assert mailoutbox == []  # not before the commit


def test_mail_is_sent_after_the_commit(person, mailoutbox, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        tell(person)
    (sent,) = mailoutbox
    mail = OutgoingMail.objects.get()
    assert (sent.to, sent.subject, sent.body) == ([person.email], mail.subject, mail.body)
    assert (mail.state, mail.attempts, mail.last_error) == (State.SENT, 1, "")
    assert mail.sent_at is not None


def test_a_secret_link_stays_until_the_mail_has_left_and_no_longer(failing_mail, settings, mailoutbox, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        queued = outbox.write("p@example.com", kind="deposit_received", context=CONTEXT | {"recipient": None}, holds_secret=True)
    kept = OutgoingMail.objects.get()
    assert (kept.state, kept.body) == (State.WAITING, queued.body)  # a mail server that is down loses nothing
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    be_patient()
    assert send_waiting() == 1
    assert mailoutbox[0].body == queued.body
    mail = OutgoingMail.objects.get()
    assert (mail.state, mail.subject, mail.body) == (State.SENT, queued.subject, "")


def test_subject_is_one_line_and_plain_text(person):
    class Odd(Deposit):
        number = "CL-2026-0007\nBcc: autre@example.com <b>&"

    outbox.tell(person, kind="deposit_received", context={**CONTEXT, "deposit": Odd})
    assert "\n" not in OutgoingMail.objects.get().subject


def test_body_is_not_escaped_as_html(person):
    outbox.tell(person, kind="deposit_received", context={**CONTEXT, "call": Call("R&D « l'avenir »")})
    assert "R&D « l'avenir »" in OutgoingMail.objects.get().body


@pytest.mark.django_db(transaction=True)
def test_rolled_back_act_tells_nobody(person, mailoutbox):
    with pytest.raises(RuntimeError), transaction.atomic():
        tell(person)
        raise RuntimeError
    assert (Notice.objects.count(), OutgoingMail.objects.count(), mailoutbox) == (0, 0, [])


# --- Sending ------------------------------------------------------------------------------------------------------
def test_failing_server_keeps_the_mail_with_its_error(failing_mail):
    (mail,) = queue()
    assert send_waiting() == 0
    mail.refresh_from_db()
    assert (mail.state, mail.attempts, mail.sent_at) == (State.WAITING, 1, None)
    assert "refused" in mail.last_error


def test_a_failure_waits_longer_each_time(failing_mail):
    (mail,) = queue()
    delays = []
    for _attempt in range(3):
        be_patient()
        before = timezone.now()
        send_waiting()
        mail.refresh_from_db()
        delays.append(round((mail.next_attempt_at - before).total_seconds() / 60))
    assert delays == [1, 2, 4]


def test_a_claimed_mail_is_left_to_its_worker_until_the_lease_ends(mailoutbox):
    (mail,) = queue()
    OutgoingMail.objects.update(next_attempt_at=timezone.now() + LEASE)
    assert (send_waiting(), mailoutbox) == (0, [])


def test_mail_is_written_in_the_persons_language(person):
    person.language = "ar"
    with translation.override("fr"):
        tell(person)
    arabic = OutgoingMail.objects.get()
    with translation.override("ar"):
        assert arabic.subject == gettext("Application %(number)s submitted") % {"number": "CL-2026-0007"}


def test_act_stands_when_the_mail_server_is_down(person, failing_mail, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        tell(person)
    assert Notice.objects.count() == 1
    assert OutgoingMail.objects.get().state == State.WAITING


def test_gives_up_after_the_last_attempt(failing_mail):
    (mail,) = queue()
    for _attempt in range(MAX_ATTEMPTS + 2):
        be_patient()
        send_waiting()
    mail.refresh_from_db()
    assert (mail.state, mail.attempts) == (State.FAILED, MAX_ATTEMPTS)


def test_mail_leaves_when_the_server_is_back(settings, failing_mail, mailoutbox):
    (mail,) = queue()
    send_waiting()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert send_waiting() == 0  # its turn has not come
    be_patient()
    assert send_waiting() == 1
    mail.refresh_from_db()
    assert (mail.state, mail.attempts, mail.last_error) == (State.SENT, 2, "")
    assert [sent.to for sent in mailoutbox] == [["p0@example.com"]]


def test_nothing_is_sent_twice(mailoutbox):
    queue(3)
    assert [send_waiting(), send_waiting()] == [3, 0]
    assert [sent.to[0] for sent in mailoutbox] == ["p0@example.com", "p1@example.com", "p2@example.com"]


def test_one_bad_address_does_not_hold_the_others(mailoutbox):
    bad, good = queue(2)
    OutgoingMail.objects.filter(pk=bad.pk).update(subject="Objet\nBcc: autre@example.com")
    assert send_waiting() == 1
    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.state, good.state) == (State.FAILED, State.SENT)
    assert bad.last_error != ""
    assert [sent.to for sent in mailoutbox] == [["p1@example.com"]]


def test_a_long_queue_goes_in_batches(mailoutbox):
    queue(BATCH + 1)
    assert [send_waiting(), send_waiting()] == [BATCH, 1]
    assert len(mailoutbox) == BATCH + 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_each_mail_once(settings):
    """Against a real server: each mail is written down as many times as it arrives."""
    received, faults = [], []

    class Inbox:
        async def handle_DATA(self, server, session, envelope):
            received.append((envelope.rcpt_tos, envelope.content.decode()))
            return "250 Message accepted"

    controller = Controller(Inbox(), hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        settings.EMAIL_BACKEND = NOWHERE["EMAIL_BACKEND"]
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
        queue(6)
        together = threading.Barrier(2)

        def work():
            try:
                together.wait()
                send_waiting()
            except Exception as fault:  # a thread's exception would be lost otherwise
                faults.append(fault)
            finally:
                connection.close()

        workers = [threading.Thread(target=work) for _ in range(2)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    finally:
        controller.stop()
    assert faults == []
    assert sorted(to for (to,), _content in received) == [f"p{n}@example.com" for n in range(6)]
    assert set(OutgoingMail.objects.values_list("state", "attempts")) == {(State.SENT, 1)}
