"""The shipped editions say what their documents say, and loading them is done once."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command

from applications.models import ActionCategory, BudgetHeading, Call, Criterion, DocumentRequirement, StepGuidance
from applications.models import IndicatorDefinition as Indicator
from applications.services import calls
from applications.services.editions import read_edition
from applications.steps import STEPS
from clusters_portal.audit.models import AuditEntry
from clusters_portal.lib import clock

from .shipped import load_all

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 21, 20, 30, 15, 123, tzinfo=UTC)


@pytest.fixture
def editions():
    return load_all(NOW)


# --- The 2026 cahier des charges ----------------------------------------------------------------------------------
def test_edition_2026_has_the_figures_of_its_document(editions):
    call = editions["2026"]
    figures = {
        name: getattr(call, name)
        for name in (
            "places",
            "min_members",
            "min_qualifying_percent",
            "min_self_financing_percent",
            "required_copies",
            "new_allowed",
            "existing_allowed",
            "existing_min_support_years",
            "complement_allowed",
            "number_prefix",
            "base_year",
        )
    }
    assert figures == {
        "places": 3,
        "min_members": 15,
        "min_qualifying_percent": Decimal(60),
        "min_self_financing_percent": Decimal(40),
        "required_copies": 3,
        "new_allowed": True,
        "existing_allowed": False,
        "existing_min_support_years": None,
        "complement_allowed": False,
        "number_prefix": "CL-2026",
        "base_year": 2027,
    }
    assert {call.members_severity, call.qualifying_severity, call.self_financing_severity} == {Call.Severity.BLOCK}


def test_edition_2026_closes_on_28_july_at_15h_in_morocco(editions):
    call = editions["2026"]
    assert call.deadline_at.astimezone(UTC) == datetime(2026, 7, 28, 14, 0, tzinfo=UTC)
    assert clock.format_moment(call.deadline_at, "fr") == "28 juillet 2026 à 15h00, heure du Maroc (GMT+1)"


def test_edition_2026_contact(editions):
    call = editions["2026"]
    assert (call.contact_phone, call.contact_email, call.contact_website) == (
        "06 22 73 20 83",
        "ielinani@mcinet.gov.ma",
        "www.mcinet.gov.ma",
    )


def test_edition_2026_pieces_in_the_order_of_clause_5(editions):
    rows = editions["2026"].document_requirements.values_list("code", "clause", "required", "several")
    assert list(rows) == [
        ("ADM_RECEPISSE", "5", True, False),
        ("ADM_STATUTS", "5", True, False),
        ("ADM_PV_AGC", "5", True, False),
        ("ADM_CA", "5", True, False),
        ("ADM_COTIS", "5", True, False),
        ("ADM_RI", "5", True, False),
        ("ADM_DECL", "2.2", True, False),
        ("TEC_SIGNED", "4, 6", True, False),
        ("OTHER", "annexe", False, True),
    ]


def test_edition_2026_budget_follows_the_canvas_with_its_stars(editions):
    rows = editions["2026"].budget_headings.values_list("side", "code", "state_fundable", "needs_detail")
    assert list(rows) == [
        ("expense", "staff_costs", True, False),
        ("expense", "rent", False, False),
        ("expense", "capex", False, False),
        ("expense", "action_plan_costs", True, False),
        ("expense", "other_expenses", False, True),
        ("income", "membership_fees", True, False),
        ("income", "state_grant", True, False),
        ("income", "paid_services", True, False),
        ("income", "other_income", True, True),
    ]


def test_edition_2026_has_six_indicators_one_computed(editions):
    rows = editions["2026"].indicator_definitions.values_list("code", "computed")
    assert list(rows) == [
        ("active_members", False),
        ("member_companies", False),
        ("collaborative_projects", False),
        ("new_products", False),
        ("startups", False),
        ("self_financing", True),
    ]


def test_edition_2026_has_five_fundable_kinds_of_action(editions):
    rows = editions["2026"].action_categories.values_list("code", "fundable")
    assert list(rows) == [
        ("COMM_TOOLS", True),
        ("PROMO", True),
        ("STUDIES", True),
        ("ADVICE", True),
        ("TRAINING", True),
        ("OTHER_NOT_FUNDABLE", False),
    ]


def test_edition_2026_criteria_are_those_of_clause_7_2_word_for_word(editions):
    rows = editions["2026"].criteria.values_list("block", "code", "label_fr")
    assert list(rows) == [
        ("technical", "T1", "Enjeu socio-économique, technologique, scientifique, commercial et international"),
        ("technical", "T2", "Masse critique : nombre d'entreprises dans le cluster et sur le territoire couvert"),
        (
            "technical",
            "T3",
            "Nombre, identité et adéquation des acteurs réellement impliqués, au regard de chacun des objectifs à atteindre",
        ),
        (
            "technical",
            "T4",
            "Vraisemblance des principaux projets collaboratifs d'innovation et de développement, techniques et non techniques",
        ),
        ("technical", "T5", "Qualité des synergies entre entreprises, recherche et établissements de formation"),
        ("qualitative", "Q1", "Modalités d'organisation de la gouvernance et qualité de l'animation"),
        ("qualitative", "Q2", "Visibilité et projets de coopération internationale"),
        ("qualitative", "Q3", "Ancrage territorial et effet réseau"),
        ("qualitative", "Q4", "Présence de co-financeurs"),
        ("qualitative", "Q5", "Enjeux relatifs aux ressources humaines et à la formation"),
    ]


@pytest.mark.parametrize("slug", ["2026", "2023", "demonstration"])
def test_every_step_has_its_guidance_and_every_text_its_three_languages(editions, slug):
    call = editions[slug]
    assert set(call.step_guidance.values_list("slug", flat=True)) == {step.slug for step in STEPS}
    texts = [getattr(call, f"{name}_{code}") for name in ("title", "summary", "audience", "process") for code in ("fr", "ar", "en")]
    texts += [call.contact_service_ar, call.contact_address_ar]
    for name, model in calls.ROWS.items():
        fields = [field.name for field in model._meta.concrete_fields if field.name[-3:] in ("_fr", "_ar", "_en")]
        texts += [getattr(row, field) for row in getattr(call, name).all() for field in fields]
    assert "" not in texts


# --- The two other editions ---------------------------------------------------------------------------------------
def test_edition_2023_takes_existing_clusters_beyond_eight_years(editions):
    call = editions["2023"]
    assert (call.new_allowed, call.existing_allowed, call.existing_min_support_years, call.places) == (True, True, 8, None)
    assert call.deadline_at.astimezone(UTC) == datetime(2023, 6, 14, 14, 0, tzinfo=UTC)
    assert (call.contact_phone, call.contact_email) == ("05 37 73 93 46 / 06 61 42 69 28", "fzaitelhabti@mcinet.gov.ma")
    assert "ayant dépassé 8 ans de soutien de l'État" in call.audience_fr
    assert "sont ceux du cahier des charges 2026" in call.process_fr


def test_demonstration_opens_at_first_load_for_thirty_days(editions):
    call = editions["demonstration"]
    assert (call.opens_at, call.published_at) == (NOW, NOW)
    assert clock.format_moment(call.deadline_at, "fr") == "21 décembre 2026 à 15h00, heure du Maroc (GMT)"
    assert (call.is_demonstration, call.number_prefix, call.year, call.base_year) == (True, "DEMO", 2026, 2027)
    assert call.is_open(NOW)


# --- Loading ------------------------------------------------------------------------------------------------------
def everything():
    kinds = (Call, DocumentRequirement, StepGuidance, ActionCategory, BudgetHeading, Indicator, Criterion, Call.history.model, AuditEntry)
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in kinds}


def test_second_load_changes_nothing():
    call_command("load_editions", verbosity=0)
    before = everything()
    call_command("load_editions", verbosity=0)
    assert everything() == before
    assert len(before["Call"]) == 3


def test_loading_keeps_what_an_administrator_changed(editions):
    Call.objects.filter(slug="2026").update(contact_phone="05 00 00 00 00")
    editions["2026"].document_requirements.filter(code="OTHER").delete()
    call, created = calls.load_edition(read_edition("edition_2026.json"), now=NOW + timedelta(days=1))
    assert (created, call.contact_phone, call.document_requirements.count()) == (False, "05 00 00 00 00", 8)


def test_loading_creates_the_missing_edition_only(editions):
    editions["2023"].delete()
    before = Call.objects.get(slug="demonstration").deadline_at
    call_command("load_editions", verbosity=0)
    assert Call.objects.count() == 3
    assert Call.objects.get(slug="demonstration").deadline_at == before
