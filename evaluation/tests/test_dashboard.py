"""S7: the figures of a call, the same for whatever number of rows, and silent about what the reader is barred from."""

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications.models import AdmissibilityCheck, Application, Association
from clusters_portal.accounts.roles import Role
from evaluation.models import ConflictDeclaration
from evaluation.queries import dashboard as figures
from evaluation.services import assignments, conflicts
from evaluation.tests import factories as make
from evaluation.views import dashboard_plots as plots

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def page(client, person, call):
    client.force_login(person)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client.get(reverse("evaluation:dashboard", args=[call.slug]))


def block(response, code):
    return next(block for block in response.context["blocks"] if block.code == code)


def table(response, code):
    """{label: cells} of a block's table."""
    return {str(label): cells for label, _address, cells in block(response, code).rows}


def recuse(person, dossier):
    ConflictDeclaration.objects.create(
        evaluator=person, application=dossier, interest="disqualifying", kind="family", text="x", status="confirmed", declared_at=make.NOON
    )


def draft(call):
    association = Association.objects.create(name_fr="Secret tant qu'il n'est pas déposé")
    return Application.objects.create(call=call, association=association, created_by=make.user())


def test_everything_is_counted_once(client):
    call = make.call()
    make.application(call, region="MA-06", sector="C")
    make.application(call, region="MA-06", sector="D", status="inadmissible")
    make.application(call, region="", sector="")
    hidden = draft(call)
    Application.objects.update(created_at=make.NOON - timedelta(days=2))
    shown = page(client, make.user(Role.CASE_OFFICER), call)
    assert shown.status_code == 200
    assert table(shown, "regions") == {"Casablanca-Settat": [2], "Not given": [1]}
    assert sum(cells[0] for cells in table(shown, "sectors").values()) == 3
    assert table(shown, "statuses") == {"Draft — NOT SUBMITTED": [1], "Admissible": [2], "Inadmissible": [1]}
    assert dict(shown.context["numbers"])["Drafts not submitted"] == 1
    assert dict(shown.context["numbers"])["Applications submitted"] == 3
    assert hidden.association.name_fr not in shown.content.decode()
    assert table(shown, "deposits") == {"29 June 2026": [4, 0, 4, 0], "1 July 2026": [0, 3, 4, 3]}
    assert [(tone, total) for tone, *_drawn, total in block(shown, "deposits").plot.sums] == [("begun", 4), ("done", 3)]


def test_progress_of_evaluators_and_of_applications(client):
    call, (first, second) = make.scored_call(3, 4, people=2)
    evaluator = first.assignments.first().evaluator
    late = make.application(call)
    assignments.assign(application=late, evaluator=evaluator, actor=make.user(Role.CASE_OFFICER))
    shown = page(client, make.user(Role.DIVISION_HEAD), call)
    assert table(shown, "evaluators")[str(evaluator)] == [2, 0, 1]
    assert table(shown, "evaluations") == {"0 submitted": [1], "1 submitted": [0], "2 submitted": [2]}
    assert list(table(shown, "dossiers").items())[0] == (late.number, [0, 0, 1])
    assert table(shown, "dossiers")[second.number] == [2, 0, 0]


def test_a_barred_reader_sees_a_call_without_the_dossier(client):
    call, (first, second) = make.scored_call(3, 4, people=1)
    person, clear = make.user(Role.DIVISION_HEAD), make.user(Role.DIVISION_HEAD)
    recuse(person, first)
    Application.objects.update(created_at=make.NOON)
    shown, whole = page(client, person, call), page(client, clear, call)
    assert first.number not in shown.content.decode()
    assert first.number in whole.content.decode()
    for code, cells in (
        ("statuses", {"Under evaluation": [1]}),
        ("regions", {"Casablanca-Settat": [1]}),
        ("deposits", {"1 July 2026": [1, 1, 1, 1]}),
    ):
        assert table(shown, code) == cells
    assert table(shown, "dossiers") == {second.number: [1, 0, 0]}
    assert list(table(shown, "evaluators").values()) == [[1, 0, 0]]
    assert dict(shown.context["numbers"])["Applications submitted"] == 1


def test_the_committee_sees_only_what_is_before_it_and_no_name(client):
    call, (first,), _ranking = make.call_before_committee(3, people=1)
    make.application(call, status="inadmissible", region="MA-01")
    evaluator = first.assignments.get().evaluator
    member, chair = page(client, make.user(Role.COMMITTEE_MEMBER), call), page(client, make.user(Role.COMMITTEE_CHAIR), call)
    assert table(member, "regions") == table(chair, "regions") == {"Casablanca-Settat": [1]}
    assert member.context["numbers"] == []
    assert [block.code for block in member.context["blocks"]] == ["statuses", "regions", "sectors", "evaluations", "consensus", "dossiers"]
    assert str(evaluator) not in member.content.decode()
    assert str(evaluator) in chair.content.decode()


def test_time_to_the_decision_counts_moroccan_days(client):
    call = make.call()
    people = make.user(Role.CASE_OFFICER), make.user(Role.DIVISION_HEAD)
    for days in (3, 10, 11):
        deposit = make.application(call).current_deposit
        moment = call.deadline_at + timedelta(days=days)
        AdmissibilityCheck.objects.create(
            deposit=deposit, outcome="admissible", checked_by=people[0], proposed_by=people[0], proposed_at=moment,
            validated_by=people[1], validated_at=moment, record="{}",
        )  # fmt: skip
    shown = page(client, people[1], call)
    assert table(shown, "delay") == {"Week 1": [1], "Week 2": [2]}
    assert dict(shown.context["numbers"])["Median days from the deadline to this decision"] == 10
    assert dict(shown.context["numbers"])["Admissibility decided"] == "3 / 3"


def test_as_many_queries_for_thirty_as_for_three(client):
    call, _dossiers = make.scored_call(3, people=1)
    person = make.user(Role.DIVISION_HEAD)

    def asked():
        client.force_login(person)
        with CaptureQueriesContext(
            connection,
        ) as found:
            client.get(reverse("evaluation:dashboard", args=[call.slug]))
        return len(found)

    asked()
    few = asked()
    for number in range(30):
        dossier = make.application(call, region=f"MA-{number % 12 + 1:02d}")
        evaluator = make.user(Role.EVALUATOR)
        assignments.assign(application=dossier, evaluator=evaluator, actor=make.user(Role.CASE_OFFICER))
        conflicts.declare(application=dossier, interest="none", actor=evaluator)
    assert (asked(), few <= 12) == (few, True), few


def test_an_empty_call_says_so(client):
    shown = page(client, make.user(Role.AUDITOR), make.call())
    assert (shown.status_code, shown.context["total"]) == (200, 0)


def test_the_deadline_and_every_day_are_within_the_plot():
    days = {date(2026, 6, 1): 2, date(2026, 7, 28): 40}
    begun = {date(2026, 5, 2): 30, date(2026, 6, 30): 12}
    drawn = plots.curve(days, begun, opens=date(2026, 5, 1), deadline=date(2026, 7, 28), today=date(2026, 9, 1), name_of_day=str)
    assert drawn.total == 42
    assert float(drawn.deadline_x) <= drawn.right + 0.1
    (_begun, _path, _x, first, _total), (_done, _path2, _x2, second, _total2) = drawn.sums
    assert round(float(second) - float(first)) == plots.LINE
    assert [float(x) >= plots.SIDE and float(y) >= 0 for x, y, *_rest in drawn.columns] == [True, True]
    assert [value for _y, value in drawn.levels] == [0, 10, 20, 30, 40, 50]


def test_sums_end_with_today_while_the_call_is_open():
    between = {"opens": date(2026, 5, 1), "deadline": date(2026, 5, 10), "name_of_day": str}
    ends = []
    for today in (date(2026, 5, 1), date(2026, 5, 2), date(2026, 5, 4), date(2026, 5, 10), date(2026, 6, 1)):
        drawn = plots.curve({date(2026, 5, 2): 1}, {date(2026, 5, 1): 1}, today=today, **between)
        (end,) = {path.rsplit(" ", 1)[1] for _tone, path, _x, _y, _total in drawn.sums}
        ends.append(float(end))
    day = (drawn.right - plots.SIDE) / 10
    assert ends == pytest.approx([plots.SIDE + days * day for days in (2, 2, 4, 10, 10)], abs=0.1)


@pytest.mark.parametrize("largest, step", [(1, 1), (5, 1), (6, 2), (10, 2), (11, 5), (42, 10), (10_000, 2000)])
def test_marks_of_an_axis_are_few_and_round(largest, step):
    assert plots.step_of(largest) == step


def test_bars_without_anything_are_not_drawn():
    assert plots.bars([]) is plots.bars([("x", [("done", 0)], 0)]) is None


def test_median_of_days():
    assert figures.days_to_decide({date(2026, 7, 30): 2, date(2026, 8, 9): 1}, date(2026, 7, 28)) == (2, 12)
    assert figures.days_to_decide({}, date(2026, 7, 28)) is None
