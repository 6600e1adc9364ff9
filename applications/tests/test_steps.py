"""The page of a step: what it shows, what a save does, the panel beside it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications.demonstration.samples import grid, rows
from applications.models import Identity, Member, RejectedInput, StepState, Strategy
from applications.models.budget import BudgetLine
from applications.services.drafts import save_step
from applications.steps import STEPS, STEPS_BY_SLUG

from .builders import fill, inputs_of
from .factories import add_editor, make_application

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def application(owner):
    return make_application(user=owner)


def address(application, slug, name="step"):
    return reverse(f"applications:{name}", args=[application.pk, slug])


# --- Showing ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.slug)
def test_step_shows_its_section_its_sentence_and_its_version(client, application, step):
    page = client.get(address(application, step.slug))
    text = page.content.decode()
    assert page.status_code == 200
    assert f'<span class="task__section"><bdi>{step.number}</bdi></span>' in text
    assert application.call.step_guidance.get(slug=step.slug).text_en.split("**")[1] in text
    assert ('name="version" value="0"' in text) == step.is_form


@pytest.mark.parametrize("full", [False, True], ids=["empty", "sample"])
@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.slug)
def test_step_takes_at_most_ten_queries(client, application, owner, step, full):
    if full:
        fill(application, actor=owner)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address(application, step.slug)).status_code == 200
    assert len(queries) <= 10, "\n".join(query["sql"][:150] for query in queries)


ROWS_OF_STEP = {
    "identite": ("officers", "function"),
    "membres": ("members", "name_fr"),
    "gouvernance": ("board", "first_name"),
    "projets": ("partnerships", "entity"),
    "start-up": ("services", "kind"),
    "plan-action": ("actions", "title"),
    "budget": ("details", "label"),
    "indicateurs": ("extra", "label"),
}


@pytest.mark.parametrize("slug", ROWS_OF_STEP)
def test_step_takes_as_many_queries_with_thirty_rows_as_with_one(client, application, owner, slug):
    key, field = ROWS_OF_STEP[slug]
    counts = []
    for number in (1, 30):
        values = [{field: "president" if field == "function" else f"Ligne {n}"} for n in range(number)]
        fill_rows(application, owner, slug, rows(key, values))
        with CaptureQueriesContext(connection) as queries:
            client.get(address(application, slug))
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 10


def fill_rows(application, owner, slug, data):
    save_step(application=application, step=STEPS_BY_SLUG[slug], data=data, actor=owner)


def test_showing_a_step_writes_nothing(client, application):
    for step in STEPS:
        client.get(address(application, step.slug))
        client.get(address(application, step.slug) + "?ajouter=officers")
        client.get(address(application, step.slug, "step_preview"))
    assert not StepState.objects.exists() and not Identity.objects.exists()


def test_unknown_step_is_404(client, application):
    assert client.get(address(application, "inconnue")).status_code == 404
    assert client.post(address(application, "inconnue")).status_code == 404


# --- Saving ----------------------------------------------------------------------------------------------------------
def test_save_redirects_and_says_when(client, application):
    answer = client.post(address(application, "strategie"), {"version": "0", "strategy-overall": "Cap sur l'export"})
    assert (answer.status_code, answer["Location"]) == (302, address(application, "strategie"))
    assert Strategy.objects.get().overall == "Cap sur l'export"
    text = client.get(answer["Location"]).content.decode()
    assert "Saved at " in text and 'name="version" value="1"' in text


def test_save_and_continue_goes_to_the_next_step(client, application):
    answer = client.post(address(application, "strategie"), {"version": "0", "next": "1"})
    assert answer["Location"] == address(application, "projets")
    answer = client.post(address(application, "argumentaire"), {"version": "0", "next": "1"})
    assert answer["Location"] == reverse("applications:task_list", args=[application.pk])


def test_save_and_continue_stays_where_something_cannot_be_read(client, application):
    answer = client.post(address(application, "budget"), {"version": "0", "next": "1", "lines-rent_y1": "beaucoup"})
    assert answer["Location"] == address(application, "budget")
    text = client.get(answer["Location"]).content.decode()
    assert 'value="beaucoup"' in text
    assert 'href="#id_lines-rent_y1"' in text and 'id="id_lines-rent_y1_error"' in text


def test_add_button_without_javascript_saves_and_shows_one_more_row(client, application):
    data = {"version": "0", "add": "fees", **rows("fees", [{"category": "Un"}])}
    answer = client.post(address(application, "gouvernance"), data)
    assert answer["Location"] == address(application, "gouvernance") + "?ajouter=fees#fees-new"
    text = client.get(answer["Location"]).content.decode()
    assert 'name="fees-TOTAL" value="2"' in text and 'name="fees-1-category"' in text


def test_stale_save_keeps_both_values_and_can_be_sent_again(client, application):
    editor = add_editor(application)
    fill_rows(application, editor, "strategie", {"strategy-overall": "Leur texte", "strategy-positioning": "Pareil"})
    data = {"version": "0", "strategy-overall": "Mon texte", "strategy-positioning": "Pareil"}
    page = client.post(address(application, "strategie"), data)
    text = page.content.decode()
    assert page.status_code == 409
    assert [d.label for d in page.context["conflict"]["differences"]] == ["Overall strategy of the cluster"]
    assert str(editor) in text and "Leur texte" in text and 'name="version" value="1"' in text
    assert Strategy.objects.get().overall == "Leur texte"
    client.post(address(application, "strategie"), data | {"version": "1"})
    assert Strategy.objects.get().overall == "Mon texte"


@pytest.mark.parametrize("version", ["", "abc", "-1", "9" * 40, "7"])
def test_spoilt_version_never_overwrites(client, application, version):
    fill_rows(application, add_editor(application), "strategie", {"strategy-overall": "Leur texte"})
    page = client.post(address(application, "strategie"), {"version": version, "strategy-overall": "Mon texte"})
    assert page.status_code == 409 and "Mon texte" in page.content.decode()
    assert Strategy.objects.get().overall == "Leur texte"


def test_rows_sent_with_holes_keep_their_numbers_on_a_conflict(client, application):
    fill_rows(application, add_editor(application), "gouvernance", rows("fees", [{"category": "Leur règle"}]))
    data = {"version": "0", "fees-TOTAL": "3", "fees-2-category": "Ma règle"}
    text = client.post(address(application, "gouvernance"), data).content.decode()
    assert 'name="fees-TOTAL" value="3"' in text
    assert 'name="fees-2-category" value="Ma règle"' in text


def test_number_of_rows_that_is_not_one_is_taken_for_none(client, application):
    for total in ("-1", "abc", "", "1e9"):
        client.post(address(application, "gouvernance"), {"version": "0", "fees-TOTAL": total, "fees-0-category": "x"})
    assert application.feerules.count() == 0


# --- Panel -------------------------------------------------------------------------------------------------------------
def test_preview_judges_what_is_typed_and_writes_nothing(client, application):
    data = inputs_of()["budget"]
    page = client.post(address(application, "budget", "step_preview"), data)
    text = page.content.decode()
    assert "42,71\u00a0%" in text and "2\u00a0060\u00a0000" in text
    assert not BudgetLine.objects.exists() and not StepState.objects.exists()


def test_preview_follows_the_thresholds_to_the_member(client, application, owner):
    fill(application, actor=owner, name="b-hydrogene", pieces=False)
    gauges = {g.title: g for g in client.get(address(application, "membres", "step_preview")).context["gauges"]}
    assert gauges["Number of members"].figures == "15/15 members"
    assert gauges["Industrial, technological or specific companies"].figures == "9/15 = 60,00\u00a0% / 60\u00a0%"
    Member.objects.create(application=application, name_fr="Une autre", category="other", engagement="engaged", position=99)
    gauge = {g.title: g for g in client.get(address(application, "membres", "step_preview")).context["gauges"]}
    assert gauge["Industrial, technological or specific companies"].figures == "9/16 = 56,25\u00a0% / 60\u00a0%"
    assert gauge["Industrial, technological or specific companies"].tone == "fail"


def test_preview_says_what_is_missing_and_what_cannot_be_read(client, application):
    page = client.post(address(application, "start-up", "step_preview"), {"startups-support": "x" * 5001})
    kinds = [(problem.input_id, problem.kind) for _url, problem in page.context["problems"]]
    assert kinds == [("id_startups-support", "invalid"), ("id_startups-preparation", "missing")]


def test_preview_warns_when_the_grant_exceeds_what_it_may_pay(client, application):
    data = {**inputs_of()["budget"], **grid("lines", {"state_grant": [3_000_000] * 5})}
    page = client.post(address(application, "budget", "step_preview"), data)
    assert [r.tone for r in page.context["remarks"]].count("warn") >= 5


# --- Members -------------------------------------------------------------------------------------------------------------
def row_address(application, row_id=None, name="row"):
    args = [application.pk, "membres", "members", *([row_id] if row_id else [])]
    return reverse(f"applications:{name if row_id else 'row_add'}", args=args)


def test_member_is_added_changed_and_removed(client, application):
    answer = client.post(row_address(application), {"members-name_fr": "Filature", "members-category": "company"})
    row = Member.objects.get()
    assert answer["Location"] == f"{address(application, 'membres')}#members-row-{row.pk}"
    page = client.get(row_address(application, row.pk))
    seen = page.context["seen"]
    client.post(row_address(application, row.pk), {"seen": seen, "members-name_fr": "Filature Atlas"})
    assert Member.objects.get().name_fr == "Filature Atlas"
    client.post(address(application, "membres", "row_act"), {"act": f"remove:members-{row.pk}"})
    assert not Member.objects.exists()


def test_member_with_an_unreadable_ice_comes_back_with_its_sentence(client, application):
    answer = client.post(row_address(application), {"members-name_fr": "Filature", "members-ice": "12"})
    row = Member.objects.get()
    assert answer["Location"] == row_address(application, row.pk)
    text = client.get(answer["Location"]).content.decode()
    assert 'value="12"' in text and 'href="#id_members-ice"' in text
    assert RejectedInput.objects.get().raw == "12"


def test_empty_member_is_not_made(client, application):
    assert client.post(row_address(application), {}).status_code == 422
    assert not Member.objects.exists() and not StepState.objects.exists()


def test_member_changed_meanwhile_shows_both_values(client, application):
    client.post(row_address(application), {"members-name_fr": "Filature"})
    row = Member.objects.get()
    seen = client.get(row_address(application, row.pk)).context["seen"]
    Member.objects.filter(pk=row.pk).update(name_fr="Leur nom")
    page = client.post(row_address(application, row.pk), {"seen": seen, "members-name_fr": "Mon nom"})
    assert page.status_code == 409
    assert [(d.mine, d.theirs) for d in page.context["conflict"]] == [("Mon nom", "Leur nom")]
    client.post(row_address(application, row.pk), {"seen": page.context["seen"], "members-name_fr": "Mon nom"})
    assert Member.objects.get().name_fr == "Mon nom"


def test_unknown_row_part_and_inline_part_are_404(client, application):
    assert client.get(row_address(application, 999)).status_code == 404
    for step, part in (("membres", "inconnue"), ("identite", "officers"), ("budget", "lines"), ("pieces", "pieces")):
        assert client.get(reverse("applications:row_add", args=[application.pk, step, part])).status_code == 404


def test_same_company_twice_is_said_and_counts_once(client, application):
    for name in ("Filature Atlas", "FILATURE ATLAS"):
        data = {"members-name_fr": name, "members-category": "company", "members-engagement": "engaged", "members-qualifies": "on"}
        client.post(row_address(application), data)
    page = client.get(address(application, "membres"))
    assert page.context["counted"].engaged == 1
    assert page.context["counted"].duplicates == (("FILATURE ATLAS", "Filature Atlas"),)
