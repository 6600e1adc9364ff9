"""The dossier as one workbook: it goes out complete, comes back unchanged, and its changes are exactly those made."""

from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation

from applications.canevas.comparison import ADDED, CHANGED, REMOVED
from applications.canevas.reading import read_workbook
from applications.canevas.writing import workbook_of
from applications.demonstration.samples import rows
from applications.forms.rows import MAX_ROWS
from applications.models import Action, Application, Association, BudgetLine, ImportDraft, Member, RejectedInput, StepState
from applications.queries import Dossier
from applications.services.canevas import apply_workbook, comparison_of, keep_workbook
from applications.services.drafts import DraftRefused, save_step
from applications.services.imports import ImportRefused
from applications.steps import STEPS, STEPS_BY_SLUG
from clusters_portal.audit.models import AuditEntry
from clusters_portal.lib import clock
from clusters_portal.lib.amounts import grouped_amount
from clusters_portal.lib.tabular import TableRefused, read_file

from .builders import deposited_application, dossier_of, fill, sample
from .factories import make_application, make_call, make_user


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def user(db):
    return make_user()


@pytest.fixture
def application(user):
    application = make_application(user=user, name=sample()["association"]["name_fr"])
    fill(application, actor=user, pieces=False)
    return application


def content_of(application, **options):
    return workbook_of(dossier_of(application), identified=options.get("identified", True))


def opened(content):
    return openpyxl.load_workbook(BytesIO(content))


def saved(book) -> BytesIO:
    out = BytesIO()
    book.save(out)
    out.seek(0)
    return out


def page(book, key):
    """The sheet of « step/part »."""
    return next(sheet for sheet in book if sheet["A1"].value == f"canevas-sheet|{key}")


def cell(sheet, line, column):
    """A cell by the hidden codes of its line and of its column."""
    row = next(row for row in range(2, sheet.max_row + 1) if str(sheet.cell(row, 1).value or "") == str(line))
    return sheet.cell(row, next(c for c in range(2, sheet.max_column + 1) if sheet.cell(1, c).value == column))


def first_blank(sheet):
    return next(row for row in range(6, sheet.max_row + 1) if not sheet.cell(row, 1).value and not sheet.cell(row, 2).value)


def read_back(application, user, content):
    file = content if isinstance(content, BytesIO) else BytesIO(content)
    book = read_workbook(read_file(file), name="x.xlsx")
    draft = keep_workbook(application=application, book=book, actor=user)
    return draft, comparison_of(draft, fresh(application))


def fresh(application):
    """As a page reads it."""
    return dossier_of(application).application


def empty_of(call) -> bytes:
    """The call's blank workbook."""
    return workbook_of(Dossier(Application(call=call, association=Association())), identified=False)


def changes(found):
    return [(change.kind, change.old, change.new) for step in found.steps for change in step.changes]


def apply(draft, found, user, slugs=None):
    chosen = slugs if slugs is not None else [step.step.slug for step in found.steps]
    return apply_workbook(draft=draft, slugs=chosen, digest=found.digest, actor=user)


def everything(application):
    dossier = dossier_of(application)
    return {step.slug: step.values(dossier) for step in STEPS}


def versions(application):
    return dict(StepState.objects.filter(application=application).values_list("slug", "version"))


# --- Going out ----------------------------------------------------------------------------------------------------
def test_every_part_but_the_pieces_has_its_sheet_in_the_order_of_the_steps(application):
    marks = [sheet["A1"].value for sheet in opened(content_of(application)) if str(sheet["A1"].value).startswith("canevas-sheet")]
    assert marks == [f"canevas-sheet|{step.slug}/{part.key}" for step in STEPS for part in step.parts if part.key != "pieces"]


def test_codes_are_hidden_answers_are_open_and_the_rest_is_protected(application):
    book = opened(content_of(application))
    sheet = page(book, "budget/lines")
    assert sheet.protection.sheet and sheet.row_dimensions[1].hidden and sheet.column_dimensions["A"].hidden
    answer = cell(sheet, sheet.cell(6, 1).value, "y1")
    assert not answer.protection.locked and sheet.cell(5, 3).protection.locked
    assert sheet.cell(5, 3).value == f"Year 1 ({application.call.base_year})"
    assert book["_listes"].sheet_state == "hidden"
    assert page(book, "membres/members").data_validations.dataValidation


def test_totals_are_formulas_with_our_value_and_answers_never_are(application):
    content = content_of(application)
    formulas = {(sheet.title, c.coordinate) for sheet in opened(content) for row in sheet.iter_rows() for c in row if c.data_type == "f"}
    sheet = page(opened(content), "budget/lines")
    totals = [row for row in range(6, sheet.max_row + 1) if sheet.cell(row, 1).value == "#"]
    assert len(totals) == 3
    assert {(sheet.title, sheet.cell(row, column).coordinate) for row in totals for column in range(3, 8)} <= formulas
    values = openpyxl.load_workbook(BytesIO(content), data_only=True)[sheet.title]
    assert [values.cell(row, 3).value for row in totals] == [2_060_000, 2_060_000, 0]
    indicators = page(opened(content), "indicateurs/indicators").title
    assert not [place for place in formulas if place[0] == indicators]


def test_a_hostile_text_goes_out_as_text(application, user):
    data = {"startups-preparation": '=HYPERLINK("http://x")', "startups-support": "+1"}
    save_step(application=application, step=STEPS_BY_SLUG["start-up"], data=data, actor=user)
    sheet = page(opened(content_of(application)), "start-up/startups")
    assert [(cell(sheet, name, "value").value, cell(sheet, name, "value").data_type) for name in ("preparation", "support")] == [
        ('=HYPERLINK("http://x")', "s"), ("+1", "s")]  # fmt: skip
    draft, found = read_back(application, user, content_of(application))
    assert changes(found) == []


# --- Coming back ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("name", "language"), [("a-textile", "fr"), ("b-hydrogene", "en"), ("c-agritech", "ar")])
def test_a_workbook_sent_back_untouched_changes_nothing(user, name, language):
    application = make_application(user=user, name=sample(name)["association"]["name_fr"])
    fill(application, actor=user, name=name, pieces=False)
    with translation.override(language):
        content = content_of(application)
    _draft, found = read_back(application, user, content)
    assert (changes(found), found.unread, found.is_own) == ([], [], True)


def test_a_workbook_saved_by_another_program_changes_nothing(application, user):
    _draft, found = read_back(application, user, saved(opened(content_of(application))))
    assert (changes(found), found.unread) == ([], [])


def test_changed_cells_are_exactly_the_differences_and_are_applied(application, user):
    before, seen = everything(application), versions(application)
    line = BudgetLine.objects.filter(application=application).first()
    action = Action.objects.filter(application=application).first()
    book = opened(content_of(application))
    cell(page(book, "identite/identity"), "acronym", "value").value = "NOUVEAU"
    cell(page(book, "identite/identity"), "constitution_date", "value").value = "05/02/2020"
    cell(page(book, "budget/lines"), line.heading.code, "y3").value = 1234.5
    cell(page(book, "plan-action/actions"), action.pk, "title").value = "Action renommée"
    draft, found = read_back(application, user, saved(book))
    old = before["identite"]["identity"]
    assert [change[1:] for change in changes(found)] == [
        (old["acronym"], "NOUVEAU"),
        (old["constitution_date"].strftime("%d/%m/%Y"), "05/02/2020"),
        (action.title, "Action renommée"),
        (grouped_amount(line.y3), "1\u00a0234,5"),
    ]
    assert apply(draft, found, user) == 4
    after = everything(application)
    assert after["identite"]["identity"] == {
        **old,
        "acronym": "NOUVEAU",
        "constitution_date": after["identite"]["identity"]["constitution_date"],
    }
    assert after["budget"]["lines"][line.heading.code][2] == after["budget"]["lines"][line.heading.code][2].__class__("1234.5")
    assert Action.objects.get(pk=action.pk).title == "Action renommée"
    untouched = {slug: value for slug, value in after.items() if slug not in ("identite", "budget", "plan-action")}
    assert untouched == {slug: before[slug] for slug in untouched}
    moved = {slug for slug, version in versions(application).items() if version != seen[slug]}
    assert moved == {"identite", "budget", "plan-action"}
    assert AuditEntry.objects.get(action="application.workbook_applied").data["steps"] == {"identite": 2, "plan-action": 1, "budget": 1}


def test_rows_are_added_removed_and_recognised_by_their_labels(application, user):
    first, second = Member.objects.filter(application=application)[:2]
    with translation.override("fr"):
        book = opened(content_of(application))
    sheet = page(book, "membres/members")
    removed = cell(sheet, first.pk, "name_fr").row
    for column in range(2, sheet.max_column + 1):
        sheet.cell(removed, column).value = None
    row = first_blank(sheet)
    columns = {sheet.cell(1, column).value: column for column in range(2, sheet.max_column + 1)}
    for name, value in {
        "name_fr": "Ajoutée",
        "category": "company",
        "region": "Fès-Meknès",
        "ice": 1561191000066,
        "qualifies": "x",
        "fee": 10,
    }.items():
        sheet.cell(row, columns[name]).value = value
    cell(sheet, second.pk, "engagement").value = "Major partner"
    draft, found = read_back(application, user, saved(book))
    kinds = [kind for kind, _old, _new in changes(found)]
    assert sorted(kinds) == sorted([ADDED, REMOVED, CHANGED]) and found.unread == []
    count = Member.objects.filter(application=application).count()
    apply(draft, found, user)
    assert not Member.objects.filter(pk=first.pk).exists()
    assert Member.objects.get(pk=second.pk).engagement == "major_partner"
    added = Member.objects.get(application=application, name_fr="Ajoutée")
    assert (added.category, added.region, added.ice, added.qualifies, added.fee) == ("company", "MA-03", "001561191000066", True, 10)
    assert Member.objects.filter(application=application).count() == count


def test_an_emptied_cell_empties_the_field_of_the_dossier_it_came_from(application, user):
    book = opened(content_of(application))
    cell(page(book, "identite/identity"), "acronym", "value").value = None
    draft, found = read_back(application, user, saved(book))
    apply(draft, found, user)
    assert everything(application)["identite"]["identity"]["acronym"] == ""


def test_the_empty_workbook_of_the_call_only_adds(application, user):
    before = everything(application)
    empty = empty_of(application.call)
    _draft, found = read_back(application, user, empty)
    assert (changes(found), found.is_own) == ([], False)
    book = opened(empty)
    cell(page(book, "identite/identity"), "acronym", "value").value = "NEUF"
    sheet = page(book, "membres/members")
    known = Member.objects.filter(application=application).first()
    for row, (name, role) in enumerate([(known.name_fr.upper(), "Pilote"), ("Nouvelle", "")], start=first_blank(sheet)):
        sheet.cell(row, 2).value = name
        sheet.cell(row, next(c for c in range(2, 20) if sheet.cell(1, c).value == "role")).value = role or None
    draft, found = read_back(application, user, saved(book))
    assert [kind for kind, _old, _new in changes(found)] == [CHANGED, CHANGED, CHANGED, ADDED]
    apply(draft, found, user)
    after = everything(application)
    assert after["identite"]["identity"]["acronym"] == "NEUF"
    assert len(after["membres"]["members"]) == len(before["membres"]["members"]) + 1
    assert Member.objects.get(pk=known.pk).role == "Pilote"


def test_cells_that_cannot_be_read_are_listed_and_leave_the_dossier_as_it_is(application, user):
    before = everything(application)
    line = BudgetLine.objects.filter(application=application).first()
    book = opened(content_of(application))
    cell(page(book, "budget/lines"), line.heading.code, "y1").value = "1.500"
    cell(page(book, "identite/identity"), "region", "value").value = "Atlantide"
    cell(page(book, "identite/identity"), "acronym", "value").value = "x" * 31
    cell(page(book, "identite/identity"), "receipt_number", "value").value = "N-2"
    draft, found = read_back(application, user, saved(book))
    assert [(cell.text[:9], cell.where.split(", ")[1][:6]) for cell in found.unread] == [
        ("x" * 9, "cell C"), ("Atlantide", "cell C"), ("1.500", "cell C")]  # fmt: skip
    assert changes(found) == [(CHANGED, before["identite"]["identity"]["receipt_number"], "N-2")]
    apply(draft, found, user)
    after = everything(application)
    assert after["identite"]["identity"] == {**before["identite"]["identity"], "receipt_number": "N-2"}
    assert after["budget"] == before["budget"]
    assert not RejectedInput.objects.exists()


def test_an_input_to_correct_goes_out_and_comes_back_as_it_was(application, user):
    data = rows("members", [{"name_fr": "A", "category": "company", "fee": "beaucoup"}])
    save_step(application=application, step=STEPS_BY_SLUG["membres"], data=data, actor=user)
    _draft, found = read_back(application, user, content_of(application))
    assert (changes(found), found.unread) == ([], [])


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
