"""Public pages: what they say, in three languages, at a constant cost, and nothing they must not say."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from applications.models import Application, Association, Call, Deposit
from applications.services import calls
from clusters_portal.lib import clock
from clusters_portal.lib.markup import first_paragraph, render_markdown

from .shipped import load_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def editions():
    return load_all(clock.now())


def page(client, address, language="en"):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def submitted(call, name, status, number):
    user = get_user_model().objects.get_or_create(email="author@clusters.example")[0]
    association = Association.objects.create(name_fr=f"{name} (présent)")
    application = Application(call=call, association=association, created_by=user, number=number, deposited_at=call.deadline_at)
    application.status = status
    application.save()
    for sequence, frozen in enumerate((f"{name} (premier)", name), start=1):
        Deposit.objects.create(
            application=application, sequence=sequence, number=number, received_at=call.deadline_at, deadline_at=call.deadline_at,
            deposited_by=user, snapshot="{}", sha256="0" * 64, name_fr=frozen,
        )  # fmt: skip
    return application


# --- Home ---------------------------------------------------------------------------------------------------------
def test_home_shows_open_calls_before_closed_ones(client, editions):
    html = page(client, reverse("applications:home"))
    titles = [editions[slug].title_en for slug in ("demonstration", "2026", "2023")]
    assert sorted(titles, key=html.index) == titles
    assert reverse("applications:application_create", args=("demonstration",)) in html
    assert reverse("applications:application_create", args=("2026",)) not in html


@pytest.mark.parametrize(
    "language, words",
    [
        ("fr", "28 juillet 2026 à 15h00, heure du Maroc (GMT+1)"),
        ("ar", "28 يوليوز 2026 على الساعة 15:00 بتوقيت المغرب"),
        ("en", "28 July 2026 at 15:00, Morocco time (GMT+1)"),
    ],
)
def test_home_says_deadlines_in_words_in_each_language(client, editions, language, words):
    html = page(client, reverse("applications:home"), language)
    assert words in html
    assert editions["2026"].__dict__[f"title_{language}"] in html
    assert f'lang="{language}"' in html.split(">", 2)[1]


def test_home_counts_down_from_server_time(client, editions):
    html = page(client, reverse("applications:home"))
    assert f'data-countdown="{editions["demonstration"].deadline_at.isoformat()}"' in html


def test_home_without_any_call(client):
    assert "No call is open at the moment" in page(client, reverse("applications:home"))


def test_home_shows_announced_calls_and_hides_unpublished_ones(client, editions):
    now = timezone.now()
    draft = calls.copy_call(call=editions["2026"], actor=None, now=now)
    assert draft.title_en not in page(client, reverse("applications:home"))
    Call.objects.filter(pk=draft.pk).update(published_at=now, opens_at=now + timedelta(days=1), deadline_at=now + timedelta(days=9))
    html = page(client, reverse("applications:home"))
    assert draft.title_en in html
    assert reverse("applications:application_create", args=(draft.slug,)) not in html


def test_home_names_only_published_winners(client, editions):
    call = editions["2026"]
    submitted(call, "Cluster Retenu", "selected", "CL-2026-0001")
    submitted(call, "Cluster Sous Réserve", "selected_with_reservations", "CL-2026-0002")
    submitted(call, "Cluster Écarté", "not_selected", "CL-2026-0003")
    html = page(client, reverse("applications:home"))
    assert "Cluster Retenu" not in html
    Call.objects.filter(pk=call.pk).update(results_published_at=timezone.now())
    assert "Cluster Retenu" not in page(client, reverse("applications:home"))
    call.applications.filter(status__in=("selected", "selected_with_reservations", "not_selected")).update(notified_at=call.opens_at)
    html = page(client, reverse("applications:home"))
    assert [name in html for name in ("Cluster Retenu<", "Cluster Sous Réserve<", "Cluster Écarté")] == [True, True, False]
    assert "(premier)" not in html
    assert "(présent)" not in html


@pytest.mark.parametrize("copies", [0, 27])
def test_home_costs_the_same_with_1_and_30_calls(client, editions, copies, django_assert_max_num_queries):
    now = timezone.now()
    for number in range(copies):
        copy = calls.copy_call(call=editions["2023"], actor=None, now=now)
        closed = {"opens_at": now - timedelta(days=9), "deadline_at": now - timedelta(days=2)}
        Call.objects.filter(pk=copy.pk).update(published_at=now, results_published_at=now - timedelta(days=1), **closed)
        submitted(copy, f"Cluster {number}", "selected", f"X-{number}")
        copy.applications.update(notified_at=now - timedelta(days=1))
    with django_assert_max_num_queries(5):
        page(client, reverse("applications:home"))


# --- Call page ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("language", ["fr", "ar", "en"])
@pytest.mark.parametrize("slug", ["2026", "2023", "demonstration"])
def test_call_page_in_each_language(client, editions, slug, language):
    html = page(client, reverse("applications:call_detail", args=(slug,)), language)
    call = editions[slug]
    rows = [*call.document_requirements.all(), *call.criteria.all()]
    missing = [row.code for row in rows if getattr(row, f"label_{language}").replace("'", "&#x27;") not in html]
    assert missing == []


def test_call_page_says_the_thresholds_and_that_no_weights_are_published(client, editions):
    html = page(client, reverse("applications:call_detail", args=("2026",)))
    assert "<dd>15</dd>" in html
    assert '<dd><bdi class="amount">60\u00a0%</bdi></dd>' in html
    assert '<dd><bdi class="amount">40\u00a0%</bdi></dd>' in html
    assert "The call document publishes no weights: the criteria count equally" in html
    assert "ielinani@mcinet.gov.ma" in html


def test_primary_action_only_while_the_call_is_open(client, editions):
    pages = {slug: page(client, reverse("applications:call_detail", args=(slug,))) for slug in ("2026", "demonstration")}
    assert {slug: "btn-primary" in html for slug, html in pages.items()} == {"2026": False, "demonstration": True}


def test_2023_says_more_than_eight_years(client, editions):
    html = page(client, reverse("applications:call_detail", args=("2023",)))
    assert "An existing cluster must have received strictly more than 8 years of State support." in html
    assert "to be selected (clause 1.3)" not in html


@pytest.mark.parametrize("name", ["call_detail", "specifications"])
def test_unpublished_call_is_not_found(client, editions, name):
    draft = calls.copy_call(call=editions["2026"], actor=None, now=timezone.now())
    assert client.get(reverse(f"applications:{name}", args=(draft.slug,))).status_code == 404
    assert client.get(reverse(f"applications:{name}", args=("unknown",))).status_code == 404


def test_specifications_hold_the_canvas_and_every_guidance(client, editions):
    html = page(client, reverse("applications:specifications", args=("2026",)), "fr")
    assert "Frais de location *" in html
    assert "Charges du personnel *" not in html
    assert "Tous les indicateurs sont annuels et non cumulables" in html
    assert html.count("Section 1.1 – Description générale") == 2


def test_call_page_cost(client, editions, django_assert_max_num_queries):
    with django_assert_max_num_queries(10):
        page(client, reverse("applications:call_detail", args=("2026",)))


# --- Downloads ----------------------------------------------------------------------------------------------------
def text_of(response):
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(response.content)).pages)


def test_declaration_model_without_an_account(client, editions):
    text = text_of(client.get(reverse("applications:declaration_model", args=("2026", "fr"))))
    assert "MODELE DE LA DECLARATION SUR L'HONNEUR" in text
    assert "Atteste avoir lu et accepté le cahier des charges" in text


def test_specifications_pdf_without_an_account(client, editions):
    text = text_of(client.get(reverse("applications:specifications_pdf", args=("2026", "fr"))))
    assert "trois (3) nouveaux projets de clusters" in text
    assert "28 juillet 2026 à 15h00" in text


@pytest.mark.parametrize("name", ["declaration_model", "specifications_pdf"])
def test_downloads_refuse_unknown_languages_and_calls(client, editions, name):
    assert client.get(reverse(f"applications:{name}", args=("2026", "de"))).status_code == 404
    assert client.get(reverse(f"applications:{name}", args=("1999", "fr"))).status_code == 404


# --- Information pages and Markdown -------------------------------------------------------------------------------
@pytest.mark.parametrize("language", ["fr", "ar", "en"])
@pytest.mark.parametrize("name", ["privacy", "accessibility", "terms"])
def test_information_pages_name_the_service_to_write_to(client, editions, name, language):
    assert "ielinani@mcinet.gov.ma" in page(client, reverse(f"applications:{name}"), language)


def test_information_pages_without_any_call(client):
    assert "loi n° 09-08" in page(client, reverse("applications:privacy"))


def test_markdown_keeps_structure_and_drops_what_could_harm():
    html = render_markdown('**Gras**\n\n- un\n- deux\n\n<script>alert(1)</script> [lien](javascript:alert(1)) <b onclick="x()">mot</b>')
    assert "<strong>Gras</strong>" in html
    assert "<li>un</li>" in html
    assert [word in html for word in ("script", "onclick", "javascript")] == [False, False, False]
    assert render_markdown("") == ""


def test_first_paragraph():
    assert first_paragraph("Un.\nDeux.\r\n\r\nTrois.") == "Un.\nDeux."
