"""The page of a conflict, and a session that ends."""

import time

import pytest
from django.conf import settings
from django.db import connection
from django.middleware.csrf import get_token
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications.models import FeeRule, Identity, Strategy

from ..factories import add_editor
from .helpers import SCRIPT, SEALED, address, fees, save

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


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
