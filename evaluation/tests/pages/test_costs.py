"""What pages cost: the same number of queries with 1 and 30 rows; and each in French and Arabic."""

import pytest

from clusters_portal.accounts.roles import Role
from evaluation.services import rankings
from evaluation.tests import factories as make
from evaluation.tests.pages.helpers import address, sheet

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


# Cost: the same number of queries with 1 and 30 rows


def counted(client, django_assert_max_num_queries, most, *urls):
    numbers = []
    for url in urls:
        with django_assert_max_num_queries(most) as queries:
            assert client.get(url).status_code == 200
        numbers.append(len(queries))
    return numbers


def many(rows, people):
    """A call with many dossiers, all submitted by the same people, built in bulk where nothing is tested."""
    call = make.call(min_evaluators=people)
    make.adopted_grid(call)
    panel = [make.user(Role.EVALUATOR) for _ in range(people)]
    dossiers = [make.application(call) for _ in range(rows)]
    for dossier in dossiers:
        for person in panel:
            make.submitted(make.accepted(dossier, person), 3)
    return call, dossiers, panel


def test_cost_of_the_evaluators_list(client, django_assert_max_num_queries):
    numbers = []
    for rows in (1, 30):
        _call, _dossiers, (person,) = many(rows=rows, people=1)
        client.force_login(person)
        numbers += counted(client, django_assert_max_num_queries, 10, address("my_evaluations"))
    assert numbers[0] == numbers[1]


def test_cost_of_matrix_ranking_and_committee(client, django_assert_max_num_queries):
    head, costs = make.user(Role.DIVISION_HEAD), []
    for rows in (1, 30):
        call, dossiers, _panel = many(rows=rows, people=1)
        client.force_login(head)
        matrix = counted(client, django_assert_max_num_queries, 10, address("call_assignments", call.slug))
        for dossier in dossiers:
            make.agreed(dossier)
        with django_assert_max_num_queries(60) as ran:
            ranking = rankings.run(call=call, actor=head)
        shown = counted(client, django_assert_max_num_queries, 8, address("ranking", call.slug))
        with django_assert_max_num_queries(60) as brought:
            client.post(address("submit_ranking", call.slug), {"number": ranking.number})
        board = counted(client, django_assert_max_num_queries, 10, address("committee", call.slug))
        costs.append((matrix, shown, board, len(ran), len(brought)))
    assert costs[0] == costs[1]


def test_cost_of_scoring(client, assignment, django_assert_max_num_queries):
    url = address("evaluate", assignment.application_id)
    assert counted(client, django_assert_max_num_queries, 12, url)
    client.post(url, sheet())
    assert counted(client, django_assert_max_num_queries, 12, url)


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_pages_render_in_french_and_arabic(client, language):
    call, (dossier, _other), _ranking = make.call_before_committee(4, 3, people=1)
    client.cookies["portal_language"] = language
    client.force_login(make.user(Role.COMMITTEE_CHAIR))
    for url in (
        address("ranking", call.slug),
        address("committee", call.slug),
        address("decide", call.slug, dossier.pk),
        address("call_assignments", call.slug),
    ):
        page = client.get(url)
        assert page.status_code == 200
        assert f'lang="{language}"' in page.content.decode()
        assert "style=" not in page.content.decode()
