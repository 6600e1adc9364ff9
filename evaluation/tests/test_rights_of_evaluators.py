"""What an evaluator may open of a dossier, and what somebody barred from one meets of it: nothing (evaluation.md 1.3)."""

import pytest
from django.urls import reverse

from clusters_portal.accounts.roles import Role
from evaluation import queries
from evaluation.models import ConflictDeclaration, Decision
from evaluation.queries.sessions import items_of
from evaluation.services import advice, assignments, conflicts
from evaluation.tests import factories as make
from evaluation.tests import session_builders
from tests.rights.visits import CHANGING
from tests.rights.world import ABSENT

pytestmark = pytest.mark.django_db

OWN = ["dossier", "evaluate", "declare"]


@pytest.fixture
def assigned():
    call = make.call()
    make.adopted_grid(call)
    person, dossier = make.user(Role.EVALUATOR), make.application(call)
    assignments.assign(application=dossier, evaluator=person, actor=make.user(Role.CASE_OFFICER))
    return person, dossier


def status(client, name, *args):
    return client.get(reverse(f"evaluation:{name}", args=args)).status_code


def test_nothing_is_read_before_the_declaration(client, assigned):
    person, dossier = assigned
    client.force_login(person)
    assert [status(client, name, dossier.pk) for name in OWN] == [404, 302, 200]
    conflicts.declare(application=dossier, interest="none", actor=person)
    assert [status(client, name, dossier.pk) for name in OWN] == [200, 200, 200]


@pytest.mark.parametrize("interest, expected", [("potential", [404, 302, 200]), ("disqualifying", [404, 404, 404])])
def test_a_declared_interest_closes_the_dossier(client, assigned, interest, expected):
    person, dossier = assigned
    conflicts.declare(application=dossier, interest=interest, kind="other", text="We met.", actor=person)
    client.force_login(person)
    assert [status(client, name, dossier.pk) for name in OWN] == expected


def without_moment(response, identifier):
    """The page without its address, its time, its token and the reference of the request."""
    return CHANGING.sub("", response.content.decode().replace(str(identifier), ""))


def test_forbidden_and_absent_give_the_same_page(client, assigned):
    _person, dossier = assigned
    client.force_login(make.user(Role.EVALUATOR))
    forbidden = client.get(reverse("evaluation:dossier", args=[dossier.pk]))
    absent = client.get(reverse("evaluation:dossier", args=[ABSENT]))
    assert (forbidden.status_code, absent.status_code) == (404, 404)
    assert without_moment(forbidden, dossier.pk) == without_moment(absent, ABSENT)


def test_an_evaluator_reads_no_other_evaluators_sheet(client):
    _call, (dossier,) = make.scored_call(3, people=2)
    first, second = dossier.assignments.order_by("pk")
    client.force_login(first.evaluator)
    assert status(client, "sheet", first.evaluations.get().pk) == 200
    assert status(client, "sheet", second.evaluations.get().pk) == 404
    assert status(client, "reopen", first.evaluations.get().pk) == 403


def test_a_recused_member_gets_404_no_count_no_gap_and_no_export(client):
    call, dossiers, ranking = make.call_before_committee(5, 4, 3, people=1)
    person = make.user(Role.COMMITTEE_MEMBER)
    ConflictDeclaration.objects.create(
        evaluator=person,
        application=dossiers[0],
        interest="disqualifying",
        kind="family",
        text="x",
        status="confirmed",
        declared_at=make.NOON,
    )
    client.force_login(person)
    board = client.get(reverse("evaluation:committee", args=[call.slug]))
    assert [(line.application_id, line.shown_rank) for line in board.context["lines"]] == [(dossiers[1].pk, 1), (dossiers[2].pk, 2)]
    visible = queries.VisibleLines(person, ranking)
    assert (visible.of(dossiers[1].pk).shown_rank, visible.of(dossiers[0].pk)) == (1, None)
    assert board.context["counts"]["all"] == 2
    assert dossiers[0].number not in board.content.decode()
    shown = client.get(reverse("evaluation:ranking", args=[call.slug]))
    assert dossiers[0].number not in shown.content.decode()
    assert [status(client, "dossier", dossiers[0].pk), status(client, "shortlist", call.slug, "xlsx")] == [404, 404]
    assert status(client, "ranking_document", call.slug, 1) == 404
    advice.advise(ranking=ranking, actor=ranking.created_by)
    assert [status(client, "advice", call.slug, 1), status(client, "advice_file", call.slug, 1, "json")] == [404, 404]
    assert client.get(reverse("evaluation:ranking", args=[call.slug])).context["badges"] is None
    sheet = dossiers[0].assignments.first().evaluations.get()
    assert status(client, "sheet", sheet.pk) == 404
    assert ranking.lines.count() == 3


def test_adopted_ranks_have_no_gap_either(client):
    """A rank that is missing among the adopted ones would tell a recused person the decision on their dossier."""
    call, dossiers, ranking = make.call_before_committee(5, 4, 3, people=1)
    session = session_builders.open_it(call)
    member = session_builders.members_of(session)[1].person
    for rank, dossier in zip((2, 1, 3), dossiers, strict=True):
        fields = {"outcome": "selected", "decided_by": ranking.created_by, "decided_at": make.NOON}
        Decision.objects.create(application=dossier, ranking=ranking, adopted_rank=rank, **fields)
    fields = {"interest": "disqualifying", "kind": "family", "text": "x", "status": "confirmed", "declared_at": make.NOON}
    ConflictDeclaration.objects.create(evaluator=member, application=dossiers[0], **fields)
    shown = {person: [line.shown_adopted for line in queries.VisibleLines(person, ranking)] for person in (ranking.created_by, member)}
    assert shown == {ranking.created_by: [2, 1, 3], member: [1, 2]}
    assert {item.application_id: item.shown_adopted for item in items_of(member, session)} == {dossiers[1].pk: 1, dossiers[2].pk: 2}
    assert [item.shown_adopted for item in items_of(ranking.created_by, session)] == [2, 1, 3]
    client.force_login(member)
    page = client.get(reverse("evaluation:decide", args=[call.slug, dossiers[2].pk]))
    assert page.context["line"].shown_adopted == 2
