"""The workbook sent back: what differs is shown, then applied."""

import pytest
from django.utils import translation

from applications.canevas.comparison import ADDED, CHANGED, REMOVED
from applications.demonstration.samples import rows
from applications.models import Action, BudgetLine, Member, RejectedInput
from applications.services.drafts import save_step
from applications.steps import STEPS_BY_SLUG
from clusters_portal.audit.models import AuditEntry
from clusters_portal.lib.amounts import grouped_amount

from ..builders import fill, sample
from ..factories import make_application
from .helpers import apply, cell, changes, content_of, empty_of, everything, first_blank, opened, page, read_back, saved, versions


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
