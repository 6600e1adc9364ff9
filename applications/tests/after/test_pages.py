"""The pages after a deposit, before and after the deadline."""

import json

import pytest

from applications.models import Deposit, KeptDraft
from applications.recap import differences_between
from applications.services.documents import attach, remove
from clusters_portal.accounts.roles import Role
from clusters_portal.audit.models import AuditEntry
from clusters_portal.lib import clock
from clusters_portal.notifications.models import Notice

from ..factories import close, make_user, pdf_file
from .helpers import FORM, SECOND, address, again, change, fresh

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


# --- Pages ---------------------------------------------------------------------------------------------------------------------------
def test_check_shows_old_and_new_of_every_change(client, deposited, owner):
    old = deposited.current_deposit.content["steps"]["start-up"]["startups"]["preparation"]
    change(deposited, owner)
    pieces = {piece.code: piece for piece in deposited.call.document_requirements.all()}
    remove(document=deposited.documents.get(requirement=pieces["ADM_RI"]), actor=owner)
    attach(application=deposited, requirement=pieces["ADM_RI"], upload=pdf_file("nouveau.pdf"), actor=owner)
    deposited.members.order_by("position").first().delete()
    found = {section.slug: section.differences for section in client.get(address(deposited, "check")).context["differences"]}
    assert list(found) == ["membres", "start-up", "pieces"]
    assert [(line.old.text, line.new.text) for line in found["start-up"]][0] == (old, "Autre accompagnement")
    assert [(line.kind, line.where.endswith("Filature Atlas Technique")) for line in found["membres"]] == [("removed", True)]
    assert "ADM_RI.pdf" in found["pieces"][0].old.text and "nouveau.pdf" in found["pieces"][0].new.text


def test_differences_of_grids_and_rows_name_the_year_and_the_row(deposited, owner):
    old = deposited.current_deposit.content

    new = json.loads(json.dumps(old))
    new["steps"]["budget"]["lines"]["staff_costs"][2] = "1.00"
    new["steps"]["membres"]["members"][3]["representative"] = "Autre"
    new["steps"]["membres"]["members"].append({**new["steps"]["membres"]["members"][0], "name_fr": "Nouveau membre"})
    found = differences_between(old, new, deposited.call)
    assert [section.slug for section in found] == ["membres", "budget"]
    changed, added = found[0].differences
    assert (changed.kind, changed.new.text, added.kind) == ("changed", "Autre", "added")
    assert old["steps"]["membres"]["members"][3]["name_fr"] in changed.where and "Nouveau membre" in added.where
    (cell,) = found[1].differences
    assert "year 3" in cell.where and (cell.old.number, cell.new.number) == (800000, 1)
    assert differences_between(old, old, deposited.call) == []


def test_every_receipt_stays_reachable(client, deposited, owner):
    change(deposited, owner)
    first, second = deposited.current_deposit, again(deposited, owner)
    page = client.get(address(deposited, "receipt"))
    assert (page.context["deposit"], page.context["replaced"]) == (second, first)
    assert [each.sequence for each in page.context["history"]] == [2, 1]
    assert clock.format_moment(first.received_at, "en") in page.content.decode()
    earlier = client.get(address(deposited, "receipt_of", 1))
    assert earlier.context["deposit"] == first and address(deposited, "receipt_of_pdf", 1, "fr") in earlier.content.decode()
    assert client.get(address(deposited, "receipt_of_snapshot", 1)).content.decode() == first.snapshot
    assert client.get(address(deposited, "receipt_snapshot")).content.decode() == second.snapshot
    assert client.get(address(deposited, "receipt_of", 3)).status_code == 404


def test_giving_up_asks_once_and_keeps_what_was_given_up(client, deposited, owner):
    change(deposited, owner, "À abandonner")
    assert client.get(address(deposited, "give_up")).status_code == 200 and not KeptDraft.objects.exists()
    assert client.post(address(deposited, "give_up"))["Location"] == address(deposited, "changes")
    kept = KeptDraft.objects.get()
    page = client.get(address(deposited, "changes"))
    assert not page.context["changed"] and address(deposited, "kept_draft", kept.pk) in page.content.decode()
    download = client.get(address(deposited, "kept_draft", kept.pk))
    assert "À abandonner" in download.content.decode() and "attachment" in download["Content-Disposition"]
    client.force_login(make_user())
    assert client.get(address(deposited, "kept_draft", kept.pk)).status_code == 404
    client.force_login(make_user(roles=[Role.DIVISION_HEAD]))
    assert client.get(address(deposited, "kept_draft", kept.pk)).status_code == 404


def test_steps_of_the_draft_behind_the_deposit_lead_back_to_its_list(client, deposited):
    page = client.get(address(deposited, "step", "territoire"))
    assert page.status_code == 200 and page.context["steps_url"] == address(deposited, "modify")
    assert clock.format_moment(deposited.deposited_at, "en") in page.content.decode()
    assert address(deposited, "modify") in client.get(address(deposited, "task_list")).content.decode()


# --- After the deadline --------------------------------------------------------------------------------------------------------------
def test_after_the_deadline_it_is_read_only_and_the_changes_are_kept_for_its_people(client, deposited, owner):
    change(deposited, owner, "Jamais déposé")
    close(deposited.call)
    page = client.get(address(deposited, "task_list"))
    text = page.content.decode()
    assert page.context["changed"] and address(deposited, "changes") in text and "Jamais déposé" not in text
    assert "Jamais déposé" in client.get(address(deposited, "changes")).content.decode()
    assert client.get(address(deposited, "modify"))["Location"] == address(deposited, "task_list")
    assert client.get(address(deposited, "give_up"))["Location"] == address(deposited, "changes")
    assert client.post(address(deposited, "give_up")).status_code == 409 and not KeptDraft.objects.exists()
    assert fresh(deposited).startupsupport.preparation == "Jamais déposé"


def test_a_save_one_second_late_keeps_what_was_typed_on_the_page(client, deposited, owner):
    """Defect 13: the page says when the call closed, and shows the text to be copied; nothing is written."""
    old, closing = deposited.startupsupport.preparation, deposited.call.deadline_at
    version = deposited.step_states.get(slug="start-up").version
    with clock.set_to(closing + SECOND):
        page = client.post(address(deposited, "step", "start-up"), {"version": version, "startups-preparation": "Écrit trop tard"})
    text = page.content.decode()
    assert page.status_code == 409 and "Écrit trop tard" in text and clock.format_moment(closing, "en") in text
    assert fresh(deposited).startupsupport.preparation == old


def test_a_late_declaration_keeps_what_was_typed_and_is_evidence(client, deposited, owner):
    change(deposited, owner)
    with clock.set_to(deposited.call.deadline_at + SECOND):
        page = client.post(address(deposited, "declare"), {**FORM, "replaces": "1"})
    assert page.status_code == 409 and 'value="Nouaceur"' in page.content.decode()
    assert AuditEntry.objects.get(action="application.deposit_refused").data["codes"] == ["closed"]
    assert fresh(deposited).current_deposit.sequence == 1


def test_pages_after_a_deposit_write_nothing_on_get(client, deposited, owner):
    change(deposited, owner)
    before = (AuditEntry.objects.count(), Notice.objects.count(), Deposit.objects.count(), KeptDraft.objects.count())
    for name in ("task_list", "modify", "changes", "give_up", "withdraw", "check", "declare", "receipt"):
        assert client.get(address(deposited, name)).status_code == 200, name
    assert before == (AuditEntry.objects.count(), Notice.objects.count(), Deposit.objects.count(), KeptDraft.objects.count())
