"""Saving while one types: what the script is answered, what is kept when sessions end, what a conflict lets one choose."""

import json
import time
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.middleware.csrf import get_token
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications.demonstration.samples import rows
from applications.models import FeeRule, Identity, RejectedInput, StepState, Strategy
from applications.services.drafts import save_step
from applications.steps import STEPS_BY_SLUG
from clusters_portal.lib import clock

from .builders import inputs_of
from .factories import add_editor, make_application, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
SCRIPT = {"HTTP_ACCEPT": "application/json"}
SEALED = "seal"


@pytest.fixture
def application(owner):
    return make_application(user=owner)


def address(application, slug="strategie"):
    return reverse("applications:step", args=[application.pk, slug])


def autosave(client, application, slug, data, version=0, **headers):
    return client.post(address(application, slug), {"version": str(version), **data}, **SCRIPT, **headers)


def save(application, actor, slug, data):
    return save_step(application=application, step=STEPS_BY_SLUG[slug], data=data, actor=actor)


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


# --- The page of a conflict ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(("answer", "kept"), [("mine", "Mon texte"), ("theirs", "Leur texte")])
def test_each_difference_is_chosen(client, application, answer, kept):
    save(application, add_editor(application), "strategie", {"strategy-overall": "Leur texte", "strategy-positioning": "Leur place"})
    mine = {"strategy-overall": "Mon texte", "strategy-positioning": "Ma place"}
    page = client.post(address(application), {"version": "0", **mine})
    choices = [difference.choice for difference in page.context["conflict"]["differences"]]
    assert choices == ["choose:strategy.overall", "choose:strategy.positioning"]
    answers = {"choose:strategy.overall": answer, "choose:strategy.positioning": "mine"}
    assert client.post(address(application), {"version": "1", **mine, **answers}).status_code == 302
    assert (Strategy.objects.get().overall, Strategy.objects.get().positioning) == (kept, "Ma place")


def test_choice_made_against_another_version_is_asked_again(client, application):
    editor = add_editor(application)
    for text in ("Leur texte", "Leur autre texte"):
        save(application, editor, "strategie", {"strategy-overall": text})
    data = {"version": "1", "strategy-overall": "Mon texte", "choose:strategy.overall": "theirs"}
    page = client.post(address(application), data)
    assert page.status_code == 409
    assert [d.theirs for d in page.context["conflict"]["differences"]] == ["Leur autre texte"]
    assert Strategy.objects.get().overall == "Leur autre texte"


def test_what_one_did_not_touch_is_proposed_as_the_other_left_it(client, application):
    save(application, add_editor(application), "strategie", {"strategy-overall": "Leur texte", "strategy-positioning": "Leur place"})
    data = {"version": "0", "strategy-overall": "Mon texte", "strategy-positioning": "", "typed": "strategy-overall"}
    found = client.post(address(application), data).context["conflict"]["differences"]
    assert [(d.choice, d.prefers_mine) for d in found] == [("choose:strategy.overall", True), ("choose:strategy.positioning", False)]


def fees(*names):
    return rows("fees", [{"category": name} if isinstance(name, str) else name for name in names])


@pytest.fixture
def two_rules(application, owner):
    """(numbers of two stored rows, an editor)."""
    save(application, owner, "gouvernance", fees("Un", "Deux"))
    return list(FeeRule.objects.order_by("position").values_list("pk", flat=True)), add_editor(application)


def conflict_on_rows(client, application, data, version=1):
    page = client.post(address(application, "gouvernance"), {"version": str(version), **data})
    assert page.status_code == 409
    return list(page.context["conflict"]["differences"])


@pytest.mark.parametrize(("answer", "kept"), [("theirs", ["Un", "Deux", "Trois"]), ("mine", ["Un", "Deux"])])
def test_row_the_other_added_is_kept_or_removed(client, application, two_rules, answer, kept):
    (one, two), editor = two_rules
    save(application, editor, "gouvernance", fees({"id": one, "category": "Un"}, {"id": two, "category": "Deux"}, "Trois"))
    mine = fees({"id": one, "category": "Un"}, {"id": two, "category": "Deux"})
    [found] = conflict_on_rows(client, application, mine)
    assert (found.theirs, found.prefers_mine) == ("Trois", False)
    client.post(address(application, "gouvernance"), {"version": "2", **mine, found.choice: answer})
    assert sorted(FeeRule.objects.values_list("category", flat=True)) == sorted(kept)


@pytest.mark.parametrize(("answer", "kept"), [("", ["Deux bis", "Un"]), ("on", ["Un"])])
def test_row_the_other_removed_is_kept_or_let_go(client, application, two_rules, answer, kept):
    (one, two), editor = two_rules
    save(application, editor, "gouvernance", fees({"id": one, "category": "Un"}, {"id": two, "DELETE": "on"}))
    mine = fees({"id": one, "category": "Un"}, {"id": two, "category": "Deux bis"})
    [found] = conflict_on_rows(client, application, mine)
    assert (found.mine, found.answers) == ("Deux bis", ("", "on"))
    shown_again = {"version": "2", **mine, "fees-1-id": "", found.choice: answer}
    client.post(address(application, "gouvernance"), shown_again)
    assert sorted(FeeRule.objects.values_list("category", flat=True)) == kept


@pytest.mark.parametrize(("answer", "kept"), [("mine", ["Un"]), ("theirs", ["Deux à eux", "Un"])])
def test_row_one_removes_while_the_other_changes_it(client, application, two_rules, answer, kept):
    (one, two), editor = two_rules
    save(application, editor, "gouvernance", fees({"id": one, "category": "Un"}, {"id": two, "category": "Deux à eux"}))
    [found] = conflict_on_rows(client, application, fees({"id": one, "category": "Un"}, {"id": two, "DELETE": "on"}))
    assert (found.theirs, found.prefers_mine) == ("Deux à eux", True)
    shown_again = {"version": "2", **fees({"id": one, "category": "Un"}), found.choice: answer}
    client.post(address(application, "gouvernance"), shown_again)
    assert sorted(FeeRule.objects.values_list("category", flat=True)) == kept


# --- Sessions ------------------------------------------------------------------------------------------------------
def idle(client, seconds):
    """Let the last activity of the session be that long ago."""
    session = client.session
    session["last_activity"] = int(time.time()) - seconds
    session.save()


def status(client):
    return client.get(reverse("accounts:session_status")).json()


def test_time_left_is_told_without_prolonging(client, owner):
    idle(client, 3600)
    first = status(client)
    assert first["user"] == str(owner.pk) and first["csrf"]
    assert settings.SESSION_IDLE_SECONDS - 3605 <= first["seconds"] <= settings.SESSION_IDLE_SECONDS - 3600
    assert status(client)["seconds"] <= first["seconds"]


def test_a_page_prolongs_the_session(client, owner):
    idle(client, 3600)
    client.get(reverse("accounts:profile"))
    assert status(client)["seconds"] >= settings.SESSION_IDLE_SECONDS - 5


def test_staying_signed_in_works_with_and_without_javascript(client, owner):
    idle(client, 3600)
    extend = reverse("accounts:session_extend")
    assert client.post(extend, **SCRIPT).json()["seconds"] >= settings.SESSION_IDLE_SECONDS - 5
    assert client.post(extend, {"next": "/espace/profil/"})["Location"] == "/espace/profil/"
    assert client.post(extend, {"next": "https://ailleurs.example/"})["Location"] == reverse("accounts:landing")
    assert client.get(extend).status_code == 405


def test_idle_session_is_over_and_says_so(client, owner):
    idle(client, settings.SESSION_IDLE_SECONDS)
    assert status(client)["user"] == ""
    answer = client.get(reverse("accounts:profile"))
    assert answer.status_code == 302 and "login" in answer["Location"]


def test_activity_is_written_once_a_minute_at_most(client, owner):
    idle(client, 30)
    with CaptureQueriesContext(connection) as queries:
        client.get(reverse("accounts:profile"))
    assert not [query["sql"] for query in queries if query["sql"].startswith("UPDATE")]


def typed_page(client, application):
    """What a browser without JavaScript sends from the page of a step."""
    text = client.get(address(application)).content.decode()
    seal = text.split('name="seal" value="')[1].split('"')[0]
    return {"version": "0", SEALED: seal, "strategy-overall": "Mon long texte\net sa suite"}


def test_form_sent_after_the_end_of_the_session_comes_back_whole(client, application, owner):
    data = typed_page(client, application)
    idle(client, settings.SESSION_IDLE_SECONDS + 1)
    page = client.post(address(application), data)
    assert page.status_code == 401 and not Strategy.objects.exists()
    typed = dict(page.context["typed"])
    assert typed == {"version": "0", "strategy-overall": "Mon long texte\net sa suite"}
    client.force_login(owner)
    assert client.post(address(application), {**typed, SEALED: data[SEALED]}).status_code == 302
    assert Strategy.objects.get().overall.splitlines() == ["Mon long texte", "et sa suite"]


@pytest.mark.parametrize("seal", ["", "forged", "other"])
def test_form_without_its_seal_goes_to_the_login(client, application, seal):
    data = typed_page(client, application)
    path = address(application, "projets" if seal == "other" else "strategie")
    client.logout()
    answer = client.post(path, {**data, SEALED: data[SEALED] if seal == "other" else seal})
    assert answer.status_code == 302 and "login" in answer["Location"]


def test_token_of_an_earlier_session_loses_nothing(application, owner):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(owner)
    data = {**typed_page(strict, application), "csrfmiddlewaretoken": get_token(RequestFactory().get("/"))}
    page = strict.post(address(application), data)
    assert page.status_code == 403 and dict(page.context["typed"])["strategy-overall"] == data["strategy-overall"]
    assert strict.post(address(application), {"version": "0"}, **SCRIPT).json()["reason"] == "csrf"
    token = status(strict)["csrf"]
    answer = strict.post(address(application), {"version": "0", "strategy-overall": "Suite"}, **SCRIPT, HTTP_X_CSRFTOKEN=token)
    assert answer.status_code == 200 and Strategy.objects.get().overall == "Suite"


def test_a_forged_form_is_not_shown_again(application, owner):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(owner)
    page = strict.post(address(application), {"version": "0", "strategy-overall": "Piège"})
    assert page.status_code == 403 and "Piège" not in page.content.decode()
    assert not Identity.objects.exists() and not Strategy.objects.exists()
