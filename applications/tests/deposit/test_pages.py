"""The pages of the deposit: check, declare, receipt."""

import time
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications.models import Deposit, Member
from applications.services.deposit import deposit
from applications.services.documents import attach
from applications.steps import STEPS
from clusters_portal.audit.models import AuditEntry
from clusters_portal.lib import clock

from ..builders import DECLARATION, filled_application
from ..factories import add_editor, make_application, make_call, pdf_file
from .helpers import FORM, address, untouched

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def test_check_page_links_each_obstacle_to_its_step(client, owner):
    application = make_application(user=owner)
    page = client.get(address(application, "check"))
    assert page.status_code == 200 and address(application, "declare") not in page.content.decode()
    assert {url for url, _label, _sentence in page.context["obstacles"] if url} == {
        reverse("applications:step", args=[application.pk, step.slug]) for step in STEPS if not step.optional
    }


def test_check_page_of_a_ready_dossier_leads_to_the_declaration(client, application):
    text = client.get(address(application, "check")).content.decode()
    assert address(application, "declare") in text and "Filature Atlas Technique" in text
    assert "Ready to submit — NOT SUBMITTED" in text


def test_declaration_is_prefilled_in_the_annex_wording(client, application, owner):
    other = application.call.document_requirements.get(code="OTHER")
    attach(application=application, requirement=other, upload=pdf_file(), actor=owner, label="Lettre")
    client.cookies["portal_language"] = "fr"
    page = client.get(address(application, "declare"))
    initial = page.context["form"].initial
    names = [initial[name] for name in ("first_name", "last_name", "quality_association")]
    assert names == ["Youssef", "Tahiri", "Président de l'association"]
    assert initial["other_documents"] == "Lettre"
    assert [sent for _text, sent in page.context["boxes"]] == [True, True, True, True]
    text = page.content.decode().replace("&#x27;", "'")
    assert "Atteste avoir lu et accepté le cahier des charges de l'appel à projets ;" in text


def test_declaring_deposits_and_leads_to_the_receipt(client, application):
    answer = client.post(address(application, "declare"), FORM)
    assert (answer.status_code, answer["Location"]) == (302, address(application, "receipt"))
    made = Deposit.objects.get()
    text = client.get(answer["Location"]).content.decode()
    assert made.number in text and clock.format_moment(made.received_at, "en") in text and made.sha256 in text
    for lang in ("fr", "ar"):
        assert reverse("applications:receipt_pdf", args=[application.pk, lang]) in text
    declared = made.content["declaration"]
    assert declared["sent"] == ["declaration", "administrative", "technical"]
    assert declared["wording"]["exact"].startswith("And declare on my honour")
    assert declared["date"] == clock.today(made.received_at).isoformat()


def test_declaring_twice_leads_to_the_same_receipt(client, application):
    answers = [client.post(address(application, "declare"), FORM) for _click in range(2)]
    assert {answer["Location"] for answer in answers} == {address(application, "receipt")}
    assert Deposit.objects.count() == 1


@pytest.mark.parametrize("missing", ["accept", "civility", "place", "quality_organisation", "first_name"])
def test_declaration_without_an_answer_deposits_nothing_and_keeps_the_rest(client, application, missing):
    page = client.post(address(application, "declare"), {name: value for name, value in FORM.items() if name != missing})
    assert page.status_code == 200 and list(page.context["form"].errors) == [missing]
    assert 'value="Tahiri"' in page.content.decode() and untouched(application)


def test_refused_deposit_shows_why_and_keeps_the_declaration(client, application):
    application.documents.filter(requirement__code="ADM_RI").update(replaced_at=clock.now())
    page = client.post(address(application, "declare"), FORM)
    assert page.status_code == 409 and untouched(application)
    assert [url for url, _label, _sentence in page.context["refused"]] == [reverse("applications:step", args=[application.pk, "pieces"])]
    assert 'value="Nouaceur"' in page.content.decode()


def test_declaration_of_an_unfinished_dossier_leads_back_to_the_check(client, owner):
    application = make_application(user=owner)
    assert client.get(address(application, "declare"))["Location"] == address(application, "check")


def test_editor_who_declares_is_told_why_he_may_not(client, application):
    client.force_login(add_editor(application))
    page = client.post(address(application, "declare"), FORM)
    assert page.status_code == 403 and "Only the authorised representative" in page.content.decode()
    assert untouched(application)


def test_after_the_closing_the_draft_is_kept_and_the_page_says_when(client, application):
    closed = clock.now() - timedelta(minutes=3)
    type(application.call).objects.filter(pk=application.call_id).update(deadline_at=closed)
    text = client.get(address(application, "check")).content.decode()
    assert clock.format_moment(closed, "en") in text and address(application, "declare") not in text
    assert client.post(address(application, "declare"), FORM).status_code == 409
    assert untouched(application)
    step = reverse("applications:step", args=[application.pk, "start-up"])
    client.post(step, {"version": "1", "startups-preparation": "Écrit trop tard"})
    assert application.startupsupport.preparation == "Écrit trop tard"


def test_no_receipt_before_a_deposit(client, application):
    assert client.get(address(application, "receipt")).status_code == 404


def test_pages_of_the_deposit_write_nothing_on_get(client, application):
    before = AuditEntry.objects.count()
    for name in ("check", "declare", "task_list"):
        client.get(address(application, name))
    assert untouched(application) and AuditEntry.objects.count() == before


def test_deposit_takes_the_same_number_of_queries_whatever_the_rows(owner):
    counts = []
    for slug, extra in (("appel-un", 0), ("appel-deux", 30)):
        application = filled_application(call=make_call(slug), user=owner)
        engaged = {"category": "company", "engagement": "engaged", "qualifies": True}
        Member.objects.bulk_create(
            Member(application=application, name_fr=f"Société {n}", position=100 + n, **engaged) for n in range(extra)
        )
        with CaptureQueriesContext(connection) as queries:
            deposit(application=application, declaration=DECLARATION, actor=owner)
        # PostgreSQL is asked the time as well: that is a reading of its clock, not of a table.
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 30


# --- A crowd before the door: what counts is when the request was there ---------------------------------------------------
def closed_since(application, seconds):
    """The deadline passed so many seconds ago; on the clock of the database, a whole second."""
    deadline = clock.now().replace(microsecond=0) - timedelta(seconds=seconds)
    type(application.call).objects.filter(pk=application.call_id).update(deadline_at=deadline)
    return deadline


def there_since(seconds):
    """What our proxy says of a request that has waited so long."""
    return f"{time.time() - seconds:.3f}"


def test_a_deposit_that_waited_for_its_turn_is_not_late(client, application, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    deadline = closed_since(application, 20)
    answer = client.post(address(application, "declare"), FORM, HTTP_X_REQUEST_START=there_since(30))
    assert (answer.status_code, answer["Location"]) == (302, address(application, "receipt"))
    made = Deposit.objects.get()
    assert made.received_at <= deadline and timedelta(seconds=5) < deadline - made.received_at < timedelta(seconds=11)
    assert AuditEntry.objects.get(action="application.deposit").at > deadline  # the journal keeps when it was done


@pytest.mark.parametrize(
    ("proxies", "closed", "said"),
    [(0, 20, 30), (1, 20, 10), (1, 90, 3600), (1, 20, -3600)],
    ids=["a visitor says so", "it came after", "longer than a proxy waits", "from the future"],
)
def test_a_deposit_that_came_after_the_deadline_is_late_whatever_is_said(client, application, settings, proxies, closed, said):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    closed_since(application, closed)
    answer = client.post(address(application, "declare"), FORM, HTTP_X_REQUEST_START=there_since(said))
    assert answer.status_code == 409 and untouched(application)


@pytest.mark.parametrize("said", ["", "soon", "1e9", "-1.0", "t=1700000000.0", "9" * 40])
def test_what_a_proxy_says_wrongly_is_as_if_it_said_nothing(client, application, settings, said):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    closed_since(application, 5)
    assert client.post(address(application, "declare"), FORM, HTTP_X_REQUEST_START=said).status_code == 409
