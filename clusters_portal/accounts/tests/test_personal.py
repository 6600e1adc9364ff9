import json

import pytest
from django.urls import reverse

from applications.tests.factories import make_application, make_user
from clusters_portal.notifications.models import Notice, OutgoingMail

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(client):
    """Two people with a notice and a mail each; the first, signed in, has a dossier."""
    people = make_user("salma@cluster.example"), make_user("karim@cluster.example")
    make_application(user=people[0])
    for person in people:
        Notice.objects.create(recipient=person, kind="x", text=f"Avis à {person.email}")
        OutgoingMail.objects.create(recipient=person.email.upper(), subject=f"Courriel à {person.email}", body="x")
    client.force_login(people[0])
    return people


def test_file_holds_what_is_held_and_nothing_of_others(client, two):
    response = client.get(reverse("accounts:my_data_file"))
    assert response["Content-Disposition"] == 'attachment; filename="mes-donnees.json"'
    held = json.loads(response.content)
    assert set(held) == {"profile", "sessions", "applications", "notices", "mails", "requests"}
    assert held["profile"]["email"] == "salma@cluster.example"
    assert [each["role"] for each in held["applications"]] == ["mandatary"]
    assert [each["text"] for each in held["notices"]] == ["Avis à salma@cluster.example"]
    assert [each["subject"] for each in held["mails"]] == ["Courriel à salma@cluster.example"]
    text = response.content.decode()
    assert "karim" not in text
    assert two[0].password not in text
    assert client.session.session_key not in text


def test_page_leads_to_the_file_and_to_the_dossiers(client, two):
    html = client.get(reverse("accounts:my_data")).content.decode()
    application = two[0].collaborations.get().application
    assert f'href="{reverse("accounts:my_data_file")}"' in html
    assert f'href="{reverse("applications:archive", args=[application.pk])}"' in html


def test_icon_asked_for_at_the_root_leads_to_ours(client):
    response = client.get("/favicon.ico")
    assert (response.status_code, response.url) == (302, "/static/img/favicon.svg")
