"""DPTC's work list: who sees it, what it holds, filters, order, counts, pages, and a number of queries that stays."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from applications.filters import WorklistFilter, received_by
from applications.models import Deposit
from applications.tests.builders import deposited_application
from applications.tests.factories import make_application, make_call, make_user
from applications.tests.staff_fixtures import STAFF_WHO_DECIDE, STAFF_WHO_READ, WITHOUT_DOSSIERS, copies, officer

pytestmark = pytest.mark.django_db
URL = "/instruction/"


@pytest.fixture
def call():
    return make_call(prefix="CL-2026")


@pytest.fixture
def first(call):
    return deposited_application(call=call, user=make_user())[0]


def numbers(client, query="") -> list:
    return [deposit.number for deposit in client.get(f"{URL}{query}").context["page"]]


def test_address_is_the_navigation_one():
    assert reverse("applications:worklist") == URL


@pytest.mark.parametrize("role", [*STAFF_WHO_DECIDE, *STAFF_WHO_READ])
def test_readers_see_what_was_submitted_and_no_draft(client, first, call, role):
    make_application(call=call, name="Brouillon")
    client.force_login(make_user(roles=[role]))
    assert numbers(client) == [first.number]


@pytest.mark.parametrize("role", [None, *WITHOUT_DOSSIERS])
def test_others_get_the_page_of_what_does_not_exist(client, first, role):
    client.force_login(make_user(roles=[role] if role else ()))
    assert client.get(URL).status_code == 404


def test_applicant_with_a_submitted_application_has_no_work_list(client, first):
    client.force_login(first.created_by)
    assert client.get(URL).status_code == 404


def test_visitor_is_asked_to_sign_in(client):
    response = client.get(URL)
    assert (response.status_code, response.url) == (302, f"{reverse('account_login')}?next={URL}")


def test_empty_list_says_what_will_be_here(client):
    client.force_login(officer())
    with translation.override("fr"):
        assert '<p class="empty__title">' in client.get(URL).content.decode()


def test_the_last_deposit_counts(client, first):
    one = first.deposits.get()
    later = Deposit.objects.create(
        **{name: getattr(one, name) for name in ("application", "number", "deadline_at", "deposited_by", "snapshot", "sha256")},
        sequence=2,
        received_at=one.received_at + timedelta(hours=1),
        name_fr="Nom corrigé",
    )
    assert list(received_by(officer())) == [later]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=cl-2026-0002", ["CL-2026-0002"]),
        ("?q=agadir", ["CL-2026-0002"]),
        ("?q=قطب+سوس", ["CL-2026-0003"]),
        ("?q=CFATT", ["CL-2026-0001"]),
        ("?q=agadir+0003", []),
        ("?region=MA-09", ["CL-2026-0002", "CL-2026-0003"]),
        ("?sector=A", ["CL-2026-0003"]),
        ("?status=admissible", []),
        ("?status=deposited&region=MA-06", ["CL-2026-0001"]),
        ("?call=appel-essai", ["CL-2026-0001", "CL-2026-0002", "CL-2026-0003"]),
        ("?assignee=none", ["CL-2026-0001", "CL-2026-0003"]),
        ("?region=nowhere", ["CL-2026-0001", "CL-2026-0002", "CL-2026-0003"]),
        ("?sort=-number", ["CL-2026-0003", "CL-2026-0002", "CL-2026-0001"]),
        ("?sort=name", ["CL-2026-0002", "CL-2026-0003", "CL-2026-0001"]),
        ("?sort=nonsense", ["CL-2026-0001", "CL-2026-0002", "CL-2026-0003"]),
    ],
)
def test_filters_search_and_order(client, first, query, found):
    (second,) = copies(first, ["CL-2026-0002"], name_fr="Agadir Mer", region="MA-09")
    copies(first, ["CL-2026-0003"], name_fr="Agri Souss", name_ar="قطب سوس الفلاحي", region="MA-09", nma_section="A")
    person = officer()
    second.assignee = person
    second.save()
    client.force_login(person)
    assert numbers(client, query) == found


def test_filter_by_case_officer(client, first):
    person = officer()
    first.assignee = person
    first.save()
    copies(first, ["CL-2026-0002"])
    client.force_login(person)
    assert numbers(client, f"?assignee={person.pk}") == [first.number]


def test_unknown_value_is_said_beside_its_field(client, first):
    client.force_login(officer())
    with translation.override("en"):
        response = client.get(f"{URL}?region=nowhere")
    assert list(response.context["filter"].form.errors) == ["region"]


def test_counts_by_status_follow_the_other_filters_only(first):
    copies(first, ["CL-2026-0002"], region="MA-01")
    admissible = copies(first, ["CL-2026-0003"])[0]
    type(admissible).objects.filter(pk=admissible.pk).update(status="admissible")
    listed = WorklistFilter({"region": "MA-06", "status": "admissible"}, queryset=received_by(officer()))
    assert [(code, count) for code, _label, count in listed.status_counts()] == [("", 2), ("deposited", 1), ("admissible", 1)]


def test_links_keep_the_filters(client, first):
    client.force_login(officer())
    response = client.get(f"{URL}?region=MA-06&sort=-name&page=1")
    chip = response.context["tabs"][1]
    assert (chip["query"], chip["count"]) == ("region=MA-06&sort=-name&status=deposited", 1)
    assert response.context["query"] == "region=MA-06&sort=-name"
    assert f"/instruction/{first.pk}/?region=MA-06&amp;sort=-name" in response.content.decode()


def test_fifty_per_page(client, first):
    copies(first, [f"CL-2026-1{n:03d}" for n in range(50)])
    client.force_login(officer())
    page = client.get(URL).context["page"]
    assert (len(page), page.paginator.count) == (50, 51)
    assert numbers(client, "?page=2") == ["CL-2026-1049"]
    assert numbers(client, "?page=99") == ["CL-2026-1049"]


@pytest.mark.parametrize("rows", [1, 30])
def test_queries_do_not_grow_with_rows(client, first, rows, django_assert_max_num_queries):
    copies(first, [f"CL-2026-1{n:03d}" for n in range(rows - 1)])
    client.force_login(officer())
    with django_assert_max_num_queries(10) as queries:
        assert len(client.get(URL).context["page"]) == rows
    assert not [query for query in queries.captured_queries if '"snapshot"' in query["sql"]]


def test_every_id_is_its_own_and_an_empty_list_offers_no_columns(client, first):
    """The filters and the batch both ask for a case officer and a label; the columns chosen come with the rows."""
    client.force_login(officer())
    html = client.get(URL).content.decode()
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert sorted(ids) == sorted(set(ids))
    columns = reverse("applications:list_columns")
    assert columns in html
    assert columns not in client.get(URL, {"q": "zzz"}).content.decode()
