"""What happened to a dossier: told to whom it concerns, in sentences, and to nobody else."""

import ast
import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from applications.models import Application, StepState
from applications.services import lifecycle, people, reading
from applications.services.assignees import assign
from applications.services.deposit import DepositRefused, deposit
from applications.services.documents import attach, remove
from applications.services.notification import note_notified
from applications.tests.builders import DECLARATION, deposited_application, filled_application
from applications.tests.factories import add_editor, make_application, make_call, make_user, pdf_file
from applications.tests.staff_fixtures import officer
from applications.timeline import APPLICANTS, STAFF, timeline_of
from applications.timeline.table import HIDDEN, TOLD, is_hidden
from applications.workflow import APPLICATION_WORKFLOW
from clusters_portal.audit import journal
from clusters_portal.lib import clock
from evaluation.models import Assignment, Attendance
from evaluation.services import archive
from evaluation.workflow import (
    ASSIGNMENT_WORKFLOW,
    BALLOT_WORKFLOW,
    CONFLICT_WORKFLOW,
    CONSENSUS_WORKFLOW,
    EVALUATION_WORKFLOW,
    ITEM_WORKFLOW,
    SESSION_WORKFLOW,
)

ACTION = re.compile(r"[a-z_]+\.[a-z_]+")
# Acts whose name is put together where they are written.
COMPOSED = {
    "clusters_portal/audit/lifecycle.py": [
        f"{verb}.{move.name}"
        for verb, workflow in (
            ("application", APPLICATION_WORKFLOW), ("conflict", CONFLICT_WORKFLOW), ("assignment", ASSIGNMENT_WORKFLOW),
            ("evaluation", EVALUATION_WORKFLOW), ("consensus", CONSENSUS_WORKFLOW), ("session", SESSION_WORKFLOW),
            ("agenda_item", ITEM_WORKFLOW), ("ballot", BALLOT_WORKFLOW),
        )
        for move in workflow.transitions
    ],
    "applications/services/rows.py": [f"application.row_{act}" for act in ("copied", "moved", "removed", "put_back")],
    "applications/services/reading.py": [reading.ACTION],
    "applications/services/register.py": [f"register.{row}_{act}" for row in ("cluster", "period") for act in ("changed", "entered")],
    "clusters_portal/accounts/role_grants.py": ["user.roles_changed", "role.refused"],
    "evaluation/services/archive.py": [archive.STARTED, archive.SEALED, archive.TAKEN, archive.FAILED, archive.EXPIRED],
    "evaluation/services/assignments.py": [f"assignment.{origin}" for origin in Assignment.Origin.values],
    "evaluation/services/attendance.py": [f"attendance.{move}" for move in Attendance.Move.values],
    "applications/services/people.py": ["collaborator.removed", "collaborator.left"],
}  # fmt: skip


def told(application, audience=APPLICANTS, moment=None):
    with translation.override("en"):
        return timeline_of(application, audience=audience, now=moment or clock.now())


def actions(application, audience=APPLICANTS, moment=None):
    return [event.action for event in told(application, audience, moment)]


def recorded() -> dict:
    """{file: first argument of each call of `journal.record`}: a name, or None where it is put together."""
    found = {}
    for app in ("clusters_portal", "applications", "evaluation"):
        for path in sorted((settings.BASE_DIR / app).rglob("*.py")):
            if {"tests", "migrations"} & set(path.parts):
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("record", "record_all"):
                    name = node.args[0].value if node.args and isinstance(node.args[0], ast.Constant) else None
                    if isinstance(node.func.value, ast.Name) and node.func.value.id == "journal":
                        found.setdefault(path.relative_to(settings.BASE_DIR).as_posix(), []).append(name)
    return found


def test_every_act_of_the_code_is_told_or_hidden():
    found = recorded()
    composed = {path for path, names in found.items() if None in names}
    assert composed == set(COMPOSED), "an act whose name is put together is listed in COMPOSED"
    names = {name for names in [*found.values(), *COMPOSED.values()] for name in names if name}
    assert all(ACTION.fullmatch(name) for name in names)
    unknown = sorted(name for name in names if name not in TOLD and not is_hidden(name))
    assert unknown == [], "give each a sentence in TOLD, or a reason in HIDDEN (applications/timeline/table.py)"
    assert sorted(name for name in TOLD if is_hidden(name)) == []
    assert sorted(set(TOLD) - names) == []
    assert sorted(name for name in HIDDEN if not any(each == name or each.startswith(name) for each in names)) == []


@pytest.mark.django_db
def test_draft_is_told_to_its_people_in_sentences():
    owner = make_user(first_name="Salma", last_name="BENNIS")
    application = make_application(call=make_call(), user=owner)
    piece = application.call.document_requirements.get(code="OTHER")
    made = attach(application=application, requirement=piece, upload=pdf_file("lettre.pdf"), actor=owner, label="x")
    remove(document=made, actor=owner)
    people.invite(application=application, email="autre@cluster.example", actor=owner, link=str)
    found = [(event.sentence, event.who) for event in told(application) if event.action != "step.saved"]
    assert found == [
        ("Invitation sent to autre@cluster.example.", "Salma BENNIS"),
        ("File removed: “lettre.pdf”.", "Salma BENNIS"),
        (f"File received: “lettre.pdf” ({piece.label_en}).", "Salma BENNIS"),
        ("The application was started.", "Salma BENNIS"),
    ]
    assert told(application, STAFF) == []


@pytest.mark.django_db
def test_saves_make_one_line_per_day_and_person():
    owner = make_user()
    application = make_application(call=make_call(), user=owner)
    editor, today = add_editor(application), clock.now().replace(hour=12)
    for slug, person, days in (("identite", owner, 1), ("membres", owner, 1), ("budget", editor, 1), ("territoire", owner, 0)):
        moment = today - timedelta(days=days)
        StepState.objects.create(application=application, slug=slug, version=40, saved_at=moment, saved_by=person)
    found = [event for event in told(application) if event.action == "step.saved"]
    assert sorted((event.who, event.sentence, len(event.details)) for event in found) == sorted(
        [(str(owner), "1 step saved.", 1), (str(owner), "2 steps saved.", 2), (str(editor), "1 step saved.", 1)]
    )
    assert found[0].at == today


@pytest.mark.django_db
def test_refused_attempt_is_told_with_its_reasons_to_applicants_only():
    owner = make_user()
    application = filled_application(call=make_call(), user=owner)
    late = application.call.deadline_at + timedelta(seconds=1)
    with clock.set_to(late), pytest.raises(DepositRefused) as refusal:
        deposit(application=application, declaration=DECLARATION, actor=owner)
    event = told(application)[0]
    assert event.action == "application.deposit_refused"
    assert event.details == tuple(obstacle.sentence for obstacle in refusal.value.obstacles)
    assert "application.deposit_refused" not in actions(application, STAFF)


@pytest.mark.django_db
def test_officer_is_named_to_dptc_and_an_office_to_applicants():
    application, made = deposited_application(call=make_call(), user=make_user())
    person = officer(first_name="Karim", last_name="ALAMI")
    assign(application=application, assignee=person, actor=person)
    lifecycle.move(application, "declare_admissible", actor=person, note="interne")
    assert [(e.action, e.who) for e in told(application, STAFF)][:2] == [
        ("application.declare_admissible", "Karim ALAMI"), ("application.assigned", "Karim ALAMI"),
    ]  # fmt: skip
    mine = told(application)
    assert (mine[0].action, mine[0].who, mine[0].details) == ("application.declare_admissible", "DPTC", ())
    assert (mine[1].action, mine[1].sentence) == ("application.deposit", f"Submitted: no. {made.number}.")
    text = " ".join(f"{e.sentence} {e.who} {' '.join(e.details)}" for e in mine)
    assert "ALAMI" not in text
    assert "interne" not in text
    assert made.sha256 in text


@pytest.mark.django_db
def test_decision_is_told_once_it_is_notified():
    application, _made = deposited_application(call=make_call(), user=make_user())
    person = officer()
    for move in ("declare_admissible", "start_evaluation", "submit_to_committee", "reject"):
        lifecycle.move(application, move, actor=person, note="secret")
    assert actions(application)[0] == "application.start_evaluation"
    application.call.results_published_at = clock.now()
    application.call.save()
    application = Application.objects.get(pk=application.pk)
    assert actions(application)[0] == "application.start_evaluation"
    application = note_notified(application=application)
    event = told(application)[0]
    assert (event.action, event.sentence, event.who) == ("application.reject", "Decision: Not selected.", "Steering committee")
    assert "application.submit_to_committee" not in actions(application)


@pytest.mark.django_db
def test_unknown_act_and_another_dossier_are_not_told():
    call, owner = make_call(), make_user()
    first, second = make_application(call=call, user=owner, name="Un"), make_application(call=call, user=owner, name="Deux")
    journal.record("application.of_tomorrow", first, actor=owner)
    journal.record("call.changed", call, actor=owner)
    people.invite(application=second, email="autre@cluster.example", actor=owner, link=str)
    assert actions(first) == ["application.created"]
    assert actions(second) == ["invitation.sent", "application.created"]


@pytest.mark.django_db
def test_page_reads_as_many_rows_with_the_same_queries(client, django_assert_num_queries, english):
    owner = make_user()
    client.force_login(owner)
    application = make_application(call=make_call(), user=owner)
    page = reverse("applications:timeline", args=[application.pk])
    client.get(page)
    with CaptureQueriesContext(connection) as few:
        assert len(client.get(page).context["events"]) == 1
    for number in range(30):
        journal.record("document.removed", application, actor=owner, before=f"{number}.pdf")
    with django_assert_num_queries(len(few)):
        assert len(client.get(page).context["events"]) == 31
    assert len(few) <= 10


@pytest.mark.django_db
def test_stranger_and_dptc_have_no_such_page(client):
    application, _made = deposited_application(call=make_call(), user=make_user())
    for visitor in (make_user(), officer()):
        client.force_login(visitor)
        assert client.get(reverse("applications:timeline", args=[application.pk])).status_code == 404
