"""After a deposit (A12): change behind it, deposit again, withdraw, give up; after the deadline the last deposit stands."""

import json
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications.models import Application, Deposit, DepositCounter, KeptDraft, Officer
from applications.recap import differences_between
from applications.services.deposit import DepositRefused, deposit
from applications.services.documents import attach, remove
from applications.services.drafts import save_step
from applications.services.withdrawal import WithdrawalRefused, withdraw
from applications.steps import STEPS_BY_SLUG
from clusters_portal.accounts.roles import Role
from clusters_portal.audit.models import AuditEntry
from clusters_portal.lib import clock
from clusters_portal.notifications.models import Notice

from .builders import DECLARATION, deposited_application, dossier_of, filled_application, inputs_of
from .factories import add_editor, close, make_call, make_user, pdf_file

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
FORM = {**DECLARATION, "accept": "on", "other_documents": ""}
SECOND = timedelta(seconds=1)


@pytest.fixture
def deposited(owner):
    return deposited_application(user=owner)[0]


def address(application, name, *args):
    return reverse(f"applications:{name}", args=[application.pk, *args])


def fresh(application):
    return Application.objects.get(pk=application.pk)


def change(application, actor, text="Autre accompagnement"):
    data = {**inputs_of()["start-up"], "startups-preparation": text}
    save_step(application=application, step=STEPS_BY_SLUG["start-up"], data=data, actor=actor)


def save_again(application, actor):
    """Save a step with what it already holds."""
    step = STEPS_BY_SLUG["territoire"]
    form = step.bind(dossier_of(application)).parts[0].form
    save_step(application=application, step=step, data=dict(form.data), actor=actor)


def again(application, actor, **kwargs):
    return deposit(application=application, declaration=DECLARATION, actor=actor, **kwargs)


def wordings(client):
    return [wording.text for _application, wording in client.get(reverse("applications:my_applications")).context["lines"]]


def dated(moment):
    return {"day": clock.format_day(moment), "time": clock.format_time(moment)}


# --- Deposit again ------------------------------------------------------------------------------------------------------
def test_deposit_again_keeps_the_number_and_the_last_counts(deposited, owner, django_capture_on_commit_callbacks):
    first = deposited.current_deposit
    change(deposited, owner)
    with django_capture_on_commit_callbacks(execute=True):
        second = again(deposited, owner)
    application = fresh(deposited)
    assert (second.number, second.sequence, second.kind) == (first.number, 2, "online")
    assert (application.status, application.number, application.deposited_at) == ("deposited", first.number, second.received_at)
    assert application.current_deposit == second and DepositCounter.objects.get().last == 1
    assert second.content["application"] == {"id": str(application.pk), "number": first.number, "sequence": 2}
    assert second.content["steps"]["start-up"]["startups"]["preparation"] == "Autre accompagnement"
    assert Deposit.objects.get(pk=first.pk).snapshot == first.snapshot
    assert clock.format_moment(first.received_at, owner.language) in mail.outbox[-1].body


def test_a_second_click_gives_the_same_deposit_back(deposited, owner):
    change(deposited, owner)
    made = [again(deposited, owner, replaces=1) for _click in range(2)]
    assert made[0] == made[1] and Deposit.objects.count() == 2


def test_nothing_changed_is_refused_and_says_so(client, deposited, owner):
    before = AuditEntry.objects.count()
    page = client.post(address(deposited, "declare"), {**FORM, "replaces": "1"})
    assert page.status_code == 409 and Deposit.objects.count() == 1
    assert clock.format_moment(deposited.current_deposit.received_at, "en") in page.content.decode()
    refused = AuditEntry.objects.get(action="application.deposit_refused")
    assert refused.data["codes"] == ["unchanged"] and AuditEntry.objects.count() == before + 1


def test_a_corrected_declaration_alone_is_a_new_deposit(deposited, owner):
    made = deposit(application=deposited, declaration={**DECLARATION, "place": "Rabat"}, actor=owner, replaces=1)
    assert made.sequence == 2 and made.content["declaration"]["place"] == "Rabat"


def test_an_older_tab_does_not_deposit_over_what_it_did_not_see(deposited, owner):
    change(deposited, owner)
    again(deposited, owner, replaces=1)
    change(deposited, owner, "Encore autre")
    with pytest.raises(DepositRefused) as refused:
        again(deposited, owner, replaces=1)
    assert [obstacle.code for obstacle in refused.value.obstacles] == ["stale"] and Deposit.objects.count() == 2


def test_unfinished_change_is_not_deposited_and_the_first_deposit_stands(deposited, owner):
    save_step(application=deposited, step=STEPS_BY_SLUG["territoire"], data={"territory-core_text": ""}, actor=owner)
    with pytest.raises(DepositRefused) as refused:
        again(deposited, owner)
    assert {obstacle.code for obstacle in refused.value.obstacles} == {"incomplete"}
    assert fresh(deposited).status == "deposited" and Deposit.objects.count() == 1


def test_a_president_replaced_after_the_deposit_declares_again(client, deposited, owner):
    """X18: what was declared by the former president is not taken over; the new one is asked to sign."""
    Officer.objects.filter(application=deposited, function="president").update(first_name="Leïla", last_name="Sefrioui")
    deposited.step_states.filter(slug="identite").update(saved_at=clock.now())
    page = client.get(address(deposited, "declare"))
    assert [page.context["form"].initial[name] for name in ("first_name", "last_name")] == ["Leïla", "Sefrioui"]
    assert not page.context["form"].initial.get("accept") and not page.context["form"].initial.get("place")
    unsigned = client.post(address(deposited, "declare"), {**FORM, "replaces": "1", "accept": ""})
    assert list(unsigned.context["form"].errors) == ["accept"] and Deposit.objects.count() == 1
    client.post(address(deposited, "declare"), {**FORM, "first_name": "Leïla", "last_name": "Sefrioui", "replaces": "1"})
    second = Deposit.objects.get(sequence=2)
    assert second.content["declaration"]["last_name"] == "Sefrioui"
    assert second.content["declaration"]["accepted_at"] == second.content["received_at"]
    assert Deposit.objects.get(sequence=1).content["declaration"]["last_name"] == "Tahiri"


def test_a_deadline_extended_after_the_deposit_leaves_it_valid_and_opens_it_again(deposited, owner):
    """X19: the deposit stays; its holder may replace it or withdraw it until the new deadline."""
    first = deposited.current_deposit
    former = close(deposited.call).deadline_at
    with pytest.raises(WithdrawalRefused):
        withdraw(application=deposited, actor=owner)
    type(deposited.call).objects.filter(pk=deposited.call_id).update(deadline_at=former + timedelta(days=7))
    assert fresh(deposited).status == "deposited" and fresh(deposited).current_deposit == first
    change(deposited, owner)
    second = again(deposited, owner)
    assert (second.sequence, second.deadline_at) == (2, former + timedelta(days=7))
    assert withdraw(application=deposited, actor=owner).status == "withdrawn"


@pytest.mark.parametrize(
    ("offset", "accepted"), [(-SECOND, True), (timedelta(0), True), (timedelta(milliseconds=900), True), (SECOND, False)]
)
def test_deposit_again_to_the_second(deposited, owner, offset, accepted):
    """X9 holds for a further deposit too."""
    closing = deposited.call.deadline_at
    change(deposited, owner)
    if accepted:
        assert again(deposited, owner, clock=lambda: closing + offset).received_at == closing + offset
        return
    with pytest.raises(DepositRefused) as refused:
        again(deposited, owner, clock=lambda: closing + offset)
    assert [obstacle.code for obstacle in refused.value.obstacles] == ["closed"]
    assert clock.format_moment(deposited.deposited_at, "en") in refused.value.obstacles[0].sentence
    assert fresh(deposited).current_deposit.sequence == 1
    assert AuditEntry.objects.get(action="application.deposit_refused").data["codes"] == ["closed"]


# --- Withdraw -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("offset", "accepted"), [(-SECOND, True), (timedelta(0), True), (SECOND, False)])
def test_withdraw_to_the_second(deposited, owner, offset, accepted):
    with clock.set_to(deposited.call.deadline_at + offset):
        if accepted:
            assert withdraw(application=deposited, actor=owner).withdrawn_at == deposited.call.deadline_at + offset
        else:
            with pytest.raises(WithdrawalRefused):
                withdraw(application=deposited, actor=owner)
    assert fresh(deposited).status == ("withdrawn" if accepted else "deposited")


def test_withdrawal_is_dated_journalled_and_told(deposited, owner, django_capture_on_commit_callbacks):
    editor, before = add_editor(deposited), Notice.objects.count()
    with django_capture_on_commit_callbacks(execute=True):
        withdraw(application=deposited, actor=owner, reason="Statuts à refaire")
    application, entry = fresh(deposited), AuditEntry.objects.get(action="application.withdraw")
    assert (application.status, application.withdrawal_reason, application.number) == ("withdrawn", "Statuts à refaire", deposited.number)
    assert (entry.before, entry.after, entry.note, entry.data["sequence"]) == ("deposited", "withdrawn", "Statuts à refaire", 1)
    told = Notice.objects.order_by("-pk")[: Notice.objects.count() - before]
    assert {notice.recipient_id for notice in told} == {owner.pk, editor.pk}
    assert {message.to[0] for message in mail.outbox[-2:]} == {owner.email, editor.email}
    assert "Statuts à refaire" in mail.outbox[-1].body and deposited.number in mail.outbox[-1].subject


def test_withdrawing_twice_is_done_once(deposited, owner):
    moments = {withdraw(application=deposited, actor=owner).withdrawn_at for _click in range(2)}
    assert len(moments) == 1 and AuditEntry.objects.filter(action="application.withdraw").count() == 1


def test_only_the_mandatary_withdraws(client, deposited):
    editor = add_editor(deposited)
    with pytest.raises(WithdrawalRefused):
        withdraw(application=deposited, actor=editor)
    client.force_login(editor)
    assert client.post(address(deposited, "withdraw"), {"confirm": "on", "seen": "1"}).status_code == 403
    assert fresh(deposited).status == "deposited"


def test_withdrawal_of_a_deposit_that_was_not_shown_is_refused(deposited, owner):
    change(deposited, owner)
    again(deposited, owner)
    with pytest.raises(WithdrawalRefused):
        withdraw(application=deposited, actor=owner, seen=1)
    assert fresh(deposited).status == "deposited"


def test_withdrawal_asks_for_the_box_and_keeps_the_reason(client, deposited):
    page = client.post(address(deposited, "withdraw"), {"reason": "Erreur de pièce", "seen": "1"})
    assert page.status_code == 422 and list(page.context["form"].errors) == ["confirm"]
    assert "Erreur de pièce" in page.content.decode() and fresh(deposited).status == "deposited"
    answer = client.post(address(deposited, "withdraw"), {"reason": "Erreur de pièce", "seen": "1", "confirm": "on"})
    assert answer["Location"] == address(deposited, "task_list") and fresh(deposited).status == "withdrawn"


def test_withdrawal_sent_one_second_late_is_told_on_its_page(client, deposited):
    with clock.set_to(deposited.call.deadline_at + SECOND):
        page = client.post(address(deposited, "withdraw"), {"reason": "Trop tard", "seen": "1", "confirm": "on"})
    assert page.status_code == 409 and "Trop tard" in page.content.decode() and fresh(deposited).status == "deposited"


def test_a_withdrawn_application_is_deposited_again_under_its_number(deposited, owner):
    withdraw(application=deposited, actor=owner)
    made = again(deposited, owner, replaces=1)
    application = fresh(deposited)
    assert (made.sequence, made.number, application.status) == (2, deposited.number, "deposited")
    assert (application.withdrawn_at, application.withdrawal_reason) == (None, "")


def test_a_withdrawn_application_is_shown_as_such_and_its_receipt_stays(client, deposited, owner):
    withdraw(application=deposited, actor=owner)
    application = fresh(deposited)
    values = {**dated(application.withdrawn_at), "number": deposited.number}
    assert wordings(client) == ["Withdrawn on {day} at {time}, no. {number}".format(**values)]
    page = client.get(address(deposited, "receipt")).content.decode()
    assert clock.format_moment(application.withdrawn_at, "en") in page and deposited.number in page
    assert client.get(address(deposited, "task_list")).status_code == 200


def test_a_withdrawn_application_is_listed_by_dptc_and_never_checked(client, deposited, owner):
    withdraw(application=deposited, actor=owner)
    close(deposited.call)
    client.force_login(make_user(roles=[Role.CASE_OFFICER]))
    page = client.get(reverse("applications:worklist"))
    assert [row.application.status for row in page.context["rows"]] == ["withdrawn"]
    assert client.get(address(deposited, "admissibility")).status_code == 403
    assert client.post(address(deposited, "admissibility"), {}).status_code == 403


def test_the_public_page_does_not_say_that_an_application_was_withdrawn(client, deposited, owner):
    shown = client.get(reverse("applications:verify", args=[deposited.number])).context["deposits"]
    withdraw(application=deposited, actor=owner)
    page = client.get(reverse("applications:verify", args=[deposited.number]))
    assert page.context["deposits"] == shown and "withdr" not in page.content.decode().lower()


# --- What nobody else sees -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", [Role.CASE_OFFICER, Role.DIVISION_HEAD, Role.COUNTER_AGENT, Role.AUDITOR])
def test_dptc_reads_the_deposit_and_nothing_of_the_draft_behind_it(client, deposited, owner, role):
    marks = ("Secret-Nom", "Secret-Texte", "secret.pdf")
    save_step(application=deposited, step=STEPS_BY_SLUG["identite"], data={"association-name_fr": marks[0]}, actor=owner)
    change(deposited, owner, marks[1])
    other = deposited.call.document_requirements.get(code="OTHER")
    added = attach(application=deposited, requirement=other, upload=pdf_file(marks[2]), actor=owner, label="Secret-Titre")
    client.force_login(make_user(roles=[role]))
    for page in (reverse("applications:worklist"), address(deposited, "reading"), address(deposited, "to_sign")):
        text = client.get(page).content.decode()
        assert deposited.current_deposit.name_fr in text or "Fil-Atlas" in text
        assert "Secret" not in text and marks[2] not in text and "NOT SUBMITTED" not in text, page
    assert client.get(reverse("applications:document_download", args=[added.pk])).status_code == 404
    for name in ("modify", "changes", "give_up", "withdraw", "check", "declare"):
        assert client.get(address(deposited, name)).status_code == 404
    assert client.get(address(deposited, "receipt_of_snapshot", 1)).status_code == 404


def test_no_label_of_a_deposited_dossier_bears_the_name_behind_it(client, deposited, owner):
    save_step(application=deposited, step=STEPS_BY_SLUG["identite"], data={"association-name_fr": "Secret-Nom"}, actor=owner)
    client.force_login(make_user(roles=[Role.DIVISION_HEAD], is_staff=True))
    changed = Application.objects.select_related("association").get(pk=deposited.pk)
    assert (changed.association.name_fr, str(changed)) == ("Secret-Nom", changed.number)
    listed = reverse("admin:applications_application_changelist")
    for page in (listed, reverse("admin:applications_application_change", args=[deposited.pk])):
        text = client.get(page).content.decode()
        assert deposited.current_deposit.name_fr in text and "Secret" not in text
    assert client.get(listed, {"q": "Secret-Nom"}).context["cl"].result_count == 0
    assert client.get(listed, {"q": deposited.current_deposit.name_fr}).context["cl"].result_count == 1


# --- State in words ----------------------------------------------------------------------------------------------------------------
def test_state_in_words_follows_the_draft_behind_the_deposit(client, deposited, owner):
    values = {**dated(deposited.deposited_at), "number": deposited.number}
    submitted = "Submitted on {day} at {time}, no. {number}".format(**values)
    changed = "Changes NOT SUBMITTED — deposit of {day} at {time}, no. {number}".format(**values)
    assert wordings(client) == [submitted]
    save_again(deposited, owner)
    assert wordings(client) == [submitted]  # saved, and says the same
    # A page that did not compare says no more than that something was saved.
    assert client.get(address(deposited, "people")).context["wording"].text == f"{submitted} — later saves NOT SUBMITTED"
    change(deposited, owner)
    assert wordings(client) == [changed]
    for name in ("task_list", "modify", "check", "changes"):
        assert client.get(address(deposited, name)).context["wording"].text == changed
    again(deposited, owner)
    assert wordings(client)[0].startswith("Submitted on")
    change(deposited, owner, "Trop tard")
    close(deposited.call)
    assert wordings(client)[0].startswith("Submitted on")


def test_a_draft_after_the_deadline_is_closed_and_not_submitted(client, owner):
    application = filled_application(user=owner)
    close(application.call)
    assert wordings(client) == ["Closed — NOT SUBMITTED"]


def test_a_page_that_did_not_look_does_not_call_a_ready_draft_a_draft(client, owner):
    application = filled_application(user=owner)
    assert client.get(address(application, "step", "territoire")).context["wording"].text == "NOT SUBMITTED"
    assert client.get(address(application, "step_preview", "territoire")).context["wording"].text == "Ready to submit — NOT SUBMITTED"


def test_list_compares_as_many_dossiers_in_as_many_queries(client, owner):
    call, counts = make_call(), []
    for name in ("a-textile", "b-hydrogene", "c-agritech"):
        application, _made = deposited_application(call=call, user=owner, name=name)
        change(application, owner)
        with CaptureQueriesContext(connection) as queries:
            assert all("NOT SUBMITTED" in text for text in wordings(client))
        counts.append(len(queries))
    assert counts[1] == counts[2]


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
