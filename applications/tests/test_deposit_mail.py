"""A deposit made on the page ends as a mail in somebody's mailbox, taken by a real mail server."""

from datetime import UTC
from email.utils import parsedate_to_datetime

import pytest
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext

from applications.models import Application
from clusters_portal.notifications.models import Notice, OutgoingMail
from clusters_portal.notifications.tests.post_office import open_post_office

from .builders import DECLARATION, filled_application
from .factories import add_editor, make_user

pytestmark = pytest.mark.django_db
FORM = {**DECLARATION, "accept": "on", "other_documents": ""}
ARABIC = range(0x0600, 0x0700)


@pytest.fixture
def inbox(settings):
    settings.DEFAULT_FROM_EMAIL = "Portail des clusters <ne-pas-repondre@clusters.example>"
    with open_post_office(settings) as opened:
        yield opened


@pytest.fixture
def deposited(client, inbox, django_capture_on_commit_callbacks):
    """(application, its French mandatary, its Arabic editor), deposited through the page while the server listens."""
    boss = make_user("mandataire@cluster.example", first_name="Salma", last_name="Bennis")
    application = filled_application(user=boss)
    editor = add_editor(application, make_user("redacteur@cluster.example", language="ar"))
    client.force_login(boss)
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(reverse("applications:declare", args=[application.pk]), FORM)
    assert answer.status_code == 302
    return Application.objects.get(pk=application.pk), boss, editor


def test_everyone_gets_one_mail_with_the_headers_of_an_official_one(deposited, inbox):
    application, boss, editor = deposited
    assert sorted(address for address, _message in inbox.received) == [boss.email, editor.email]
    message = inbox.message_for(boss.email)
    assert message["From"].addresses[0].addr_spec == "ne-pas-repondre@clusters.example"
    assert message["From"].addresses[0].display_name == "Portail des clusters"
    assert message["To"] == boss.email
    assert (message["Cc"], message["Bcc"], message["Reply-To"]) == (None, None, None)
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Message-ID"].endswith("@clusters.example>")
    assert abs((parsedate_to_datetime(message["Date"]).replace(tzinfo=UTC) - timezone.now()).total_seconds()) < 60
    assert (message.get_content_type(), message.get_content_charset()) == ("text/plain", "utf-8")
    assert application.number in message["Subject"]
    assert len({message["Message-ID"] for _address, message in inbox.received}) == 2


def test_text_names_the_number_the_fingerprint_and_where_to_read(deposited, inbox, settings):
    application, boss, _editor = deposited
    text = inbox.message_for(boss.email).get_content()
    made = application.current_deposit
    for words in ("Salma Bennis", application.number, made.sha256):
        assert words in text
    assert f"{settings.PORTAL_URL}{reverse('applications:receipt', args=[application.pk])}" in text
    assert "<" not in text and "http" in text  # plain text, nothing hidden in it
    assert text.count("http") == 2  # the page and the portal, nobody else's address


def test_arabic_reader_reads_arabic(deposited, inbox):
    application, _boss, editor = deposited
    message = inbox.message_for(editor.email)
    with translation.override("ar"):
        subject = gettext("Application %(number)s submitted") % {"number": application.number}
    assert message["Subject"].strip() == subject == Notice.objects.get(recipient=editor).text
    text = message.get_content()
    assert any(ord(letter) in ARABIC for letter in text)  # the moment is written with Moroccan months, always
    assert OutgoingMail.objects.get(recipient=editor.email).body.split() == text.split()


def test_subject_travels_encoded(deposited, inbox):
    """Beyond ASCII a header is encoded on the wire; the programs that read it give the letters back."""
    _application, _boss, editor = deposited
    raw = inbox.message_for(editor.email)
    assert all(ord(letter) < 128 for letter in raw.as_bytes().decode("utf-8").split("\n\n")[0])


def test_notice_leads_to_the_receipt(deposited, client):
    application, boss, _editor = deposited
    notice = Notice.objects.get(recipient=boss)
    answer = client.post(reverse("notifications:notice", args=[notice.pk]), {"go": "1"}, follow=True)
    assert answer.redirect_chain == [(reverse("applications:receipt", args=[application.pk]), 302)]
    assert answer.status_code == 200
