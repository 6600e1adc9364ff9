"""Workbooks that are refused, and the pages of the workbook."""

from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from applications.canevas.reading import read_workbook
from applications.forms.rows import MAX_ROWS
from applications.models import ImportDraft
from applications.services.canevas import apply_workbook, comparison_of, keep_workbook
from applications.services.drafts import DraftRefused, save_step
from applications.services.imports import ImportRefused
from applications.steps import STEPS_BY_SLUG
from clusters_portal.lib import clock
from clusters_portal.lib.tabular import TableRefused, read_file

from ..builders import deposited_application
from ..factories import make_application, make_call, make_user
from .helpers import apply, cell, changes, content_of, empty_of, everything, fresh, opened, page, read_back, saved


# --- Refusals ---------------------------------------------------------------------------------------------------------
def test_a_formula_in_an_answer_is_refused_and_says_where(application):
    book = opened(content_of(application))
    target = cell(page(book, "identite/identity"), "acronym", "value")
    target.value = "=1+1"
    with pytest.raises(TableRefused) as caught:
        read_workbook(read_file(saved(book)), name="x")
    assert caught.value.code == "formula" and target.coordinate in caught.value.message


def test_another_workbook_and_another_calls_are_refused(application, user):
    book = openpyxl.Workbook()
    book.active["A1"] = "Nom"
    with pytest.raises(TableRefused) as caught:
        read_workbook(read_file(saved(book)), name="x")
    assert caught.value.code == "not_ours"
    other = make_application(call=make_call("autre-appel"), user=user, name="Autre")
    with pytest.raises(ImportRefused):
        keep_workbook(application=application, book=read_workbook(read_file(BytesIO(content_of(other))), name="x"), actor=user)
    assert not ImportDraft.objects.exists()


def test_too_many_rows_change_nothing_in_their_table(application, user):
    book = opened(empty_of(application.call))
    sheet = page(book, "membres/members")
    for row in range(6, 6 + MAX_ROWS):
        sheet.cell(row, 2).value = f"Membre {row}"
    _draft, found = read_back(application, user, saved(book))
    assert changes(found) == [] and len(found.unread) == 1


def test_what_is_applied_is_what_was_seen(application, user):
    book = opened(content_of(application))
    cell(page(book, "identite/identity"), "acronym", "value").value = "UN"
    draft, found = read_back(application, user, saved(book))
    data = {"association-name_fr": "Renommée", "identity-acronym": "DEUX", "officers-TOTAL": "0", "support-TOTAL": "0"}
    save_step(application=application, step=STEPS_BY_SLUG["identite"], data=data, actor=user)
    before = everything(application)
    for digest, slugs in ((found.digest, ["identite"]), ("x", ["identite"]), (comparison_of(draft, fresh(application)).digest, [])):
        with pytest.raises(ImportRefused):
            apply_workbook(draft=draft, slugs=slugs, digest=digest, actor=user)
    assert everything(application) == before
    again = comparison_of(draft, fresh(application))
    assert [step.is_older for step in again.steps] == [True]
    apply(draft, again, user)
    with pytest.raises(ImportRefused):
        apply(draft, again, user)


def test_a_submitted_dossier_and_a_stranger_change_nothing(user):
    application, _deposit = deposited_application(user=user)
    book = read_workbook(read_file(BytesIO(content_of(application))), name="x")
    before = everything(application)
    for actor in (user, make_user()):
        with clock.set_to(application.call.deadline_at + timedelta(seconds=1)), pytest.raises(DraftRefused):
            keep_workbook(application=application, book=book, actor=actor)
    assert everything(application) == before and not ImportDraft.objects.exists()


# --- Pages --------------------------------------------------------------------------------------------------------------
def test_the_empty_workbook_of_a_call_needs_no_account(client, application):
    page_url = reverse("applications:empty_workbook", args=[application.call.slug])
    answer = client.get(page_url)
    assert answer.status_code == 200 and answer["Content-Disposition"].startswith('attachment; filename="canevas-')
    assert application.association.name_fr not in str(
        [[c.value for c in row] for sheet in opened(answer.content) for row in sheet.iter_rows()]
    )
    assert client.get(reverse("applications:empty_workbook", args=["inconnu"])).status_code == 404


def test_a_workbook_goes_through_the_pages(client, application, user):
    client.force_login(user)
    url = reverse("applications:workbook", args=[application.pk])
    assert client.get(url).status_code == 200
    book = opened(client.get(reverse("applications:filled_workbook", args=[application.pk])).content)
    cell(page(book, "identite/identity"), "acronym", "value").value = "PAGES"
    cell(page(book, "start-up/startups"), "support", "value").value = "Autre texte"
    sent = client.post(url, {"file": SimpleUploadedFile("canevas.xlsx", saved(book).getvalue())})
    assert sent.url == reverse("applications:workbook_changes", args=[application.pk])
    shown = client.get(sent.url)
    assert b"PAGES" in shown.content and b"Autre texte" in shown.content
    form = {"draft": shown.context["draft"].pk, "digest": shown.context["found"].digest, "step": ["identite"]}
    done = client.post(sent.url, form)
    assert done.url == reverse("applications:task_list", args=[application.pk])
    after = everything(application)
    assert after["identite"]["identity"]["acronym"] == "PAGES"
    assert after["start-up"]["startups"]["support"] != "Autre texte"
    assert client.get(sent.url).status_code == 404


def test_refused_files_say_why(client, application, user):
    client.force_login(user)
    url = reverse("applications:workbook", args=[application.pk])
    for content in (b"", b"PK\x03\x04", b"a;b"):
        answer = client.post(url, {"file": SimpleUploadedFile("x.xlsx", content)})
        assert answer.status_code == 422 and answer.context["refusal"]
    assert not ImportDraft.objects.exists()


def test_someone_elses_dossier_is_not_found(client, application):
    names = ("workbook", "filled_workbook", "workbook_changes")
    for name in names:
        assert client.get(reverse(f"applications:{name}", args=[application.pk])).status_code == 302
    client.force_login(make_user())
    for name in names:
        assert client.get(reverse(f"applications:{name}", args=[application.pk])).status_code == 404


def test_the_filled_workbook_reads_each_table_once(client, application, user, django_assert_max_num_queries):
    client.force_login(user)
    with django_assert_max_num_queries(35):
        client.get(reverse("applications:filled_workbook", args=[application.pk]))
