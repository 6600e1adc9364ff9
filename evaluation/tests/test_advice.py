"""The advice beside a ranking: from stored marks to what is kept, shown and handed out."""

import json
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from django.urls import reverse

from applications.models import Criterion
from clusters_portal.accounts.roles import Role
from clusters_portal.audit.models import AppendOnlyError, AuditEntry
from clusters_portal.lib.canonical import sha256_hex
from evaluation import queries
from evaluation.models import ConflictDeclaration, RankingAdvice
from evaluation.services import advice, rankings
from evaluation.services.refusals import Refused
from evaluation.tests import factories as make
from evaluation.tests.test_rules_agreement import SHROUT_FLEISS, SIEGEL
from tests.kept import kept

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def head(client):
    person = make.user(Role.DIVISION_HEAD)
    client.force_login(person)
    return person


@kept
def judged(judges, *, places=3, names=None):
    """A run whose marks are one list per evaluator, one value (all criteria) per dossier."""
    call = make.call(places=places, min_evaluators=len(judges))
    make.adopted_grid(call)
    panel = [make.user(Role.EVALUATOR, name=name) for name in names or [None] * len(judges)]
    dossiers = [make.application(call) for _ in judges[0]]
    for person, marks in zip(panel, judges, strict=True):
        for dossier, mark in zip(dossiers, marks, strict=True):
            make.submitted(make.accepted(dossier, person), *(mark if isinstance(mark, tuple) else (mark,)))
    for dossier, given in zip(dossiers, zip(*judges, strict=True), strict=True):
        make.agreed(dossier, *middle([mark if isinstance(mark, tuple) else (mark,) * len(make.CODES) for mark in given]))
    return call, dossiers, rankings.run(call=call, actor=make.user(Role.DIVISION_HEAD))


def middle(given):
    """The half points nearest to the mean of each column: inside the evaluators' range, as agreed marks most often are."""
    return [Decimal(round(2 * sum(Decimal(str(mark)) for mark in column) / len(column))) / 2 for column in zip(*given, strict=True)]


def half(judges):
    """Published marks from 1 to 10, halved: every statistic of the page but α ratio's zero ignores the unit."""
    return [[Decimal(mark) / 2 for mark in row] for row in judges]


def page_of(client, call, number=1):
    return client.get(reverse("evaluation:advice", args=[call.slug, number]))


# Published figures, from the evaluators' sheets to the page


def test_shrout_and_fleiss_1979_from_the_sheets_to_the_page(client, head):
    call, _dossiers, ranking = judged(half(SHROUT_FLEISS))
    advice.advise(ranking=ranking, actor=head)
    page = page_of(client, call)
    for row in page.context["figures"].agreement:
        found = (row.icc_single.n, row.icc_single.k, round(row.icc_single.value, 2), round(row.icc_mean.value, 2))
        assert found == (6, 4, Decimal("0.29"), Decimal("0.62")), row.subject
    text = page.content.decode()
    assert (text.count("<bdi>0.29</bdi>"), text.count("<bdi>0.62</bdi>")) == (11, 11)


def test_siegel_1956_from_the_sheets_to_the_page(client, head):
    # W = 306 / 1890 = 0.1619, χ² = 15 W = 2.43 on 5 degrees; below 8 applications no probability is given.
    call, _dossiers, ranking = judged(half(SIEGEL))
    advice.advise(ranking=ranking, actor=head)
    whole = page_of(client, call).context["whole"]
    assert (whole.kendall_w.value, whole.chi_square) == (Decimal("0.161905"), Decimal("2.428571"))
    assert (whole.degrees, whole.probability, whole.marks) == (5, None, 18)


# What is kept


def test_the_same_run_gives_the_same_bytes(head):
    _call, _dossiers, ranking = judged(half(SHROUT_FLEISS))
    kept = advice.advise(ranking=ranking, actor=head)
    assert advice.reproduce(RankingAdvice.objects.get()) == queries.advice_document(kept)
    assert kept.sha256 == sha256_hex(queries.advice_document(kept))
    assert (kept.seed, kept.code_version) == (advice.seed_of(ranking), advice.code_version())
    assert advice.seed_of(rankings.run(call=ranking.call, actor=head)) == kept.seed


def test_the_advice_of_a_run_is_kept_once_and_journalled(head):
    _call, _dossiers, ranking = judged(half(SHROUT_FLEISS))
    first = advice.advise(ranking=ranking, actor=head)
    assert advice.advise(ranking=ranking, actor=head) == first
    entry = AuditEntry.objects.get(action="ranking.advise")
    assert (entry.actor, entry.object_id, entry.after) == (head, str(ranking.pk), first.sha256)
    for act in (first.save, first.delete, RankingAdvice.objects.all().delete, lambda: RankingAdvice.objects.update(seed=1)):
        with pytest.raises(AppendOnlyError):
            act()


def test_the_advice_follows_the_run_after_the_commit(django_capture_on_commit_callbacks):
    call, _dossiers, _first = judged(half(SIEGEL))
    with django_capture_on_commit_callbacks(execute=True):
        ranking = rankings.run(call=call, actor=make.user(Role.DIVISION_HEAD))
    assert RankingAdvice.objects.get().ranking == ranking
    advice.advise_ranking(ranking.pk)
    assert RankingAdvice.objects.count() == 1


def test_the_advice_reads_the_run_and_nothing_live(head):
    call, dossiers, ranking = judged(half(SHROUT_FLEISS))
    kept = advice.advise(ranking=ranking, actor=head)
    grid = ranking.grid.criteria.first()
    type(grid).objects.filter(pk=grid.pk).update(weight=grid.weight + 1)
    assert advice.reproduce(kept) == queries.advice_document(kept)
    assert call.rankings.get().sha256 == ranking.sha256


def test_advice_never_enters_the_ranking(head):
    _call, _dossiers, ranking = judged(half(SHROUT_FLEISS))
    before = (ranking.sha256, list(ranking.lines.values_list("application", "rank")))
    advice.advise(ranking=ranking, actor=head)
    ranking.refresh_from_db()
    assert (ranking.sha256, list(ranking.lines.values_list("application", "rank"))) == before
    assert rankings.reproduce(ranking) == queries.document_of(ranking)


def test_a_call_too_large_is_refused_and_nothing_is_written(client, head, monkeypatch):
    call, _dossiers, ranking = judged(half(SIEGEL))
    monkeypatch.setattr(advice, "MAX_DOSSIERS", 5)
    with pytest.raises(Refused):
        advice.advise(ranking=ranking, actor=head)
    client.post(reverse("evaluation:compute_advice", args=[call.slug, 1]))
    advice.advise_ranking(ranking.pk)
    assert not RankingAdvice.objects.exists()
    assert not page_of(client, call).context["may_compute"]


# The page


def test_an_older_run_gets_its_advice_by_the_button(client, head):
    call, _dossiers, _ranking = judged(half(SIEGEL))
    address = reverse("evaluation:compute_advice", args=[call.slug, 1])
    before = page_of(client, call)
    assert (before.context["figures"], before.context["may_compute"]) == (None, True)
    assert address in before.content.decode()
    assert not RankingAdvice.objects.exists()
    assert client.get(address).status_code == 405
    assert client.post(address).status_code == 302
    assert page_of(client, call).context["figures"].advice == RankingAdvice.objects.get()


def test_the_ranking_page_says_how_firm_each_place_is(client, head):
    # Four dossiers on which all agree (100, 60, 20, 10), and a fifth at 100, 100 and 20 that holds the second place.
    call, dossiers, ranking = judged([[5, 3, 1, 0.5, 5], [5, 3, 1, 0.5, 5], [5, 3, 1, 0.5, 1]], places=2)
    ranking_page = reverse("evaluation:ranking", args=[call.slug])
    assert client.get(ranking_page).context["badges"] is None
    advice.advise(ranking=ranking, actor=head)
    page = client.get(ranking_page)
    badges = page.context["badges"]
    assert [badges[d.pk].code for d in dossiers] == ["solid", "likely", "solid", "solid", "likely"]
    # It beats 60 when at least two of its three draws are 100: 8/27 + 12/27.
    assert badges[dossiers[4].pk].share == pytest.approx(Decimal(20) / 27, abs=Decimal("0.05"))
    assert badges[dossiers[4].pk].share + badges[dossiers[1].pk].share == 1
    assert badges[dossiers[0].pk].text == "100\u00a0%"
    assert reverse("evaluation:advice", args=[call.slug, 1]) in page.content.decode()
    assert [line.rank for line in page.context["lines"]] == [1, 2, 3, 4, 5]


def test_divergent_marks_are_flagged(client, head):
    low = (1.5, 3.5, 3.5, 3, 3, 3, 3, 3, 3, 3)
    call, dossiers, ranking = judged([[3, 3, 3, 3, 3.5], [3, 4, 3, 3, low], [3, 3, 3, 3, 3]])
    advice.advise(ranking=ranking, actor=head)
    figures = page_of(client, call).context["figures"]
    # 80 against 60: 20 points out of 100, flagged at equality; T1 from 1.5 to 3.5: 2 points.
    found = {row.line.application_id: row.flags for row in figures.to_discuss}
    label = Criterion.objects.get(call=call, code="T1").label_en
    assert found == {
        dossiers[1].pk: ["Weighted score: from 60 to 80 out of 100"],
        dossiers[4].pk: [f"T1 · {label}: from 1.5 to 3.5 out of 5"],
    }


def test_too_few_dossiers_hide_what_would_mean_nothing(client, head):
    call, _dossiers, ranking = judged([[5, 3, 1, 2], [4, 3, 2, 2]])
    advice.advise(ranking=ranking, actor=head)
    page = page_of(client, call)
    reason = "Not shown: there are too few applications for this figure to mean anything."
    row = page.context["whole"]
    statistics = [*row.alphas.values(), row.icc_single, row.icc_mean, row.kendall_w]
    assert {(found.value, found.reason) for found in statistics} == {(None, reason)}
    assert (page.context["severity_plot"], page.context["figures"].severity["reason"]) == (None, reason)
    assert page.content.decode().count(reason) >= 3


def test_one_evaluator_hides_agreement_and_bootstrap(client, head):
    call, _dossiers, ranking = judged([[5, 3, 1, 2, 4]])
    advice.advise(ranking=ranking, actor=head)
    page = page_of(client, call)
    figures = page.context["figures"]
    assert figures.hidden_schemes == {
        "evaluators": "Not shown: every application needs at least two evaluations to see what others would change."
    }
    assert [row.badge for row in figures.stands] == [None] * 5
    assert queries.badges_of(ranking) == {}
    assert {len(row.stands) for row in figures.stands} == {2}


def test_a_call_without_a_line_has_no_badge_and_no_critical_weight(client, head):
    for places in (None, 6):
        call, _dossiers, ranking = judged(half(SIEGEL), places=places)
        advice.advise(ranking=ranking, actor=head)
        page = page_of(client, call)
        assert (page.context["stand_plot"], page.context["critical_plot"], queries.badges_of(ranking)) == (None, None, {})


def test_a_design_that_is_not_connected_is_said(client, head):
    call = make.call(places=3, min_evaluators=2)
    make.adopted_grid(call)
    panel = [make.user(Role.EVALUATOR, name=f"Group{n}") for n in range(4)]
    dossiers = [make.application(call) for _ in range(6)]
    for index, dossier in enumerate(dossiers):
        for person in panel[:2] if index < 3 else panel[2:]:
            make.submitted(make.accepted(dossier, person), 1 + index / 2)
        make.agreed(dossier)
    advice.advise(ranking=rankings.run(call=call, actor=head), actor=head)
    page = page_of(client, call)
    figures = page.context["figures"]
    assert [[str(p) for p in people] for people, _n in figures.groups] == [[str(p) for p in panel[:2]], [str(p) for p in panel[2:]]]
    assert "Some evaluators share no application with the others" in page.content.decode()
    assert figures.severity["reason"].startswith("Not shown: some evaluators share no application")


# Names, recusal, cost


@pytest.mark.parametrize("role, named", [(Role.CASE_OFFICER, True), (Role.COMMITTEE_CHAIR, True), (Role.COMMITTEE_MEMBER, False)])
def test_evaluators_are_named_only_to_those_who_may_know(client, role, named):
    call, _dossiers, ranking = make.call_before_committee(5, 4, 3, 2, 1, people=2)
    advice.advise(ranking=ranking, actor=ranking.created_by)
    names = sorted({str(a.evaluator) for d in call.applications.all() for a in d.assignments.all()})
    client.force_login(make.user(role))
    page = page_of(client, call)
    assert list(page.context["figures"].names.values()) == (names if named else ["Evaluator 1", "Evaluator 2"])
    book = client.get(reverse("evaluation:advice_file", args=[call.slug, 1, "xlsx"])).content
    cells = {str(cell) for sheet in openpyxl.load_workbook(BytesIO(book)) for row in sheet.values for cell in row}
    assert [name in cells for name in names] == [named, named]
    assert [name in page.content.decode() for name in names] == [named, named]


def test_whoever_is_barred_from_one_dossier_gets_nothing_of_it(client):
    call, dossiers, ranking = make.call_before_committee(5, 4, 3, people=2)
    advice.advise(ranking=ranking, actor=ranking.created_by)
    head = ranking.created_by
    client.force_login(head)
    files = [reverse("evaluation:advice_file", args=[call.slug, 1, fmt]) for fmt in ("xlsx", "json")]
    addresses = [reverse("evaluation:advice", args=[call.slug, 1]), *files]
    assert [client.get(address).status_code for address in addresses] == [200] * 3
    ConflictDeclaration.objects.create(
        evaluator=head, application=dossiers[2], interest="potential", kind="family", text="x", status="declared", declared_at=make.NOON
    )
    assert [client.get(address).status_code for address in addresses] == [404] * 3
    assert client.post(reverse("evaluation:compute_advice", args=[call.slug, 1])).status_code == 404
    page = client.get(reverse("evaluation:ranking", args=[call.slug]))
    assert page.context["badges"] is None
    assert addresses[0] not in page.content.decode()


def test_the_page_costs_the_same_for_any_number_of_dossiers(client, head, django_assert_max_num_queries):
    costs = []
    for rows in (5, 25):
        call, _dossiers, ranking = judged([[n % 9 / 2 for n in range(rows)], [n % 7 / 2 for n in range(rows)]])
        advice.advise(ranking=ranking, actor=head)
        with django_assert_max_num_queries(10) as shown:
            assert page_of(client, call).status_code == 200
        with django_assert_max_num_queries(10) as listed:
            assert client.get(reverse("evaluation:ranking", args=[call.slug])).status_code == 200
        costs.append((len(shown), len(listed)))
    assert costs[0] == costs[1]


# Files


def test_the_files_say_what_is_kept(client, head):
    call, dossiers, ranking = judged(half(SHROUT_FLEISS))
    kept = advice.advise(ranking=ranking, actor=head)
    sealed = client.get(reverse("evaluation:advice_file", args=[call.slug, 1, "json"])).content
    assert sha256_hex(sealed) == kept.sha256
    assert json.loads(sealed)["ranking_sha256"] == ranking.sha256
    answer = client.get(reverse("evaluation:advice_file", args=[call.slug, 1, "xlsx"]))
    book = openpyxl.load_workbook(BytesIO(answer.content))
    assert book.sheetnames == [
        "Fingerprint", "Marks", "Spread of the marks", "Agreement", "Severity", "Corrected ranks", "Robustness", "Rank acceptability",
        "Weights",
    ]  # fmt: skip
    seal = dict(list(book["Fingerprint"].values)[1:])
    assert (seal["SHA-256 of the ranking"], seal["SHA-256 of this advice (the JSON file)"]) == (ranking.sha256, kept.sha256)
    marks = list(book["Marks"].values)
    assert (len(marks), marks[1][0], marks[1][2:]) == (25, dossiers[0].number, (4.5,) * 10 + (90,))
    whole = dict(zip(*list(book["Agreement"].values)[:2], strict=True))
    assert (round(whole["ICC(2,1)"], 2), round(whole["ICC(2,k)"], 2), whole["Marks"]) == (0.29, 0.62, 24)
    shares = [row[3:] for row in list(book["Rank acceptability"].values)[1:]]
    assert [round(sum(row), 4) for row in shares] == [1] * 18
    assert client.get(reverse("evaluation:advice_file", args=[call.slug, 1, "pdf"])).status_code == 404
    assert client.get(reverse("evaluation:advice", args=[call.slug, 2])).status_code == 404


def test_files_of_a_run_without_advice_do_not_exist(client, head):
    call, _dossiers, _ranking = judged(half(SIEGEL))
    assert client.get(reverse("evaluation:advice_file", args=[call.slug, 1, "json"])).status_code == 404
