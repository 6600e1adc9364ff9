"""One's own notices: newest first, counted on every page, read by an act and never by looking."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clusters_portal.accounts.models import User
from clusters_portal.notifications.models import Notice
from clusters_portal.notifications.views import PER_PAGE

pytestmark = pytest.mark.django_db
PAGE, ALL = "/espace/avis/", "/espace/avis/lus/"


@pytest.fixture
def person():
    return User.objects.create_user("salma@example.com", "motdepasse-essai", first_name="Salma")


@pytest.fixture
def visitor(client, person):
    client.force_login(person)
    client.cookies["portal_language"] = "en"
    return client


def leave(person, count=1, **fields):
    fields = {"kind": "essai", "url": reverse("accounts:profile"), "body": "Bonjour.\n\nVoici.", **fields}
    return [Notice.objects.create(recipient=person, text=f"Avis {number}", **fields) for number in range(count)]


def unread(person):
    return person.notices.filter(read_at=None).count()


def test_the_newest_come_first_and_those_not_read_say_so(visitor, person):
    old, new = leave(person, 2)
    visitor.post(reverse("notifications:notice", args=[old.pk]))
    page = visitor.get(PAGE)
    assert [notice.pk for notice in page.context["page"]] == [new.pk, old.pk]
    assert page.content.decode().count("Not read</span>") == 1
    assert unread(person) == 1


def test_looking_marks_nothing(visitor, person):
    leave(person, 3)
    for _visit in range(2):
        assert visitor.get(PAGE).status_code == 200
    assert unread(person) == 3
    assert visitor.get(reverse("notifications:notice", args=[person.notices.first().pk])).status_code == 405
    assert visitor.get(ALL).status_code == 405
    assert unread(person) == 3


def test_the_number_stands_in_the_header_and_costs_no_query(visitor, person):
    counts, numbers = [], []
    for extra in (0, 1, 30):
        leave(person, extra)
        with CaptureQueriesContext(connection) as queries:
            page = visitor.get(reverse("accounts:profile"))
        counts.append(len(queries))
        numbers.append(page.wsgi_request.user.unread_notices)
        assert ("notices-link__count" in page.content.decode()) is bool(numbers[-1])
    assert numbers == [0, 1, 31]
    assert len(set(counts)) == 1


def test_the_page_costs_the_same_whatever_the_notices(visitor, person):
    counts = []
    for extra in (1, PER_PAGE - 1):
        leave(person, extra)
        with CaptureQueriesContext(connection) as queries:
            visitor.get(PAGE)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 6


def test_reading_one_follows_it_and_notes_when_it_was_first_read(visitor, person):
    (notice,) = leave(person)
    address = reverse("notifications:notice", args=[notice.pk])
    assert visitor.post(address, {"go": "1"}).url == reverse("accounts:profile")
    notice.refresh_from_db()
    first = notice.read_at
    assert first is not None
    visitor.post(address, {"go": "1"})
    notice.refresh_from_db()
    assert notice.read_at == first


def test_marking_one_stays_on_the_page_of_the_list(visitor, person):
    first, *_others = leave(person, PER_PAGE + 1)
    address = reverse("notifications:notice", args=[first.pk])
    assert visitor.post(address, {"page": "2"}).url == f"{PAGE}?page=2"
    assert visitor.post(address, {"page": "x'\"²"}).url == PAGE
    assert visitor.get(f"{PAGE}?page=999").status_code == 200


@pytest.mark.parametrize("url", ["", "https://ailleurs.example/", "//ailleurs.example/", "javascript:alert(1)"])
def test_a_notice_never_leads_out_of_the_portal(visitor, person, url):
    (notice,) = leave(person, url=url)
    assert visitor.post(reverse("notifications:notice", args=[notice.pk]), {"go": "1"}).url == PAGE


def test_marking_all_leaves_other_people_alone(visitor, person):
    other = User.objects.create_user("autre@example.com", "motdepasse-essai")
    leave(person, 3)
    leave(other, 2)
    page = visitor.post(ALL, follow=True)
    assert (unread(person), unread(other)) == (0, 2)
    assert "Mark all as read" not in page.content.decode()


def test_another_persons_notice_is_not_found(visitor):
    other = User.objects.create_user("autre@example.com", "motdepasse-essai")
    (notice,) = leave(other)
    assert visitor.post(reverse("notifications:notice", args=[notice.pk]), {"go": "1"}).status_code == 404
    assert notice.text not in visitor.get(PAGE).content.decode()
    assert unread(other) == 1


def test_nobody_signed_in_is_sent_to_the_login(client, person):
    (notice,) = leave(person)
    for answer in (client.get(PAGE), client.post(ALL), client.post(reverse("notifications:notice", args=[notice.pk]))):
        assert answer.status_code == 302 and "/login/" in answer.url
    assert unread(person) == 1


def test_text_is_shown_as_text(visitor, person):
    leave(person, body="<script>alert(1)</script> http://127.0.0.1:8000/x/")
    text = visitor.get(PAGE).content.decode()
    assert "<script>alert(1)" not in text and "&lt;script&gt;" in text


def test_without_notices_the_page_says_what_will_be_there(visitor):
    assert 'class="empty"' in visitor.get(PAGE).content.decode()


def test_closed_account_is_nobody(client, person):
    client.force_login(person)
    User.objects.update(is_active=False)
    assert client.get(PAGE).status_code == 302
