"""The recap: every value of a snapshot is shown once, by its label, in the reader's language, for one query."""

import json
from decimal import Decimal

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from applications.models import CriterionArgument
from applications.queries import Dossier
from applications.recap import sections_of
from applications.snapshots import snapshot_of
from applications.steps import STEPS
from applications.tests.builders import filled_application, sample
from applications.tests.factories import make_application, make_call, make_user
from clusters_portal.lib.canonical import canonical_json

pytestmark = pytest.mark.django_db
SAMPLE = sample("a-textile")


def snapshot(application) -> dict:
    return json.loads(canonical_json(snapshot_of(Dossier(application))))


@pytest.fixture
def call():
    return make_call()


@pytest.fixture
def draft(call):
    application = filled_application(call=call, user=make_user())
    CriterionArgument.objects.create(application=application, criterion=call.criteria.first(), text="Premier argument.")
    return application


@pytest.fixture
def sections(draft, call):
    with translation.override("en"):
        yield {section.slug: section for section in sections_of(snapshot(draft), call)}


def block(sections, slug, key):
    return next(block for block in sections[slug].blocks if block.key == key)


def texts(fields) -> dict:
    return {field.label: field.cell.text for field in fields}


def test_sections_are_the_steps(sections):
    assert [(s.slug, s.number) for s in sections.values()] == [(step.slug, str(step.number)) for step in STEPS]
    assert sections["budget"].anchor == "section-budget"


def test_labels_cost_one_query(draft, call, django_assert_num_queries):
    content = snapshot(draft)
    with django_assert_num_queries(1):
        sections_of(content, call)


def test_form_shows_choices_dates_places_and_empty_values(sections):
    identity = texts(block(sections, "identite", "identity").fields)
    assert identity["Receipt for the filing of the statutes"] == "Final receipt"
    assert identity["Date of constitution"] == "16 May 2024"
    assert identity["Region"] == "Casablanca-Settat"
    assert identity["Prefecture or province"] == "Nouaceur"
    assert identity["Main sector"] == "C – Manufacturing"
    assert identity["Website"] == ""


def test_several_codes_are_joined(sections):
    territory = texts(block(sections, "territoire", "territory").fields)
    assert territory["Regions of the potential perimeter"] == "Rabat-Salé-Kénitra, Casablanca-Settat"  # in the order of the regions


def test_members_are_a_table_without_the_columns_nobody_filled(sections):
    members = block(sections, "membres", "members")
    assert members.kind == "table"
    assert members.count == len(SAMPLE["members"])
    labels = [column.label for column in members.columns]
    assert "Name in Arabic" not in labels
    row = texts(members.rows[0])
    assert row["Name"] == SAMPLE["members"][0]["name_fr"]
    assert row["Engagement"] == "Engaged member"
    assert row["Industrial, technological or specific company"] == "Yes"
    fee = next(field.cell for field in members.rows[0] if "fee" in field.label.lower())
    assert fee.number == Decimal(20000)


def test_rows_with_long_texts_are_items(sections):
    projects = block(sections, "projets", "collaborative")
    assert projects.kind == "items"
    assert projects.items[0].title.text == SAMPLE["collaborative_projects"][0]["title"]
    assert texts(projects.items[0].fields)["Partners involved"] == SAMPLE["collaborative_projects"][0]["partners"]


def test_actions_are_yearly_amounts_with_their_category(sections, call):
    action = block(sections, "plan-action", "actions").lines[0]
    assert action.label == SAMPLE["actions"][0]["title"]
    assert [cell.number for cell in action.cells] == [Decimal(amount) for amount in SAMPLE["actions"][0]["costs_mad"]]
    assert texts(action.notes) == {"Category": str(call.action_categories.first()), "From year": "1", "To year": "5"}


def test_budget_has_totals_result_and_stars(sections):
    lines = block(sections, "budget", "lines").lines
    kinds = [line.kind for line in lines]
    assert kinds == ["group", "line", "line", "line", "line", "line", "total", "group", "line", "line", "line", "line", "total", "result"]
    expenses, income = SAMPLE["budget"]["expenses_mad"], SAMPLE["budget"]["income_mad"]
    spent = [sum(map(Decimal, year)) for year in zip(*expenses.values(), strict=True)]
    earned = [sum(map(Decimal, year)) for year in zip(*income.values(), strict=True)]
    totals = [[cell.number for cell in line.cells] for line in lines if line.kind in ("total", "result")]
    assert totals == [spent, earned, [a - b for a, b in zip(earned, spent, strict=True)]]
    assert [line.starred for line in lines if line.kind == "line"] == [False, True, True, False, True, False, False, False, False]


def test_self_financing_indicator_is_computed_and_truncated(sections):
    computed = block(sections, "indicateurs", "indicators").lines[-1]
    assert [str(cell.number) for cell in computed.cells] == SAMPLE["expected"]["self_financing_percent_truncated"]


def test_documents_stand_under_their_piece(sections, call):
    documents = block(sections, "pieces", "pieces").documents
    assert [bool(document.files) for document in documents] == [piece.required for piece in call.document_requirements.all()]
    assert documents[0].files[0]["name"] == f"{call.document_requirements.first().code}.pdf"


def test_arguments_follow_the_criteria(sections, call):
    fields = block(sections, "argumentaire", "arguments").fields
    assert [field.label for field in fields] == [str(criterion) for criterion in call.criteria.all()]
    assert fields[0].cell.text == "Premier argument."
    assert fields[1].cell.is_empty


def test_labels_follow_the_language(draft, call):
    with translation.override("ar"):
        identity = {s.slug: s for s in sections_of(snapshot(draft), call)}["identite"].blocks[1]
        assert "الدار البيضاء - سطات" in [field.cell.text for field in identity.fields]


def test_empty_draft_has_every_section(call):
    application = make_application(call=call)
    with translation.override("en"):
        sections = sections_of(snapshot(application), call)
        html = render_to_string("applications/_recap.html", {"sections": sections})
    assert len(sections) == len(STEPS)
    assert html.count('<section class="sheet recap"') == len(STEPS)
    assert "not provided" in html


def test_code_the_call_no_longer_has_is_shown_as_it_is(draft, call):
    content = snapshot(draft)
    content["steps"]["plan-action"]["actions"][0]["category"] = "GONE"
    with translation.override("en"):
        section = {s.slug: s for s in sections_of(content, call)}["plan-action"]
    assert texts(section.blocks[0].lines[0].notes)["Category"] == "GONE"


def test_page_escapes_and_isolates_what_people_typed(draft, call):
    draft.association.name_fr = "<b>Cluster</b>"
    draft.association.save()
    html = render_to_string("applications/_recap.html", {"sections": sections_of(snapshot(draft), call)})
    assert "<b>Cluster</b>" not in html
    assert "&lt;b&gt;Cluster&lt;/b&gt;" in html
    assert '<dd dir="auto">' in html
