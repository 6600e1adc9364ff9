"""What an evaluator meets: the list, the declaration, the sheet, the files."""

from decimal import Decimal

import pytest
from django.core.files.base import ContentFile

from applications.models import Application, Document, DocumentRequirement
from clusters_portal.accounts.roles import Role
from clusters_portal.lib.canonical import canonical_json, sha256_hex
from evaluation.models import ConflictDeclaration, Evaluation, Grid
from evaluation.services import assignments, conflicts
from evaluation.tests import factories as make
from evaluation.tests.pages.helpers import address, sheet

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


# The evaluator's list


def test_empty_list_says_what_will_be_here(client, evaluator):
    assert "No application to evaluate" in client.get(address("my_evaluations")).content.decode()


def test_list_shows_what_is_to_be_done(client, call, evaluator):
    officer = make.user(Role.CASE_OFFICER)
    to_declare, held, to_score, done = (make.application(call) for _ in range(4))
    for dossier in (to_declare, held):
        assignments.assign(application=dossier, evaluator=evaluator, actor=officer)
    conflicts.declare(application=held, interest="potential", kind="other", text="Met.", actor=evaluator)
    make.accepted(to_score, evaluator)
    make.submitted(make.accepted(done, evaluator), 3)
    work = client.get(address("my_evaluations")).context["work"]
    assert {row.application_id: (row.state, row.marked) for row in work.rows} == {
        to_declare.pk: ("declare", 0),
        held.pk: ("waiting", 0),
        to_score.pk: ("score", 0),
        done.pk: ("submitted", 10),
    }
    assert (work.submitted, work.total) == (1, 4)


# Declaring


def test_nothing_is_preselected_and_a_choice_is_needed(client, call, evaluator):
    dossier = make.application(call)
    assignments.assign(application=dossier, evaluator=evaluator, actor=make.user(Role.CASE_OFFICER))
    page = client.get(address("declare", dossier.pk))
    assert " checked" not in page.content.decode()
    assert client.post(address("declare", dossier.pk), {}).status_code == 422
    assert client.post(address("declare", dossier.pk), {"interest": "potential", "text": "Why not"}).status_code == 422
    assert not ConflictDeclaration.objects.exists()
    answer = client.post(address("declare", dossier.pk), {"interest": "none"})
    assert (answer.status_code, answer.headers["Location"]) == (302, address("evaluate", dossier.pk))


# Scoring


def test_nothing_is_preselected_on_the_sheet(client, assignment):
    page = client.get(address("evaluate", assignment.application_id))
    assert page.status_code == 200
    assert " checked" not in page.content.decode()
    assert [len(row.options) for row in page.context["rows"]] == [11] * 10
    assert not Evaluation.objects.exists()


def test_a_draft_is_saved_in_any_state_and_shown_again(client, assignment):
    answer = client.post(address("evaluate", assignment.application_id), sheet("", why="", mark_T1="3.5", strengths="Strong."))
    assert answer.status_code == 302
    stored = Evaluation.objects.get()
    assert {s.value for s in stored.scores.all()} == {None, Decimal("3.5")}
    page = client.get(address("evaluate", assignment.application_id))
    assert [o.value for row in page.context["rows"] for o in row.options if o.checked] == ["3.5"]
    assert (page.context["total"], page.context["marked"], page.context["revision"]) == (Decimal("7.00"), 1, 1)


def test_zero_is_a_mark_and_shown_as_chosen(client, assignment):
    client.post(address("evaluate", assignment.application_id), sheet("0"))
    page = client.get(address("evaluate", assignment.application_id))
    assert [o.value for row in page.context["rows"] for o in row.options if o.checked] == ["0"] * 10


@pytest.mark.parametrize("mark", ["3.3", "6", "-1", "abc", "NaN"])
def test_a_mark_off_the_scale_is_refused_with_nothing_lost(client, assignment, mark):
    answer = client.post(address("evaluate", assignment.application_id), sheet(mark_T1=mark, why_T2="Typed at length."))
    assert answer.status_code == 422
    assert "Typed at length." in answer.content.decode()
    assert not Evaluation.objects.exists()


@pytest.mark.parametrize("revision", ["0", "7", "", "x", "²", "9" * 40])
def test_a_stale_save_is_refused_keeping_what_was_typed(client, assignment, revision):
    client.post(address("evaluate", assignment.application_id), sheet("3"))
    answer = client.post(address("evaluate", assignment.application_id), sheet("4", revision=revision, strengths="Only in this tab."))
    assert answer.status_code == 409
    assert "Only in this tab." in answer.content.decode()
    assert answer.context["differing"][:2] == [
        {"label": "Strengths", "stored": "", "typed": "Only in this tab."},
        {"label": "T1", "stored": "3", "typed": "4"},
    ]
    assert {s.value for s in Evaluation.objects.get().scores.all()} == {Decimal("3.0")}
    kept = client.post(address("evaluate", assignment.application_id), sheet("4", revision=answer.context["revision"]))
    assert kept.status_code == 302
    assert {s.value for s in Evaluation.objects.get().scores.all()} == {Decimal("4.0")}


def test_what_a_stale_tab_left_empty_takes_what_is_stored(client, assignment):
    client.post(address("evaluate", assignment.application_id), sheet("3", strengths="First tab."))
    second = {"mark_T1": "4", "mark_T2": "", "why_T2": "", "confidence": ""}
    page = client.post(address("evaluate", assignment.application_id), sheet("3", revision=0, **second))
    form = page.context["form"]
    shown = {name: form[name].value() for name in ("mark_T1", "mark_T2", "why_T2", "strengths", "confidence")}
    assert shown == {"mark_T1": "4", "mark_T2": "3", "why_T2": make.LONG, "strengths": "First tab.", "confidence": 2}
    assert {"label": "T2", "stored": "3", "typed": ""} in page.context["differing"]


def test_an_incomplete_submission_is_saved_and_says_what_is_missing(client, assignment):
    answer = client.post(address("evaluate", assignment.application_id), sheet(action="submit", mark_T3="", why_Q1="Short", confidence=""))
    assert answer.status_code == 422
    assert [target for target, _sentence in answer.context["problems"]] == ["#criterion-T3", "#id_why_Q1", "#id_confidence_0"]
    stored = Evaluation.objects.get()
    assert (stored.status, stored.scores.filter(value=None).count(), answer.context["revision"]) == ("draft", 1, 1)
    done = client.post(address("evaluate", assignment.application_id), sheet(action="submit", revision=1))
    assert (done.status_code, done.headers["Location"]) == (302, address("sheet", stored.pk))


def test_a_submitted_sheet_is_read_back_and_no_longer_written(client, assignment):
    client.post(address("evaluate", assignment.application_id), sheet("4.5", action="submit"))
    stored = Evaluation.objects.get()
    page = client.get(address("sheet", stored.pk)).content.decode()
    assert "4,5" in page
    assert stored.receipt_sha256 in page
    answer = client.post(address("evaluate", assignment.application_id), sheet("1", revision=1))
    assert (answer.status_code, answer.headers["Location"]) == (302, address("sheet", stored.pk))
    assert {s.value for s in Evaluation.objects.get().scores.all()} == {Decimal("4.5")}


def test_the_total_is_computed_by_the_server_and_writes_nothing(client, assignment):
    answer = client.post(address("total", assignment.application_id), sheet("2.5", mark_T1="", mark_T2="9"))
    assert (answer.context["total"], answer.context["marked"]) == (Decimal("40.00"), 8)
    assert not Evaluation.objects.exists()
    assert not Grid.objects.get().is_locked


def test_scoring_closes_with_the_committee(client, assignment):
    Application.objects.filter(pk=assignment.application_id).update(status="in_committee")
    assert client.get(address("evaluate", assignment.application_id)).status_code == 403
    assert client.post(address("evaluate", assignment.application_id), sheet()).status_code == 403
    assert client.get(address("dossier", assignment.application_id)).status_code == 200


def test_without_a_grid_one_reads_but_cannot_score(client, evaluator):
    call = make.call()
    assignment = make.accepted(make.application(call), evaluator)
    assert "No scoring grid has been adopted" in client.get(address("evaluate", assignment.application_id)).content.decode()
    assert client.post(address("evaluate", assignment.application_id), sheet()).status_code == 409
    assert client.post(address("total", assignment.application_id), sheet()).status_code == 200
    assert not Evaluation.objects.exists()


# Files


@pytest.mark.parametrize("scan, status", [("not_scanned", 200), ("clean", 200), ("pending", 403), ("infected", 403)])
def test_files_of_the_deposit_are_attachments(client, call, evaluator, scan, status):
    dossier = make.application(call)
    make.accepted(dossier, evaluator)
    requirement = DocumentRequirement.objects.create(call=call, code="statutes", label_fr="Statuts", clause="5")
    common = {"application": dossier, "requirement": requirement, "size": 3, "content_type": "application/pdf", "sha256": "0" * 64}
    inside, outside = (
        Document.objects.create(
            **common,
            original_name="عقد.pdf",
            scan=scan,
            uploaded_by=dossier.created_by,
            uploaded_at=make.NOON,
            file=ContentFile(b"PDF", "x"),
        )
        for _ in range(2)
    )
    content = dossier.current_deposit.content | {
        "documents": [{"id": str(inside.pk), "requirement": "statutes", "label": "", "name": "عقد.pdf", "size": 3}]
    }
    text = canonical_json(content)
    last = dossier.current_deposit
    type(last).objects.create(
        application=dossier, sequence=2, number=dossier.number, received_at=make.NOON, deadline_at=last.deadline_at,
        deposited_by=last.deposited_by, snapshot=text, sha256=sha256_hex(text), name_fr="X",
    )  # fmt: skip
    answer = client.get(address("document", dossier.pk, inside.pk))
    assert answer.status_code == status
    if status == 200:
        assert b"".join(answer.streaming_content) == b"PDF"
        assert answer.headers["Content-Disposition"].startswith("attachment")
    assert client.get(address("document", dossier.pk, outside.pk)).status_code == 404
    page = client.get(address("dossier", dossier.pk))
    assert "عقد.pdf" in page.content.decode()
    assert page.context["piece_of"] == {str(inside.pk): "Statuts"}
    if status == 200:  # beside the sheet, a file opens in a tab of its own where there is no script: what is typed stays
        scoring = client.get(address("evaluate", dossier.pk)).content.decode()
        opens = [text.split("data-opens-piece")[1].split(">")[0] for text in (scoring, page.content.decode())]
        assert ['target="_blank"' in link for link in opens] == [True, False]
