"""What a real mail server answers decides: come back later, never, or not now for anybody."""

from datetime import timedelta
from smtplib import SMTPAuthenticationError, SMTPDataError, SMTPRecipientsRefused, SMTPSenderRefused

import pytest
from django.urls import reverse
from django.utils import timezone

from clusters_portal.accounts.models import User
from clusters_portal.audit.models import AuditEntry
from clusters_portal.notifications import outbox
from clusters_portal.notifications.models import OutgoingMail
from clusters_portal.notifications.tasks import LONGEST_DELAY, MAX_ATTEMPTS, delay_after, is_permanent, send_waiting

from .post_office import open_post_office

pytestmark = pytest.mark.django_db
State = OutgoingMail.State


@pytest.fixture
def inbox(settings):
    with open_post_office(settings) as opened:
        yield opened


def queue(*addresses):
    return [OutgoingMail.objects.create(recipient=address, subject="Objet", body="Texte\n") for address in addresses]


def be_patient():
    OutgoingMail.objects.filter(state=State.WAITING).update(next_attempt_at=timezone.now())


def states():
    return dict(OutgoingMail.objects.values_list("recipient", "state"))


def test_refused_for_now_is_tried_again(inbox):
    later, good = queue("plus-tard@example.com", "bon@example.com")
    inbox.refuses["plus-tard@example.com"] = "450 4.2.1 Mailbox busy"
    assert send_waiting() == 1
    later.refresh_from_db()
    assert (later.state, later.attempts, later.last_error) == (State.WAITING, 1, "450 4.2.1 Mailbox busy")
    inbox.refuses.clear()
    be_patient()
    assert send_waiting() == 1
    assert states() == {later.recipient: State.SENT, good.recipient: State.SENT}
    assert sorted(address for address, _message in inbox.received) == [good.recipient, later.recipient]


def test_refused_for_good_fails_that_mail_alone_and_says_why(inbox):
    gone, good = queue("parti@example.com", "bon@example.com")
    inbox.refuses["parti@example.com"] = "550 5.1.1 No such user"
    assert send_waiting() == 1
    gone.refresh_from_db()
    assert (gone.state, gone.attempts, gone.last_error) == (State.FAILED, 1, "550 5.1.1 No such user")
    be_patient()
    assert send_waiting() == 0
    assert [address for address, _message in inbox.received] == [good.recipient]


@pytest.mark.parametrize(
    ("error", "final"),
    [
        (SMTPRecipientsRefused({"a": (550, b"No such user")}), True),
        (SMTPRecipientsRefused({"a": (450, b"Busy")}), False),
        (SMTPDataError(552, b"Too large"), True),
        (SMTPDataError(451, b"Local error"), False),
        (SMTPAuthenticationError(535, b"Bad password"), False),
        (SMTPSenderRefused(553, b"Not you", "a"), False),
        (ConnectionRefusedError(111, "refused"), False),
    ],
)
def test_only_an_answer_about_this_very_mail_is_final(error, final):
    assert is_permanent(error) is final


def test_patience_outlasts_a_day_and_a_night():
    delays = [delay_after(attempt) for attempt in range(1, MAX_ATTEMPTS)]
    assert delays[:3] == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4)]
    assert max(delays) == LONGEST_DELAY
    assert sum(delays, timedelta()) > timedelta(hours=36)


def test_a_mail_sent_again_after_a_crash_is_the_same_for_its_reader(inbox):
    (mail,) = queue("a@example.com")
    send_waiting()
    OutgoingMail.objects.update(state=State.WAITING, next_attempt_at=timezone.now())  # nobody noted that it had left
    send_waiting()
    first, second = (message["Message-ID"] for _address, message in inbox.received)
    assert first == second
    queue("a@example.com")
    send_waiting()
    assert inbox.received[-1][1]["Message-ID"] != first


# --- Sent again by hand -----------------------------------------------------------------------------------------------
@pytest.fixture
def root():
    return User.objects.create_superuser("root@example.com", "motdepasse-essai")


@pytest.fixture
def failed():
    (mail,) = queue("parti@example.com")
    OutgoingMail.objects.update(state=State.FAILED, attempts=3, last_error="550 No such user")
    return OutgoingMail.objects.get(pk=mail.pk)


def test_send_again_gives_a_failed_mail_all_its_attempts_and_is_journalled(failed, root, mailoutbox, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        outbox.send_again(mail=failed, actor=root)
    failed.refresh_from_db()
    assert (failed.state, failed.attempts) == (State.SENT, 1)
    assert [message.to for message in mailoutbox] == [["parti@example.com"]]
    entry = AuditEntry.objects.get(action="mail.sent_again")
    assert (entry.actor, entry.before, entry.after, entry.note) == (root, "failed", "waiting", "550 No such user")


@pytest.mark.parametrize("state", [State.WAITING, State.SENT])
def test_only_a_failed_mail_is_sent_again(failed, root, state):
    OutgoingMail.objects.update(state=state)
    before = OutgoingMail.objects.values().get()
    with pytest.raises(outbox.NotFailed):
        outbox.send_again(mail=failed, actor=root)
    assert OutgoingMail.objects.values().get() == before
    assert AuditEntry.objects.count() == 0


def test_the_administration_sends_failed_mails_again_and_leaves_the_others(failed, root, client):
    (sent,) = queue("b@example.com")
    OutgoingMail.objects.filter(pk=sent.pk).update(state=State.SENT)
    client.force_login(root)
    url = reverse("admin:notifications_outgoingmail_changelist")
    answer = client.post(url, {"action": "send_again", "_selected_action": [failed.pk, sent.pk]}, follow=True)
    assert answer.status_code == 200
    assert states() == {failed.recipient: State.WAITING, sent.recipient: State.SENT}
    assert AuditEntry.objects.filter(action="mail.sent_again").count() == 1
    assert client.get(url, {"state__exact": "failed"}).status_code == 200


def test_the_administration_shows_no_text_of_a_mail(failed, root, client):
    """An invitation's link and what is said to one applicant are nobody else's."""
    OutgoingMail.objects.update(body="un lien secret")
    client.force_login(root)
    page = client.get(reverse("admin:notifications_outgoingmail_change", args=[failed.pk]))
    assert page.status_code == 200
    assert "un lien secret" not in page.content.decode()
