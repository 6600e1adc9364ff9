"""The pages of the consensus: what each shows, what a save answers, what a refusal keeps, what a page costs."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clusters_portal.accounts.roles import Role
from evaluation import queries
from evaluation.models import Consensus
from evaluation.services import consensus, consensus_closing
from evaluation.tests import factories as make
from evaluation.tests.factories import CODES, LONG

pytestmark = pytest.mark.django_db
SCRIPT = {"HTTP_ACCEPT": "application/json"}


def address(name, *args):
    return reverse(f"evaluation:{name}", args=args)


@pytest.fixture
def dossier():
    return make.scored_call(3)[1][0]


def typed(version=0, mark="3", **more):
    data = {f"mark_{code}": mark for code in CODES} | {f"text_{code}": LONG for code in CODES}
    return data | {f"outside_{code}": "" for code in CODES} | {"text": "Together.", "version": str(version)} | more


def test_the_rapporteur_saves_by_script_and_by_button(client, dossier):
    report = make.opened(dossier)
    client.force_login(report.rapporteur)
    page = client.get(address("consensus", dossier.pk))
    assert (page.context["version"], "checked" in page.content.decode()) == (0, False)
    answer = client.post(address("consensus", dossier.pk), typed(), **SCRIPT)
    assert (answer.status_code, answer.json()["version"], answer.json()["errors"]) == (200, 1, [])
    assert client.post(address("consensus", dossier.pk), typed(1, action="ask")).status_code == 302
    assert Consensus.objects.get().status == "approving"


def test_a_second_tab_is_refused_with_both_values_and_everything_typed(client, dossier):
    report = make.opened(dossier)
    client.force_login(report.rapporteur)
    client.post(address("consensus", dossier.pk), typed())
    assert client.post(address("consensus", dossier.pk), typed(0, "2"), **SCRIPT).json()["reason"] == "conflict"
    page = client.post(address("consensus", dossier.pk), typed(0, "2"))
    assert (page.status_code, page.context["version"]) == (409, 1)
    assert ("3", "2") in [(row["stored"], row["typed"]) for row in page.context["differing"]]
    assert page.context["form"]["mark_T1"].value() == "2"
    assert set(map(str, queries.agreed_marks(Consensus.objects.get()).values())) == {"3.0"}


def test_what_approval_lacks_is_said_by_criterion_and_the_draft_is_kept(client, dossier):
    report = make.opened(dossier)
    client.force_login(report.rapporteur)
    page = client.post(address("consensus", dossier.pk), typed(0, "4", action="ask"))
    assert (page.status_code, [link for link, _text in page.context["problems"]]) == (422, [f"#id_outside_{code}" for code in CODES])
    assert page.content.decode().count("data-outside open") == len(CODES)  # the reason asked for is not folded away
    assert (Consensus.objects.get().status, Consensus.objects.get().revision) == ("draft", 1)
    led = client.post(address("consensus", dossier.pk), typed(1, "4", action="ask"), **SCRIPT).json()["url"]
    assert len(client.get(led).context["problems"]) == 10


def test_a_dissent_without_reasons_is_refused_keeping_what_was_chosen(client, dossier):
    make.asked(dossier)
    person = queries.panel_of(dossier).people[1]
    client.force_login(person)
    page = client.post(address("consensus_answer", dossier.pk), {"round": "1", "answer": "dissent", "minority_text": ""})
    assert (page.status_code, page.context["answer_form"]["answer"].value(), Consensus.objects.get().approvals.count()) == (
        409,
        "dissent",
        0,
    )
    assert list(page.context["answer_form"].errors) == ["minority_text"]


def test_peers_marks_are_seen_only_once_the_consensus_is_open(client, dossier):
    first, second = (row.evaluations.get() for row in dossier.assignments.order_by("pk")[:2])
    client.force_login(first.assignment.evaluator)
    assert client.get(address("consensus", dossier.pk)).status_code == 404
    assert client.get(address("sheet", second.pk)).status_code == 404
    make.opened(dossier)
    page = client.get(address("consensus", dossier.pk))
    assert str(second.assignment.evaluator) in page.content.decode()
    assert client.get(address("sheet", second.pk)).status_code == 200


def test_divergent_criteria_are_flagged_and_dots_stand_where_the_marks_are(client):
    call = make.call(min_evaluators=2)
    make.adopted_grid(call)
    dossier = make.application(call)
    for mark in (2, 4):
        make.submitted(make.accepted(dossier, make.user(Role.EVALUATOR)), mark, *[3] * 9)
    make.opened(dossier)
    client.force_login(make.user(Role.DIVISION_HEAD))
    rows = client.get(address("consensus", dossier.pk)).context["rows"]
    assert [row.code for row in rows if row.flagged] == ["T1"]
    # 16 + 300 × mark / 5; equal marks stand one above the other.
    assert [dot.x for dot in rows[0].plot.dots] == ["136.0", "256.0"]
    assert [(dot.x, dot.y) for dot in rows[1].plot.dots] == [("196.0", 44), ("196.0", 22)]


def test_the_list_says_what_each_waits_for_and_opens_what_is_ready(client):
    call, (first, second) = make.scored_call(3, 4, people=2)
    make.accepted(second, make.user(Role.EVALUATOR, name="Late"))
    client.force_login(make.user(Role.CASE_OFFICER))
    page = client.get(address("call_consensus", call.slug))
    assert [(row.application.pk, "Late" in row.blocked) for row in page.context["rows"]] == [(first.pk, False), (second.pk, True)]
    client.post(address("open_consensuses", call.slug))
    assert list(Consensus.objects.values_list("application", flat=True)) == [first.pk]
    row = client.get(address("call_consensus", call.slug)).context["rows"][0]
    assert str(row.consensus.rapporteur) in row.waiting


def cost(client, url):
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert client.get(url).status_code == 200
    return len(found)


def test_the_page_costs_the_same_for_any_number_of_evaluators(client):
    costs = []
    for people in (1, 5):
        _call, (dossier,) = make.scored_call(3, people=people)
        report = make.opened(dossier)
        client.force_login(report.rapporteur)
        costs.append(cost(client, address("consensus", dossier.pk)))
    assert costs[0] == costs[1] <= 22, costs


def test_the_list_costs_the_same_for_any_number_of_dossiers(client):
    costs = []
    for count in (1, 4):
        call, dossiers = make.scored_call(*[3] * count, people=1)
        consensus.open_all(call=call, actor=make.user(Role.CASE_OFFICER))
        client.force_login(make.user(Role.DIVISION_HEAD))
        costs.append(cost(client, address("call_consensus", call.slug)))
        assert len(dossiers) == count
    assert costs[0] == costs[1] <= 18, costs


def test_readers_follow_the_report_without_losing_what_they_type(client, dossier):
    """The page of a reader asks again every few seconds; an aside that holds a form is left alone but for the answers."""
    report = make.opened(dossier)
    peer = next(person for person in queries.panel_of(dossier).people if person != report.rapporteur)

    def follows(person):
        client.force_login(person)
        text = client.get(address("consensus", dossier.pk)).content.decode()
        return text.partition('hx-select-oob="#consensus-state:innerHTML,')[2].partition('"')[0]

    assert (follows(report.rapporteur), follows(peer)) == ("", "#consensus-aside")
    saved = consensus.save(consensus=report, report=make.report(3), revision=0, actor=report.rapporteur)
    asked = consensus.ask_approval(consensus=saved, revision=saved.revision, actor=saved.rapporteur)
    assert follows(peer) == "#consensus-answers"
    make.answered(asked)
    consensus_closing.conclude(consensus=asked, actor=make.user(Role.DIVISION_HEAD))
    assert follows(peer) == ""
