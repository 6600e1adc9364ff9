"""The pages of an import, from the file to the table of members."""

from datetime import date, timedelta
from io import BytesIO

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from applications.demonstration.samples import FOLDER
from applications.imports.source import Source
from applications.models import ImportDraft, Member
from applications.services.imports import keep_members
from clusters_portal.lib import clock
from clusters_portal.lib.tabular import read_file

from ..builders import deposited_application, sample
from ..factories import add_editor, make_user
from .helpers import FILES, HEADER, add, pasted, read, stored


def url(name, application):
    return reverse(f"applications:members_{name}", args=[application.pk])


def upload(name):
    return SimpleUploadedFile(FILES[name], (FOLDER / FILES[name]).read_bytes())


@pytest.mark.parametrize("name", FILES)
def test_a_file_goes_through_the_pages(client, application, user, name):
    client.force_login(user)
    assert client.get(url("file", application)).status_code == 200
    sent = client.post(url("file", application), {"file": upload(name)})
    assert (sent.status_code, sent.url) == (302, url("columns", application))
    page = client.get(sent.url)
    form = page.context["form"]
    answers = {name: form[name].value() or "" for name in form.fields}
    confirmed = client.post(sent.url, {**answers, "qualify": answers["qualify"] or "none"})
    assert confirmed.url == url("preview", application)
    page = client.get(confirmed.url)
    assert page.context["found"].refused == []
    assert not Member.objects.exists()
    done = client.post(confirmed.url, {"mode": "append", "draft": page.context["form"]["draft"].value()}, follow=True)
    assert done.redirect_chain == [(reverse("applications:step", args=[application.pk, "membres"]), 302)]
    assert Member.objects.filter(application=application).count() == len(sample(name)["members"])
    assert [str(message) for message in done.context["messages"]] == [f"{len(sample(name)['members'])} members added."]


def test_pasted_rows_go_through_the_pages_with_their_errors(client, application, user):
    client.force_login(user)
    sent = client.post(url("paste", application), {"text": f"{HEADER}\nA\tEntreprise\tEngagé\nB\tbanque\tEngagé"})
    assert sent.url == url("columns", application)
    page = client.get(url("preview", application))
    assert b"is not one of the answers expected" in page.content
    sent = {"mode": "append", "draft": page.context["form"]["draft"].value()}
    page = client.post(url("preview", application), sent, follow=True)
    assert [m["name_fr"] for m in stored(application)] == ["A"]
    # What was refused is told once: the table of all the rows would repeat it.
    assert b"rows-title" not in page.content and page.content.count(b"is not one of the answers expected") == 1


def test_list_already_there_says_that_nobody_was_added(client, application, user):
    client.force_login(user)
    add(application, user, "A\tautre\tEngagé")
    draft = keep_members(application=application, source=pasted("A\tautre\tEngagé"), actor=user)
    done = client.post(url("preview", application), {"mode": "append", "draft": draft.pk}, follow=True)
    assert [str(message) for message in done.context["messages"]] == ["No member was added. 1 was already there."]


def test_a_refused_file_says_why_and_keeps_nothing(client, application, user):
    client.force_login(user)
    for content in (b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        page = client.post(url("file", application), {"file": SimpleUploadedFile("x.xlsx", content)})
        assert page.status_code == 422
        assert page.context["refusal"]
    assert client.post(url("file", application), {}).status_code == 422
    assert client.post(url("paste", application), {"text": ""}).status_code == 422
    assert not ImportDraft.objects.exists()


def test_columns_need_a_name_and_no_field_twice(client, application, user):
    client.force_login(user)
    draft = keep_members(application=application, source=pasted("A\tautre", header="Nom\tCatégorie"), actor=user)
    for columns in ({"column_0": "", "column_1": "category"}, {"column_0": "name_fr", "column_1": "name_fr"}):
        page = client.post(url("columns", application), {**columns, "qualify": "none"})
        assert page.status_code == 422 and page.context["form"].non_field_errors()
    draft.refresh_from_db()
    assert draft.mapping["columns"] == ["name_fr", "category"]


def test_a_preview_of_an_older_file_is_not_applied(client, application, user):
    client.force_login(user)
    old = keep_members(application=application, source=pasted("A\tautre\tEngagé"), actor=user)
    keep_members(application=application, source=pasted("B\tautre\tEngagé"), actor=user)
    page = client.post(url("preview", application), {"mode": "append", "draft": old.pk})
    assert page.status_code == 409 and page.context["refusal"]
    assert stored(application) == []


def test_someone_elses_dossier_is_not_found_and_drafts_are_personal(client, application, user):
    keep_members(application=application, source=pasted("A\tautre\tEngagé"), actor=user)
    client.force_login(make_user())
    for name in ("file", "paste", "columns", "preview"):
        assert client.get(url(name, application)).status_code == 404
        assert client.post(url(name, application), {}).status_code == 404
    client.force_login(add_editor(application))
    assert client.get(url("file", application)).status_code == 200
    assert client.get(url("columns", application)).status_code == 404
    assert stored(application) == []


def test_a_submitted_dossier_says_that_it_is_closed(client, user):
    application, _deposit = deposited_application(user=user)
    client.force_login(user)
    with clock.set_to(application.call.deadline_at + timedelta(seconds=1)):
        page = client.get(url("file", application))
    assert page.status_code == 403
    assert page.context["reason"]


@pytest.mark.parametrize("lines", [1, 60])
def test_pages_cost_the_same_whatever_the_rows(client, application, user, lines, django_assert_max_num_queries):
    add(application, user, *[f"Z{n}\tautre\tEngagé" for n in range(lines)])
    keep_members(application=application, source=pasted(*[f"M{n}\tautre\tEngagé" for n in range(lines)]), actor=user)
    client.force_login(user)
    for name in ("columns", "preview"):
        with django_assert_max_num_queries(8):
            assert client.get(url(name, application)).status_code == 200


def test_a_workbook_with_formulas_in_its_rows_lists_them(application, user):
    out = BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Nom", "Cotisation"])
        sheet.write(1, 0, "A")
        sheet.write_formula(1, 1, "=10*2", None, 20)
        sheet.write_row(2, 0, ["B", 30])
        sheet.write(3, 0, "Total")
        sheet.write_formula(3, 1, "=SUM(B2:B3)", None, 50)
    out.seek(0)
    found = read(Source.of(read_file(out), "x"))
    assert [row.errors for row in found.rows] == [["Yearly fee (DH): Cell B2 holds a formula: replace it with its value."], []]


def test_days_are_read_however_they_are_written(application, user):
    add(application, user, "A\tautre\tEngagé\t12/03/2024", "B\tautre\tEngagé\t2024-03-12", header="Nom\tCatégorie\tStatut\tMembre depuis")
    assert [m["joined_on"] for m in stored(application)] == [date(2024, 3, 12)] * 2
