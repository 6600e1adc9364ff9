"""Who gets what from every address of this floor: role × address, before and at deliberation (evaluation.md 1.3)."""

from dataclasses import dataclass, field

import pytest
from django.urls import reverse

from clusters_portal.accounts.roles import Role
from evaluation import queries
from evaluation.models import ConflictDeclaration, LikelyConflict
from evaluation.queries.problems import Parameters
from evaluation.services import advice, assignment_runs, assignments, conflicts
from evaluation.tests import factories as make
from evaluation.tests.session_routes import SESSION_ROUTES
from evaluation.urls import urlpatterns
from tests.rights.visits import CHANGING

pytestmark = pytest.mark.django_db

ROLES = [None, *Role]
OFFICER, HEAD, COUNTER, EVALUATOR, MEMBER, CHAIR, ADMIN, AUDITOR = (
    Role.CASE_OFFICER,
    Role.DIVISION_HEAD,
    Role.COUNTER_AGENT,
    Role.EVALUATOR,
    Role.COMMITTEE_MEMBER,
    Role.COMMITTEE_CHAIR,
    Role.ADMINISTRATOR,
    Role.AUDITOR,
)


@dataclass(frozen=True)
class Route:
    """Who gets a page (200 or 302), who is told why not (403); everyone else gets the 404 of what does not exist."""

    name: str
    args: tuple = ()
    post: bool = False
    allowed: tuple = ()
    told: tuple = ()
    data: dict = field(default_factory=dict)

    @property
    def id(self):
        return f"{self.name}-{'post' if self.post else 'get'}"


STAFF_READERS = (OFFICER, HEAD, AUDITOR)
GRID_READERS = (HEAD, MEMBER, CHAIR, AUDITOR, OFFICER, EVALUATOR)
AT_WORK = [
    Route("full_grid", ("slug", "json")),
    Route("register_decision", ("slug", "pk")),
    Route("register_decision", ("slug", "pk"), post=True),
    Route("dashboards", allowed=(OFFICER, HEAD, MEMBER, CHAIR, AUDITOR)),
    Route("dashboard", ("slug",), allowed=STAFF_READERS),
    Route("call_archive", ("slug",), allowed=(HEAD, AUDITOR)),
    Route("call_archive", ("slug",), post=True, allowed=(HEAD, AUDITOR)),
    Route("call_archive_file", ("slug", 999_999)),
    Route("my_evaluations", allowed=(EVALUATOR,)),
    Route("commitment", allowed=(EVALUATOR,)),
    Route("commitment", post=True, allowed=(EVALUATOR,)),
    Route("dossier", ("pk",), allowed=STAFF_READERS),
    Route("document", ("pk", "file")),
    Route("document_page", ("pk", "file", "one")),
    Route("admissibility", ("pk",)),
    Route("pack", ("pk", "fr"), allowed=STAFF_READERS),
    Route("declare", ("pk",)),
    Route("declare", ("pk",), post=True),
    Route("evaluate", ("pk",)),
    Route("evaluate", ("pk",), post=True),
    Route("total", ("pk",), post=True),
    Route("sheet", ("sheet",), allowed=STAFF_READERS),
    Route("reopen", ("sheet",), allowed=(HEAD,), told=(OFFICER, AUDITOR)),
    Route("reopen", ("sheet",), post=True, allowed=(HEAD,), told=(OFFICER, AUDITOR)),
    Route("assignments", allowed=(OFFICER, HEAD, CHAIR, AUDITOR)),
    Route("call_assignments", ("slug",), allowed=(OFFICER, HEAD, CHAIR, AUDITOR)),
    Route("assign", ("slug",), post=True, allowed=(OFFICER, HEAD), told=(CHAIR, AUDITOR)),
    Route("assign_all", ("slug",), post=True, allowed=(OFFICER, HEAD), told=(CHAIR, AUDITOR)),
    Route("release", ("slug", "assignment"), post=True, allowed=(OFFICER, HEAD), told=(CHAIR, AUDITOR)),
    Route("rule", ("slug", "conflict"), allowed=(HEAD,), told=(OFFICER, CHAIR, AUDITOR)),
    Route("rule", ("slug", "conflict"), post=True, allowed=(HEAD,), told=(OFFICER, CHAIR, AUDITOR)),
    Route("assignments_csv", ("slug",), allowed=(OFFICER, HEAD, CHAIR, AUDITOR)),
    Route("assignments_file", ("slug",), allowed=(OFFICER, HEAD), told=(CHAIR, AUDITOR)),
    Route("assignments_file", ("slug",), post=True, allowed=(OFFICER, HEAD), told=(CHAIR, AUDITOR)),
    Route("apply_assignments_file", ("slug",), post=True, allowed=(OFFICER, HEAD), told=(CHAIR, AUDITOR)),
    Route("auto_assign", ("slug",), allowed=(OFFICER, HEAD, CHAIR, AUDITOR)),
    Route("auto_assign", ("slug",), post=True, allowed=(OFFICER, HEAD), told=(CHAIR, AUDITOR)),
    Route("assignment_run", ("slug", "run"), allowed=(OFFICER, HEAD, CHAIR, AUDITOR)),
    Route("run_document", ("slug", "run"), allowed=(OFFICER, HEAD, CHAIR, AUDITOR)),
    Route("apply_run", ("slug", "run"), post=True, allowed=(OFFICER, HEAD), told=(CHAIR, AUDITOR)),
    Route("interests", ("slug",), allowed=(OFFICER, HEAD, CHAIR, AUDITOR)),
    Route("look_for_conflicts", ("slug",), post=True, allowed=(OFFICER, HEAD), told=(CHAIR, AUDITOR)),
    Route("record_interest", ("slug",), allowed=(HEAD,), told=(OFFICER, CHAIR, AUDITOR)),
    Route("record_interest", ("slug",), post=True, allowed=(HEAD,), told=(OFFICER, CHAIR, AUDITOR)),
    Route("dismiss_conflict", ("slug", "likely"), allowed=(HEAD,), told=(OFFICER, CHAIR, AUDITOR)),
    Route("dismiss_conflict", ("slug", "likely"), post=True, allowed=(HEAD,), told=(OFFICER, CHAIR, AUDITOR)),
    Route("evaluators", allowed=(OFFICER, HEAD, CHAIR, AUDITOR)),
    Route("evaluator", ("person",), allowed=(OFFICER, HEAD), told=(CHAIR, AUDITOR)),
    Route("evaluator", ("person",), post=True, allowed=(OFFICER, HEAD), told=(CHAIR, AUDITOR)),
    Route("grids", allowed=GRID_READERS),
    Route("call_grid", ("slug",), allowed=GRID_READERS),
    Route("grid_version", ("slug", "one"), allowed=GRID_READERS),
    Route("grid_differences", ("slug", "one", "one"), allowed=GRID_READERS),
    Route("create_grid", ("slug",), post=True, allowed=(HEAD,), told=(MEMBER, CHAIR, AUDITOR, OFFICER, EVALUATOR)),
    Route("copy_grid", ("slug", "one"), post=True, allowed=(HEAD,), told=(MEMBER, CHAIR, AUDITOR, OFFICER, EVALUATOR)),
    Route("adopt_grid", ("slug", "one"), allowed=(HEAD, MEMBER, CHAIR), told=(AUDITOR, OFFICER, EVALUATOR)),
    Route("adopt_grid", ("slug", "one"), post=True, allowed=(HEAD, MEMBER, CHAIR), told=(AUDITOR, OFFICER, EVALUATOR)),
    Route("offline", allowed=(EVALUATOR,)),
    Route("offline", post=True, allowed=(EVALUATOR,)),
    Route("offline_forms", allowed=(EVALUATOR,)),
    Route("offline_sheet", ("pk",)),
    Route("apply_offline", post=True, allowed=(EVALUATOR,)),
    Route("consensuses", allowed=(HEAD, OFFICER, EVALUATOR, MEMBER, CHAIR, AUDITOR)),
    Route("call_consensus", ("slug",), allowed=STAFF_READERS),
    Route("open_consensuses", ("slug",), post=True, allowed=(HEAD, OFFICER), told=(AUDITOR,)),
    Route("open_consensus", ("pk",), post=True, allowed=(HEAD, OFFICER), told=(AUDITOR,)),
    Route("consensus", ("pk",)),
    Route("consensus", ("pk",), post=True),
    Route("rankings", allowed=(HEAD, OFFICER, MEMBER, CHAIR, AUDITOR)),
    Route("ranking", ("slug",), allowed=(HEAD, AUDITOR)),
    Route("ranking_run", ("slug", "one")),
    Route("ranking_document", ("slug", "one")),
    Route("run_ranking", ("slug",), post=True, allowed=(HEAD,), told=(AUDITOR,)),
    Route("submit_ranking", ("slug",), post=True, told=(AUDITOR,)),
    Route("advice", ("slug", "one")),
    Route("compute_advice", ("slug", "one"), post=True),
    Route("advice_file", ("slug", "one", "xlsx")),
    Route("committees", allowed=(MEMBER, CHAIR, HEAD, AUDITOR)),
    Route("committee", ("slug",)),
    Route("decide", ("slug", "pk")),
    *(Route(name, args, post) for name, args, post in SESSION_ROUTES),
    Route("shortlist", ("slug", "xlsx")),
    Route("shortlist", ("slug", "json")),
    Route("shortlist", ("slug", "pdf-fr")),
    Route("publication", ("slug",)),
    Route("letter", ("slug", "one", "fr")),
    Route("letters", ("slug", "one")),
    Route("minutes", ("slug", "one")),
    Route("draw_minutes", ("slug", "one"), post=True),
    Route("correct_minutes", ("slug", "one")),
    Route("correct_minutes", ("slug", "one"), post=True),
    Route("minutes_document", ("slug", "one", "one")),
    Route("minutes_to_sign", ("slug", "one", "one")),
    Route("sign_minutes", ("slug", "one", "one")),
    Route("sign_minutes", ("slug", "one", "one"), post=True),
    Route("minutes_original", ("slug", "one", "one")),
    Route("decision_told", ("pk",)),
    Route("told_letter", ("pk", "one", "fr")),
    Route("file_appeal", ("pk",)),
    Route("appeal_receipt", ("pk", "fr")),
    Route("own_appeal_piece", ("pk",)),
    Route("observe", ("pk",)),
    Route("appeals", allowed=(OFFICER, HEAD, AUDITOR)),
    Route("appeal", ("slug",)),
    Route("appeal", ("slug",), post=True),
    Route("appeal_piece", ("slug",)),
    Route("observations", ("slug",)),
    Route("open_observations", ("slug",), post=True),
    Route("findings", ("slug", "pk")),
    Route("findings", ("slug", "pk"), post=True),
]
WITH_RANKING = (HEAD, OFFICER, MEMBER, CHAIR, AUDITOR)
COMMITTEE = (HEAD, MEMBER, CHAIR, AUDITOR)
AT_DELIBERATION = [
    Route("full_grid", ("slug", "xlsx"), allowed=COMMITTEE),
    Route("full_grid", ("slug", "json"), allowed=COMMITTEE),
    Route("full_grid", ("slug", "pdf-ar"), allowed=COMMITTEE),
    Route("register_decision", ("slug", "pk")),
    Route("pack", ("pk", "fr"), allowed=(*STAFF_READERS, MEMBER, CHAIR)),
    Route("dashboard", ("slug",), allowed=(*STAFF_READERS, MEMBER, CHAIR)),
    Route("dossier", ("pk",), allowed=(*STAFF_READERS, MEMBER, CHAIR)),
    Route("sheet", ("sheet",), allowed=(*STAFF_READERS, MEMBER, CHAIR)),
    Route("reopen", ("sheet",), allowed=(HEAD,), told=(OFFICER, AUDITOR, MEMBER, CHAIR)),
    Route("call_consensus", ("slug",), allowed=(*STAFF_READERS, MEMBER, CHAIR)),
    Route("consensus", ("pk",), allowed=(*STAFF_READERS, MEMBER, CHAIR)),
    Route("consensus", ("pk",), post=True, told=(*STAFF_READERS, MEMBER, CHAIR)),
    Route("consensus_answer", ("pk",), post=True, told=(*STAFF_READERS, MEMBER, CHAIR)),
    Route("consensus_revise", ("pk",), post=True, told=(*STAFF_READERS, MEMBER, CHAIR)),
    Route("consensus_conclude", ("pk",), post=True, allowed=(HEAD,), told=(OFFICER, AUDITOR, MEMBER, CHAIR)),
    Route("consensus_reopen", ("pk",), post=True, allowed=(HEAD,), told=(OFFICER, AUDITOR, MEMBER, CHAIR)),
    Route("consensus_rapporteur", ("pk",), post=True, allowed=(HEAD, OFFICER), told=(AUDITOR, MEMBER, CHAIR)),
    Route("ranking", ("slug",), allowed=WITH_RANKING),
    Route("ranking_run", ("slug", "one"), allowed=WITH_RANKING),
    Route("ranking_document", ("slug", "one"), allowed=WITH_RANKING),
    Route("run_ranking", ("slug",), post=True, allowed=(HEAD,), told=(OFFICER, MEMBER, CHAIR, AUDITOR)),
    Route("submit_ranking", ("slug",), post=True, allowed=(HEAD,), told=(OFFICER, MEMBER, CHAIR, AUDITOR), data={"number": "1"}),
    Route("advice", ("slug", "one"), allowed=WITH_RANKING),
    Route("compute_advice", ("slug", "one"), post=True, allowed=(HEAD,), told=(OFFICER, MEMBER, CHAIR, AUDITOR)),
    Route("advice_file", ("slug", "one", "xlsx"), allowed=WITH_RANKING),
    Route("advice_file", ("slug", "one", "json"), allowed=WITH_RANKING),
    Route("committee", ("slug",), allowed=COMMITTEE),
    Route("decide", ("slug", "pk"), allowed=(HEAD, CHAIR), told=(MEMBER, AUDITOR)),
    Route("decide", ("slug", "pk"), post=True, allowed=(HEAD, CHAIR), told=(MEMBER, AUDITOR)),
    Route("shortlist", ("slug", "xlsx"), allowed=COMMITTEE),
    Route("shortlist", ("slug", "json"), allowed=COMMITTEE),
    Route("shortlist", ("slug", "pdf-fr"), allowed=COMMITTEE),
    Route("publication", ("slug",), allowed=COMMITTEE),
    Route("publication", ("slug",), post=True, allowed=(HEAD,), told=(MEMBER, CHAIR, AUDITOR)),
    Route("letters", ("slug", "one"), post=True),
    Route("minutes", ("slug", "one")),
]
UNKNOWN = "00000000-0000-4000-8000-000000000000"


def objects_of(call, dossier):
    assignment = dossier.assignments.order_by("pk").first()
    return {
        "slug": call.slug, "pk": dossier.pk, "sheet": assignment.evaluations.get().pk, "assignment": assignment.pk, "one": 1,
        "file": UNKNOWN, "conflict": getattr(ConflictDeclaration.objects.filter(status="pending").first(), "pk", 0),
        "person": assignment.evaluator_id, "likely": getattr(LikelyConflict.objects.first(), "pk", 0), "run": 1,
        "item": 0, "seat": 0, "ballot": 0,
    }  # fmt: skip


def check(client, route, objects):
    """Every role, those who may act last, so that an act never hides what another role would have seen."""
    address = reverse(f"evaluation:{route.name}", args=[objects.get(arg, arg) for arg in route.args])
    for role in sorted(ROLES, key=lambda role: role in route.allowed):
        client.force_login(make.user(*([role] if role else [])))
        response = client.post(address, route.data) if route.post else client.get(address)
        expected = (200, 302, 409, 422) if role in route.allowed else (403,) if role in route.told else (404,)
        assert response.status_code in expected, (address, role, response.status_code)


@pytest.mark.parametrize("route", AT_WORK, ids=lambda route: route.id)
def test_at_work(client, route):
    call, (dossier,) = make.scored_call(3, people=1)
    conflicted = make.user(Role.EVALUATOR)
    assignments.assign(application=dossier, evaluator=conflicted, actor=make.user(Role.CASE_OFFICER))
    conflicts.declare(application=dossier, interest="potential", kind="other", text="We met.", actor=conflicted)
    LikelyConflict.objects.create(
        evaluator=make.user(Role.EVALUATOR), application=dossier, ground="employer", evidence="Atlas", found_at=make.NOON
    )
    if "run" in route.args:
        assignment_runs.preview(call=call, actor=make.user(Role.DIVISION_HEAD), parameters=Parameters(1, sector_expert=False))
    check(client, route, objects_of(call, dossier))


@pytest.mark.parametrize("route", AT_DELIBERATION, ids=lambda route: "-".join((route.id, *route.args)))
def test_at_deliberation(client, route):
    call, (dossier,), ranking = make.call_before_committee(3, people=1)
    advice.advise(ranking=ranking, actor=ranking.created_by)
    check(client, route, objects_of(call, dossier))


# Read without an account: its row is in tests/rights/of_minutes.py.
PUBLIC = {"verify_letter"}


def test_every_address_is_in_the_table():
    assert {route.name for route in (*AT_WORK, *AT_DELIBERATION)} | PUBLIC == {pattern.name for pattern in urlpatterns}


def test_strangers_are_sent_to_the_login(client):
    objects = {"slug": "x", "pk": UNKNOWN, "file": UNKNOWN, "one": 1, "sheet": 1, "assignment": 1, "conflict": 1, "run": 1}
    objects |= {"person": 1, "likely": 1, "item": 1, "seat": 1, "ballot": 1}
    for route in AT_WORK:
        address = reverse(f"evaluation:{route.name}", args=[objects.get(arg, arg) for arg in route.args])
        response = client.post(address) if route.post else client.get(address)
        assert (response.status_code, response.headers["Location"].split("?")[0]) == (302, reverse("account_login")), address


@pytest.mark.parametrize("name", ["assign", "assign_all", "run_ranking", "submit_ranking"])
def test_acts_are_never_done_by_a_link(client, name):
    call = make.call()
    client.force_login(make.user(Role.DIVISION_HEAD))
    assert client.get(reverse(f"evaluation:{name}", args=[call.slug])).status_code == 405


# The evaluator's own dossiers

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
    absent = client.get(reverse("evaluation:dossier", args=[UNKNOWN]))
    assert (forbidden.status_code, absent.status_code) == (404, 404)
    assert without_moment(forbidden, dossier.pk) == without_moment(absent, UNKNOWN)


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
