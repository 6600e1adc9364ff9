"""What a save answers to a script, sent once or twice, accepted or refused."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from applications.demonstration.samples import rows
from applications.models import FeeRule, RejectedInput, StepState, Strategy
from clusters_portal.lib import clock

from ..builders import inputs_of
from ..factories import add_editor, make_user
from .helpers import address, autosave, fees, save

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


# --- The answer to a save ------------------------------------------------------------------------------------------
def test_save_answers_its_version_its_time_and_where_a_person_would_go(client, application):
    found = autosave(client, application, "strategie", {"strategy-overall": "Cap"}).json()
    state = StepState.objects.get()
    assert found == {
        "version": 1,
        "saved_at": json.loads(json.dumps(state.saved_at.isoformat()[:23] + "Z")),
        "said": f"Saved at {clock.format_time(state.saved_at)}",
        "rows": {},
        "errors": [],
        "url": address(application),
    }
    assert Strategy.objects.get().overall == "Cap"


def test_save_with_the_button_pressed_answers_the_next_step(client, application):
    assert autosave(client, application, "strategie", {"next": "1"}).json()["url"] == address(application, "projets")


def test_unreadable_input_is_kept_and_said_beside_its_field(client, application):
    data = {"identity-constitution_date": "hier", "officers-TOTAL": "1", "officers-0-email": "pas-une-adresse"}
    found = autosave(client, application, "identite", data).json()
    assert [error["id"] for error in found["errors"]] == ["id_identity-constitution_date", "id_officers-0-email"]
    assert all(len(error["messages"]) == 1 for error in found["errors"])
    assert sorted(RejectedInput.objects.values_list("raw", flat=True)) == ["hier", "pas-une-adresse"]


def test_new_row_gets_its_number_and_is_made_once(client, application):
    data = rows("fees", [{"category": "Un"}, {}])
    found = autosave(client, application, "gouvernance", data).json()
    row = FeeRule.objects.get()
    assert found["rows"] == {"fees-0": str(row.pk)}
    again = {**data, "fees-0-id": found["rows"]["fees-0"], "fees-0-category": "Un bis"}
    assert autosave(client, application, "gouvernance", again, 1).json()["rows"] == found["rows"]
    assert list(FeeRule.objects.values_list("pk", "category")) == [(row.pk, "Un bis")]


def test_removed_row_taken_back_is_a_new_one(client, application):
    data = rows("fees", [{"category": "Un"}])
    first = autosave(client, application, "gouvernance", data).json()["rows"]["fees-0"]
    numbered = {**data, "fees-0-id": first}
    assert autosave(client, application, "gouvernance", {**numbered, "fees-0-DELETE": "on"}, 1).json()["rows"] == {}
    back = autosave(client, application, "gouvernance", numbered, 2).json()["rows"]["fees-0"]
    assert list(FeeRule.objects.values_list("pk", "category")) == [(int(back), "Un")]


def test_saving_A_then_B_then_A_ends_with_A(client, application):
    for version, text in enumerate("ABA"):
        assert autosave(client, application, "strategie", {"strategy-overall": text}, version).json()["version"] == version + 1
    assert Strategy.objects.get().overall == "A"
    assert ">\nA</textarea>" in client.get(address(application)).content.decode()


def queries_of_a_save(client, application, slug, data, version):
    with CaptureQueriesContext(connection) as queries:
        assert autosave(client, application, slug, data, version).status_code == 200
    return [query["sql"] for query in queries]


def test_save_takes_as_many_queries_for_thirty_rows_as_for_one(client, application):
    counts = []
    for version, number in enumerate((1, 1, 30)):  # the first save makes the rows of the whole step
        found = queries_of_a_save(client, application, "gouvernance", fees(*(f"Ligne {n}" for n in range(number))), version)
        counts.append(len(found))
    assert counts[1] == counts[2] <= 10


@pytest.mark.parametrize("slug", ["strategie", "identite", "gouvernance", "budget", "indicateurs"])
def test_save_of_a_full_step_takes_a_bounded_number_of_queries(client, application, slug):
    found = queries_of_a_save(client, application, slug, inputs_of()[slug], 0)
    assert len(found) <= 13, "\n".join(sql[:120] for sql in found)


# --- A save sent twice ---------------------------------------------------------------------------------------------
def test_save_whose_answer_was_lost_is_recognised(client, application):
    data = {**rows("fees", [{"category": "Un"}]), "governance-organisation": "Un bureau", "board-TOTAL": "0"}
    first = autosave(client, application, "gouvernance", data).json()
    again = autosave(client, application, "gouvernance", data)
    assert (again.status_code, again.json()) == (200, first)
    assert FeeRule.objects.count() == 1 and StepState.objects.get().version == 1


def test_save_button_pressed_twice_without_javascript_is_no_conflict(client, application):
    data = {"version": "0", "strategy-overall": "Cap"}
    answers = [client.post(address(application), data) for _press in range(2)]
    assert [(a.status_code, a["Location"]) for a in answers] == [(302, address(application))] * 2
    assert StepState.objects.get().version == 1


def test_same_row_typed_by_two_people_is_one_only_when_all_is_the_same(client, application):
    save(application, add_editor(application), "gouvernance", rows("fees", [{"category": "Un"}]))
    assert autosave(client, application, "gouvernance", rows("fees", [{"category": "Deux"}])).status_code == 409
    assert list(FeeRule.objects.values_list("category", flat=True)) == ["Un"]


# --- Refusals ------------------------------------------------------------------------------------------------------
def test_conflict_is_answered_and_nothing_is_overwritten(client, application):
    save(application, add_editor(application), "strategie", {"strategy-overall": "Leur texte"})
    answer = autosave(client, application, "strategie", {"strategy-overall": "Mon texte"})
    assert (answer.status_code, answer.json()["reason"]) == (409, "conflict")
    assert "Prénom" in answer.json()["sentence"]
    assert Strategy.objects.get().overall == "Leur texte"


def test_closed_dossier_is_refused_with_its_reason(client, application):
    type(application).objects.filter(pk=application.pk).update(status="deposited", number="X-1", deposited_at=clock.now())
    type(application.call).objects.filter(pk=application.call_id).update(deadline_at=clock.now() - timedelta(seconds=2))
    answer = autosave(client, application, "strategie", {"strategy-overall": "Trop tard"})
    assert (answer.status_code, answer.json()["reason"]) == (409, "refused")
    assert answer.json()["sentence"]
    assert not Strategy.objects.exists() and not StepState.objects.exists()


def test_text_typed_after_the_closing_is_kept_in_the_draft(client, application):
    type(application.call).objects.filter(pk=application.call_id).update(deadline_at=clock.now() - timedelta(seconds=2))
    assert autosave(client, application, "strategie", {"strategy-overall": "Une seconde trop tard"}).status_code == 200
    assert Strategy.objects.get().overall == "Une seconde trop tard"
    assert "This call closed on" in client.get(address(application)).content.decode()


def test_stranger_gets_the_404_of_what_does_not_exist(client, application):
    client.force_login(make_user())
    answers = [autosave(client, application, slug, {"strategy-overall": "x"}) for slug in ("strategie", "inconnue")]
    assert [(a.status_code, a.json()["reason"]) for a in answers] == [(404, "not_found")] * 2
    assert answers[0].content == answers[1].content
    assert not Strategy.objects.exists()


def test_ended_session_is_said_and_writes_nothing(client, application):
    client.logout()
    answer = autosave(client, application, "strategie", {"strategy-overall": "x"})
    assert (answer.status_code, answer.json()["reason"]) == (401, "session")
    assert not StepState.objects.exists()
